"""The list of an insolvent store's debts, for a court: every note, then to whom the unpaid part is owed."""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

HEAD = (
    "row",
    "number",
    "period_start",
    "period_end",
    "due_date",
    "currency",
    "amount",
    "received",
    "written_off",
    "unpaid",
)


def as_csv(notes: Iterable[Sequence[object]], owners: Iterable[Sequence[object]]) -> bytes:
    """Return the file: `note` rows as in HEAD, `owner` rows with the owner as number; amounts with all decimals."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow(HEAD)
    for note in notes:
        rows.writerow(["note", *map(_cell, note)])
    for owner, currency, amount, received, unpaid in owners:
        rows.writerow(["owner", _cell(owner), "", "", "", currency, _cell(amount), _cell(received), "", _cell(unpaid)])
    return out.getvalue().encode()


def _cell(value: object) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else "" if value is None else str(value)
