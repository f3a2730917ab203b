"""What a licensor's messages say of releases: kept as statements, each compared with what the sender said before.

A message replaces all its sender said of the same release ("no deal = no deal"): territories that had a deal and have
none now are a takedown, in whichever of the four ways ERN expresses it. A message older than the last one is kept and
marked; a purge by a sender who never offered the release is kept and doubted. Nothing here withdraws a track.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from catalog import selectors, territories
from catalog.formats import Offer, ReleaseSaid, RowFault
from catalog.models import CatalogueImport, LicensorStatement

Kind = LicensorStatement.Kind


@dataclass(slots=True)
class TakenStatements:
    """What statements came to; changes are (line, kind, words)."""

    written: int = 0
    faults: list[RowFault] = field(default_factory=list)
    changes: list[tuple[int, str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Piece:
    kind: str
    bits: int
    start: date | None = None
    end: date | None = None


@dataclass(slots=True)
class _Last:
    """What a sender said last of a release."""

    said_at: datetime
    offered: int


def take_statements(*, said: Sequence[ReleaseSaid], batch: CatalogueImport) -> TakenStatements:
    """This will write one statement per release, kind, territories and time of it."""
    taken = TakenStatements()
    if not said:
        return taken
    last = _said_last(said)
    tracks = selectors.find_tracks_by_isrc({code for one in said for code in one.isrcs})
    for one in said:
        before = last.get((one.message.sender, one.key))
        is_stale = before is not None and one.message.created_at < before.said_at
        pieces = list(_pieces(one, before.offered if before and not is_stale else 0, taken))
        if is_stale:
            taken.faults.append(_remark(one, "older_message"))
        if one.is_purged and before is None:
            taken.faults.append(_remark(one, "purge_by_other"))
        found = {track for code in one.isrcs for track in tracks.get(code, ())}
        for piece in pieces:
            _write(one, piece, found, batch, is_stale, is_doubtful=one.is_purged and before is None)
            taken.written += 1
            if piece.kind != Kind.OFFERED and not is_stale:
                taken.changes.append((one.line_no, piece.kind, f"{one.artist} - {one.title}".strip(" -")))
        if not is_stale:
            offered = _union(piece.bits for piece in pieces if piece.kind == Kind.OFFERED)
            last[one.message.sender, one.key] = _Last(one.message.created_at, offered)
    return taken


def _said_last(said: Sequence[ReleaseSaid]) -> dict[tuple[str, str], _Last]:
    rows = LicensorStatement.objects.filter(
        sender__in={one.message.sender for one in said}, release_key__in={one.key for one in said}, is_stale=False
    ).select_related("territories")
    found: dict[tuple[str, str], _Last] = {}
    for row in rows.order_by("said_at", "pk"):
        place = row.sender, row.release_key
        if place not in found or found[place].said_at < row.said_at:
            found[place] = _Last(row.said_at, 0)
        if row.kind == Kind.OFFERED:
            found[place].offered |= row.territories.bits
    return found


def _pieces(one: ReleaseSaid, before: int, taken: TakenStatements) -> Iterator[_Piece]:
    if one.is_purged:
        yield _Piece(Kind.PURGED, territories.WORLD)
        return
    day = one.message.created_at.date()
    by_time: dict[tuple[str, date | None, date | None], int] = defaultdict(int)
    for offer in one.offers:
        by_time[_kind(offer, day), offer.start, offer.end] |= _bits(one, offer, taken)
    offered = _union(bits for (kind, _, _), bits in by_time.items() if kind == Kind.OFFERED)
    down = _union(bits for (kind, _, _), bits in by_time.items() if kind == Kind.TAKEN_DOWN)
    rest = before & ~offered & ~down if before else 0 if by_time else territories.WORLD
    for (kind, start, end), bits in by_time.items():
        left = bits if kind == Kind.TAKEN_DOWN else bits & ~down if kind == Kind.OFFERED else bits & ~offered & ~down
        rest &= ~left
        if left:
            yield _Piece(kind, left, start, end)
    if rest:
        yield _Piece(Kind.NO_DEAL, rest)


def _kind(offer: Offer, day: date) -> str:
    if offer.is_takedown:
        return Kind.TAKEN_DOWN
    return Kind.ENDED if offer.end and offer.end <= day else Kind.OFFERED


def _bits(one: ReleaseSaid, offer: Offer, taken: TakenStatements) -> int:
    """A code nobody knows is told and left out; without the others it would say nothing."""
    bits = 0
    for codes, is_in in ((offer.include, True), (offer.exclude, False)):
        for code in codes:
            try:
                bits = bits | territories.bits_of(code) if is_in else bits & ~territories.bits_of(code)
            except territories.UnknownTerritory:
                taken.faults.append(RowFault(one.line_no, "TerritoryCode", "bad_territory", code[:200], is_fatal=False))
    return bits


def _union(bits: Iterable[int]) -> int:
    united = 0
    for some in bits:
        united |= some
    return united


def _remark(one: ReleaseSaid, code: str) -> RowFault:
    return RowFault(one.line_no, "ReleaseId", code, f"{one.key} {one.title}"[:200], is_fatal=False)


def _write(
    one: ReleaseSaid, piece: _Piece, tracks: set[int], batch: CatalogueImport, is_stale: bool, *, is_doubtful: bool
) -> None:
    row = LicensorStatement.objects.create(
        batch=batch,
        line_no=one.line_no,
        sender=one.message.sender,
        sender_name=one.message.sender_name,
        message_id=one.message.message_id,
        said_at=one.message.created_at,
        release_key=one.key,
        title=one.title,
        kind=piece.kind,
        territories=territories.interned(piece.bits),
        start=piece.start,
        end=piece.end,
        is_stale=is_stale,
        is_doubtful=is_doubtful,
    )
    row.tracks.add(*tracks)
