"""Notes show how they were reached and the tax on them; what stores pay of that tax is told apart."""

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

from core.at_once import AtOnce
from core.sqlfiles import facts

FIGURES = """
DROP TRIGGER payouts_writeoff_figures_kept ON public.payouts_writeoff;
CREATE TRIGGER payouts_writeoff_figures_kept
    BEFORE UPDATE OF id, public_id, report_id, currency, amount{vat}, proposed_by_id, proposed_at ON public.payouts_writeoff
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_refuse_change();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('payouts', '0004_facts_kept'),
        ('sales', '0004_facts_kept'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AtOnce([
            migrations.CreateModel(
                name='VatRule',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('start', models.DateField()),
                    ('end', models.DateField(blank=True, help_text='First day on which it no longer holds.', null=True)),
                    ('treatment', models.CharField(choices=[('standard', 'Taxed'), ('reverse_charge', 'Reverse charge: the recipient owes the tax'), ('exempt', 'Exempt from tax')], max_length=14)),
                    ('percent', models.DecimalField(decimal_places=6, default=0, max_digits=9)),
                    ('country', models.CharField(help_text='Whose tax: ISO 3166-1 alpha-2.', max_length=2)),
                    ('law', models.CharField(help_text='The law and its article, as it stands on the note.', max_length=200)),
                    ('words', models.TextField(blank=True, help_text='What the law wants a note to say, e.g. of reverse charge.')),
                ],
            ),
            migrations.RemoveConstraint(
                model_name='amountdue',
                name='amountdue_covers_amount',
            ),
            migrations.AddField(
                model_name='amountdue',
                name='corrects',
                field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='payouts.amountdue'),
            ),
            migrations.AddField(
                model_name='amountdue',
                name='vat',
                field=models.DecimalField(decimal_places=8, default=0, max_digits=24),
            ),
            migrations.AddField(
                model_name='amountdue',
                name='workings',
                field=models.JSONField(default=list),
            ),
            migrations.AddField(
                model_name='remittanceallocation',
                name='vat',
                field=models.DecimalField(decimal_places=8, default=0, help_text="How much of the amount is tax: the tax office's.", max_digits=24),
            ),
            migrations.AddField(
                model_name='writeoff',
                name='vat',
                field=models.DecimalField(decimal_places=8, default=0, help_text='Tax asked for beside the amount, not due any more.', max_digits=24),
            ),
            migrations.AddConstraint(
                model_name='remittanceallocation',
                constraint=models.CheckConstraint(condition=models.Q(('vat__gte', 0), ('vat__lte', models.F('amount'))), name='remittanceallocation_vat_within'),
            ),
            migrations.AddConstraint(
                model_name='writeoff',
                constraint=models.CheckConstraint(condition=models.Q(('vat__gte', 0)), name='writeoff_vat_not_negative'),
            ),
            migrations.AddField(
                model_name='vatrule',
                name='licensee',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='vat_rules', to='sales.licensee'),
            ),
            migrations.AddField(
                model_name='amountdue',
                name='vat_rule',
                field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payouts.vatrule'),
            ),
            migrations.AddConstraint(
                model_name='amountdue',
                constraint=models.CheckConstraint(condition=models.Q(('payable__gte', django.db.models.expressions.CombinedExpression(models.F('amount'), '+', models.F('vat')))), name='amountdue_covers_amount'),
            ),
            migrations.AddConstraint(
                model_name='amountdue',
                constraint=models.CheckConstraint(condition=models.Q(('vat', 0), ('vat_rule__isnull', False), _connector='OR'), name='amountdue_vat_by_a_rule'),
            ),
            migrations.AddConstraint(
                model_name='vatrule',
                constraint=models.UniqueConstraint(fields=('licensee', 'start'), name='vatrule_once'),
            ),
            migrations.AddConstraint(
                model_name='vatrule',
                constraint=models.CheckConstraint(condition=models.Q(('treatment__in', ['standard', 'reverse_charge', 'exempt'])), name='vatrule_treatment_known'),
            ),
            migrations.AddConstraint(
                model_name='vatrule',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('percent__gt', 0), ('percent__lt', 100), ('treatment', 'standard')), models.Q(models.Q(('treatment', 'standard'), _negated=True), ('percent', 0)), _connector='OR'), name='vatrule_percent'),
            ),
            migrations.AddConstraint(
                model_name='vatrule',
                constraint=models.CheckConstraint(condition=models.Q(('end', None), ('end__gt', models.F('start')), _connector='OR'), name='vatrule_period_forward'),
            ),
            migrations.AddConstraint(
                model_name='vatrule',
                constraint=models.CheckConstraint(condition=models.Q(('country__regex', '^[A-Z]{2}$'), models.Q(('law', ''), _negated=True)), name='vatrule_source'),
            ),
        ]),
        facts("payouts_vatrule"),
        migrations.RunSQL([(FIGURES.format(vat=", vat"), None)], [(FIGURES.format(vat=""), None)]),
    ]
