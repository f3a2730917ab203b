"""Which tracks the rows of a pasted list are: looked up for all rows at once, in a few statements however long it is.

A row may be meant in several ways (claims.formats.pasted_list); the surest way that leads anywhere counts: the portal's
id, an ISRC, the store's address, the store's key, then the names. One track: found. Several: a person chooses. An ISRC
that sits on two tracks is narrowed by the names where the row gives them.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from catalog.models import Track, TrackIsrc, TrackName
from catalog.names import name_key
from claims.formats.pasted_list import PastedRow
from core.ids import BadPublicId, normalise_public_id
from sales.models import StoreKey

CANDIDATES_MAX = 20
Ways = dict[str, dict[str, set[int]]]


class FoundRow(NamedTuple):
    """What a row turned out to be: `track_id` when it is one track, `candidates` when it may be several."""

    row: PastedRow
    track_id: int | None
    candidates: tuple[int, ...] = ()
    found_by: str = ""

    @property
    def state(self) -> str:
        """found, ambiguous or unknown."""
        return "found" if self.track_id else "ambiguous" if self.candidates else "unknown"


def find_rows(rows: Sequence[PastedRow], *, licensee_ids: Collection[int] = ()) -> list[FoundRow]:
    """This will look all rows up; the stores' own keys and addresses only of these stores (none given: of all)."""
    ways: Ways = {
        "track_id": _by_public_id({row.track_id for row in rows if row.track_id}),
        "isrc": _by_isrc({isrc for row in rows for isrc in row.isrcs}),
        "address": _by_store("url", {row.address for row in rows if row.address}, licensee_ids),
        "store_key": _by_store("key", {row.key for row in rows if row.key}, licensee_ids),
        "names": _by_names({_key(pair) for row in rows for pair in row.names}),
    }
    survivors = _survivors({track for way in ways.values() for tracks in way.values() for track in tracks})
    return [_decide(row, ways, survivors) for row in rows]


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row as a page shows it: the track it is, or those it may be, and which one was chosen."""

    row_no: int
    typed: str
    state: str
    track: Track | None
    candidates: list[Track]
    chosen: int | None


def shown_rows(found: Sequence[FoundRow], chosen: Mapping[int, int]) -> list[ShownRow]:
    """This will put tracks to rows; a choice among several makes a row found."""
    ids = {track for row in found for track in (row.track_id, *row.candidates) if track}
    tracks = Track.objects.prefetch_related("isrcs").in_bulk(ids)
    shown = []
    for row in found:
        picked = chosen.get(row.row.row_no)
        picked = picked if picked in row.candidates else None
        track = tracks.get(row.track_id or picked or 0)
        state = "found" if track else row.state
        several = [tracks[each] for each in row.candidates]
        shown.append(ShownRow(row.row.row_no, row.row.typed, state, track, several, picked))
    return shown


def _decide(row: PastedRow, ways: Ways, survivors: dict[int, int]) -> FoundRow:
    asked = (
        ("track_id", [_normal(row.track_id)]),
        ("isrc", row.isrcs),
        ("address", [row.address]),
        ("store_key", [row.key]),
    )
    named: set[int] = set()
    for pair in row.names:
        named = {survivors[track] for track in ways["names"].get(_key(pair), ())}
        if named:
            break
    for way, words in asked:
        tracks = {survivors[track] for word in words for track in ways[way].get(word, ())}
        if len(tracks) > 1 and tracks & named:
            tracks &= named
        if tracks:
            return _found(row, tracks, way)
    return _found(row, named, "names")


def _found(row: PastedRow, tracks: set[int], way: str) -> FoundRow:
    if len(tracks) == 1:
        return FoundRow(row, tracks.pop(), found_by=way)
    return FoundRow(row, None, tuple(sorted(tracks)[:CANDIDATES_MAX]), way if tracks else "")


def _key(pair: tuple[str, str]) -> str:
    artist, title = pair
    return name_key(title, artist)


def _normal(text: str) -> str:
    try:
        return normalise_public_id(text, "TRK")
    except BadPublicId:
        return ""


def _by_public_id(words: Iterable[str]) -> dict[str, set[int]]:
    ids = {_normal(word) for word in words} - {""}
    return _grouped(Track.objects.filter(public_id__in=ids).values_list("public_id", "pk"))


def _by_isrc(words: Collection[str]) -> dict[str, set[int]]:
    return _grouped(TrackIsrc.objects.filter(isrc__in=words).values_list("isrc", "track_id"))


def _by_store(column: str, words: Collection[str], licensee_ids: Collection[int]) -> dict[str, set[int]]:
    keys = StoreKey.objects.filter(**{f"{column}__in": words}, kind=StoreKey.Kind.TRACK, track__isnull=False)
    if licensee_ids:
        keys = keys.filter(licensee_id__in=licensee_ids)
    return _grouped(keys.values_list(column, "track_id"))


def _by_names(keys: Collection[str]) -> dict[str, set[int]]:
    own = Track.objects.filter(name_key__in=keys).values_list("name_key", "pk")
    other = TrackName.objects.filter(name_key__in=keys).values_list("name_key", "track_id")
    return _grouped([*own, *other])


def _grouped(pairs: Iterable[tuple[str, int | None]]) -> dict[str, set[int]]:
    grouped: dict[str, set[int]] = defaultdict(set)
    for word, track in pairs:
        if track is not None:
            grouped[word].add(track)
    return grouped


def _survivors(tracks: set[int]) -> dict[int, int]:
    """A track merged into another stands for that one; chains are followed to their end."""
    survivor = {track: track for track in tracks}
    moved = dict(Track.objects.filter(pk__in=tracks, merged_into__isnull=False).values_list("pk", "merged_into_id"))
    while moved:
        survivor = {track: moved.get(now, now) for track, now in survivor.items()}
        pairs = Track.objects.filter(pk__in=set(moved.values()), merged_into__isnull=False)
        moved = dict(pairs.values_list("pk", "merged_into_id"))
    return survivor
