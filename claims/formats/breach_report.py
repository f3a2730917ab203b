"""The breach report as a table: what a store sold or listed after a track had to be gone from it."""

from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, fields
from datetime import date
from decimal import Decimal

from claims.formats.takedown_notice import line_of


@dataclass(frozen=True, slots=True)
class BreachRow:
    """One finding in words and figures."""

    finding: str
    kind: str
    status: str
    store: str
    source: str
    holder: str
    artist: str
    title: str
    isrcs: str
    store_keys: str
    withdrawal: str
    rights: str
    out_since: date
    allowed_until: date
    used_from: date | None
    used_until: date | None
    territories: str
    lines: int
    units: int
    units_after: int | None
    currency: str
    royalty: Decimal


COLUMNS = tuple(field.name for field in fields(BreachRow))


def as_csv(rows: Iterable[BreachRow]) -> Iterator[str]:
    """This will write one line per finding, heading first; days are half-open: `used_until` is the first day after."""
    yield line_of(COLUMNS)
    for row in rows:
        yield line_of(_text(cell) for cell in astuple(row))


def _text(cell: object) -> str:
    if cell is None:
        return ""
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)
