"""What the bank really changed of payments noted in another currency; only how far it came is written later."""

import core.ids
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

from core.at_once import AtOnce
from core.sqlfiles import kept

NARROW = """
REVOKE UPDATE ON public.payouts_conversion, public.payouts_conversionpart FROM roms_app;
GRANT UPDATE (status, decided_by_id, decided_at) ON public.payouts_conversion TO roms_app;
GRANT UPDATE (freed_at) ON public.payouts_conversionpart TO roms_app;
GRANT UPDATE (conversion_id) ON public.payouts_bankline TO roms_app;
"""
WIDE = "GRANT UPDATE ON public.payouts_conversion, public.payouts_conversionpart TO roms_app"


class Migration(migrations.Migration):

    dependencies = [
        ('payouts', '0010_chosen_editions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AtOnce([
            migrations.CreateModel(
                name='Conversion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('proposed_at', models.DateTimeField()),
                    ('decided_at', models.DateTimeField(null=True)),
                    ('public_id', core.ids.PublicIdField(prefix='CNV')),
                    ('sold', models.DecimalField(decimal_places=8, help_text='What the bank took, in whole coins.', max_digits=24)),
                    ('sold_currency', models.CharField(max_length=3)),
                    ('bought', models.DecimalField(decimal_places=8, help_text='What it gave for it, in whole coins.', max_digits=24)),
                    ('bought_currency', models.CharField(max_length=3)),
                    ('day', models.DateField(help_text='Value date at the bank.')),
                    ('reference', models.CharField(help_text="The bank's reference.", max_length=140)),
                    ('status', models.CharField(choices=[('proposed', 'Waits for a second person'), ('approved', 'Booked'), ('refused', 'Refused')], default='proposed', max_length=10)),
                ],
            ),
            migrations.CreateModel(
                name='ConversionPart',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('freed_at', models.DateTimeField(null=True)),
                ],
            ),
            migrations.RemoveConstraint(
                model_name='bankline',
                name='bankline_explains_one_thing',
            ),
            migrations.AddField(
                model_name='conversion',
                name='decided_by',
                field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='conversion',
                name='proposed_by',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='bankline',
                name='conversion',
                field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bank_lines', to='payouts.conversion'),
            ),
            migrations.AddConstraint(
                model_name='bankline',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('booking__isnull', False), ('conversion', None), ('outcome', 'explained'), ('refund', None)), models.Q(('booking', None), ('conversion', None), ('outcome', 'explained'), ('refund__isnull', False)), models.Q(('booking', None), ('conversion__isnull', False), ('outcome', 'explained'), ('refund', None)), models.Q(models.Q(('outcome', 'explained'), _negated=True), ('booking', None), ('conversion', None), ('refund', None)), _connector='OR'), name='bankline_explains_one_thing'),
            ),
            migrations.AddConstraint(
                model_name='bankline',
                constraint=models.UniqueConstraint(fields=('conversion', 'currency'), name='bankline_one_side_of_a_conversion'),
            ),
            migrations.AddField(
                model_name='conversionpart',
                name='conversion',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='payouts.conversion'),
            ),
            migrations.AddField(
                model_name='conversionpart',
                name='remittance',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='conversions', to='payouts.remittance'),
            ),
            migrations.AddConstraint(
                model_name='conversion',
                constraint=models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='conversion_decided_by_another'),
            ),
            migrations.AddConstraint(
                model_name='conversion',
                constraint=models.CheckConstraint(condition=models.Q(('status', 'proposed'), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='conversion_decided_by_somebody'),
            ),
            migrations.AddConstraint(
                model_name='conversion',
                constraint=models.CheckConstraint(condition=models.Q(('status__in', ['proposed', 'approved', 'refused'])), name='conversion_status_known'),
            ),
            migrations.AddConstraint(
                model_name='conversion',
                constraint=models.CheckConstraint(condition=models.Q(('bought__gt', 0), ('sold__gt', 0)), name='conversion_positive'),
            ),
            migrations.AddConstraint(
                model_name='conversion',
                constraint=models.CheckConstraint(condition=models.Q(('sold_currency', models.F('bought_currency')), _negated=True), name='conversion_of_two_currencies'),
            ),
            migrations.AddConstraint(
                model_name='conversion',
                constraint=models.UniqueConstraint(django.db.models.functions.text.Upper('reference'), condition=models.Q(('status', 'refused'), _negated=True), name='conversion_once'),
            ),
            migrations.AddConstraint(
                model_name='conversionpart',
                constraint=models.UniqueConstraint(fields=('conversion', 'remittance'), name='conversionpart_once'),
            ),
            migrations.AddConstraint(
                model_name='conversionpart',
                constraint=models.UniqueConstraint(condition=models.Q(('freed_at', None)), fields=('remittance',), name='conversionpart_one_conversion'),
            ),
        ]),
        kept("payouts_conversion", "payouts_conversionpart"),
        migrations.RunSQL([(NARROW, None)], [(WIDE, None)]),
    ]
