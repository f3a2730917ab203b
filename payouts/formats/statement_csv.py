"""A holder's statement as facts, and its one canonical file.

The file is always written in English with every decimal, sorted, so the same facts are the same bytes and the same
SHA-256 wherever and whenever they are written.
"""

import csv
import hashlib
import io
from dataclasses import astuple, dataclass, fields
from datetime import date
from decimal import Decimal

ALWAYS = "Nothing in this statement is a licence, mandate, release or approval of any store."
WORDINGS = {
    "plain": "",
    "reserve": (
        "The holder takes, or will take, these amounts under reservation of all rights: taking them neither admits"
        " that a licence exists nor waives any claim against anybody."
    ),
    "leave": "The holder has proved its rights and left the money with ROMS; nothing was taken and no right is waived.",
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True, order=True)
class Standing:
    """What rested in one place at the start or the end of the period."""

    place: str
    currency: str
    amount: Decimal
    received: Decimal
    waiting: Decimal


@dataclass(frozen=True, slots=True)
class Movement:
    """One posting to an account of the holder; amounts below zero leave the place."""

    day: date
    event: str
    posting: int
    place: str
    currency: str
    amount: Decimal
    received: Decimal
    waiting: Decimal
    store: str
    report: str
    usage_start: date | None
    usage_end: date | None
    track: str
    isrc: str
    artist: str
    title: str
    right: str
    choice: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a statement says. `start` and `end` are half-open days in UTC."""

    holder: str
    holder_name: str
    start: date
    end: date
    wording: str
    opening: tuple[Standing, ...]
    movements: tuple[Movement, ...]
    closing: tuple[Standing, ...]


COLUMNS = ("row", *(field.name for field in fields(Movement)), "text")


def as_csv(facts: Facts) -> bytes:
    """This will write the canonical file: comma, quotes where needed, CRLF, UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    period = f"Statement for {facts.holder}, {facts.holder_name}: from {facts.start}, before {facts.end}, days in UTC."
    for text in (period, WORDINGS[facts.wording], ALWAYS):
        if text:
            writer.writerow({"row": "text", "text": text})
    _standings(writer, "opening", facts.opening)
    for movement in facts.movements:
        cells = dict(zip(COLUMNS[1:], astuple(movement), strict=False))
        writer.writerow({"row": "movement", **{name: _cell(value) for name, value in cells.items()}})
    _standings(writer, "closing", facts.closing)
    return out.getvalue().encode()


def digest(content: bytes) -> str:
    """This will give the hash a statement is known by."""
    return hashlib.sha256(content).hexdigest()


def _standings(writer: "csv.DictWriter[str]", row: str, standings: tuple[Standing, ...]) -> None:
    for standing in standings:
        cells = {field.name: _cell(getattr(standing, field.name)) for field in fields(standing)}
        writer.writerow({"row": row, **cells})


def _cell(value: object) -> str:
    """Write a value in full; text a spreadsheet would take for a formula gets an apostrophe before it."""
    if isinstance(value, Decimal):
        return f"{value:.8f}"
    if value is None:
        return ""
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text
