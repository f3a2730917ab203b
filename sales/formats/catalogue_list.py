"""A store's list of what it sells today: any table with a line of column names that say what a track is.

Columns are understood by the names reports use (`formats.headings`): the store's own number, ISRC, title, artist,
address. A row that has none of number, ISRC and title names nothing and is passed over, counted.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from sales.formats import flat, headings, mended, table
from sales.formats.errors import BadFile
from sales.formats.recognise import Recognised, encoding_of

HEADER_ROWS = 20
USED = ("DspResourceId", "ISRC", "Title", "SubTitle", "DisplayArtistName", "ICPN", "Url")


@dataclass(frozen=True, slots=True)
class Entry:
    """One track as the store lists it."""

    key: str
    isrc: str
    title: str
    artist: str
    url: str


def entries(raw: BinaryIO, size: int, limit: int) -> Iterator[Entry | None]:
    """Yield each row of the list; None for one that names nothing.

    Raises: BadFile when there is no line of column names among the first.
    """
    packing, sample = table.sample_of(raw, size, limit)
    encoding = encoding_of(sample) if sample else "utf-8"
    cut = table.guess_cut(packing, sample, encoding)
    known = Recognised(packing, encoding, None, flat.Template(cut.delimiter, {}, 0, 0), cut.is_old_mac)
    columns: dict[str, int] = {}
    for number, cells in mended.rows(raw, size, known, limit):
        if not columns:
            columns = _columns(cells)
            if not columns and number >= HEADER_ROWS:
                break
        elif any(cell.strip() for cell in cells):
            yield _entry(cells, columns)
    if not columns:
        raise BadFile("list_without_columns")


def _columns(cells: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, text in enumerate(cells):
        field = headings.field_of(text)
        if field and field[0] in USED:
            found.setdefault(field[0], place)
    return found if {"DspResourceId", "ISRC", "Title"} & found.keys() and len(found) > 1 else {}


def _entry(cells: list[str], columns: dict[str, int]) -> Entry | None:
    at = {name: cells[place].strip() if place < len(cells) else "" for name, place in columns.items()}
    isrc = "".join(letter for letter in at.get("ISRC", "").upper() if letter.isalnum())
    title = " ".join(part for part in (at.get("Title", ""), at.get("SubTitle", "")) if part)
    if not (at.get("DspResourceId") or isrc or title):
        return None
    return Entry(
        key=at.get("DspResourceId", "")[:200],
        isrc=isrc if len(isrc) == 12 else "",
        title=title[:500],
        artist=at.get("DisplayArtistName", "")[:500],
        url=at.get("Url", "")[:500],
    )
