"""A store's account as a table: every booking with the balance after it, then how old the debt is."""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

HEAD = ("row", "day", "what", "number", "currency", "amount", "balance")


def as_csv(bookings: Iterable[Sequence[object]], ages: Iterable[Sequence[object]]) -> bytes:
    """Return the file: `booking` rows as in HEAD, then `age` rows of what, currency and amount, all decimals.

    `what` of an age is `not_due`, `late_1_30`, `late_31_60`, `late_61_90`, `late_more`, `total` or `late_fee`.
    """
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow(HEAD)
    for booking in bookings:
        rows.writerow(["booking", *map(_cell, booking)])
    for what, currency, amount in ages:
        rows.writerow(["age", "", what, "", currency, _cell(amount), ""])
    return out.getvalue().encode()


def _cell(value: object) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
