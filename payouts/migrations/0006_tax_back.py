"""Tax kept back too much: given back with a later payment, or asked back; certificates of a year before a correction."""

from pathlib import Path

import core.ids
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

from core.at_once import AtOnce
from core.sqlfiles import facts, run_sql_file

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0005_other_societies'),
        ('payouts', '0005_notes_with_vat'),
    ]

    operations = [
        AtOnce([
            migrations.CreateModel(
                name='TaxCorrection',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('public_id', core.ids.PublicIdField(prefix='TXC')),
                    ('tax_percent', models.DecimalField(decimal_places=6, help_text='What should have been kept back.', max_digits=9)),
                    ('given_back', models.DecimalField(decimal_places=8, help_text='Was not yet paid to the tax office: goes with the next payment.', max_digits=24)),
                    ('ask_back', models.DecimalField(decimal_places=8, help_text='Was paid to the tax office: the holder asks the office for it.', max_digits=24)),
                    ('made_at', models.DateTimeField()),
                    ('payment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tax_corrections', to='payouts.payment')),
                ],
            ),
            migrations.CreateModel(
                name='TaxYearKept',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('year', models.PositiveSmallIntegerField()),
                    ('edition', models.PositiveSmallIntegerField(help_text='1 is what was first certified.')),
                    ('facts', models.JSONField(help_text='The rows of the paper: ids, days, amounts as text.')),
                    ('replaced_at', models.DateTimeField()),
                    ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.rightsholder')),
                ],
            ),
            migrations.RemoveConstraint(
                model_name='payment',
                name='payment_gross_whole',
            ),
            migrations.RemoveConstraint(
                model_name='payment',
                name='payment_pays_something',
            ),
            migrations.AddField(
                model_name='payment',
                name='tax_back',
                field=models.DecimalField(decimal_places=8, default=0, max_digits=24),
            ),
            migrations.AddConstraint(
                model_name='payment',
                constraint=models.CheckConstraint(condition=models.Q(('gross', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('net'), '+', models.F('tax')), '+', models.F('administration')), '-', models.F('tax_back')))), name='payment_gross_whole'),
            ),
            migrations.AddConstraint(
                model_name='payment',
                constraint=models.CheckConstraint(condition=models.Q(('status', 'left_out'), models.Q(('gross__gte', 0), ('net__gt', 0), ('paid__gt', 0), ('payee__isnull', False), models.Q(('available__gte', django.db.models.expressions.CombinedExpression(models.F('gross'), '+', models.F('set_off'))), models.Q(('gross', 0), ('set_off', 0)), _connector='OR')), _connector='OR'), name='payment_pays_something'),
            ),
            migrations.AddConstraint(
                model_name='taxcorrection',
                constraint=models.CheckConstraint(condition=models.Q(('ask_back', 0), ('given_back', 0), _negated=True), name='taxcorrection_of_something'),
            ),
            migrations.AddConstraint(
                model_name='taxyearkept',
                constraint=models.UniqueConstraint(fields=('holder', 'year', 'edition'), name='taxyearkept_once'),
            ),
        ]),
        run_sql_file(SQL / "tax_back.sql", SQL / "tax_back_drop.sql"),
        facts("payouts_taxcorrection", "payouts_taxyearkept"),
    ]
