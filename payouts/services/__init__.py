"""What the money office writes."""

from payouts.services.errors import (
    BadCurrency,
    BadRemittance,
    MayNotChangePayee,
    MayNotKeep,
    MoreThanDue,
    NotFinance,
    NothingHeld,
    NotTheSecond,
    OwnHolder,
    OwnStore,
    PayeeWaits,
    ReasonMissing,
    RemittanceKnown,
)
from payouts.services.payee import (
    confirm_payee,
    end_payee,
    is_name_of,
    lift_hold,
    look_at_payee,
    open_payee,
    order_hold,
    propose_payee,
)
from payouts.services.payee_notice import deliver_payee_notice, payee_notices_due
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
    "BadCurrency",
    "BadRemittance",
    "MayNotChangePayee",
    "MayNotKeep",
    "MoreThanDue",
    "NotFinance",
    "NotTheSecond",
    "NothingHeld",
    "OwnHolder",
    "OwnStore",
    "PayeeWaits",
    "ReasonMissing",
    "RemittanceKnown",
    "confirm_payee",
    "deliver_payee_notice",
    "end_payee",
    "is_name_of",
    "issue_amounts_due",
    "keep_statement",
    "lift_hold",
    "look_at_payee",
    "open_payee",
    "open_statement",
    "order_hold",
    "payee_notices_due",
    "propose_payee",
    "record_remittance",
    "require_finance",
    "up_to_coin",
]
