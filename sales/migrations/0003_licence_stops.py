"""Licences that stop on a day, by two people, and what the store had by then."""


import core.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.at_once import AtOnce


class Migration(migrations.Migration):

    dependencies = [
        ('sales', '0002_rules'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AtOnce([
            migrations.CreateModel(
                name='LicenceStop',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('public_id', core.ids.PublicIdField(prefix='STP')),
                    ('status', models.CharField(choices=[('asked', 'Waits for a second person'), ('confirmed', 'Confirmed'), ('refused', 'Refused'), ('lifted', 'Lifted')], default='asked', max_length=10)),
                    ('kind', models.CharField(choices=[('suspension', 'Suspended until further notice'), ('end', 'Ended for good')], max_length=10)),
                    ('reason', models.CharField(choices=[('regulator', 'By order of a regulator or a court'), ('breach', 'The store broke the licence'), ('own_wish', 'The store asked for it'), ('insolvency', 'The store is insolvent'), ('other', 'Another reason')], max_length=10)),
                    ('source', models.CharField(help_text='Who ordered it, by which act and number. Shown to everybody.', max_length=500)),
                    ('start', models.DateField(help_text='First day without a licence.')),
                    ('end', models.DateField(blank=True, help_text='First day licensed again, of a lifted suspension.', null=True)),
                    ('key_count', models.PositiveIntegerField(default=0, help_text='Titles the store had when it was confirmed.')),
                    ('asked_at', models.DateTimeField()),
                    ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                    ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('licensee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stops', to='sales.licensee')),
                ],
            ),
            migrations.CreateModel(
                name='StoppedKey',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('stop', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='keys', to='sales.licencestop')),
                    ('store_key', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sales.storekey')),
                ],
            ),
            migrations.AddConstraint(
                model_name='licencestop',
                constraint=models.UniqueConstraint(condition=models.Q(('status', 'asked')), fields=('licensee',), name='licencestop_one_asked'),
            ),
            migrations.AddConstraint(
                model_name='licencestop',
                constraint=models.CheckConstraint(condition=models.Q(('confirmed_by__isnull', True), models.Q(('confirmed_by', models.F('asked_by')), _negated=True), _connector='OR'), name='licencestop_by_two'),
            ),
            migrations.AddConstraint(
                model_name='licencestop',
                constraint=models.CheckConstraint(condition=models.Q(('status__in', ['asked', 'refused']), ('confirmed_by__isnull', False), _connector='OR'), name='licencestop_confirmed_by_a_person'),
            ),
            migrations.AddConstraint(
                model_name='licencestop',
                constraint=models.CheckConstraint(condition=models.Q(('end__isnull', True), models.Q(('kind', 'suspension'), ('end__gte', models.F('start'))), _connector='OR'), name='licencestop_only_suspensions_end'),
            ),
            migrations.AddConstraint(
                model_name='licencestop',
                constraint=models.CheckConstraint(condition=models.Q(('status__in', ['asked', 'confirmed', 'refused', 'lifted'])), name='licencestop_status_known'),
            ),
            migrations.AddConstraint(
                model_name='licencestop',
                constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['suspension', 'end'])), name='licencestop_kind_known'),
            ),
            migrations.AddConstraint(
                model_name='licencestop',
                constraint=models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='licencestop_has_source'),
            ),
            migrations.AddConstraint(
                model_name='stoppedkey',
                constraint=models.UniqueConstraint(fields=('stop', 'store_key'), name='stoppedkey_once'),
            ),
        ]),
    ]
