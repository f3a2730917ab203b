"""The first rows of any table, cut as a person (or a guess) says: encoding, delimiter, quotes, sheet.

Enough of a file to look at and to propose a mapping from; the whole file is read by `sales.pipeline`, by the same
settings.
"""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from sales.formats import encodings, headings, records, sheet
from sales.formats.errors import BadFile
from sales.formats.flat import DELIMITERS
from sales.formats.packing import packing_of, unpack

SAMPLE = 1 << 18
ROWS = 400
NOT_TABLES = ("<?xml", "<!doctype", "<html", "%pdf", "{", "[{")
Row = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class Cut:
    """How the bytes of a file become cells."""

    packing: str = ""
    encoding: str = "utf-8"
    delimiter: str = "\t"
    quote: str = '"'
    sheet: str = ""
    is_old_mac: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A file's first rows, cut in one way; `sheets` are the names a workbook has."""

    cut: Cut
    rows: list[Row]
    sheets: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        """Return how many cells most rows have."""
        counted = Counter(len(cells) for _, cells in self.rows if any(cells))
        return max(counted, key=lambda width: (counted[width], width), default=0)


def sample_of(raw: BinaryIO, size: int, limit: int) -> tuple[str, bytes]:
    """Return how a file is packed and the first quarter megabyte of its text; none of a workbook.

    Raises: BadFile when it is packed wrongly or no text at all.
    """
    packing = packing_of(raw.read(8))
    raw.seek(0)
    if packing == "ole":
        raise BadFile("old_excel")
    if packing == "zip":
        return packing, b""
    sample = b""
    for piece in unpack(raw, packing, size, limit):
        sample += piece
        if len(sample) >= SAMPLE:
            break
    return packing, sample[:SAMPLE]


def guess_cut(packing: str, sample: bytes, encoding: str) -> Cut:
    """Guess what splits the cells: the delimiter under which most lines have the same, largest number of cells."""
    words = decoded(sample, encoding)
    is_old_mac = "\n" not in words and "\r" in words
    best, chosen = (0.0, 0), ("\t", '"')
    for delimiter in DELIMITERS:
        for quote in ('"', ""):
            rows = list(islice(_text_rows(words, delimiter, quote), 100))
            counted = Counter(len(cells) for _, cells in rows if any(cells))
            width, lines = max(counted.items(), key=lambda pair: (pair[1] * (pair[0] > 1), pair[0]), default=(0, 0))
            score = (lines / len(rows) * (width > 1) * (1 + min(width, 12) / 100) if rows else 0.0, width)
            if score > best:
                best, chosen = score, (delimiter, quote)
    return Cut(packing, encoding, *chosen, is_old_mac=is_old_mac)


def rows_of(cut: Cut, sample: bytes, raw: BinaryIO | None = None) -> Table:
    """Return the first rows under this cut; a workbook is read from `raw`, which was checked before.

    Raises: BadFile.
    """
    if cut.packing in ("zip", "xlsx"):
        assert raw is not None
        names = tuple(sheet.names(raw))
        raw.seek(0)
        chosen = cut.sheet if cut.sheet in names else names[0] if names else ""
        rows = [(number, cells) for number, cells in enumerate(islice(sheet.rows(raw, chosen), ROWS), 1)]
        return Table(Cut("xlsx", "utf-8", "", "", chosen), rows, names)
    words = decoded(sample, cut.encoding)
    if len(sample) >= SAMPLE:
        words = words[: words.rfind("\n") + 1] or words
    return Table(cut, list(islice(_text_rows(words, cut.delimiter, cut.quote), ROWS)))


def is_table(table: Table) -> bool:
    """Tell whether rows look like a table of sales at all: two rows of the same two or more cells, and no markup."""
    filled = [cells for _, cells in table.rows if any(cell.strip() for cell in cells)]
    if not filled:
        return False
    start = filled[0][0].strip().lower()
    if start.startswith(NOT_TABLES) or records.base_code(start) in records.LAYOUTS:
        return False
    return table.width > 1 and sum(len(cells) == table.width for cells in filled) > 1


def header_place(table: Table) -> tuple[int, bool]:
    """Guess how many rows stand before the names of columns, and whether there are names at all."""
    best, place = 0.0, -1
    for number, (_, cells) in enumerate(table.rows[:30]):
        known = {found[0] for cell in cells if (found := headings.field_of(cell)) and found[1] > 1}
        if len(known) > best and len(known) > 1:
            best, place = len(known), number
    if place >= 0:
        return table.rows[place][0] - 1, True
    for line_no, cells in table.rows[:30]:
        if len(cells) == table.width and all(cells):
            has_names = not any(any(letter.isdigit() for letter in cell) for cell in cells)
            return line_no - 1, has_names
    return 0, True


def decoded(sample: bytes, encoding: str) -> str:
    """Return the text of a sample, what cannot be read shown as such."""
    return sample.decode(encoding, errors="replace").lstrip("\ufeff").replace("\0", "\ufffd")


def encoding_of(sample: bytes, found: str) -> str:
    """Return the encoding to propose: what was recognised, or what the letters of an unmarked text look like."""
    if found in ("utf-8", "utf-8-sig"):
        try:
            sample[: len(sample) - 4 if len(sample) == SAMPLE else None].decode()
        except UnicodeDecodeError:
            return encodings.legacy(sample) or "utf-8"
        return "utf-8"
    return found


def _text_rows(words: str, delimiter: str, quote: str) -> Iterator[Row]:
    end = "\n" if "\n" in words else "\r"  # as the archive cuts: a lone CR among others ends no line
    lines = words.replace("\r\n", "\n").split(end)
    if lines and not lines[-1]:
        lines.pop()
    if not delimiter:  # a template made for workbooks: such a text is one column, and fits it nowhere
        yield from enumerate(([line] for line in lines), 1)
        return
    if not quote:
        yield from enumerate((line.split(delimiter) for line in lines), 1)
        return
    done = 0
    reader = csv.reader((line + "\n" for line in lines), delimiter=delimiter, quotechar=quote)
    try:
        for cells in reader:
            yield done + 1, cells
            done = reader.line_num
    except csv.Error:
        return


def column(rows: Sequence[Row], place: int) -> list[str]:
    """Return the filled cells of a column."""
    return [cells[place].strip() for _, cells in rows if place < len(cells) and cells[place].strip()]
