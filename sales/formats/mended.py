"""A correction file: the rejected lines of a report in the layout they came in, each with the reason beside it.

Flat files keep their column names and get two columns at the end: `Supplement to RPT-...`, which says of every row
where it stood (`1:17` = file 1, line 17), and `What is wrong`. A DSR keeps HEAD, its summaries and what the lines refer
to; a comment (`#`, Part 1 of the standard) before each line says the same. The mended file is known by these marks, and
each of its lines takes the place of the line it names.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import openpyxl
from openpyxl.cell import WriteOnlyCell

from sales.formats import sheet
from sales.formats.errors import BadFile
from sales.formats.packing import unpack
from sales.formats.recognise import Recognised, utf8_pieces

MARK = "Supplement to"
_MARK = re.compile(r"Supplement to (RPT-\w{1,20})", re.IGNORECASE)
"""Of any length: a number damaged on the way names no report, but the file must not pass for an ordinary one."""
_PLACE = re.compile(r"(\d{1,4}):(\d{1,12})")
_COMMENT = re.compile(r"#\s*(\d{1,4}):(\d{1,12})\b")
_SALES = re.compile(r"\s*S[UR]\d\d", re.IGNORECASE)
HEADER_ROWS = 60
Row = tuple[int, list[str]]
Place = tuple[int, int]
"""(number of the file in its report, line)."""


@dataclass(slots=True)
class Mended:
    """What a mended file says about itself: whose lines it mends, and which."""

    report_id: str
    places: list[Place] = field(default_factory=list)
    stray_line: int = 0
    """The first sales line that does not say which line it mends; 0: none."""
    header: list[str] = field(default_factory=list)
    header_line: int = 0


def rows(raw: BinaryIO, size: int, known: Recognised, limit: int) -> Iterator[Row]:
    """Yield (line, cells) of any file; a DSR's lines are one cell each.

    Raises: BadFile.
    """
    raw.seek(0)
    if known.packing == "xlsx":
        yield from enumerate(sheet.rows(raw), 1)
        return
    lines = _lines(utf8_pieces(unpack(raw, known.packing, size, limit), known))
    delimiter = known.template.delimiter if known.template else ""
    if delimiter in (",", ";"):
        reader = csv.reader(lines, delimiter=delimiter)
        before = 0
        try:
            for cells in reader:
                yield before + 1, cells
                before = reader.line_num
        except csv.Error as error:
            raise BadFile("damaged", packing="csv") from error
    else:
        for number, line in enumerate(lines, 1):
            text = line.rstrip("\r\n")
            yield number, text.split(delimiter) if delimiter else [text]


def read(found: Iterable[Row], *, is_dsr: bool) -> Mended | None:
    """Read the marks of a mended file; None when it is an ordinary one."""
    return _read_dsr(found) if is_dsr else _read_flat(found)


def _read_dsr(found: Iterable[Row]) -> Mended | None:
    mended: Mended | None = None
    place: Place | None = None
    for number, (line, *_) in found:
        if mended is None:
            mark = _MARK.search(line) if line.startswith("#") else None
            if mark:
                mended = Mended(mark[1].upper())
            elif number > HEADER_ROWS or _SALES.match(line):
                return None
        elif line.startswith("#"):
            told = _COMMENT.match(line)
            place = (int(told[1]), int(told[2])) if told else place
        elif _SALES.match(line):
            _take(mended, place, number)
            place = None
    return mended


def _read_flat(found: Iterable[Row]) -> Mended | None:
    mended: Mended | None = None
    column = 0
    for number, cells in found:
        if mended is None:
            marks = [(at, mark) for at, cell in enumerate(cells) if (mark := _MARK.fullmatch(cell.strip()))]
            if marks:
                column, mark = marks[0]
                mended = Mended(mark[1].upper(), header=cells[:column], header_line=number)
            elif number > HEADER_ROWS:
                return None
        elif any(cell.strip() for cell in cells):
            told = _PLACE.fullmatch(cells[column].strip()) if column < len(cells) else None
            _take(mended, (int(told[1]), int(told[2])) if told else None, number)
    return mended


def _take(mended: Mended, place: Place | None, number: int) -> None:
    if place is not None:
        mended.places.append(place)
    elif not mended.stray_line:
        mended.stray_line = number


def _lines(pieces: Iterable[bytes]) -> Iterator[str]:
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        for line in whole:
            yield line.decode(errors="replace") + "\n"
    if rest:
        yield rest.decode(errors="replace")


# Writing ------------------------------------------------------------------------------------------------------------
def write_flat(target: BinaryIO, delimiter: str, found: Iterable[Sequence[str]]) -> None:
    """Write rows with the delimiter they came with; an empty one means a workbook."""
    if not delimiter:
        book = openpyxl.Workbook(write_only=True)
        page = book.create_sheet()
        for row in found:
            page.append([_text_cell(page, cell) for cell in row])
        book.save(target)
        return
    if delimiter in (",", ";"):
        target.write(b"\xef\xbb\xbf")
    for row in found:
        target.write(_spelled(row, delimiter).encode())


def write_dsr(target: BinaryIO, found: Iterable[Sequence[str]]) -> None:
    """Write records as the standard does: tabs between cells, no quotes, backslash and tab escaped."""
    for row in found:
        cells = [_escaped(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        target.write(("\t".join(cells) + "\r\n").encode())


def _spelled(row: Sequence[str], delimiter: str) -> str:
    cells = [cell.replace("\r", " ").replace("\n", " ") for cell in row]
    if delimiter not in (",", ";"):
        return delimiter.join(cell.replace(delimiter, " ") for cell in cells) + "\n"
    quoted = ['"' + cell.replace('"', '""') + '"' if set(cell) & {'"', delimiter} else cell for cell in cells]
    return delimiter.join(quoted) + "\r\n"


def _escaped(cell: str) -> str:
    text = cell.replace("\r", " ").replace("\n", " ")
    return text.replace("\\", "\\\\\\").replace("\t", "\\\t") if "\\" in text or "\t" in text else text


def _text_cell(page: Any, text: str) -> Any:
    """Make a cell of text, whatever it begins with: a title is no formula."""
    cell = WriteOnlyCell(page, "".join(letter if letter.isprintable() else " " for letter in text)[:32_000])
    cell.data_type = "s"
    return cell
