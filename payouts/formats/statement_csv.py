"""A holder's statement as facts, and its one canonical file.

The file is always written in English with every decimal, sorted, so the same facts are the same bytes and the same
SHA-256 wherever and whenever they are written. Page, spreadsheet and paper say what it says; `statement_rows` reads it.
"""

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
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
HASHED_MAX = 5_000
"""Movements of a statement whose hash a page shows; a longer one's comes with the file."""
PIECE = 1 << 16
FORMULA = re.compile("'*[=+\\-@\t\r]")
"""How a cell begins that a spreadsheet would take for a formula, or that one more apostrophe protects from it."""


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
    """One posting to an account of the holder; amounts below zero leave the place. `leaf`: its place in the log."""

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
    leaf: int | None


@dataclass(frozen=True, slots=True)
class PaidOut:
    """One payment the bank made: gross + tax_back = net + tax + administration; `paid` went to the holder's bank."""

    day: date
    payment: str
    status: str
    currency: str
    gross: Decimal
    tax_percent: Decimal
    tax: Decimal
    administration: Decimal
    net: Decimal
    set_off: Decimal
    paid: Decimal
    paid_currency: str
    rate: Decimal | None
    rate_date: date | None
    rate_source: str
    tax_back: Decimal


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The signed state of the log that proves everything in the statement; `root` in Base64 as it was signed."""

    log: str
    size: int
    root: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a statement says. `start` and `end` are half-open days in UTC.

    Without a checkpoint something in it is younger than the last one signed.
    """

    holder: str
    holder_name: str
    start: date
    end: date
    wording: str
    opening: tuple[Standing, ...]
    movements: Sequence[Movement]
    closing: tuple[Standing, ...]
    payments: tuple[PaidOut, ...] = ()
    checkpoint: Checkpoint | None = None


COLUMNS = ("row", *dict.fromkeys(field.name for kind in (Movement, PaidOut) for field in fields(kind)), "text")


def csv_pieces(facts: Facts) -> Iterator[bytes]:
    """This will write the canonical file in pieces: comma, quotes where needed, CRLF, UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    blank = [""] * (len(COLUMNS) - 2)
    writer.writerows(["text", *blank, text] for text in _texts(facts))
    writer.writerows(_row("opening", standing) for standing in facts.opening)
    for movement in facts.movements:
        writer.writerow(_row("movement", movement))
        if out.tell() > PIECE:
            yield _emptied(out)
    writer.writerows(_row("payment", payment) for payment in facts.payments)
    writer.writerows(_row("closing", standing) for standing in facts.closing)
    yield _emptied(out)


def _texts(facts: Facts) -> Iterator[str]:
    yield f"Statement for {facts.holder}, {facts.holder_name}: from {facts.start}, before {facts.end}, days in UTC."
    if WORDINGS[facts.wording]:
        yield WORDINGS[facts.wording]
    yield ALWAYS
    if (point := facts.checkpoint) is not None:
        yield f"Proved by the checkpoint of {point.size} entries of {point.log}, root {point.root}."


def as_csv(facts: Facts) -> bytes:
    """This will give the canonical file whole."""
    return b"".join(csv_pieces(facts))


def hash_of(facts: Facts) -> str:
    """This will give the hash of the file for a page; of a long statement none: writing it would take too long."""
    return digest(as_csv(facts)) if len(facts.movements) <= HASHED_MAX else ""


def digest(content: bytes) -> str:
    """This will give the hash a statement is known by."""
    return hashlib.sha256(content).hexdigest()


def _row(row: str, facts: Standing | Movement | PaidOut) -> list[str]:
    """Write one row; a column the facts do not have stays empty."""
    return [row, *(_cell(getattr(facts, name, None)) for name in COLUMNS[1:])]


def _emptied(out: io.StringIO) -> bytes:
    written = out.getvalue().encode()
    out.seek(0)
    out.truncate()
    return written


def _cell(value: object) -> str:
    """Write a value in full; text a spreadsheet would take for a formula gets an apostrophe before it."""
    if isinstance(value, Decimal):
        return f"{value:.8f}" if value == value.quantize(Decimal("1e-8")) else f"{value:f}"
    if value is None:
        return ""
    text = str(value)
    return f"'{text}" if isinstance(value, str) and FORMULA.match(text) else text
