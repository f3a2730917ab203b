"""A list of tracks as a file (CSV, TSV or XLSX, told apart by content), as the rows somebody would have pasted.

Columns named in the first line are put in order, whatever theirs was: our id, ISRC, address, title, artist; others are
left out. A file without such a line is taken as it stands, as two columns pasted from a table are. What a row means is
decided by `pasted_list` alone, so a file and a pasted list come to the same.
"""

import re
from collections.abc import Sequence
from typing import BinaryIO, Final

from catalog.formats.tables import RowFault, open_table
from claims.formats.pasted_list import TooManyRows

BYTES_MAX: Final = 5 << 20
COLUMNS: Final = {
    "track": ("track", "trackid", "id"),
    "isrc": ("isrc", "isrcs"),
    "address": ("url", "address", "link", "ссылка", "адрес"),
    "title": ("title", "tracktitle", "song", "название", "трек", "песня"),
    "artist": ("artist", "displayartistname", "performer", "artistname", "исполнитель", "артист"),
    "key": ("key", "number", "dspresourceid", "номер"),
}
_KNOWN: Final = {name: column for column, names in COLUMNS.items() for name in names}
_PLAIN = re.compile(r"[\W_]+")


def rows_of_file(file: BinaryIO, *, rows_max: int) -> list[str]:
    """This will read every row that is not blank, its cells parted by tabulators.

    Raises: TooManyRows, catalog.formats.CannotRead.
    """
    rows: list[str] = []
    places: list[int] | None = None
    is_first = True
    for line in open_table(file).lines:
        cells = [" ".join(cell.split()) for cell in ([line.found] if isinstance(line, RowFault) else line.cells)]
        if not any(cells):
            continue
        if is_first:
            is_first, places = False, _places(cells)
            if places is not None:
                continue
        if len(rows) == rows_max:
            raise TooManyRows(rows_max)
        if places is not None:
            cells = [cells[place] for place in places if place < len(cells)]
        if row := "\t".join(cell for cell in cells if cell):
            rows.append(row)
    return rows


def _places(cells: Sequence[str]) -> list[int] | None:
    """Where the columns we know stand, in our order; None when the line is no line of headings.

    The store's own number counts only where nothing else says what a row is: beside names it would hide them.
    """
    found = {_KNOWN[name]: place for place, cell in reversed(list(enumerate(cells))) if (name := _name(cell)) in _KNOWN}
    named = [found[column] for column in ("track", "isrc", "address", "title", "artist") if column in found]
    return named or ([found["key"]] if "key" in found else None)


def _name(cell: str) -> str:
    return _PLAIN.sub("", cell).lower()
