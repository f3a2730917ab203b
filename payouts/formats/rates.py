"""Exchange rates of the European Central Bank: one file with every day since 1999, decimals from the first digit on.

A day without a rate (weekend, holiday) has the rate of the last day before it, and the answer says which day that was.
A currency the bank no longer quotes, or a file that has grown old, has no rate: nothing is guessed.
"""

from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from typing import NamedTuple

from currency_converter import CurrencyConverter
from currency_converter.currency_converter import RateNotFoundError

SOURCE = "ECB"
OLD = timedelta(days=10)
"""The longest run of days without a rate is shorter; what is older is no rate of that day."""

_PLACES = Decimal("1e-10")


class NoRate(Exception):
    """There is no rate between these currencies on or shortly before the day."""


class Rate(NamedTuple):
    """How many units of the bought currency one of the sold is worth, of which day, by whom."""

    rate: Decimal
    day: date
    source: str = SOURCE


@lru_cache(maxsize=2)
def _file(path: str) -> CurrencyConverter:
    return CurrencyConverter(path, decimal=True) if path else CurrencyConverter(decimal=True)


def rate_on(day: date, sold: str, bought: str, path: str = "") -> Rate:
    """Return the rate of a day or the last day before it; `path` is a newer file than the packaged one.

    Raises: NoRate.
    """
    if sold == bought:
        raise ValueError("one currency needs no rate")
    rates = _file(path)
    if not {sold, bought} <= set(rates.currencies):
        raise NoRate(f"{sold} {bought}")
    for back in range(OLD.days):
        asked = day - timedelta(days=back)
        try:
            found = rates.convert(Decimal(1), sold, bought, date=asked)
        except RateNotFoundError:
            continue
        return Rate(Decimal(found).quantize(_PLACES, rounding=ROUND_HALF_EVEN), asked)
    raise NoRate(f"{sold} {bought} {day}")
