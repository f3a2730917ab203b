"""A list of repertoire as somebody sends it: a table (CSV, TSV, XLSX), an ERN message, a CWR transmission.

Told apart by content, never by name. Columns may stand in any order and under any usual heading; a table without
headings is read as a pasted list is. Nothing is decided here: every row comes out with what it says, or with what is
wrong with it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import BinaryIO, Final, NamedTuple

from catalog.formats import RowFault, cells, read_catalogue
from catalog.formats.tables import CannotRead, Line, open_table
from claims.formats.listed_row import ListedRow
from claims.formats.message_list import rows_of_message
from claims.formats.pasted_list import ROW_LENGTH_MAX, read_row

ROWS_MAX: Final = 1_000_000
CORRECTION_COLUMNS: Final = ("Row", "ISRC", "Title", "Artist", "Release", "Duration", "Key", "Address", "Reason")
"""The columns of the file that goes back to the holder; it is understood again when it comes mended."""
_HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "row": ("row", "rowno", "line", "строка"),
    "track": ("track", "trackid", "id", "romsid"),
    "isrc": ("isrc", "isrcs", "isrccode"),
    "title": (
        "title",
        "tracktitle",
        "song",
        "songtitle",
        "name",
        "recordingtitle",
        "worktitle",
        "название",
        "трек",
        "песня",
    ),
    "artist": (
        "artist",
        "displayartist",
        "displayartistname",
        "performer",
        "artistname",
        "trackartist",
        "mainartist",
        "исполнитель",
        "артист",
    ),
    "release": ("release", "releasetitle", "album", "albumtitle", "альбом", "релиз"),
    "duration": ("duration", "durationseconds", "length", "time", "длительность"),
    "label": ("label", "labelname", "лейбл"),
    "key": ("key", "number", "storekey", "dspresourceid", "storeid", "номер"),
    "address": ("url", "address", "link", "storeurl", "ссылка", "адрес"),
}
_COLUMN_OF: Final = {heading: column for column, headings in _HEADINGS.items() for heading in headings}
_SAYS_WHAT: Final = frozenset({"track", "isrc", "title", "key", "address"})
_PLAIN = re.compile(r"[\W_]+")
_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}")


class Listed(NamedTuple):
    """A list that could be opened: what it is, and its rows, read as they are asked for."""

    kind: str
    rows: Iterator[ListedRow]


def read_repertoire(file: BinaryIO, *, leaves: bool = False) -> Listed:
    """This will recognise a list by its content and give its rows in order; of a message that takes releases down, and
    is read to take tracks out (`leaves`), only what they leave with. Raises: CannotRead, also while reading.
    """
    file.seek(0)
    head = file.read(1024).removeprefix(b"\xef\xbb\xbf").lstrip()
    file.seek(0)
    if (head.startswith(b"<") and b"ern" in head.lower()) or (head.startswith(b"HDR") and b"GRH" in head):
        catalogue = read_catalogue(file)
        return Listed(catalogue.kind, _numbered(rows_of_message(catalogue.rows, leaves=leaves)))
    table = open_table(file)
    return Listed(table.kind, _numbered(_of_table(table.lines)))


def _numbered(rows: Iterator[ListedRow]) -> Iterator[ListedRow]:
    """Keep the numbers of the file's lines, and make them differ."""
    last = 0
    for row in rows:
        last = max(last + 1, row.row_no)
        yield row if row.row_no == last else row._replace(row_no=last)


# Tables --------------------------------------------------------------------------------------------------------------
def _of_table(lines: Iterator[Line | RowFault]) -> Iterator[ListedRow]:
    places: dict[str, int] | None = None
    is_first = True
    for line in lines:
        if isinstance(line, RowFault):
            yield ListedRow(line.line_no, line.found[:ROW_LENGTH_MAX], fault=line.code)
            continue
        if is_first:
            is_first, places = False, _places(line.cells)
            if places is not None:
                continue
        yield _pasted(line) if places is None else _row(line, places)


def _places(found: Sequence[str]) -> dict[str, int] | None:
    """Where the columns we know stand; None when the line is no line of headings."""
    places: dict[str, int] = {}
    for place, cell in enumerate(found):
        column = _COLUMN_OF.get(_PLAIN.sub("", cell).lower())
        if column:
            places.setdefault(column, place)
    return places if places.keys() & _SAYS_WHAT else None


def _row(line: Line, places: Mapping[str, int]) -> ListedRow:
    found, width = line.cells, len(line.cells)
    text = {column: found[place] for column, place in places.items() if place < width and found[place]}
    number = text.pop("row", "")
    mends = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0
    fault = fault_column = ""
    isrcs: tuple[str, ...] = ()
    seconds = None
    if code := text.get("isrc", ""):
        plain = code.upper().replace("-", "")
        if _ISRC.fullmatch(plain):
            isrcs = (plain,)
        else:
            try:
                isrcs = cells.isrcs(code)
            except cells.BadCell as bad:
                fault, fault_column = bad.code, bad.column
    if "duration" in text:
        try:
            seconds = cells.duration(text["duration"])
        except cells.BadCell as bad:
            fault, fault_column = fault or bad.code, fault_column or bad.column
    row = ListedRow(
        line.number,
        "\t".join(text.values())[:ROW_LENGTH_MAX],
        text.get("title", "")[: cells.TEXT_LENGTH_MAX],
        text.get("artist", "")[: cells.TEXT_LENGTH_MAX],
        isrcs,
        text.get("track", "")[:20].upper(),
        text.get("address", "")[:500],
        text.get("key", "")[:200],
        seconds,
        text.get("label", "")[: cells.LABEL_LENGTH_MAX],
        text.get("release", "")[: cells.TEXT_LENGTH_MAX],
        fault,
        fault_column,
        mends,
    )
    return row._replace(fault="row_says_nothing") if row.is_empty and not fault else row


def _pasted(line: Line) -> ListedRow:
    """Read a row without headings as a row somebody pasted."""
    read = read_row("\t".join(cell for cell in line.cells if cell), line.number)
    artist, title = read.names[0] if read.names else ("", "")
    is_plain = not (read.isrcs or read.track_id or read.address)
    row = ListedRow(
        line.number,
        read.typed,
        title or (read.typed[: cells.TEXT_LENGTH_MAX] if is_plain else ""),
        artist,
        read.isrcs,
        read.track_id,
        read.address[:500],
        read.key if is_plain and not read.names else "",
    )
    return row._replace(fault="row_says_nothing") if row.is_empty else row


def read_pasted(text: str) -> Listed:
    """This will read a pasted list as a file of the same rows would be read. Raises: CannotRead."""
    lines = (
        Line(number, line.split("\t")) for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1) if line.strip()
    )
    return Listed("pasted", _numbered(_of_table(lines)))


__all__ = ["CORRECTION_COLUMNS", "ROWS_MAX", "CannotRead", "Listed", "ListedRow", "read_pasted", "read_repertoire"]
