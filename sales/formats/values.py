"""Cells as people write them: dates in any usual order and language, amounts with signs, words for totals.

What is ambiguous (3/4/2006, 1.500) is never decided here: the caller says the order and the separators.
"""

import re
from collections.abc import Iterable
from datetime import date, timedelta

from core.periods import day_after
from sales.formats.flat import month_of, parse_period

ORDERS = ("ymd", "dmy", "mdy")
DECIMALS = (".", ",")
THOUSANDS = ("", " ", ".", ",", "'")

DOLLARS = frozenset({"USD", "CAD", "AUD", "NZD", "HKD", "SGD", "TWD", "MXN", "ARS", "CLP", "COP", "BRL"})
SIGNS: dict[str, frozenset[str]] = {
    "$": DOLLARS,
    "US$": frozenset({"USD"}),
    "€": frozenset({"EUR"}),
    "EURO": frozenset({"EUR"}),
    "£": frozenset({"GBP"}),
    "₽": frozenset({"RUB"}),
    "РУБ.": frozenset({"RUB"}),
    "РУБ": frozenset({"RUB"}),
    "РУБЛЕЙ": frozenset({"RUB"}),
    "Р.": frozenset({"RUB"}),
    "Р": frozenset({"RUB"}),
    "₴": frozenset({"UAH"}),
    "ГРН.": frozenset({"UAH"}),
    "ГРН": frozenset({"UAH"}),
    "₸": frozenset({"KZT"}),
    "¥": frozenset({"JPY", "CNY"}),
    "₩": frozenset({"KRW"}),
    "₹": frozenset({"INR"}),
    "₺": frozenset({"TRY"}),
    "ZŁ": frozenset({"PLN"}),
    "KČ": frozenset({"CZK"}),
    "FR.": frozenset({"CHF"}),
}
"""Signs and words that stand for a currency, in capitals, with every currency they may mean."""

TOTAL_WORDS = (
    "total",
    "grand total",
    "subtotal",
    "sum",
    "итого",
    "всего",
    "сумма",
    "общий итог",
    "промежуточный итог",
    "summe",
    "gesamt",
    "gesamtsumme",
    "zwischensumme",
    "somme",
    "total général",
    "sous-total",
    "suma",
    "total general",
)
RETURN_WORDS = ("return", "refund", "возврат", "retoure", "rückgabe", "storno", "retour", "remboursement", "devolución")

_MONTHS = (
    ("january|jan|январь|января|янв|januar|jänner|janvier|janv|enero|ene", 1),
    ("february|feb|февраль|февраля|фев|февр|februar|février|févr|fév|febrero", 2),
    ("march|mar|март|марта|мар|märz|mär|mrz|mars|marzo", 3),
    ("april|apr|апрель|апреля|апр|avril|avr|abril|abr", 4),
    ("may|май|мая|mai|mayo", 5),
    ("june|jun|июнь|июня|июн|juni|juin|junio", 6),
    ("july|jul|июль|июля|июл|juli|juillet|juil|julio", 7),
    ("august|aug|август|августа|авг|août|aout|agosto|ago", 8),
    ("september|sept|sep|сентябрь|сентября|сен|сент|septembre|septiembre", 9),
    ("october|oct|октябрь|октября|окт|oktober|okt|octobre|octubre", 10),
    ("november|nov|ноябрь|ноября|ноя|нояб|novembre|noviembre", 11),
    ("december|dec|декабрь|декабря|дек|dezember|dez|décembre|déc|diciembre|dic", 12),
)
MONTHS = {name: number for names, number in _MONTHS for name in names.split("|")}
_TIME = re.compile(r"[T ,]+\d{1,2}:\d{2}(:\d{2})?([.,]\d+)?\s*([AaPp][Mm])?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?$")
_THREE = re.compile(r"(\d{1,4})([./\-\s])\s?(\d{1,2})\2\s?(\d{1,4})")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_NAMED_DAY = re.compile(r"(\d{1,2})[.\s\-]*\s*([^\W\d_]+)\.?[\s\-,]*(\d{4}|\d{2})(?:\s*г\.?)?")
_NAMED_FIRST = re.compile(r"([^\W\d_]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_NAMED_MONTH = re.compile(r"([^\W\d_]+)\.?[\s\-,./]*(\d{4}|\d{2})(?:\s*г(?:\.|ода?)?)?")
_MONTH = re.compile(r"(\d{1,2})[./\-](\d{4})")
_YEAR_MONTH = re.compile(r"(\d{4})[./\-]?(\d{2})")
_RANGE = re.compile(r"(.+?\d)\s*(?:--|–|—|\s-\s|\.\.|\bto\b|\bbis\b|\bпо\b|\bau\b|\bal\b|-(?=\d{1,2}[./]))\s*(.+)")
_SERIAL = re.compile(r"[3-6]\d{4}(?:\.\d+)?")
_SERIAL_START = date(1899, 12, 30)


def parse_day(text: str, order: str) -> date | None:
    """Read a day written in this order of day, month and year; names of months and spreadsheet numbers as they are."""
    cut = _TIME.sub("", text.strip().rstrip("."))
    if found := _THREE.fullmatch(cut):
        parts = [found[1], found[3], found[4]]
        if len(parts[0]) > 2:
            return _day(parts[0], parts[1], parts[2])
        day, month = (parts[0], parts[1]) if order == "dmy" else (parts[1], parts[0])
        if order == "ymd":
            return _day(*parts) if len(parts[2]) <= 2 else None
        return _day(parts[2], month, day)
    if found := _COMPACT.fullmatch(cut):
        return _day(found[1], found[2], found[3])
    if found := _NAMED_DAY.fullmatch(cut.lower()):
        return _day(found[3], str(MONTHS.get(found[2], 0)), found[1])
    if found := _NAMED_FIRST.fullmatch(cut.lower()):
        return _day(found[3], str(MONTHS.get(found[1], 0)), found[2])
    if _SERIAL.fullmatch(cut):
        return _SERIAL_START + timedelta(days=int(cut.split(".")[0]))
    return None


def parse_use_period(text: str, order: str) -> tuple[date, date] | None:
    """Read a usage period, half-open: what our template has, a month in words or figures, a day, or from day to day."""
    cut = " ".join(text.split()).strip(" .")
    if found := parse_period(cut):
        return found
    if found_month := _month(cut):
        return month_of(found_month)
    if day := parse_day(cut, order):
        return _until(day, day)
    if found_range := _RANGE.fullmatch(cut):
        start, end = parse_day(found_range[1], order), parse_day(found_range[2], order)
        if start and end and end >= start:
            return _until(start, end)
    return None


def _until(start: date, last: date) -> tuple[date, date] | None:
    after = day_after(last)
    return (start, after) if after else None


def is_ambiguous(text: str) -> bool:
    """Tell whether a date reads differently by day-month and by month-day."""
    one, other = parse_day(text, "dmy"), parse_day(text, "mdy")
    return one is not None and other is not None and one != other


def orders_of(texts: Iterable[str]) -> set[str]:
    """Return the orders under which every one of these dates can be read."""
    left = set(ORDERS)
    for text in texts:
        left = {order for order in left if parse_use_period(text, order)}
    return left


def currency_of(text: str) -> str:
    """Return the one currency a sign or word stands for; empty when it may mean several."""
    plain = text.strip().upper()
    means = SIGNS.get(plain, frozenset())
    return next(iter(means)) if len(means) == 1 else ""


def _month(text: str) -> date | None:
    plain = text.lower()
    if found := _NAMED_MONTH.fullmatch(plain):
        return _day(found[2], str(MONTHS.get(found[1], 0)), "1")
    if found := _MONTH.fullmatch(plain):
        return _day(found[2], found[1], "1")
    if found := _YEAR_MONTH.fullmatch(plain):
        return _day(found[1], found[2], "1")
    return None


def _day(year: str, month: str, day: str) -> date | None:
    number = int(year)
    if len(year) == 3 or (len(year) < 3 and len(year) != 2):
        return None
    if len(year) == 2:
        number += 1900 if number >= 90 else 2000
    try:
        found = date(number, int(month), int(day))
    except ValueError:
        return None
    return found if 1990 <= found.year <= 2200 else None
