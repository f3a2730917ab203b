"""A catalogue message (ERN, CWR) as a list of tracks: all its recordings, or those it takes down.

ERN takes a release down in four ways: its deals are marked `TakeDown`, their time is over, it has no deal any more, or
it is purged. A recording on several releases stays as long as one of them may be sold ("until all are down"); where
only some territories lose it, its row says which. A message that takes nothing down is a list of all its recordings.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from catalog.formats import CatalogueRow, Offer, ReleaseSaid, RowFault, WorkRow
from claims.formats.listed_row import ListedRow
from claims.formats.pasted_list import ROW_LENGTH_MAX

_STAYS, _IN_PART, _LEAVES = range(3)
WHERE_LENGTH_MAX = 30
Row = CatalogueRow | WorkRow | ReleaseSaid | RowFault


def rows_of_message(rows: Iterable[Row], *, leaves: bool = False) -> Iterator[ListedRow]:
    """This will give the recordings of a message; `leaves`: where it takes releases down, only what goes with them."""
    return _leaving(list(rows)) if leaves else _all(rows)


def _all(rows: Iterable[Row]) -> Iterator[ListedRow]:
    """Give the recordings a message describes, else those of the releases it takes down."""
    known: set[str] = set()
    for row in rows:
        if isinstance(row, RowFault):
            yield ListedRow(row.line_no, row.found, fault=row.code, fault_column=row.column[:30])
        elif isinstance(row, CatalogueRow):
            known.update(row.isrcs)
            yield _recording(row)
        elif isinstance(row, WorkRow):
            yield from _of_work(row)
        elif row.isrcs or row.is_purged:
            yield from _of_release(row, known)


# What leaves ----------------------------------------------------------------------------------------------------------
def _leaving(rows: Sequence[Row]) -> Iterator[ListedRow]:
    said = [row for row in rows if isinstance(row, ReleaseSaid)]
    left = [_left(one) for one in said]
    by_code: dict[str, int] = {}
    for one, much in zip(said, left, strict=True):
        for isrc in one.isrcs:
            by_code[isrc] = min(much, by_code.get(isrc, _LEAVES))
    recordings = [row for row in rows if isinstance(row, CatalogueRow)]
    known = {isrc for row in recordings for isrc in row.isrcs}
    going = [(row, _of_recording(row, by_code, left)) for row in recordings]
    unnamed = [one for one, much in zip(said, left, strict=True) if much != _STAYS and not known & set(one.isrcs)]
    unnamed = [one for one in unnamed if one.isrcs or not recordings]
    if not unnamed and all(much == _STAYS for _row, much in going):
        yield from _all(rows)
        return
    where = _places(said)
    for recording, much in going:
        if much != _STAYS:
            yield _recording(recording, where if much == _IN_PART else "")
    for row in rows:
        if isinstance(row, RowFault):
            yield ListedRow(row.line_no, row.found, fault=row.code, fault_column=row.column[:30])
    for one in unnamed:
        yield from _of_release(one, known)


def _left(one: ReleaseSaid) -> int:
    """Tell how much of a release leaves, as of the day of the message."""
    if one.is_purged or not one.offers:
        return _LEAVES
    ended = [offer for offer in one.offers if _is_over(offer, one)]
    if not ended:
        return _STAYS
    is_everywhere = any("Worldwide" in offer.include and not offer.exclude for offer in ended)
    return _LEAVES if is_everywhere and len(ended) == len(one.offers) else _IN_PART


def _is_over(offer: Offer, one: ReleaseSaid) -> bool:
    return offer.is_takedown or (offer.end is not None and offer.end <= one.message.created_at.date())


def _of_recording(row: CatalogueRow, by_code: Mapping[str, int], left: Sequence[int]) -> int:
    """What has no ISRC goes with the message's main release, where it plays on it."""
    known = [by_code[isrc] for isrc in row.isrcs if isrc in by_code]
    if known:
        return min(known)
    return left[0] if left and row.track_number else _STAYS


def _places(said: Iterable[ReleaseSaid]) -> str:
    """Name the territories of what is over."""
    ended = [offer for one in said for offer in one.offers if _is_over(offer, one)]
    codes = [*(code for offer in ended for code in offer.include), *(f"-{code}" for o in ended for code in o.exclude)]
    text = ", ".join(dict.fromkeys(codes))
    return text if len(text) <= WHERE_LENGTH_MAX else text[: WHERE_LENGTH_MAX - 4].rpartition(",")[0] + ", ..."


# Rows -----------------------------------------------------------------------------------------------------------------
def _recording(row: CatalogueRow, where: str = "") -> ListedRow:
    listed = _listed(row.line_no, row.title, row.artist, row.isrcs, row.duration_seconds, row.label, row.release_title)
    return listed._replace(fault="leaves_in_part", fault_column=where) if where else listed


def _of_release(row: ReleaseSaid, known: set[str]) -> Iterator[ListedRow]:
    """Give the codes a release names, else its own number: its tracks are those the catalogue has on it."""
    for isrc in row.isrcs:
        if isrc not in known:
            known.add(isrc)
            yield _listed(row.line_no, "", "", (isrc,), None, "", row.title)
    if not row.isrcs:
        typed = "\t".join(text for text in (row.key, row.title) if text)[:ROW_LENGTH_MAX]
        yield ListedRow(row.line_no, typed, store_key=row.key, release=row.title)


def _of_work(row: WorkRow) -> Iterator[ListedRow]:
    """A work is found by the recordings it names: by each ISRC, or by its title and each performer."""
    if row.isrcs:
        for isrc in row.isrcs:
            yield _listed(row.line_no, "", "", (isrc,), None, "", "")
    else:
        for performer in row.performers or ("",):
            yield _listed(row.line_no, row.title, performer, (), None, "", "")


def _listed(
    line_no: int, title: str, artist: str, isrcs: tuple[str, ...], seconds: int | None, label: str, release: str
) -> ListedRow:
    typed = "\t".join(text for text in (*isrcs, title, artist, release) if text)[:ROW_LENGTH_MAX]
    return ListedRow(line_no, typed, title, artist, isrcs, seconds=seconds, label=label, release=release)
