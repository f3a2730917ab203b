"""The public register of opt-outs as a table: a line per track and right.."""

from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, fields

from claims.formats.takedown_notice import line_of


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One right of one track that left; `end` empty: until further notice; `holder` only where it asked to be named."""

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


COLUMNS = tuple(field.name for field in fields(RegisterRow))


def as_csv(rows: Iterable[RegisterRow]) -> Iterator[str]:
    """This will write the heading and a line per row."""
    yield line_of(COLUMNS)
    for row in rows:
        yield line_of(astuple(row))
