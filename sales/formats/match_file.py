"""Match files: two columns, a store's key and the track it is (track id or ISRC); an empty second cell withdraws.

CSV with comma, semicolon or tab, UTF-8 with or without a byte order mark; a first row of headings is skipped. Text in,
rows out; no row is left out, what cannot be read says why.
"""

import csv
import io
from dataclasses import dataclass

HEADINGS = frozenset({"key", "store_key", "store key", "storekey", "ключ"})
ROWS_MAX = 20_000


class UnreadableFile(Exception):
    """The file is no text in UTF-8, or has too many rows."""


@dataclass(frozen=True, slots=True)
class MatchRow:
    """One row: what it says, and why it says nothing (`fault`: code)."""

    number: int
    key: str
    track: str
    fault: str = ""


def read_match_file(content: bytes) -> list[MatchRow]:
    """Return every row of a match file but the headings and empty ones. Raises: UnreadableFile."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableFile("not_utf8") from None
    if "\x00" in text:
        raise UnreadableFile("not_utf8")
    first = text.split("\n", 1)[0]
    delimiter = max("\t;,", key=first.count)
    rows: list[MatchRow] = []
    for number, cells in enumerate(_cells(text, delimiter), 1):
        named = [cell.strip() for cell in cells]
        if not any(named) or (number == 1 and named[0].lower() in HEADINGS):
            continue
        if len(rows) == ROWS_MAX:
            raise UnreadableFile("too_many_rows")
        rows.append(_row(number, named))
    return rows


def _cells(text: str, delimiter: str) -> list[list[str]]:
    return [_split(line, delimiter) for line in io.StringIO(text)]


def _split(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return [line]


def _row(number: int, named: list[str]) -> MatchRow:
    key, track = named[0], named[1] if len(named) > 1 else ""
    if not key:
        return MatchRow(number, key, track, "key_missing")
    if any(named[2:]):
        return MatchRow(number, key, track, "too_many_cells")
    return MatchRow(number, key, track)
