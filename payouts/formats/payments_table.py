"""A table of payments received: CSV with the columns date, payer, amount, currency, reference, text (in any order)."""

import csv
import io
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

NEEDED = ("date", "payer", "amount", "currency", "reference")
ROWS_MAX = 10_000
SIZE_MAX = 8 << 20


class BadTable(ValueError):
    """A cell cannot be read; the text names row and column."""


@dataclass(frozen=True, slots=True)
class Row:
    """One payment as it stands in the table."""

    day: date
    payer: str
    amount: Decimal
    currency: str
    reference: str
    text: str


def read_table(content: bytes) -> list[Row]:
    """Read the table, all of it or nothing. Raises: BadTable."""
    if len(content) > SIZE_MAX:
        raise BadTable("the file is larger than 8 MB")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadTable("the file is not UTF-8") from error
    if "\0" in text:
        raise BadTable("the file is no text")
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    try:
        rows = list(csv.DictReader(io.StringIO(text), delimiter=separator))
    except csv.Error as error:
        raise BadTable(str(error)) from error
    heads = {(head or "").strip().lower(): head for head in (rows[0].keys() if rows else ())}
    missing = [name for name in NEEDED if name not in heads]
    if missing or not rows or len(rows) > ROWS_MAX:
        raise BadTable(f"columns missing: {', '.join(missing)}" if missing else "no rows, or too many")
    return [
        _row(number, {name: (row.get(heads.get(name, "")) or "").strip() for name in (*NEEDED, "text")})
        for number, row in enumerate(rows, 2)
    ]


def _row(number: int, cells: dict[str, str]) -> Row:
    try:
        day = date.fromisoformat(cells["date"])
    except ValueError as error:
        raise BadTable(f"row {number}, date: {cells['date']!r} is not YYYY-MM-DD") from error
    try:
        amount = Decimal(cells["amount"].replace(" ", ""))
    except InvalidOperation as error:
        raise BadTable(f"row {number}, amount: {cells['amount']!r}") from error
    if not amount.is_finite() or not 0 < amount < 10**15 or amount != round(amount, 3):
        raise BadTable(f"row {number}, amount: {cells['amount']!r}")
    if not (len(cells["currency"]) == 3 and cells["currency"].isascii() and cells["currency"].isalpha()):
        raise BadTable(f"row {number}, currency: {cells['currency']!r}")
    if not cells["payer"] or not cells["reference"]:
        raise BadTable(f"row {number}: payer and reference are needed")
    currency = cells["currency"].upper()
    return Row(day, cells["payer"][:200], amount, currency, cells["reference"][:140], cells["text"][:500])
