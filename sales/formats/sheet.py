"""Rows of a sheet of an XLSX workbook as text, read in a stream and with distrust.

A workbook is a zip of XML: the sizes it unpacks to are checked before anything is read, and a document type
declaration (the door for entity tricks) is refused.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from math import isfinite
from typing import BinaryIO
from xml.etree.ElementTree import ParseError

import openpyxl
from defusedxml.common import DefusedXmlException

from sales.formats.errors import BadFile
from sales.formats.packing import ALWAYS_ALLOWED, RATIO_MAX

_TEXTS = (".xml", ".rels", ".vml")
_PROLOGUE = 1 << 16
_BROKEN_ZIP = (
    *(zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, RuntimeError, EOFError),
    *(KeyError, ValueError, OverflowError),
)
_BROKEN = (DefusedXmlException, ParseError, TypeError, IndexError, AttributeError, AssertionError, *_BROKEN_ZIP)
"""What the readers of zip and XML raise on damaged files; they do not name all of it."""
_DIGITS = 15
"""A spreadsheet keeps and shows this many digits of a number; what a float has beyond them nobody typed."""


def check(raw: BinaryIO, limit: int) -> None:
    """Refuse a zip that is no workbook, unpacks to too much, or declares a document type.

    Raises: BadFile.
    """
    raw.seek(0)
    try:
        with zipfile.ZipFile(raw) as parts:
            if "xl/workbook.xml" not in parts.namelist():
                raise BadFile("zip_is_no_workbook")
            for part in parts.infolist():
                allowed = min(limit, max(ALWAYS_ALLOWED, part.compress_size * RATIO_MAX))
                if part.file_size > allowed:
                    raise BadFile("unpacks_too_large", limit=allowed)
                if part.filename.lower().endswith(_TEXTS):
                    _refuse_doctype(parts, part)
            if sum(part.file_size for part in parts.infolist()) > limit:
                raise BadFile("unpacks_too_large", limit=limit)
    except _BROKEN_ZIP as error:
        raise BadFile("damaged", packing="zip") from error
    raw.seek(0)


def names(raw: BinaryIO) -> list[str]:
    """Return the names of the sheets. Call `check` before.

    Raises: BadFile.
    """
    try:
        book = openpyxl.load_workbook(raw, read_only=True, keep_links=False)
        try:
            return [sheet.title for sheet in book.worksheets]
        finally:
            book.close()
    except _BROKEN as error:
        raise BadFile("damaged", packing="xlsx") from error


def rows(raw: BinaryIO, name: str = "") -> Iterator[list[str]]:
    """Yield each row of a sheet (the first unless named), cells as text: numbers as typed, dates as `YYYY-MM-DD`.

    Call `check` before.

    Raises: BadFile.
    """
    try:
        book = openpyxl.load_workbook(raw, read_only=True, data_only=True, keep_links=False)
        try:
            sheets = [sheet for sheet in book.worksheets if not name or sheet.title == name]
            if not sheets:
                raise BadFile("sheet_missing", sheet=name) if book.worksheets else BadFile("empty_file")
            sheet = sheets[0]
            sheet.reset_dimensions()
            for row in sheet.iter_rows(values_only=True):
                yield [_text(value) for value in row]
        finally:
            book.close()
    except _BROKEN as error:
        raise BadFile("damaged", packing="xlsx") from error


def _refuse_doctype(parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    with parts.open(part) as text:
        start = text.read(_PROLOGUE).replace(b"\0", b"").upper()  # without zeros UTF-16 reads alike
    if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
        raise BadFile("xml_doctype", part=part.filename)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return format(Decimal(format(value, f".{_DIGITS}g")), "f") if isfinite(value) else repr(value)
    return str(value)
