"""Pages of the money office."""

from payouts.views.finance import amounts_due, remittances
from payouts.views.holder import accrual, ask_for_money, balance, balance_tracks, entries, holders, proof
from payouts.views.payee import confirm_payee, end_payee, hold, new_payee, payee, payees, payees_waiting
from payouts.views.statement import keep_statement, kept_statement, statement, statement_csv

__all__ = [
    "accrual",
    "amounts_due",
    "ask_for_money",
    "balance",
    "balance_tracks",
    "confirm_payee",
    "end_payee",
    "entries",
    "hold",
    "holders",
    "keep_statement",
    "kept_statement",
    "new_payee",
    "payee",
    "payees",
    "payees_waiting",
    "proof",
    "remittances",
    "statement",
    "statement_csv",
]
