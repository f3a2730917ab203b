"""What the ledger says. Amounts carry the sign a reader expects: each place's own normal side counts as positive.

The ledger knows no persons, so nothing here asks who may see it: the callers' selectors do.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.db import connection
from django.db.models import QuerySet

from core.money import Money
from ledger import merkle, streams, tree
from ledger.chart import DEBIT_NORMAL, OWED
from ledger.identities import Sum
from ledger.kept import kept_rows
from ledger.models import AccountBalance, DailyProof, LogCheckpoint
from ledger.recipes import Kind


class Shown(NamedTuple):
    """What rests in one place for one item, owner, currency and lot: credit minus debit, so recoverable is below 0."""

    item: str
    place: str
    owner: str
    currency: str
    lot: int | None
    amount: Decimal


class HolderBalance(NamedTuple):
    """What rests in one place for one owner."""

    place: str
    currency: str
    amount: Decimal


class PlaceTotal(NamedTuple):
    """The sums of all postings to one place."""

    place: str
    currency: str
    debit: Decimal
    credit: Decimal


class Funding(NamedTuple):
    """How far one lot (report) is paid by the store: accrued = received + written_off + rounded + still due."""

    lot: int
    currency: str
    accrued: Decimal
    received: Decimal
    written_off: Decimal
    rounded: Decimal


class Move(NamedTuple):
    """One line of an owner's history."""

    posting_id: int
    entry_id: int
    kind: str
    event_at: datetime
    address: str
    place: str
    item: str
    currency: str
    lot: int | None
    debit: Decimal
    credit: Decimal
    leaf: int | None
    """Place of its entry in the log, once it has one."""


class Logged(NamedTuple):
    """How far an owner's postings are in the log: the last of their places, and how many have none yet."""

    last: int | None
    missing: int


def signed(place: str, debit: Decimal, credit: Decimal) -> Decimal:
    """Return the balance of a place from its two sums, positive on its normal side."""
    return debit - credit if place in DEBIT_NORMAL else credit - debit


def balance(address: str, currency: str) -> Money:
    """Return the balance of one account, zero if nothing was ever posted to it."""
    return balances([address]).get((address, currency), Money(Decimal(0), currency))


def balances(addresses: Iterable[str]) -> dict[tuple[str, str], Money]:
    """Return the balances of accounts by (address, currency); accounts never posted to are left out."""
    rows = AccountBalance.objects.filter(account__address__in=list(addresses)).values_list(
        "account__address", "account__currency", "account__place", "debit", "credit"
    )
    return {
        (address, currency): Money(signed(place, debit, credit), currency)
        for address, currency, place, debit, credit in rows
    }


SHOWN = f"""
SELECT a.item, a.place, a.owner, a.currency, p.lot, sum(p.credit - p.debit) AS amount
FROM {{items}} i
JOIN ledger_account a ON a.item = i.item AND a.item <> ''
JOIN ledger_posting p ON p.account_id = a.id
WHERE a.place IN ({", ".join(f"'{place}'" for place in sorted(OWED))})
GROUP BY a.item, a.place, a.owner, a.currency, p.lot
HAVING sum(p.credit - p.debit) <> 0
"""


def shown_sql(items: str) -> str:
    """Return the query behind `shown` for the column `item` of a relation, for set-based callers.

    `items` is a table's name or a query in parentheses that names each item once; it is trusted SQL, never user input.
    """
    return SHOWN.format(items=items)


def shown(items: Sequence[str]) -> list[Shown]:
    """Return everything that rests on the owed side for these items, per place, owner, currency and lot."""
    with connection.cursor() as cursor:
        cursor.execute(
            shown_sql("(SELECT DISTINCT unnest(%s::text[]) AS item)") + " ORDER BY 1, 2, 3, 4, 5", [[*items]]
        )
        return [Shown(*row) for row in cursor.fetchall()]


HOLDER_BALANCES = """
SELECT a.place, a.currency, sum(b.debit), sum(b.credit)
FROM ledger_account a JOIN ledger_accountbalance b ON b.account_id = a.id
WHERE a.owner = %(owner)s AND a.owner <> ''
GROUP BY a.place, a.currency HAVING sum(b.debit) <> sum(b.credit) ORDER BY a.place, a.currency
"""


def holder_balances(owner: str) -> list[HolderBalance]:
    """Return what rests for one owner, per place and currency, zero balances left out."""
    rows = kept_rows(HOLDER_BALANCES, {"owner": owner}, accounts=_OF_OWNER)
    return [HolderBalance(place, currency, signed(place, debit, credit)) for place, currency, debit, credit in rows]


def totals() -> list[PlaceTotal]:
    """Return the sums of every place and currency from the balance cache: the figures of the public page."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.place, a.currency, sum(b.debit), sum(b.credit) FROM ledger_accountbalance b"
            " JOIN ledger_account a ON a.id = b.account_id GROUP BY a.place, a.currency ORDER BY a.place, a.currency"
        )
        return [PlaceTotal(*row) for row in cursor.fetchall()]


def funding(lots: Sequence[int]) -> list[Funding]:
    """Return how far each lot is paid by its store, per currency."""
    sums = {
        "accrued": (Kind.ACCRUAL, "debit - p.credit"),
        "received": (Kind.FUNDING, "credit - p.debit"),
        "written_off": (Kind.WRITE_OFF, "credit - p.debit"),
        "rounded": (Kind.ROUNDING, "credit - p.debit"),
    }
    columns = ", ".join(
        f"coalesce(sum(p.{side}) FILTER (WHERE e.kind = '{kind}'), 0) AS {name}" for name, (kind, side) in sums.items()
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT p.lot, a.currency, {columns} FROM ledger_account a"
            " JOIN ledger_posting p ON p.account_id = a.id JOIN ledger_entry e ON e.id = p.entry_id"
            " WHERE a.place = 'receivable' AND a.item = '' AND p.lot = ANY(%s) GROUP BY 1, 2 ORDER BY 1, 2",
            [[*lots]],
        )
        return [Funding(*row) for row in cursor.fetchall()]


_MOVES = """
FROM ledger_account a JOIN ledger_posting p ON p.account_id = a.id JOIN ledger_entry e ON e.id = p.entry_id
LEFT JOIN ledger_logleaf l ON l.entry_id = e.id
WHERE a.owner = %(owner)s AND a.owner <> '' AND a.item <> '' AND (%(item)s = '' OR a.item = %(item)s)
    AND (%(start)s::timestamptz IS NULL OR e.event_at >= %(start)s)
    AND (%(end)s::timestamptz IS NULL OR e.event_at < %(end)s)
"""
_OF_OWNER = "a.owner = %(owner)s AND a.owner <> ''"
_MOVED = "p.id, e.id, e.kind, e.event_at, a.address, a.place, a.item, a.currency, p.lot, p.debit, p.credit"
_MOVE = f"SELECT {_MOVED}, l.position"


@dataclass(frozen=True, slots=True)
class MovesOf:
    """The postings to an owner's accounts on the owed side: of one item or all, in [start, end), oldest first."""

    owner: str
    item: str = ""
    start: datetime | None = None
    end: datetime | None = None

    def count(self) -> int:
        """Return how many there are."""
        ((count,),) = kept_rows(f"SELECT count(*) {_MOVES}", asdict(self), accounts=_OF_OWNER)
        return int(count)

    def read(self, first: int = 0, last: int | None = None) -> list[Move]:
        """Return those from the place `first` up to but not including `last`."""
        limits = {"first": first, "count": None if last is None else last - first}
        with connection.cursor() as cursor:
            cursor.execute(
                f"{_MOVE} {_MOVES} ORDER BY e.event_at, p.id OFFSET %(first)s LIMIT %(count)s", asdict(self) | limits
            )
            return [Move(*row) for row in cursor.fetchall()]

    def logged(self) -> Logged:
        """Return how far they are in the log."""
        sql = f"SELECT max(l.position), count(*) - count(l.position) {_MOVES}"
        (row,) = kept_rows(sql, asdict(self), accounts=_OF_OWNER, also=tree.log_size())
        return Logged(*row)

    def stream(self) -> Iterator[Move]:
        """Yield all of them in memory that does not grow with their number; read inside `streams.snapshot`."""
        return (Move(*row) for row in streams.rows(f"{_MOVE} {_MOVES} ORDER BY e.event_at, p.id", asdict(self)))


def sums_by_kind() -> list[Sum]:
    """Sum all postings by kind, place and currency: what the identities are made of."""
    with connection.cursor() as cursor:
        cursor.execute(SUMS_BY_KIND)
        return [Sum(*row) for row in cursor.fetchall()]


SUMS_BY_KIND = """
SELECT e.kind, a.place, a.currency, sum(p.debit), sum(p.credit)
FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id JOIN ledger_account a ON a.id = p.account_id
GROUP BY e.kind, a.place, a.currency
"""


def checkpoint_over(position: int) -> LogCheckpoint | None:
    """Give the first signed checkpoint over the entry at this place of the log, if one was signed yet."""
    return LogCheckpoint.objects.filter(size__gt=position).order_by("size").first()


def checkpoints() -> QuerySet[LogCheckpoint]:
    """Give the signed checkpoints, newest first."""
    return LogCheckpoint.objects.order_by("-size")


def daily_proofs() -> QuerySet[DailyProof]:
    """Give the proofs of the days, newest first."""
    return DailyProof.objects.select_related("checkpoint").order_by("-day")


def consistency(first: int, second: int) -> list[bytes]:
    """Return the proof that the log of `second` entries continues that of `first`. Raises: IndexError."""
    if second > tree.log_size():
        raise IndexError(second)
    return merkle.consistency_path(first, second, tree.root_of)
