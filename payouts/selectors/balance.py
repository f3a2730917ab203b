"""A holder's money, from the sum of one place down to the parts of single Sales."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q

from catalog.models import RightsHolder, Track
from core.money import Money
from ledger import chart
from ledger import selectors as ledger_facts
from ledger.funding import FULL, free_sql, funded, received_sql, split, split_move
from ledger.kept import kept_rows, read_rows
from ledger.models import AccountBalance, Posting
from sales.models import Sale, SalesReport

ZERO = Decimal(0)
PLACES = ("payable", "held", "post_withdrawal", "disputed", "in_payout", "paid", "recoverable")
"""Places of a holder in the order a page shows them."""


class Band(NamedTuple):
    """What rests in one place in one currency, the part received from the stores apart."""

    place: str
    currency: str
    amount: Decimal
    received: Decimal
    waiting: Decimal


@dataclass(frozen=True, slots=True)
class TrackBand:
    """What rests in one place for one right in one track."""

    track: Track
    right: str
    amount: Decimal
    received: Decimal
    waiting: Decimal


RESTING = """
SELECT {keys}, sum(r.amount), sum({received}) FROM (
    SELECT a.id, a.item, a.place, a.currency, p.lot, sum(p.credit - p.debit) AS amount{gone}
    FROM ledger_account a JOIN ledger_posting p ON p.account_id = a.id
    {entries}
    WHERE a.owner = %(owner)s AND a.item <> '' {inner}
    GROUP BY a.id, p.lot
) r
LEFT JOIN unnest(%(of_lots)s::bigint[], %(currencies)s::text[], %(paid)s::numeric[], %(accrued)s::numeric[])
    AS f(lot, currency, paid, accrued)
    ON f.lot = r.lot AND f.currency = r.currency
GROUP BY {keys}
"""

GONE = """,
        coalesce(sum(sum(p.credit - p.debit)) FILTER (WHERE a.place IN ('in_payout', 'paid'))
            OVER (PARTITION BY a.item, a.currency, p.lot), 0) AS gone"""
"""What has left of the same money: it was received, or it would not have left."""


BEFORE = "JOIN ledger_entry e ON e.id = p.entry_id AND e.event_at < %(until)s"
OF_OWNER = "a.owner = %(owner)s AND a.owner <> ''"
BY_LOT = """
SELECT a.place, a.currency, p.lot, sum(p.credit - p.debit)
FROM ledger_account a JOIN ledger_posting p ON p.account_id = a.id {entries}
WHERE a.owner = %(owner)s AND a.item <> '' GROUP BY 1, 2, 3
"""


def bands(holder: RightsHolder, until: datetime | None = None) -> list[Band]:
    """This will give the holder's balance per place and currency, summed from the postings (of events before `until`).

    Only of lots that are paid in part what was received is summed track by track: of others it is all or nothing.
    """
    owner = chart.holder(holder.pk)
    sql = BY_LOT.format(entries=BEFORE if until else "")
    rows = kept_rows(sql, {"owner": owner, "until": until}, accounts=OF_OWNER)
    known = funded({lot for _, _, lot, _ in rows if lot is not None})
    has_gone = _has_gone(owner)  # then what is free of an unpaid lot is not simply nothing
    in_part = [lot for (lot, _), paid in known.items() if lot and paid != FULL and (paid.received or has_gone)]
    parts = [
        (place, currency, amount, split(amount, lot, currency, known)[0])
        for place, currency, lot, amount in rows
        if lot not in in_part
    ]
    if in_part:
        parts += resting(holder, "r.place, r.currency", until=until, lots=in_part)
    sums: dict[tuple[str, str], tuple[Decimal, Decimal]] = {}
    for place, currency, amount, received in parts:
        before = sums.get((place, currency), (ZERO, ZERO))
        sums[place, currency] = before[0] + amount, before[1] + received
    found = [Band(*key, total, got, total - got) for key, (total, got) in sums.items()]
    return sorted(found, key=lambda band: (PLACES.index(band.place), band.currency))


def totals_of(holders: Iterable[RightsHolder]) -> dict[int, list[Money]]:
    """This will give what is still with ROMS for each of many holders, per currency, in one query.

    Every place but `paid`: that money has left.
    """
    owners = {chart.holder(holder.pk): holder.pk for holder in holders}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.owner, a.currency, sum(b.credit - b.debit) FROM ledger_account a JOIN ledger_accountbalance b"
            " ON b.account_id = a.id WHERE a.owner = ANY(%s) AND a.item <> '' AND a.place <> 'paid'"
            " GROUP BY a.owner, a.currency HAVING sum(b.credit - b.debit) <> 0 ORDER BY 1, 2",
            [list(owners)],
        )
        found: dict[int, list[Money]] = {}
        for owner, currency, amount in cursor.fetchall():
            found.setdefault(owners[owner], []).append(Money(amount, currency))
    return found


LARGEST_FIRST = """
SELECT coalesce(array_agg(a.id ORDER BY abs(b.credit - b.debit) DESC, a.item), '{}')
FROM ledger_account a JOIN ledger_accountbalance b ON b.account_id = a.id
WHERE a.owner = %(owner)s AND a.item <> '' AND a.place = %(place)s AND a.currency = %(currency)s
    AND b.credit <> b.debit
"""
"""One account for every item: `ledger.chart`."""


class TrackBands(Sequence[TrackBand]):
    """The tracks and rights one balance is made of, largest first: a list a paginator can cut.

    Their order is kept (`ledger.kept`); amounts, and what was received, are asked only of what is shown.
    """

    def __init__(self, holder: RightsHolder, place: str, currency: str) -> None:
        self.holder = holder
        self.asked = {"owner": chart.holder(holder.pk), "place": place, "currency": currency}

    @cached_property
    def _accounts(self) -> list[int]:
        ((accounts,),) = kept_rows(LARGEST_FIRST, self.asked, accounts=OF_OWNER)
        return list(accounts)

    def __len__(self) -> int:
        return len(self._accounts)

    def __getitem__(self, cut: Any) -> Any:
        accounts = self._accounts[cut] if isinstance(cut, slice) else [self._accounts[cut]]
        balances = AccountBalance.objects.filter(account__in=accounts).select_related("account").in_bulk()
        shown = [(each.account.item, each.credit - each.debit) for each in map(balances.__getitem__, accounts)]
        place, currency = self.asked["place"], self.asked["currency"]
        rows = resting(self.holder, "r.item, r.place, r.currency", items=[item for item, _ in shown])
        received = {row[0]: row[4] for row in rows if row[1:3] == (place, currency)}
        tracks = Track.objects.in_bulk({subject_of(item)[0] for item, _ in shown})
        found = [
            TrackBand(tracks[track_id], right, amount, received[item], amount - received[item])
            for item, amount in shown
            for track_id, right in (subject_of(item),)
        ]
        return found if isinstance(cut, slice) else found[0]


def resting(
    holder: RightsHolder,
    keys: str,
    *,
    until: datetime | None = None,
    lots: Sequence[int] | None = None,
    items: Sequence[str] | None = None,
) -> list[tuple[Any, ...]]:
    """Sum the holder's postings (of events before `until`, of these lots, of these items) by `keys`, the received part
    beside; all SQL texts are constants of this module.

    What is in payout or paid is received whole; of what is payable that part counts which has not left already.
    """
    owner = chart.holder(holder.pk)
    narrow = {"lots": ("p.lot", lots), "items": ("a.item", items)}
    asked = {name: (column, [*wanted]) for name, (column, wanted) in narrow.items() if wanted is not None}
    inner = "".join(f" AND {column} = ANY(%({name})s)" for name, (column, _) in asked.items())
    params: dict[str, Any] = {"owner": owner, "until": until} | {name: rows for name, (_, rows) in asked.items()}
    known = funded(_lots(inner, params))
    has_gone = _has_gone(owner)
    rate = "coalesce(f.paid, 1)", "coalesce(f.accrued, 1)"
    received = received_sql("r.amount", *rate)
    if has_gone:
        received = (
            f"CASE r.place WHEN 'in_payout' THEN r.amount WHEN 'paid' THEN r.amount"
            f" WHEN 'payable' THEN {free_sql('r.amount', 'r.gone', *rate)} ELSE {received} END"
        )
    sql = RESTING.format(
        keys=keys,
        received=f"CASE WHEN r.lot IS NULL THEN r.amount ELSE {received} END",
        gone=GONE if has_gone else "",
        entries=BEFORE if until else "",
        inner=inner,
    )
    columns: dict[str, Any] = {
        "of_lots": [lot for lot, _ in known],
        "currencies": [currency for _, currency in known],
        "paid": [paid.received for paid in known.values()],
        "accrued": [paid.accrued for paid in known.values()],
    }
    if items is not None:
        return read_rows(sql, params | columns)
    return kept_rows(sql, params | columns, accounts=OF_OWNER)


def _has_gone(owner: str) -> bool:
    """Tell whether anything of a holder was ever on its way out: only then what has left must be looked for."""
    ((has_gone,),) = kept_rows(HAS_GONE, {"owner": owner}, accounts=OF_OWNER)
    return bool(has_gone)


def _lots(inner: str, params: Mapping[str, Any]) -> list[int]:
    return [lot for (lot,) in read_rows(LOTS.format(inner=inner), params)]


HAS_GONE = "SELECT EXISTS (SELECT FROM ledger_account WHERE owner = %(owner)s AND place IN ('in_payout', 'paid'))"
LOTS = """
SELECT DISTINCT p.lot FROM ledger_account a JOIN ledger_posting p ON p.account_id = a.id
WHERE a.owner = %(owner)s AND p.lot IS NOT NULL{inner}
"""


def subject_of(item: str) -> tuple[int, str]:
    """Read `track:17:phonogram` back into the track's id and the right."""
    _, track_id, right = item.split(":")
    return int(track_id), right


class MoveRow(NamedTuple):
    """One posting for one right in a track, with the report its money came in with."""

    move: ledger_facts.Move
    report: SalesReport | None
    amount: Decimal
    received: Decimal
    waiting: Decimal


def moves_of(holder: RightsHolder, track: Track, right: str) -> list[MoveRow]:
    """This will give every posting to the holder for one right in one track, oldest first."""
    owner, item = chart.holder(holder.pk), chart.track_item(track.pk, right)
    moves = ledger_facts.MovesOf(owner, item).read()
    known = funded({move.lot for move in moves if move.lot is not None})
    reports = reports_of_moves(moves)
    return [
        MoveRow(
            move, reports.get(move.lot or 0), amount, *split_move(move.kind, amount, move.lot, move.currency, known)
        )
        for move in moves
        for amount in (move.credit - move.debit,)
    ]


def is_posting_of(holder: RightsHolder, posting_id: int) -> bool:
    """This will tell whether a posting is to the holder."""
    return Posting.objects.filter(pk=posting_id, account__owner=chart.holder(holder.pk)).exists()


def reports_of_moves(moves: Iterable[ledger_facts.Move]) -> dict[int, SalesReport]:
    """This will find the report in force of each lot; the first of the chain where none is."""
    lots = {move.lot for move in moves if move.lot is not None}
    chains = SalesReport.objects.filter(Q(pk__in=lots) | Q(lot__in=lots, status=SalesReport.Status.POSTED))
    return {report.lot_number: report for report in chains.select_related("licensee").order_by("pk")}


def sums_of(rows: Sequence[MoveRow]) -> list[Band]:
    """This will add up postings per place and currency."""
    sums: dict[tuple[str, str], list[Decimal]] = {}
    for row in rows:
        found = sums.setdefault((row.move.place, row.move.currency), [ZERO, ZERO, ZERO])
        for index, amount in enumerate((row.amount, row.received, row.waiting)):
            found[index] += amount
    return sorted((Band(*key, *amounts) for key, amounts in sums.items()), key=lambda b: PLACES.index(b.place))


class AccrualRow(NamedTuple):
    """What one report sold of a track in one place, period, channel and currency, and what the right earned of it."""

    sale: Sale
    rate_percent: Decimal
    part: Decimal


def accrual_rows(track: Track, report: SalesReport, right: str) -> list[AccrualRow]:
    """This will find the sums behind what one report accrued for one right in a track."""
    sales = Sale.objects.filter(track=track, report=report).select_related("tariff", "store_key")
    ordered = sales.order_by("currency", "use_start", "territory", "channel", "id")
    return [AccrualRow(sale, sale.tariff.rate * 100, getattr(sale, f"royalty_{right}")) for sale in ordered]


def accrual_total(rows: Sequence[AccrualRow]) -> dict[str, Decimal]:
    """This will add up what the right earned per currency: what the ledger accrued for the track and report."""
    totals: dict[str, Decimal] = {}
    for row in rows:
        totals[row.sale.currency] = totals.get(row.sale.currency, ZERO) + row.part
    return totals
