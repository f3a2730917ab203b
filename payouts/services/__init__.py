"""What the money office writes."""

from payouts.services.errors import (
    BadRemittance,
    MayNotKeep,
    MoreThanDue,
    NotFinance,
    OwnStore,
    RemittanceKnown,
)
from payouts.services.statement import keep_statement, open_statement
from payouts.services.store import (
    Allocation,
    issue_amounts_due,
    record_remittance,
    require_finance,
    up_to_coin,
)

__all__ = [
    "Allocation",
    "BadRemittance",
    "MayNotKeep",
    "MoreThanDue",
    "NotFinance",
    "OwnStore",
    "RemittanceKnown",
    "issue_amounts_due",
    "keep_statement",
    "open_statement",
    "record_remittance",
    "require_finance",
    "up_to_coin",
]
