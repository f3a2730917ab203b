"""What the money office may show: a holder's money down to the sales lines, what stores owe, what they paid.

Everything a holder's page shows starts from `holders_for(user)`; everything of finance from `is_finance(user)`.
"""

from payouts.selectors.access import acts_for_store, holders_for, is_finance, may_keep_statement, sees_store_money
from payouts.selectors.balance import (
    PLACES,
    AccrualRow,
    Band,
    MoveRow,
    TrackBand,
    TrackBands,
    accrual_rows,
    accrual_total,
    bands,
    is_posting_of,
    moves_of,
    sums_of,
    totals_of,
)
from payouts.selectors.statement import StatementPeriod, statement_facts, statement_period, statements_of
from payouts.selectors.store import (
    DueRow,
    amounts_due_for,
    credits_for,
    due_rows,
    noted,
    open_report_choices,
    outstanding,
    remittances_for,
    reports_without_note,
    unallocated,
)

__all__ = [
    "PLACES",
    "AccrualRow",
    "Band",
    "DueRow",
    "MoveRow",
    "StatementPeriod",
    "TrackBand",
    "TrackBands",
    "accrual_rows",
    "accrual_total",
    "acts_for_store",
    "amounts_due_for",
    "bands",
    "credits_for",
    "due_rows",
    "holders_for",
    "is_finance",
    "is_posting_of",
    "may_keep_statement",
    "moves_of",
    "noted",
    "open_report_choices",
    "outstanding",
    "remittances_for",
    "reports_without_note",
    "sees_store_money",
    "statement_facts",
    "statement_period",
    "statements_of",
    "sums_of",
    "totals_of",
    "unallocated",
]
