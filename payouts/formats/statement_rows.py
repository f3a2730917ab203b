"""The canonical file of a statement read back, row by row: what spreadsheet and paper are made of.

So a statement that was kept years ago is drawn from its own bytes, and every form of it says the same.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import IO, Any, NamedTuple, TypeVar

from payouts.formats.statement_csv import FORMULA, WORDINGS, Checkpoint, Movement, PaidOut, Standing

T = TypeVar("T", Standing, Movement, PaidOut)
_HEAD = re.compile(r"Statement for (\S+), (.*): from (\d{4}-\d\d-\d\d), before (\d{4}-\d\d-\d\d), days in UTC\.", re.S)
_POINT = re.compile(r"Proved by the checkpoint of (\d+) entries of (\S+), root (\S+)\.")


class Head(NamedTuple):
    """What stands before the figures."""

    holder: str
    holder_name: str
    start: date
    end: date
    wording: str
    checkpoint: Checkpoint | None


class NoStatement(ValueError):
    """The bytes are no statement of ours."""


def read_head(file: IO[bytes]) -> Head:
    """Read holder, period, wording and checkpoint. Raises: NoStatement."""
    texts = [row["text"] for row in _until_figures(file)]
    first = _HEAD.fullmatch(texts[0]) if texts else None
    if first is None:
        raise NoStatement
    wording = next((code for code, text in WORDINGS.items() if text and text in texts), "plain")
    points = [_POINT.fullmatch(text) for text in texts]
    point = next((Checkpoint(log=m[2], size=int(m[1]), root=m[3]) for m in points if m), None)
    return Head(first[1], first[2], date.fromisoformat(first[3]), date.fromisoformat(first[4]), wording, point)


def read_rows(file: IO[bytes]) -> Iterator[dict[str, str]]:
    """Yield every row, in order, as it stands in the file; memory does not grow with their number."""
    file.seek(0)
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    try:
        yield from csv.DictReader(text)
    finally:
        text.detach()


def movements_of(file: IO[bytes]) -> Iterator[Movement]:
    """Yield the movements."""
    return _of_kind(file, "movement", Movement)


def payments_of(file: IO[bytes]) -> Iterator[PaidOut]:
    """Yield the payments."""
    return _of_kind(file, "payment", PaidOut)


def standings_of(file: IO[bytes], row: str) -> Iterator[Standing]:
    """Yield what rested where at the `opening` or the `closing`."""
    return _of_kind(file, row, Standing)


def plain(cell: str) -> str:
    """Take away the apostrophe that keeps a spreadsheet from reading a formula."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


def _until_figures(file: IO[bytes]) -> Iterator[dict[str, str]]:
    for row in read_rows(file):
        if row["row"] != "text":
            return
        yield row


def _of_kind(file: IO[bytes], kind: str, made: type[T]) -> Iterator[T]:
    readers = {field.name: _READERS[field.type] for field in fields(made)}
    for row in read_rows(file):
        if row["row"] == kind:
            yield made(**{name: read(row[name]) for name, read in readers.items()})


_READERS: dict[Any, Callable[[str], Any]] = {
    str: plain,
    int: int,
    date: date.fromisoformat,
    Decimal: Decimal,
    date | None: lambda cell: date.fromisoformat(cell) if cell else None,
    Decimal | None: lambda cell: Decimal(cell) if cell else None,
    int | None: lambda cell: int(cell) if cell else None,
}


def cells(row: Standing | Movement | PaidOut) -> list[str | int | Decimal | date | None]:
    """Return what stands in a row, in the order of its columns."""
    return [getattr(row, field.name) for field in fields(row)]


MOVEMENT_COLUMNS, PAYMENT_COLUMNS, STANDING_COLUMNS = (
    tuple(field.name for field in fields(kind)) for kind in (Movement, PaidOut, Standing)
)
