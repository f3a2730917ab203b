"""Opens a table of unknown making and gives its rows as text: CSV, TSV or XLSX, told apart by content, never by name.

Text may be UTF-8, UTF-16 or a Cyrillic or Western code page; the delimiter is the one that splits the first line into
most cells. What cannot be read is refused with a code for the person to act on, before much of it is in memory: a
gigabyte of zeros is given up after its first block, a packed bomb before it is unpacked.
"""

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import BinaryIO, Final, NamedTuple
from xml.etree.ElementTree import ParseError

import openpyxl
from defusedxml.common import DefusedXmlException

BLOCK: Final = 1 << 16
LINE_BYTES_MAX: Final = 1 << 20
UNPACKED_BYTES_MAX: Final = 600 << 20
DELIMITERS: Final = "\t;,|"
FOUND_LENGTH_MAX: Final = 200

_MAGIC: Final = (
    (b"\x1f\x8b", "packed"),
    (b"\x28\xb5\x2f\xfd", "packed"),
    (b"BZh", "packed"),
    (b"\xfd7zXZ", "packed"),
    (b"Rar!", "packed"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_spreadsheet"),
    (b"%PDF", "not_a_table"),
    (b"<?xml", "not_a_table"),
    (b"<html", "not_a_table"),
    (b"<!DOCTYPE", "not_a_table"),
)
_CYRILLIC_WORD = re.compile(r"[A-Za-z]*[А-Яа-яЁё]+[A-Za-zА-Яа-яЁё]*")


class CannotRead(Exception):
    """Nothing of the file can be used; `code` says why, `found` what was seen."""

    def __init__(self, code: str, found: str = "") -> None:
        super().__init__(code, found)
        self.code, self.found = code, found[:FOUND_LENGTH_MAX]


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with one cell or line; `is_fatal`: the row was left out, else it was taken without the cell."""

    line_no: int
    column: str
    code: str
    found: str = ""
    is_fatal: bool = True


class Line(NamedTuple):
    """One row of a table: the line of the file it begins on, and its cells, blanks around them removed."""

    number: int
    cells: list[str]


class Table(NamedTuple):
    """A file that could be opened, and what it was recognised as."""

    kind: str
    lines: Iterator[Line | RowFault]


def open_table(file: BinaryIO, *, is_quoted: bool = True) -> Table:
    """This will recognise a file by its content and give its rows; `is_quoted=False`: marks in a TSV are letters.

    Raises: CannotRead, also while rows are read.
    """
    file.seek(0)
    head = file.read(BLOCK)
    file.seek(0)
    if not head.strip(b"\xef\xbb\xbf \t\r\n"):
        raise CannotRead("empty_file")
    if head.startswith(b"PK\x03\x04"):
        return Table("xlsx", _spreadsheet_lines(file))
    for magic, code in _MAGIC:
        if head.lstrip().startswith(magic):
            raise CannotRead(code, head[:20].decode("latin-1"))
    encoding = _encoding(file, head)
    delimiter = _delimiter(file, encoding)
    kind = "tsv" if delimiter == "\t" else "csv"
    return Table(f"{kind}, {encoding}", _text_lines(file, encoding, delimiter, is_quoted or kind == "csv"))


# Text ----------------------------------------------------------------------------------------------------------------
def _encoding(file: BinaryIO, head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if b"\0" in head:
        for encoding, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[0::2])):
            if zeros.count(0) > len(zeros) * 0.4 and head.count(0) <= len(head) // 2:
                return encoding
        raise CannotRead("binary")
    if _is_utf8(file) or _is_mostly_utf8(head):
        return "utf-8-sig"
    return _code_page(head)


def _is_utf8(file: BinaryIO) -> bool:
    reader = _reader(file, "utf-8", errors="strict")
    try:
        while reader.read(BLOCK):
            pass
    except UnicodeDecodeError:
        return False
    return True


def _is_mostly_utf8(head: bytes) -> bool:
    """Tell a UTF-8 file with a few foreign lines, which become broken text, from one in another encoding."""
    text = head.decode("utf-8", "replace")
    beyond_ascii = sum(1 for character in text if character > "\x7f")
    return beyond_ascii > 5 * text.count("\ufffd")


def _code_page(head: bytes) -> str:
    """Tell Cyrillic from Western text: read as Cyrillic, "Björk" becomes a Latin word with one Russian letter in it."""
    words = _CYRILLIC_WORD.findall(head.decode("cp1251", "replace"))
    mixed = sum(1 for word in words if re.search(r"[A-Za-z]", word))
    return "cp1252" if mixed * 2 > len(words) else "cp1251"


def _delimiter(file: BinaryIO, encoding: str) -> str:
    reader = _reader(file, encoding)
    for _ in range(100):
        line = reader.readline(LINE_BYTES_MAX)
        if line.strip():
            return max(DELIMITERS, key=line.count)
        if not line:
            break
    raise CannotRead("empty_file")


def _text_lines(file: BinaryIO, encoding: str, delimiter: str, is_quoted: bool) -> Iterator[Line | RowFault]:
    text = _limited(_reader(file, encoding))
    reader = csv.reader(text, delimiter=delimiter, quoting=csv.QUOTE_MINIMAL if is_quoted else csv.QUOTE_NONE)
    before = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield RowFault(before + 1, "", "broken_line", str(error))
            before = reader.line_num
            continue
        if any(cells):
            yield Line(before + 1, [cell.strip() for cell in cells])
        before = reader.line_num


def _limited(text: io.TextIOBase) -> Iterator[str]:
    while line := text.readline(LINE_BYTES_MAX):
        if len(line) >= LINE_BYTES_MAX:
            raise CannotRead("line_too_long")
        yield line.replace("\0", "\ufffd")


def _reader(file: BinaryIO, encoding: str, errors: str = "replace") -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BufferedReader(_Borrowed(file)), encoding=encoding, errors=errors, newline="")


class _Borrowed(io.RawIOBase):
    """A view of a file that may be closed without closing the file."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        file.seek(0)

    def readable(self) -> bool:
        """This will say yes."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """This will fill the buffer from the file."""
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


# Spreadsheets --------------------------------------------------------------------------------------------------------
def _spreadsheet_lines(file: BinaryIO) -> Iterator[Line | RowFault]:
    _check_package(file)
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
    except _SPREADSHEET_ERRORS as error:
        raise CannotRead("broken_spreadsheet", str(error)) from error
    try:
        rows: Iterable[tuple[object, ...]] = book.worksheets[0].iter_rows(values_only=True)
        for number, row in enumerate(rows, 1):
            cells = [_cell_text(cell) for cell in row]
            if any(cells):
                yield Line(number, cells)
    except _SPREADSHEET_ERRORS as error:
        raise CannotRead("broken_spreadsheet", str(error)) from error
    finally:
        book.close()


_SPREADSHEET_ERRORS: Final = (
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    OSError,
    ParseError,
    DefusedXmlException,
    zipfile.BadZipFile,
    EOFError,
)


def _check_package(file: BinaryIO) -> None:
    try:
        with zipfile.ZipFile(file) as package:
            names = set(package.namelist())
            if "xl/workbook.xml" not in names:
                raise CannotRead("packed", ", ".join(sorted(names)[:3]))
            if sum(entry.file_size for entry in package.infolist()) > UNPACKED_BYTES_MAX:
                raise CannotRead("too_large_unpacked")
    except (zipfile.BadZipFile, OSError) as error:
        raise CannotRead("broken_spreadsheet", str(error)) from error


def _cell_text(cell: object) -> str:
    """Write a cell as a person sees it; 3:45 typed into a spreadsheet is stored as a quarter to four in the morning."""
    if cell is None:
        return ""
    if isinstance(cell, dt.time):
        minutes_typed = cell.hour and not cell.second
        return f"{cell.hour}:{cell.minute:02}" if minutes_typed else cell.strftime("%H:%M:%S")
    if isinstance(cell, dt.timedelta):
        seconds = int(cell.total_seconds())
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, float):
        return format(Decimal(repr(cell)).normalize(), "f")
    return str(cell).strip()
