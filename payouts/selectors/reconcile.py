"""Whether our books agree with the bank: its own closing balances against the ledger, day by day."""

from datetime import date
from decimal import Decimal
from itertools import groupby, takewhile
from typing import NamedTuple

from django.db import connection
from django.db.models import QuerySet

from payouts.models import HouseBooking
from payouts.selectors.access import Person, is_finance

DAYS = """
WITH told AS (
    SELECT DISTINCT ON (currency, day) currency, day, amount FROM payouts_bankbalance
    ORDER BY currency, day, file_id DESC
), moved AS (
    SELECT a.currency, (e.event_at AT TIME ZONE 'UTC')::date AS day, sum(p.debit - p.credit) AS amount
    FROM ledger_account a JOIN ledger_posting p ON p.account_id = a.id JOIN ledger_entry e ON e.id = p.entry_id
    WHERE a.place = 'bank' GROUP BY 1, 2
)
SELECT t.currency, t.day, t.amount,
    coalesce((SELECT sum(m.amount) FROM moved m WHERE m.currency = t.currency AND m.day <= t.day), 0)
FROM told t ORDER BY t.currency, t.day DESC
"""
HELD = """
SELECT a.currency FROM ledger_account a JOIN ledger_accountbalance b ON b.account_id = a.id
WHERE a.place = 'bank' ORDER BY 1
"""


class Reconciled(NamedTuple):
    """The newest closing balance of one currency beside the ledger's at the end of that day (UTC).

    `day` None: the bank never told a balance. `since`: the first day told from which on the two have differed.
    """

    currency: str
    day: date | None
    bank: Decimal | None
    ledger: Decimal | None
    since: date | None

    @property
    def difference(self) -> Decimal | None:
        """What the bank has more than we say; None where nobody knows."""
        return None if self.bank is None or self.ledger is None else self.bank - self.ledger

    @property
    def agrees(self) -> bool:
        """Whether the two are the same to the last digit."""
        return self.difference == 0


def reconciliation() -> list[Reconciled]:
    """This will say for every currency we hold or the bank told of whether books and bank agree, and since when not."""
    with connection.cursor() as cursor:
        cursor.execute(DAYS)
        told = {currency: list(days) for currency, days in groupby(cursor.fetchall(), key=lambda row: row[0])}
        cursor.execute(HELD)
        held = {currency for (currency,) in cursor.fetchall()}
    found = [Reconciled(currency, None, None, None, None) for currency in held - told.keys()]
    for currency, days in told.items():
        _code, day, bank, ledger = days[0]
        apart = list(takewhile(lambda row: row[2] != row[3], days))
        found.append(Reconciled(currency, day, bank, ledger, apart[-1][1] if apart else None))
    return sorted(found)


def house_bookings_for(user: Person) -> QuerySet[HouseBooking]:
    """This will list what was entered for the house itself, newest first, for the money office."""
    found = HouseBooking.objects.select_related("entered_by").order_by("-id")
    return found if is_finance(user) else found.none()
