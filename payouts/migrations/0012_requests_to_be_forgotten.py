"""Requests to be forgotten: what was asked is never taken away, only its steps are added."""

import core.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.sqlfiles import kept


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0005_other_societies'),
        ('payouts', '0011_conversions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ErasureRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', core.ids.PublicIdField(prefix='ERA')),
                ('status', models.CharField(choices=[('asked', 'Asked for'), ('proposed', 'Waits for a second person'), ('done', 'Forgotten'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn')], default='asked', max_length=9)),
                ('asked_at', models.DateTimeField()),
                ('due_date', models.DateField(help_text='By when the law wants an answer; decides nothing.')),
                ('proposed_at', models.DateTimeField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('holder', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='erasures', to='catalog.rightsholder')),
                ('proposed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='erasures', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('user__isnull', True), ('holder__isnull', True), _connector='XOR'), name='erasurerequest_one_subject'), models.CheckConstraint(condition=models.Q(('status__in', ['asked', 'proposed', 'done', 'refused', 'withdrawn'])), name='erasurerequest_status_known'), models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['proposed', 'done']), _negated=True), ('proposed_by__isnull', False), _connector='OR'), name='erasurerequest_proposed_by_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'done'), _negated=True), models.Q(('decided_by__isnull', False), models.Q(('decided_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='erasurerequest_done_by_another'), models.UniqueConstraint(condition=models.Q(('status__in', ['asked', 'proposed'])), fields=('user',), name='erasurerequest_user_once'), models.UniqueConstraint(condition=models.Q(('status__in', ['asked', 'proposed'])), fields=('holder',), name='erasurerequest_holder_once')],
            },
        ),
        kept("payouts_erasurerequest"),
    ]
