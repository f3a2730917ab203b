"""A list of tracks as people type or paste it: one track a row, in whatever way they know it.

    RUABC0600001                          an ISRC, hyphens and "ISRC" in front allowed, anywhere in the row
    Кино - Группа крови                   artist - title, any dash with blanks around it, either order
    Группа крови<TAB>Кино                 title, tabulator, artist: two columns of a spreadsheet
    RUABC0600001<TAB>Группа крови         several of these at once
    TRK-7Q2K9XW3HD5                       the portal's own id
    https://store.example.com/track/17    the store's address of it
    4417                                  the store's own number of it

Reading never decides: it says in which ways a row may be meant, surest first. What the ways lead to is looked up
elsewhere, for all rows at once.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

ROW_LENGTH_MAX = 500
_ISRC = re.compile(
    r"(?<![A-Z0-9])(?:ISRC[:\s-]*)?([A-Z]{2})[-\s]?([A-Z0-9]{3})[-\s]?(\d{2})[-\s]?(\d{5})(?![A-Z0-9])", re.I
)
_TRACK_ID = re.compile(r"(?<!\w)TRK-[0-9A-Z]{11}(?!\w)", re.I)
_ADDRESS = re.compile(r"https?://\S+", re.I)
_NUMBERING = re.compile(r"^(?:\d{1,5}[.)]|[-*•–—])\s+")
_DASH = re.compile(r"\s+[-–—−‒]+\s+")
_QUOTES = "\"'«»“”„‟‘’"


class TooManyRows(ValueError):
    """The list has more rows than one request may carry."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


@dataclass(frozen=True, slots=True)
class PastedRow:
    """One row and the ways it may be meant. `names` are (artist, title) pairs, likelier first."""

    row_no: int
    typed: str
    isrcs: tuple[str, ...] = ()
    track_id: str = ""
    address: str = ""
    key: str = ""
    names: tuple[tuple[str, str], ...] = ()


def read_list(text: str, *, rows_max: int) -> list[PastedRow]:
    """This will read every row that is not blank; `row_no` is the row's place in what was pasted, from 1.

    Raises: TooManyRows.
    """
    rows: list[PastedRow] = []
    for row_no, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        typed = _clean(line)
        if not typed:
            continue
        if len(rows) == rows_max:
            raise TooManyRows(rows_max)
        rows.append(read_row(typed, row_no))
    return rows


def read_row(typed: str, row_no: int = 1) -> PastedRow:
    """This will say in which ways one row may be meant."""
    typed = _clean(typed)
    track_id = _TRACK_ID.search(typed)
    address = _ADDRESS.search(typed)
    rest = _TRACK_ID.sub(" ", _ADDRESS.sub(" ", typed))
    isrcs = tuple(dict.fromkeys("".join(match.groups()).upper() for match in _ISRC.finditer(rest)))
    return PastedRow(
        row_no=row_no,
        typed=typed,
        isrcs=isrcs,
        track_id=track_id.group().upper() if track_id else "",
        address=address.group() if address else "",
        key=typed[:200],
        names=tuple(_names(_ISRC.sub(" ", rest).strip(" ,;") if isrcs else rest)),
    )


def _clean(line: str) -> str:
    """Leave out control characters and byte order marks, which are pasting accidents; a tabulator means something."""
    kept = (sign for sign in line if sign == "\t" or unicodedata.category(sign) not in ("Cc", "Cs", "Co"))
    return "".join(kept).strip()[:ROW_LENGTH_MAX].strip()


def _names(text: str) -> Iterator[tuple[str, str]]:
    """Give (artist, title) pairs: a table's columns are title, artist; a dash stands between artist and title."""
    cells = [_plain(cell) for cell in text.split("\t")]
    cells = [cell for cell in cells if cell]
    if len(cells) >= 2:
        yield cells[1], cells[0]
        yield cells[0], cells[1]
        return
    seen: set[tuple[str, str]] = set()
    for start in dict.fromkeys([text.strip(), _NUMBERING.sub("", text.strip())]):
        for dash in _DASH.finditer(start):
            pair = _plain(start[: dash.start()]), _plain(start[dash.end() :])
            for names in (pair, pair[::-1]):
                if all(names) and names not in seen:
                    seen.add(names)
                    yield names


def _plain(text: str) -> str:
    return text.strip().strip(_QUOTES).strip()
