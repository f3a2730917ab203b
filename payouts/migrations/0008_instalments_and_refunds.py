"""Plans by which stores pay in parts, and credit of stores that is sent back; of both only how far it came is written later."""

import core.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.at_once import AtOnce
from core.sqlfiles import facts, kept

NARROW = """
REVOKE UPDATE ON public.payouts_instalmentplan, public.payouts_instalmentnote, public.payouts_storerefund FROM roms_app;
GRANT UPDATE (status, decided_by_id, decided_at) ON public.payouts_instalmentplan, public.payouts_storerefund
    TO roms_app;
GRANT UPDATE (freed_at) ON public.payouts_instalmentnote TO roms_app;
"""
WIDE = """
GRANT UPDATE ON public.payouts_instalmentplan, public.payouts_instalmentnote, public.payouts_storerefund TO roms_app;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('payouts', '0007_payments_in_another_currency'),
        ('sales', '0004_facts_kept'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AtOnce([
            migrations.CreateModel(
                name='InstalmentPlan',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('public_id', core.ids.PublicIdField(prefix='INS')),
                    ('currency', models.CharField(max_length=3)),
                    ('status', models.CharField(choices=[('proposed', 'Waits for a second person'), ('agreed', 'Agreed'), ('refused', 'Refused'), ('ended', 'Ended')], default='proposed', max_length=10)),
                    ('proposed_at', models.DateTimeField()),
                    ('decided_at', models.DateTimeField(null=True)),
                    ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('licensee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='instalment_plans', to='sales.licensee')),
                    ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
            ),
            migrations.CreateModel(
                name='InstalmentPart',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('due_date', models.DateField()),
                    ('amount', models.DecimalField(decimal_places=8, max_digits=24)),
                    ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='payouts.instalmentplan')),
                ],
            ),
            migrations.CreateModel(
                name='InstalmentNote',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('freed_at', models.DateTimeField(null=True)),
                    ('note', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='instalments', to='payouts.amountdue')),
                    ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='payouts.instalmentplan')),
                ],
            ),
            migrations.CreateModel(
                name='StoreRefund',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('public_id', core.ids.PublicIdField(prefix='RFD')),
                    ('currency', models.CharField(max_length=3)),
                    ('amount', models.DecimalField(decimal_places=8, help_text='In whole coins: a bank sends no less.', max_digits=24)),
                    ('status', models.CharField(choices=[('proposed', 'Waits for a second person'), ('approved', 'Sent back'), ('refused', 'Refused')], default='proposed', max_length=10)),
                    ('proposed_at', models.DateTimeField()),
                    ('decided_at', models.DateTimeField(null=True)),
                    ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('licensee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='sales.licensee')),
                    ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
            ),
            migrations.AddConstraint(
                model_name='instalmentplan',
                constraint=models.CheckConstraint(condition=models.Q(('status__in', ['proposed', 'agreed', 'refused', 'ended'])), name='instalmentplan_status_known'),
            ),
            migrations.AddConstraint(
                model_name='instalmentplan',
                constraint=models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='instalmentplan_decided_by_another'),
            ),
            migrations.AddConstraint(
                model_name='instalmentplan',
                constraint=models.CheckConstraint(condition=models.Q(('status', 'proposed'), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='instalmentplan_decided_by_somebody'),
            ),
            migrations.AddConstraint(
                model_name='instalmentpart',
                constraint=models.UniqueConstraint(fields=('plan', 'due_date'), name='instalmentpart_once'),
            ),
            migrations.AddConstraint(
                model_name='instalmentpart',
                constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='instalmentpart_positive'),
            ),
            migrations.AddConstraint(
                model_name='instalmentnote',
                constraint=models.UniqueConstraint(fields=('plan', 'note'), name='instalmentnote_once'),
            ),
            migrations.AddConstraint(
                model_name='instalmentnote',
                constraint=models.UniqueConstraint(condition=models.Q(('freed_at', None)), fields=('note',), name='instalmentnote_one_plan'),
            ),
            migrations.AddConstraint(
                model_name='storerefund',
                constraint=models.CheckConstraint(condition=models.Q(('status__in', ['proposed', 'approved', 'refused'])), name='storerefund_status_known'),
            ),
            migrations.AddConstraint(
                model_name='storerefund',
                constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='storerefund_positive'),
            ),
            migrations.AddConstraint(
                model_name='storerefund',
                constraint=models.UniqueConstraint(condition=models.Q(('status', 'proposed')), fields=('licensee', 'currency'), name='storerefund_one_open'),
            ),
            migrations.AddConstraint(
                model_name='storerefund',
                constraint=models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='storerefund_decided_by_another'),
            ),
            migrations.AddConstraint(
                model_name='storerefund',
                constraint=models.CheckConstraint(condition=models.Q(('status', 'proposed'), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='storerefund_decided_by_somebody'),
            ),
        ]),
        facts("payouts_instalmentpart"),
        kept("payouts_instalmentplan", "payouts_instalmentnote", "payouts_storerefund"),
        migrations.RunSQL([(NARROW, None)], [(WIDE, None)]),
    ]
