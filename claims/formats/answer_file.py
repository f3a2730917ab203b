"""A store's answer to a notice as a table: which row, what about it, the store's own number, and why.

Columns are found by their names in the first line, in any order: `track` or `store_keys` (as in the table we send),
`answer` (acknowledged, removed, objected), `reference`, `reason`. CSV, TSV or XLSX, told apart by content.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final

from catalog.formats.tables import CannotRead, RowFault, open_table

ROWS_MAX: Final = 1_000_000
COLUMNS: Final = {
    "track": ("track", "trackid", "трек"),
    "key": ("storekeys", "storekey", "key", "yourkey", "номер"),
    "answer": ("answer", "state", "status", "ответ", "состояние"),
    "reference": ("reference", "yournumber", "ticket", "вашномер"),
    "reason": ("reason", "why", "причина"),
}
ANSWERS: Final = {
    "acknowledged": "acknowledged",
    "received": "acknowledged",
    "получено": "acknowledged",
    "removed": "removed",
    "takendown": "removed",
    "удалено": "removed",
    "objected": "objected",
    "objection": "objected",
    "возражение": "objected",
}
_KNOWN: Final = {name: column for column, names in COLUMNS.items() for name in names}
_PLAIN = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class RowAnswer:
    """What a store says of one row, named by our track or its own key."""

    line_no: int
    named: str
    state: str
    reference: str = ""
    reason: str = ""


def read_answers(file: BinaryIO) -> list[RowAnswer]:
    """This will read every row that is not blank. Raises: CannotRead."""
    answers: list[RowAnswer] = []
    places: dict[str, int] | None = None
    for line in open_table(file).lines:
        if isinstance(line, RowFault):
            answers.append(RowAnswer(line.line_no, line.found[:100], ""))
            continue
        cells = [cell.strip().removeprefix("'") for cell in line.cells]
        if not any(cells):
            continue
        if places is None:
            places = _places(cells)
            continue
        if len(answers) == ROWS_MAX:
            raise CannotRead("too_many_rows", str(ROWS_MAX))
        answers.append(_answer(line.number, cells, places))
    return answers


def _places(cells: Sequence[str]) -> dict[str, int]:
    named = [(_plain(cell), place) for place, cell in reversed(list(enumerate(cells)))]
    found = {_KNOWN[name]: place for name, place in named if name in _KNOWN}
    if "answer" not in found or not {"track", "key"} & found.keys():
        raise CannotRead("column_missing", ", ".join(cells)[:100])
    return found


def _answer(line_no: int, cells: Sequence[str], places: dict[str, int]) -> RowAnswer:
    def cell(column: str) -> str:
        place = places.get(column)
        return cells[place] if place is not None and place < len(cells) else ""

    named = cell("track") or cell("key").split(" ")[0]
    return RowAnswer(line_no, named, ANSWERS.get(_plain(cell("answer")), ""), cell("reference"), cell("reason"))


def _plain(text: str) -> str:
    return _PLAIN.sub("", text).lower()
