"""What a statement of a period says, in one stated order."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import IO, Any, NamedTuple

from django.db.models import F, QuerySet

from catalog.models import RightsHolder, RightsShare, Track, TrackIsrc
from catalog.rights import Right
from ledger import chart
from ledger import selectors as ledger_facts
from ledger.funding import Key, Paid, funded, split_move
from ledger.kept import kept_rows
from ledger.streams import snapshot
from payouts.formats.statement_csv import Checkpoint, Facts, Movement, PaidOut, Standing, csv_pieces
from payouts.models import Payment, Statement
from payouts.selectors.balance import OF_OWNER, bands, reports_of_moves, subject_of

PIECE = 5_000
SPOOLED_MAX = 4 << 20


class StatementPeriod(Exception):
    """A statement needs at least one day."""


def statement_facts(*, holder: RightsHolder, start: date, end: date) -> Facts:
    """This will gather what a statement of the days [start, end) says, in one stated order.

    Called and read inside `ledger.streams.snapshot`, what it says is as of one moment. Raises: StatementPeriod.
    """
    if start >= end:
        raise StatementPeriod(f"{start} .. {end}")
    since, until = _instant(start), _instant(end)
    choices = _choices(holder)
    return Facts(
        holder=holder.public_id,
        holder_name=holder.name,
        start=start,
        end=end,
        wording=_wording(set(choices.values())),
        opening=_standings(holder, since),
        movements=Movements(ledger_facts.MovesOf(chart.holder(holder.pk), start=since, end=until), choices),
        closing=_standings(holder, until),
        payments=_payments(holder, since, until),
        checkpoint=_checkpoint(holder, until),
    )


class StatementFile(NamedTuple):
    """The canonical file of a statement, to be closed by who asked for it, and its hash."""

    file: IO[bytes]
    sha256: str


def statement_file(*, holder: RightsHolder, start: date, end: date) -> StatementFile:
    """This will write the statement of the days [start, end) as of one moment. Raises: StatementPeriod."""
    file = SpooledTemporaryFile(max_size=SPOOLED_MAX)  # noqa: SIM115  whoever asked closes it
    hashed = hashlib.sha256()
    with snapshot():
        for piece in csv_pieces(statement_facts(holder=holder, start=start, end=end)):
            file.write(piece)
            hashed.update(piece)
    file.seek(0)
    return StatementFile(file, hashed.hexdigest())


def _instant(day: date) -> datetime:
    return datetime.combine(day, time(0), tzinfo=UTC)


def _standings(holder: RightsHolder, until: datetime) -> tuple[Standing, ...]:
    return tuple(sorted(Standing(*band) for band in bands(holder, until) if band.amount))


def _payments(holder: RightsHolder, since: datetime, until: datetime) -> tuple[PaidOut, ...]:
    """Find what the bank paid in the period; what came back later says so."""
    found = Payment.objects.filter(
        holder=holder,
        status__in=[Payment.Status.SETTLED, Payment.Status.RETURNED],
        settled_at__gte=since,
        settled_at__lt=until,
    )
    return tuple(
        PaidOut(
            day=payment.settled_at.astimezone(UTC).date(),
            payment=payment.public_id,
            **{field.name: getattr(payment, field.name) for field in fields(PaidOut)[2:]},
        )
        for payment in found.order_by("settled_at", "pk")
        if payment.settled_at is not None
    )


def _checkpoint(holder: RightsHolder, until: datetime) -> Checkpoint | None:
    """Find the first checkpoint over everything said here: it stays the same when later ones are signed."""
    logged = ledger_facts.MovesOf(chart.holder(holder.pk), end=until).logged()
    if logged.last is None or logged.missing:
        return None
    signed = ledger_facts.checkpoint_over(logged.last)
    if signed is None:
        return None
    log, size, root = signed.note.split("\n")[:3]
    return Checkpoint(log=log, size=int(size), root=root)


class Movements(Sequence[Movement]):
    """The movements of a period, oldest first, read when they are asked for: one page, or all in pieces."""

    def __init__(self, moves: ledger_facts.MovesOf, choices: dict[tuple[int, str], str]) -> None:
        self.moves, self.choices = moves, choices
        self.known: dict[Key, Paid] = {}
        self.lots: set[int] = set()

    @cached_property
    def _count(self) -> int:
        return self.moves.count()

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, cut: Any) -> Any:
        if isinstance(cut, slice):
            first, last, _ = cut.indices(len(self))
            return self._told(self.moves.read(first, max(first, last)))
        (found,) = self._told(self.moves.read(cut, cut + 1))
        return found

    def __iter__(self) -> Iterator[Movement]:
        moves = self.moves.stream()
        while piece := list(islice(moves, PIECE)):
            yield from self._told(piece)

    def _told(self, moves: Sequence[ledger_facts.Move]) -> list[Movement]:
        if fresh := {move.lot for move in moves if move.lot is not None} - self.lots:
            self.known |= funded(fresh)
            self.lots |= fresh
        return list(_movements(moves, self.known, self.choices))


def _movements(
    moves: Sequence[ledger_facts.Move], known: dict[Key, Paid], choices: dict[tuple[int, str], str]
) -> Iterable[Movement]:
    reports = reports_of_moves(moves)
    wanted = {subject_of(move.item)[0] for move in moves}
    names = Track.objects.filter(pk__in=wanted).values_list("pk", "public_id", "artist", "title")
    tracks = {track_id: rest for track_id, *rest in names}
    isrcs: dict[int, str] = {}
    for track_id, isrc in TrackIsrc.objects.filter(track__in=tracks).order_by("-isrc").values_list("track_id", "isrc"):
        isrcs[track_id] = isrc
    for move in moves:
        track_id, right = subject_of(move.item)
        public_id, artist, title = tracks[track_id]
        report = reports.get(move.lot or 0)
        amount = move.credit - move.debit
        received, waiting = split_move(move.kind, amount, move.lot, move.currency, known)
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
            track=public_id,
            isrc=isrcs.get(track_id, ""),
            artist=artist,
            title=title,
            right=right,
            choice=choices.get((track_id, right), ""),
            leaf=move.leaf,
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


FIRST_AND_LAST = """
SELECT min(e.event_at), max(e.event_at)
FROM ledger_account a JOIN ledger_posting p ON p.account_id = a.id JOIN ledger_entry e ON e.id = p.entry_id
WHERE a.owner = %(owner)s
"""


def statement_period(holder: RightsHolder, today: date) -> tuple[date, date]:
    """This will give the period a statement covers when nobody asks for another: from the first posting to today."""
    ((first, last),) = kept_rows(FIRST_AND_LAST, {"owner": chart.holder(holder.pk)}, accounts=OF_OWNER)
    if first is None:
        return today, today + timedelta(days=1)
    return first.astimezone(UTC).date(), max(today, last.astimezone(UTC).date()) + timedelta(days=1)


def statements_of(holder: RightsHolder) -> QuerySet[Statement]:
    """This will find the statements kept for a holder, newest first."""
    return Statement.objects.filter(holder=holder).order_by("-id")
