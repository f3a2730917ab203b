"""Rows of open data as CSV and JSON. One set of names in both; every cell is text, an empty one means none or all."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any

from claims.formats.takedown_notice import line_of


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One entry of the register. `stores` empty: all of them; `holder` only where it asked to be named."""

    entry: str
    kind: str
    number: str
    opt_out: str
    at: str
    state: str
    stores: str
    ground: str
    territories: str
    tracks: str
    holder: str
    changed_at: str


@dataclass(frozen=True, slots=True)
class TrackRow:
    """One right of one track that left; `end` empty: until further notice."""

    opt_out: str
    granted: str
    track: str
    artist: str
    title: str
    isrcs: str
    right: str
    start: str
    end: str
    territories: str
    stores: str
    basis: str
    holder: str


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One published value; `value` empty: unknown. Of rows with the same figure, part and day the last one counts."""

    figure: str
    part: str
    day: str
    value: str
    counted_at: str


def columns(shape: type[Any]) -> tuple[str, ...]:
    """This will name the columns of a kind of rows."""
    return tuple(field.name for field in fields(shape))


def as_csv(shape: type[Any], rows: Iterable[Any]) -> Iterator[str]:
    """This will write the heading and a line per row, with nothing in it a spreadsheet would run."""
    cells = attrgetter(*columns(shape))
    yield line_of(columns(shape))
    for row in rows:
        yield line_of(cells(row))


def as_json(about: dict[str, str], rows: Iterable[Any]) -> Iterator[str]:
    """This will write one object: what it is about, and `rows`, a list with an object per row."""
    head = json.dumps(about, ensure_ascii=False)
    yield f'{head[:-1]}{", " if about else ""}"rows": ['
    separator = "\n"
    for row in rows:
        yield separator + json.dumps({name: getattr(row, name) for name in row.__slots__}, ensure_ascii=False)
        separator = ",\n"
    yield "\n]}\n"


def checksums(files: Sequence[tuple[str, str]]) -> str:
    """This will write (sha256, name) as `sha256sum --check` reads it."""
    return "".join(f"{digest}  {name}\n" for digest, name in files)
