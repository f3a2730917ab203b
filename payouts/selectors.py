"""What the money office may show: a holder's money down to the sales lines, what stores owe, what they paid.

Everything a holder's page shows starts from `holders_for(user)`; everything of finance from `is_finance(user)`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import F, Q, QuerySet

from accounts.models import User
from catalog.models import HolderMember, RightsHolder, RightsShare, Track, TrackIsrc
from catalog.rights import Right
from core.money import Money
from ledger import chart
from ledger import selectors as ledger_facts
from ledger.funding import Key, Paid, funded, received_sql, split
from payouts.formats.statement_csv import Facts, Movement, Standing
from payouts.models import AmountDue, Remittance, Statement
from sales.models import Licensee, LicenseeMember, Sale, SalesReport

Person = User | AnonymousUser
ZERO = Decimal(0)
PLACES = ("payable", "held", "disputed", "in_payout", "paid", "recoverable")
"""Places of a holder in the order a page shows them."""


class StatementPeriod(Exception):
    """A statement needs at least one day."""


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


# Who may see what ------------------------------------------------------------------------------------------------
def is_finance(user: Person) -> bool:
    """This will tell whether the person works in the money office."""
    return isinstance(user, User) and user.role in {User.Role.FINANCE, User.Role.SUPERVISOR}


def holders_for(user: Person) -> QuerySet[RightsHolder]:
    """This will find the holders whose money the person may see: those they act for, or all of them for finance."""
    if is_finance(user):
        return RightsHolder.objects.all()
    return RightsHolder.objects.filter(members__user_id=user.pk) if user.pk else RightsHolder.objects.none()


def may_keep_statement(user: Person, holder: RightsHolder) -> bool:
    """This will tell whether the person may do more than read for the holder."""
    if not user.pk:
        return False
    roles = [HolderMember.Role.OWNER, HolderMember.Role.EDITOR]
    return HolderMember.objects.filter(holder=holder, user_id=user.pk, role__in=roles).exists()


# A holder's money ------------------------------------------------------------------------------------------------
RESTING = """
SELECT {keys}, sum(r.amount), sum({received}) FROM (
    SELECT a.id, a.item, a.place, a.currency, p.lot, sum(p.credit - p.debit) AS amount
    FROM ledger_account a JOIN ledger_posting p ON p.account_id = a.id
    {entries}
    WHERE a.owner = %s AND a.item <> '' {filter}
    GROUP BY a.id, p.lot
) r
LEFT JOIN unnest(%s::bigint[], %s::text[], %s::numeric[], %s::numeric[]) AS f(lot, currency, paid, accrued)
    ON f.lot = r.lot AND f.currency = r.currency
GROUP BY {keys} {order}
"""


def bands(holder: RightsHolder) -> list[Band]:
    """This will give the holder's balance per place and currency, summed from the postings."""
    return _bands(holder, "", [])


def _bands(holder: RightsHolder, condition: str, params: Sequence[Any]) -> list[Band]:
    rows = _resting(holder, "r.place, r.currency", condition, params, order="")
    found = [Band(place, currency, total, got, total - got) for place, currency, total, got in rows]
    return sorted(found, key=lambda band: (PLACES.index(band.place), band.currency))


def totals_of(holders: Iterable[RightsHolder]) -> dict[int, list[Money]]:
    """This will give what rests for each of many holders in all places together, per currency, in one query."""
    owners = {chart.holder(holder.pk): holder.pk for holder in holders}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.owner, a.currency, sum(b.credit - b.debit) FROM ledger_account a JOIN ledger_accountbalance b"
            " ON b.account_id = a.id WHERE a.owner = ANY(%s) AND a.item <> '' GROUP BY a.owner, a.currency"
            " HAVING sum(b.credit - b.debit) <> 0 ORDER BY a.owner, a.currency",
            [list(owners)],
        )
        found: dict[int, list[Money]] = {}
        for owner, currency, amount in cursor.fetchall():
            found.setdefault(owners[owner], []).append(Money(amount, currency))
    return found


class TrackBands(Sequence[TrackBand]):
    """The tracks and rights one balance is made of, largest first: a list a paginator can cut."""

    def __init__(self, holder: RightsHolder, place: str, currency: str) -> None:
        self.rows = _resting(
            holder,
            "r.item",
            "AND a.place = %s AND a.currency = %s",
            [place, currency],
            order="HAVING sum(r.amount) <> 0 ORDER BY abs(sum(r.amount)) DESC, r.item",
        )

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, cut: Any) -> Any:
        shown = self.rows[cut] if isinstance(cut, slice) else [self.rows[cut]]
        tracks = Track.objects.in_bulk({_subject(item)[0] for item, _, _ in shown})
        found = [
            TrackBand(tracks[track_id], right, amount, received, amount - received)
            for item, amount, received in shown
            for track_id, right in (_subject(item),)
        ]
        return found if isinstance(cut, slice) else found[0]


def _resting(
    holder: RightsHolder, keys: str, condition: str, params: Sequence[Any], order: str, until: datetime | None = None
) -> list[tuple[Any, ...]]:
    """Sum the holder's postings by `keys`, the received part beside; all SQL texts are constants of this module."""
    owner = chart.holder(holder.pk)
    lots = funded(_lots(owner))
    received = received_sql("r.amount", "coalesce(f.paid, 0)", "coalesce(f.accrued, 1)")
    sql = RESTING.format(
        keys=keys,
        received=f"CASE WHEN r.lot IS NULL THEN r.amount ELSE {received} END",
        entries="JOIN ledger_entry e ON e.id = p.entry_id AND e.event_at < %s" if until else "",
        filter=condition,
        order=order,
    )
    known: list[Any] = [
        [lot for lot, _ in lots],
        [currency for _, currency in lots],
        [paid.received for paid in lots.values()],
        [paid.accrued for paid in lots.values()],
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*([until] if until else []), owner, *params, *known])
        return cursor.fetchall()


def _lots(owner: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT p.lot FROM ledger_account a JOIN ledger_posting p ON p.account_id = a.id"
            " WHERE a.owner = %s AND p.lot IS NOT NULL",
            [owner],
        )
        return [row[0] for row in cursor.fetchall()]


def _subject(item: str) -> tuple[int, str]:
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
    moves = _moves(owner, item=item)
    known = funded({move.lot for move in moves if move.lot is not None})
    reports = _reports(moves)
    return [
        MoveRow(move, reports.get(move.lot or 0), amount, *split(amount, move.lot, move.currency, known))
        for move in moves
        for amount in (move.credit - move.debit,)
    ]


def _moves(
    owner: str, *, item: str = "", start: datetime | None = None, end: datetime | None = None
) -> list[ledger_facts.Move]:
    conditions, params = ["a.owner = %s", "a.item <> ''"], [owner]
    for text, value in (("a.item = %s", item), ("e.event_at >= %s", start), ("e.event_at < %s", end)):
        if value:
            conditions.append(text)
            params.append(value)  # type: ignore[arg-type]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.id, e.id, e.kind, e.event_at, a.address, a.place, a.item, a.currency, p.lot, p.debit, p.credit"
            " FROM ledger_account a JOIN ledger_posting p ON p.account_id = a.id JOIN ledger_entry e"
            f" ON e.id = p.entry_id WHERE {' AND '.join(conditions)} ORDER BY e.event_at, p.id",
            params,
        )
        return [ledger_facts.Move(*row) for row in cursor.fetchall()]


def _reports(moves: Iterable[ledger_facts.Move]) -> dict[int, SalesReport]:
    lots = {move.lot for move in moves if move.lot is not None}
    return SalesReport.objects.select_related("licensee").in_bulk(lots)


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


# Statements ------------------------------------------------------------------------------------------------------
def statement_facts(*, holder: RightsHolder, start: date, end: date) -> Facts:
    """This will gather what a statement of the days [start, end) says, in one stated order.

    Raises: StatementPeriod.
    """
    if start >= end:
        raise StatementPeriod(f"{start} .. {end}")
    since, until = _instant(start), _instant(end)
    owner = chart.holder(holder.pk)
    moves = _moves(owner, start=since, end=until)
    known = funded({move.lot for move in moves if move.lot is not None})
    choices = _choices(holder)
    return Facts(
        holder=holder.public_id,
        holder_name=holder.name,
        start=start,
        end=end,
        wording=_wording(set(choices.values())),
        opening=_standings(holder, since),
        movements=tuple(_movements(moves, known, choices)),
        closing=_standings(holder, until),
    )


def _instant(day: date) -> datetime:
    return datetime.combine(day, time(0), tzinfo=UTC)


def _standings(holder: RightsHolder, until: datetime) -> tuple[Standing, ...]:
    rows = _resting(holder, "r.place, r.currency", "", [], order="", until=until)
    return tuple(
        sorted(Standing(place, currency, amount, got, amount - got) for place, currency, amount, got in rows if amount)
    )


def _movements(
    moves: Sequence[ledger_facts.Move], known: dict[Key, Paid], choices: dict[tuple[int, str], str]
) -> Iterable[Movement]:
    reports = _reports(moves)
    tracks = Track.objects.in_bulk({_subject(move.item)[0] for move in moves})
    isrcs: dict[int, str] = {}
    for track_id, isrc in TrackIsrc.objects.filter(track__in=tracks).order_by("-isrc").values_list("track_id", "isrc"):
        isrcs[track_id] = isrc
    for move in moves:
        track_id, right = _subject(move.item)
        track, report = tracks[track_id], reports.get(move.lot or 0)
        amount = move.credit - move.debit
        received, waiting = split(amount, move.lot, move.currency, known)
        yield Movement(
            day=move.event_at.astimezone(UTC).date(),
            event=move.kind,
            posting=move.posting_id,
            place=move.place,
            currency=move.currency,
            amount=amount,
            received=received,
            waiting=waiting,
            store=report.licensee.code if report else "",
            report=report.public_id if report else "",
            usage_start=report.usage_start if report else None,
            usage_end=report.usage_end if report else None,
            track=track.public_id,
            isrc=isrcs.get(track_id, ""),
            artist=track.artist,
            title=track.title,
            right=right,
            choice=choices.get((track_id, right), ""),
        )


def _choices(holder: RightsHolder) -> dict[tuple[int, str], str]:
    """Find what the holder chose per track and right; of several shares the most reserved choice counts."""
    found: dict[tuple[int, str], str] = {}
    shares = RightsShare.objects.filter(holder=holder).exclude(start=F("end"))
    direct = shares.exclude(right=Right.WORK).values_list("track_id", "right", "choice")
    by_work = shares.filter(right=Right.WORK).values_list("work__track_parts__track_id", "right", "choice")
    for track_id, right, choice in [*direct, *by_work]:
        if track_id is not None:
            found[track_id, right] = max(found.get((track_id, right), ""), choice, key=_CAUTION.index)
    return found


_CAUTION = ["", RightsShare.Choice.PAY, RightsShare.Choice.LEAVE, RightsShare.Choice.RESERVE]


def _wording(choices: set[str]) -> str:
    if RightsShare.Choice.RESERVE in choices:
        return Statement.Wording.RESERVE
    if choices == {RightsShare.Choice.LEAVE}:
        return Statement.Wording.LEAVE
    return Statement.Wording.PLAIN


def statement_period(holder: RightsHolder, today: date) -> tuple[date, date]:
    """This will give the period a statement covers when nobody asks for another: from the first posting to today."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(e.event_at), max(e.event_at) FROM ledger_account a JOIN ledger_posting p ON p.account_id = a.id"
            " JOIN ledger_entry e ON e.id = p.entry_id WHERE a.owner = %s",
            [chart.holder(holder.pk)],
        )
        first, last = cursor.fetchone()
    if first is None:
        return today, today + timedelta(days=1)
    return first.astimezone(UTC).date(), max(today, last.astimezone(UTC).date()) + timedelta(days=1)


def statements_of(holder: RightsHolder) -> QuerySet[Statement]:
    """This will find the statements kept for a holder, newest first."""
    return Statement.objects.filter(holder=holder).order_by("-id")


# What stores owe -------------------------------------------------------------------------------------------------
def outstanding(lots: Sequence[int]) -> dict[Key, Decimal]:
    """This will give what is still due per (report, currency)."""
    return {
        (lot, currency): accrued - received - written_off - rounded
        for lot, currency, accrued, received, written_off, rounded in ledger_facts.funding(list(lots))
    }


def sees_store_money(user: Person) -> bool:
    """This will tell whether the person is of the money office or acts for a store."""
    return is_finance(user) or bool(user.pk and LicenseeMember.objects.filter(user_id=user.pk).exists())


class DueRow(NamedTuple):
    """A note with what was paid on it so far."""

    note: AmountDue
    received: Decimal
    outstanding: Decimal


def due_rows(notes: Iterable[AmountDue]) -> list[DueRow]:
    """This will put beside each note what the ledger says was received for its report."""
    notes = list(notes)
    facts = {(f.lot, f.currency): f for f in ledger_facts.funding([note.report_id for note in notes])}
    rows = []
    for note in notes:
        found = facts.get((note.report_id, note.currency))
        received = found.received if found else ZERO
        left = found.accrued - found.received - found.written_off - found.rounded if found else note.amount
        rows.append(DueRow(note, received, left))
    return rows


def amounts_due_for(user: Person) -> QuerySet[AmountDue]:
    """This will find the notes a person may see: all for finance, a store's own for its people."""
    notes = AmountDue.objects.select_related("report", "licensee").order_by("-id")
    if is_finance(user):
        return notes
    return notes.filter(licensee__members__user_id=user.pk) if user.pk else notes.none()


def remittances_for(user: Person) -> QuerySet[Remittance]:
    """This will find the payments a person may see: all for finance, a store's own for its people."""
    found = Remittance.objects.select_related("licensee", "entered_by").prefetch_related("allocations__report")
    found = found.order_by("-received_date", "-id")
    if is_finance(user):
        return found
    return found.filter(licensee__members__user_id=user.pk) if user.pk else found.none()


def open_reports(licensee: Licensee, currency: str) -> list[SalesReport]:
    """This will find the posted reports a store still owes for, oldest usage first."""
    posted = SalesReport.objects.filter(licensee=licensee, status=SalesReport.Status.POSTED)
    reports = list(posted.order_by("usage_start", "id"))
    due = outstanding([report.pk for report in reports])
    return [report for report in reports if due.get((report.pk, currency), ZERO) > 0]


def unallocated(licensee: Licensee, currency: str) -> Money:
    """This will give the store's credit: what it paid that no report has taken."""
    account = chart.of_licensee(chart.Place.UNALLOCATED, licensee.pk, currency)
    return ledger_facts.balance(account.address, currency)


def credits_for(user: Person) -> list[tuple[Licensee, Money]]:
    """This will give the credit of every store the person may see, per currency it ever paid in."""
    pairs = remittances_for(user).order_by().values_list("licensee_id", "currency").distinct()
    stores = Licensee.objects.in_bulk({licensee_id for licensee_id, _ in pairs})
    found = [(stores[licensee_id], unallocated(stores[licensee_id], currency)) for licensee_id, currency in pairs]
    return sorted(
        ((store, credit) for store, credit in found if credit), key=lambda row: (row[0].name, row[1].currency)
    )


def open_report_choices() -> list[tuple[str, str]]:
    """This will offer the reports somebody still owes for, oldest usage first, with what is due on each."""
    reports = SalesReport.objects.filter(status=SalesReport.Status.POSTED).select_related("licensee")
    known = {report.pk: report for report in reports.order_by("usage_start", "id")}
    due: dict[int, list[str]] = {}
    for (lot, currency), amount in outstanding(list(known)).items():
        if lot is not None and amount > 0:
            due.setdefault(lot, []).append(f"{amount:f} {currency}")
    return [
        (report.public_id, f"{report.licensee} {report.usage_start or report.received_at.date()}: {', '.join(due[pk])}")
        for pk, report in known.items()
        if pk in due
    ]


def reports_without_note() -> QuerySet[SalesReport]:
    """This will find posted reports that have no amount-due note yet although something was accrued."""
    return SalesReport.objects.filter(
        Q(status=SalesReport.Status.POSTED), ~Q(amounts_due__isnull=False), totals__royalty__gt=0
    ).distinct()
