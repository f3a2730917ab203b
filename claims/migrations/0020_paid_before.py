"""Payments to holders before the portal or outside it: what was recorded stays as it is, only its decision is added."""

import core.ids
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

from core.sqlfiles import kept

NARROW = """
REVOKE UPDATE ON public.claims_paidbefore FROM roms_app;
GRANT UPDATE (status, decided_by_id, decided_at) ON public.claims_paidbefore TO roms_app;
"""
WIDE = "GRANT UPDATE ON public.claims_paidbefore TO roms_app"


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0005_other_societies'),
        ('claims', '0019_appeals_of_senders'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PaidBefore',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', core.ids.PublicIdField(prefix='PBF')),
                ('currency', models.CharField(help_text='Of the money it was for.', max_length=3)),
                ('amount', models.DecimalField(decimal_places=8, help_text='Before tax and deductions.', max_digits=24)),
                ('paid_on', models.DateField()),
                ('start', models.DateField(help_text='First day of the sales it was for; empty: from the first one.', null=True)),
                ('end', models.DateField(help_text='Half-open; empty: without end.', null=True)),
                ('from_bank', models.BooleanField(help_text="It left the house's own account; else it never was on it.")),
                ('reference', models.CharField(help_text='What the payment is known by.', max_length=140)),
                ('status', models.CharField(choices=[('proposed', 'Waits for a second person'), ('accepted', 'Accepted'), ('refused', 'Refused')], default='proposed', max_length=10)),
                ('proposed_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.evidencedocument')),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='paid_before', to='catalog.rightsholder')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('track', models.ForeignKey(help_text='Empty: all.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.track')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['proposed', 'accepted', 'refused'])), name='paidbefore_status_known'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='paidbefore_positive'), models.CheckConstraint(condition=models.Q(('start', None), ('end', None), ('end__gt', models.F('start')), _connector='OR'), name='paidbefore_period_forward'), models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='paidbefore_decided_by_another'), models.CheckConstraint(condition=models.Q(('status', 'proposed'), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='paidbefore_decided_by_somebody'), models.UniqueConstraint(models.F('holder'), django.db.models.functions.text.Upper('reference'), condition=models.Q(('status', 'refused'), _negated=True), name='paidbefore_once')],
            },
        ),
        kept("claims_paidbefore"),
        migrations.RunSQL([(NARROW, None)], WIDE),
    ]
