"""Pages of the money office."""

from payouts.views.finance import amounts_due, remittances
from payouts.views.holder import accrual, ask_for_money, balance, balance_tracks, entries, holders, proof
from payouts.views.statement import keep_statement, kept_statement, statement, statement_csv

__all__ = [
    "accrual",
    "amounts_due",
    "ask_for_money",
    "balance",
    "balance_tracks",
    "entries",
    "holders",
    "keep_statement",
    "kept_statement",
    "proof",
    "remittances",
    "statement",
    "statement_csv",
]
