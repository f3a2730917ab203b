"""The open disputes of a party as a table: downloaded, filled in, and sent back.

Columns are found by their names in the first line, in any order. Needed are `dispute`, `party` and `answer`; the others
say what the dispute is about, or what an answer needs. CSV, TSV or XLSX, told apart by content.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import BinaryIO, Final

from catalog.formats.tables import CannotRead, RowFault, open_table
from claims.formats.correction_file import BYTE_ORDER_MARK
from claims.formats.takedown_notice import line_of
from core.periods import day_after

ROWS_MAX: Final = 5000
COLUMNS: Final = (
    "dispute",
    "party",
    "track",
    "right",
    "where",
    "from",
    "until",
    "parties",
    "answer_by",
    "answer",
    "percent",
    "ours_from",
    "ours_until",
    "split",
    "documents",
    "words",
)
_PLAIN = re.compile(r"[\W_]+")
_KNOWN: Final = {_PLAIN.sub("", name): name for name in COLUMNS}


@dataclass(frozen=True, slots=True)
class DisputeRow:
    """What a party says in one row; `fault` is the code of what cannot be read, `found` the cell."""

    line_no: int
    dispute: str
    party: str
    answer: str
    percent: Decimal | None = None
    start: date | None = None
    end: date | None = None
    split: dict[str, Decimal] = field(default_factory=dict)
    documents: tuple[str, ...] = ()
    words: str = ""
    fault: str = ""
    found: str = ""


def as_table(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """This will give the table line by line; each row holds the cells of `COLUMNS` up to `answer_by`."""
    yield BYTE_ORDER_MARK + line_of(COLUMNS)
    for row in rows:
        yield line_of([*row, *[""] * (len(COLUMNS) - len(row))])


def read_table(file: BinaryIO) -> list[DisputeRow]:
    """This will read every row that is not blank. Raises: CannotRead."""
    rows: list[DisputeRow] = []
    places: dict[str, int] | None = None
    for line in open_table(file).lines:
        if isinstance(line, RowFault):
            rows.append(DisputeRow(line.line_no, line.found[:100], "", "", fault=line.code))
            continue
        cells = [cell.strip().removeprefix("'") for cell in line.cells]
        if not any(cells):
            continue
        if places is None:
            places = _places(cells)
            continue
        if len(rows) == ROWS_MAX:
            raise CannotRead("too_many_rows", str(ROWS_MAX))
        rows.append(_row(line.number, cells, places))
    return rows


def _places(cells: Sequence[str]) -> dict[str, int]:
    named = [(_PLAIN.sub("", cell).lower(), place) for place, cell in reversed(list(enumerate(cells)))]
    found = {_KNOWN[name]: place for name, place in named if name in _KNOWN}
    if not {"dispute", "party", "answer"} <= found.keys():
        raise CannotRead("column_missing", ", ".join(cells)[:100])
    return found


def _row(line_no: int, cells: Sequence[str], places: dict[str, int]) -> DisputeRow:
    def cell(column: str) -> str:
        place = places.get(column)
        return cells[place] if place is not None and place < len(cells) else ""

    head = cell("dispute"), cell("party"), cell("answer").lower()
    try:
        last = _day(cell("ours_until"))
        return DisputeRow(
            line_no,
            *head,
            percent=_percent(cell("percent")),
            start=_day(cell("ours_from")),
            end=day_after(last),
            split=_split(cell("split")),
            documents=tuple(cell("documents").replace(";", " ").replace(",", " ").split()),
            words=cell("words")[:5000],
        )
    except (ValueError, InvalidOperation, OverflowError):
        return DisputeRow(line_no, *head, fault="cell_unreadable", found=" | ".join(filter(None, cells))[:200])


def _percent(text: str) -> Decimal | None:
    if not text:
        return None
    value = Decimal(text.replace("%", "").replace(",", ".").strip())
    if not value.is_finite() or value != round(value, 6):
        raise ValueError(text)
    return value


def _day(text: str) -> date | None:
    return date.fromisoformat(text[:10]) if text else None


def _split(text: str) -> dict[str, Decimal]:
    """`HLD-... 60; HLD-... 40`: the number of each party and its part."""
    parts: dict[str, Decimal] = {}
    for word in filter(None, (each.strip() for each in text.split(";"))):
        who, _, part = word.replace("=", " ").replace(":", " ").partition(" ")
        value = _percent(part)
        if value is None or who in parts:
            raise ValueError(text)
        parts[who] = value
    return parts
