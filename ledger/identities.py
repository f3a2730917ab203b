"""The two published identities, and two that a double-entry ledger must keep anyway, as sums over kinds and places.

*Owed*: accrued net of corrections = unidentified + unclaimed + disputed + held + post-withdrawal + payable
+ in payout + paid - recoverable.
*Cash*: opening + remitted + interest = bank + paid net + tax paid on + refunds + charges + converted out less in.

Each side is taken from other accounts than the other side, so an entry posted to the wrong account shows.
"""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from ledger.chart import DEBIT_NORMAL, OWED, Place
from ledger.recipes import Kind


class Sum(NamedTuple):
    """All postings of one kind to one place in one currency."""

    kind: str
    place: str
    currency: str
    debit: Decimal
    credit: Decimal


class Identity(NamedTuple):
    """Two figures that must be equal."""

    name: str
    currency: str
    left: Decimal
    right: Decimal

    @property
    def holds(self) -> bool:
        """Tell whether they are."""
        return self.left == self.right


class _Sums:
    """Net sums by kind and place, of one currency, in the direction of each place's normal side."""

    def __init__(self) -> None:
        self.net: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        self.debit = self.credit = Decimal(0)

    def add(self, row: Sum) -> None:
        net = row.debit - row.credit if row.place in DEBIT_NORMAL else row.credit - row.debit
        self.net[row.kind, row.place] += net
        self.debit += row.debit
        self.credit += row.credit

    def of(self, place: str, *kinds: str) -> Decimal:
        return sum((v for (k, p), v in self.net.items() if p == place and (not kinds or k in kinds)), Decimal(0))


def identities(rows: Iterable[Sum]) -> list[Identity]:
    """Return every identity for every currency."""
    by_currency: dict[str, _Sums] = defaultdict(_Sums)
    for row in rows:
        by_currency[row.currency].add(row)
    return [identity for currency in sorted(by_currency) for identity in _of(currency, by_currency[currency])]


def _of(currency: str, sums: _Sums) -> list[Identity]:
    owed = sum((sums.of(place) for place in OWED - {Place.RECOVERABLE}), Decimal(0)) - sums.of(Place.RECOVERABLE)
    remitted = sums.of(Place.UNALLOCATED, Kind.REMITTANCE, Kind.EXCHANGE)
    paid_net = (
        sums.of(Place.PAID_OUT)
        - sums.of(Place.TAX_OWED, Kind.DISBURSEMENT)
        - sums.of(Place.ADMINISTRATION, Kind.DISBURSEMENT)
        - sums.of(Place.TAX_BACK, Kind.DISBURSEMENT)
    )
    spent = (
        paid_net
        - sums.of(Place.TAX_OWED, Kind.TAX_PAYMENT)
        - sums.of(Place.UNALLOCATED, Kind.REFUND)
        + sums.of(Place.BANK_CHARGES)
        + sums.of(Place.FX_DIFFERENCE)
        + sums.of(Place.EXCHANGE_RESULT)
    )
    return [
        Identity("debits = credits", currency, sums.debit, sums.credit),
        Identity("owed", currency, sums.of(Place.RECEIVABLE, Kind.ACCRUAL), owed),
        Identity(
            "paid = paid out", currency, sums.of(Place.PAID, Kind.SETTLEMENT, Kind.PAID_BEFORE), sums.of(Place.PAID_OUT)
        ),
        Identity(
            "cash",
            currency,
            sums.of(Place.OPENING) + remitted + sums.of(Place.INTEREST),
            sums.of(Place.BANK) + spent,
        ),
    ]
