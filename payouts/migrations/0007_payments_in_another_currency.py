"""A payment can be put to reports in another currency: rate, day and source are kept with it."""

from django.conf import settings
from django.db import migrations, models

from core.at_once import AtOnce

FIGURES = """
DROP TRIGGER payouts_remittance_figures_kept ON public.payouts_remittance;
CREATE TRIGGER payouts_remittance_figures_kept
    BEFORE UPDATE OF id, public_id, licensee_id, amount, currency, received_date, {more}entered_by_id, entered_at
    ON public.payouts_remittance
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_refuse_change();
"""
MORE = "changed_to, changed, worth, rate, rate_date, rate_source, "


class Migration(migrations.Migration):

    dependencies = [
        ('payouts', '0006_tax_back'),
        ('sales', '0004_facts_kept'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AtOnce([
            migrations.AddField(
                model_name='remittance',
                name='changed',
                field=models.DecimalField(decimal_places=8, help_text='How much of the amount.', max_digits=24, null=True),
            ),
            migrations.AddField(
                model_name='remittance',
                name='changed_to',
                field=models.CharField(help_text='Currency of the reports, if it is another.', max_length=3, null=True),
            ),
            migrations.AddField(
                model_name='remittance',
                name='rate',
                field=models.DecimalField(decimal_places=10, max_digits=20, null=True),
            ),
            migrations.AddField(
                model_name='remittance',
                name='rate_date',
                field=models.DateField(help_text='The day the rate is of: the last before, if a day has none.', null=True),
            ),
            migrations.AddField(
                model_name='remittance',
                name='rate_source',
                field=models.CharField(blank=True, max_length=40),
            ),
            migrations.AddField(
                model_name='remittance',
                name='worth',
                field=models.DecimalField(decimal_places=8, help_text='What that came to.', max_digits=24, null=True),
            ),
            migrations.AddConstraint(
                model_name='remittance',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('changed', None), ('changed_to', None), ('rate', None), ('rate_date', None), ('rate_source', ''), ('worth', None)), models.Q(('changed__gt', 0), ('changed__lte', models.F('amount')), ('rate__gt', 0), ('worth__gt', 0), ('changed__isnull', False), ('changed_to__isnull', False), ('worth__isnull', False), ('rate__isnull', False), ('rate_date__isnull', False), models.Q(('changed_to', models.F('currency')), _negated=True), models.Q(('rate_source', ''), _negated=True)), _connector='OR'), name='remittance_rate_recorded'),
            ),
        ]),
        migrations.RunSQL([(FIGURES.format(more=MORE), None)], [(FIGURES.format(more=""), None)]),
    ]
