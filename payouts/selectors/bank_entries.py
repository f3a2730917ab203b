"""The bank's lines beside our entries, one by one: which line explains which entry, and what is open on either side."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from payouts.models import BankLine
from payouts.selectors.access import Person, is_finance

Outcome = BankLine.Outcome
CLOSED = (Outcome.NOTED, Outcome.REFUSED)
"""What says nothing of money on our account."""

UNEXPLAINED = """
WITH known AS (
    SELECT p.public_id FROM payouts_bankline l JOIN payouts_payment p ON p.id = l.payment_id
    JOIN payouts_bankfile b ON b.id = l.file_id
    WHERE l.outcome IN ('settled', 'returned', 'known') AND b.kind <> 'pain.002'
    UNION SELECT r.public_id FROM payouts_bankline l JOIN payouts_remittance r ON r.id = l.remittance_id
    UNION SELECT h.public_id FROM payouts_bankline l JOIN payouts_housebooking h ON h.id = l.booking_id
    UNION SELECT f.public_id FROM payouts_bankline l JOIN payouts_storerefund f ON f.id = l.refund_id
    UNION SELECT c.public_id || l.currency FROM payouts_bankline l JOIN payouts_conversion c ON c.id = l.conversion_id
), moved AS (
    SELECT e.id, e.kind, e.event_at, a.currency, sum(p.debit - p.credit) AS amount,
        coalesce(substring(e.idempotency_key FROM '[A-Z]{3}-[^:]{11}'), e.idempotency_key) AS number
    FROM ledger_account a JOIN ledger_posting p ON p.account_id = a.id JOIN ledger_entry e ON e.id = p.entry_id
    WHERE a.place = 'bank' GROUP BY e.id, a.currency
)
SELECT m.number, min(m.kind), max(m.event_at), m.currency, sum(m.amount)
FROM moved m
LEFT JOIN known k ON k.public_id = m.number || CASE WHEN m.number LIKE 'CNV-%%' THEN m.currency ELSE '' END
WHERE k.public_id IS NULL AND m.kind <> 'opening'
GROUP BY m.number, m.currency HAVING sum(m.amount) <> 0
ORDER BY 3, 1 LIMIT %s OFFSET %s
"""


class OpenEntry(NamedTuple):
    """Money that our books say moved at the bank, of which no line of the bank tells; `number` names the document."""

    number: str
    kind: str
    moved_at: datetime
    currency: str
    amount: Decimal


class OpenEntries:
    """All of them, oldest first, in pages: the books are asked only for those that are shown."""

    def __getitem__(self, part: slice) -> list[OpenEntry]:
        return [OpenEntry(*row) for row in self._rows(part.stop - part.start, part.start)]

    def count(self) -> int:
        """This will count them."""
        return len(self._rows(None, 0))

    def _rows(self, limit: int | None, offset: int) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(UNEXPLAINED, [limit, offset])
            return list(cursor.fetchall())


def account_lines_for(user: Person) -> QuerySet[BankLine]:
    """This will find the bank's lines about our account, for the money office; nobody else sees one.

    What the bank says of an order (pain.002) is no line of the account.
    """
    found = BankLine.objects.select_related(
        "file", "payment__batch", "remittance__licensee", "booking", "refund", "conversion"
    )
    return found.exclude(file__kind="pain.002") if is_finance(user) else found.none()


def bank_lines_for(user: Person, *, only_open: bool) -> QuerySet[BankLine]:
    """This will list the lines about money on our account: the open ones oldest first, or the others newest first.

    A line is open while nobody has said what it is; every other explains an entry, or a person has set it aside.
    """
    found = account_lines_for(user)
    if only_open:
        return found.filter(outcome=Outcome.WAITING).order_by("value_date", "pk")
    return found.exclude(outcome__in=[*CLOSED, Outcome.WAITING]).order_by("-value_date", "-pk")


def explained_by(line: BankLine) -> str:
    """This will give the number of what a line explains; '' for one that is open or set aside."""
    for one in (line.payment, line.remittance, line.booking, line.refund, line.conversion):
        if one is not None and line.outcome != Outcome.WAITING:
            return one.public_id
    return ""


def age_of(line: BankLine, day: date) -> int | None:
    """This will give the days since a line's value date; None where the bank told none."""
    return (day - line.value_date).days if line.value_date else None
