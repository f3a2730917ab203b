"""A table of names to find tracks for: columns title and artist, perhaps isrc, duration, label, release.

Text is taken as it stands: in a TSV quotation marks are letters (`"Heroes"`), only a pair around a whole cell goes.
A cell that cannot be used is left out and named; a row without title or artist is named and cannot be matched by name.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, NamedTuple

from catalog.formats import cells
from catalog.formats.tables import CannotRead, Line, RowFault, open_table

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "title": ("title", "tracktitle", "track", "name", "song", "название"),
    "artist": ("artist", "trackartist", "displayartist", "displayartistname", "performer", "исполнитель"),
    "isrc": ("isrc", "isrcs"),
    "duration": ("duration", "durationseconds", "length", "time", "длительность"),
    "label": ("label", "labelname"),
    "release": ("release", "releasetitle", "album"),
}
NEEDED: Final = ("title", "artist")


@dataclass(frozen=True, slots=True)
class NameRow:
    """One row; `faults` are its cells that were left out."""

    line_no: int
    title: str = ""
    artist: str = ""
    isrcs: tuple[str, ...] = ()
    duration_seconds: int | None = None
    label: str = ""
    release: str = ""
    faults: tuple[RowFault, ...] = ()


class _Cell(NamedTuple):
    column: str
    read: Callable[[str], Any]
    nothing: Any


_READ: Final = (
    _Cell("isrc", cells.isrcs, ()),
    _Cell("duration", cells.duration, None),
)


def read_names(file: BinaryIO) -> Iterator[NameRow]:
    """This will give every row of the table, in order; one that cannot be split holds only its fault.

    Raises: CannotRead, before the first row or while rows are read.
    """
    table = open_table(file, is_quoted=False)
    header = next((line for line in table.lines if isinstance(line, Line)), None)
    if header is None:
        raise CannotRead("empty_file")
    places = _places(header)
    for line in table.lines:
        yield NameRow(line.line_no, faults=(line,)) if isinstance(line, RowFault) else _row(line, places)


def _places(header: Line) -> dict[str, int]:
    plain = ["".join(filter(str.isalnum, cell.lower())) for cell in header.cells]
    places: dict[str, int] = {}
    for column, names in COLUMNS.items():
        found = [place for place, name in enumerate(plain) if name in names]
        if len(found) > 1:
            found = [place for place in found if plain[place] == column][:1] or found[:1]
        if found:
            places[column] = found[0]
    for column in NEEDED:
        if column not in places:
            raise CannotRead("column_missing", column)
    return places


def _row(line: Line, places: Mapping[str, int]) -> NameRow:
    texts = {column: _bare(line.cells[place]) if place < len(line.cells) else "" for column, place in places.items()}
    faults = [RowFault(line.number, column, "cell_missing") for column in NEEDED if not texts[column]]
    for column in NEEDED:
        if len(texts[column]) > cells.TEXT_LENGTH_MAX:
            faults.append(RowFault(line.number, column, "cell_too_long", texts[column][:200]))
            texts[column] = texts[column][: cells.TEXT_LENGTH_MAX]
    read: dict[str, Any] = {}
    for column, reader, nothing in _READ:
        try:
            read[column] = reader(texts.get(column, ""))
        except cells.BadCell as bad:
            read[column] = nothing
            faults.append(RowFault(line.number, column, bad.code, bad.found[:200], is_fatal=False))
    return NameRow(
        line.number,
        texts["title"],
        texts["artist"],
        read["isrc"],
        read["duration"],
        texts.get("label", ""),
        texts.get("release", ""),
        tuple(faults),
    )


def _bare(cell: str) -> str:
    """Take a pair of quotation marks off that a spreadsheet put round a whole cell."""
    if len(cell) > 1 and cell[0] == cell[-1] == '"' and ('""' in cell or '"' not in cell[1:-1]):
        inner = cell[1:-1].replace('""', '"').strip()
        return inner or cell
    return cell
