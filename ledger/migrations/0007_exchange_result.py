"""A place for what the house gained or lost when money was changed."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0006_entries_by_transaction'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='account',
            name='ledger_account_place',
        ),
        migrations.AddConstraint(
            model_name='account',
            constraint=models.CheckConstraint(condition=models.Q(('place__in', ('unidentified', 'unclaimed', 'disputed', 'held', 'post_withdrawal', 'payable', 'in_payout', 'paid', 'recoverable', 'receivable', 'unallocated', 'bank', 'paid_out', 'tax_owed', 'tax_back', 'administration', 'bank_charges', 'interest', 'fx_difference', 'exchange_result', 'rounding', 'written_off', 'opening'))), name='ledger_account_place'),
        ),
    ]
