"""A proposal of how to read a table: by the names of its columns and by what stands in them.

A person sees and saves it. What the content leaves open (is 3/4/2006 in March or in April, is 1.500 one and a half) is
left open here too: `questions` names it, the proposal leaves it empty, and nothing is read before it is answered.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from sales.formats import headings, values
from sales.formats.currencies import CURRENCIES
from sales.formats.rules import NUMBERS, Rules, names_of
from sales.formats.table import Row, Table, column, header_place

SEEN = 100
_ISRC = re.compile(r"[A-Z]{2}-?[A-Z0-9]{3}-?\d{2}-?\d{5}")
_ICPN = re.compile(r"\d{12,14}")
_COUNT = re.compile(r"-?\d{1,9}([.,]0+)?")
_MONEY = re.compile(r"[-(]?\D{0,6}[-(]?\d[\d\s.,'’]*\D{0,6}")
_BODY = re.compile(r"\d[\d\s.,'’]*")
_CODE = re.compile(r"[A-Za-z]{2}")
_CHANNELS = frozenset({"visa", "mastercard", "xrost", "paypal", "sms", "webmoney", "allopass", "chronopay", "card"})


@dataclass(frozen=True, slots=True)
class Guess:
    """The proposal, the certainty (3 to 0) of each of our columns, what must be asked, and a period if one is seen."""

    rules: Rules
    certain: Mapping[str, int]
    questions: tuple[str, ...]
    period: str = ""


def guess(table: Table, name: str = "", place: tuple[int, bool] | None = None) -> Guess:
    """Propose rules for a table; `name` is the file's, where a period may stand; `place` says where the names are."""
    skip, has_header = place or header_place(table)
    head = next((cells for line_no, cells in table.rows if line_no == skip + 1), [])
    names = names_of(head if has_header else [""] * table.width, has_header=has_header)
    rows = [row for row in table.rows if row[0] > skip + has_header]
    certain, columns = _columns(names, rows)
    cut = table.cut
    rules = Rules(cut.encoding, cut.delimiter, cut.quote, cut.sheet, skip, has_header, columns)
    places = {name: place for place, name in enumerate(names)}
    money = [
        text
        for ours in NUMBERS
        if ours in columns
        for text in column(rows, places[columns[ours]])[:SEEN]
        if _MONEY.fullmatch(text)
    ]
    decimal, thousands, is_open = separators(money)
    questions = ["decimal"] if is_open else []
    when = columns.get("UsagePeriod") or columns.get("SaleDate")
    dates = _order(column(rows, places[when])[:SEEN]) if when else ""
    questions += ["dates"] if when and not dates else []
    decimal = "" if is_open else decimal
    rules = replace(rules, decimal=decimal, thousands=thousands, dates=dates, returns=_returns(columns, places, rows))
    rules = _currency(rules, names, money)
    return Guess(rules, certain, tuple(questions), _period(table, skip, name) if rules.needs_period() else "")


def separators(texts: Sequence[str]) -> tuple[str, str, bool]:
    """Tell the decimal sign and the separator of thousands from amounts; last, whether they leave it open."""
    bodies = [
        found[0].strip().replace("\u00a0", " ").replace("\u202f", " ") for t in texts if (found := _BODY.search(t))
    ]
    thousands = " " if any(re.search(r"\d\s\d{3}(\D|$)", body) for body in bodies) else ""
    thousands = "'" if any(re.search(r"\d['’]\d{3}(\D|$)", body) for body in bodies) else thousands
    said = {sign: sum(_says(body, sign) for body in bodies) for sign in ".,"}
    decimal = max(said, key=lambda sign: said[sign])
    other = "," if decimal == "." else "."
    if any(body.count(other) > 1 or (other in body and decimal in body) for body in bodies):
        thousands = other
    is_open = bool(said[other]) if said[decimal] else any("." in body or "," in body for body in bodies)
    return decimal, thousands, is_open


def _says(body: str, sign: str) -> bool:
    """Tell whether an amount can only be read with this decimal sign."""
    other = "," if sign == "." else "."
    if sign not in body or other in body:
        return other in body and (body.count(other) > 1 or body.rfind(sign) > body.rfind(other))
    whole, _, rest = body.partition(sign)
    return body.count(sign) == 1 and (len(rest) != 3 or whole in ("", "0") or not 1 <= len(whole) <= 3)


def looks_like_money(cells: Sequence[str]) -> bool:
    """Tell whether all cells are amounts or counts, however they are written."""
    return all(_MONEY.fullmatch(cell) for cell in cells)


def _columns(names: Sequence[str], rows: Sequence[Row]) -> tuple[dict[str, int], dict[str, str]]:
    certain: dict[str, int] = {}
    columns: dict[str, str] = {}
    cells = {name: column(rows, place)[:SEEN] for place, name in enumerate(names)}
    found = sorted(
        ((known, name) for name in names if (known := headings.field_of(name))), key=lambda pair: -pair[0][1]
    )
    for (ours, certainty), name in found:
        if ours not in columns and name not in columns.values() and _fits(ours, cells[name]):
            columns[ours], certain[ours] = name, certainty
    for ours, looks in _BY_CONTENT.items():
        if ours in columns or (ours in ("SaleDate", "UsagePeriod") and {"SaleDate", "UsagePeriod"} & columns.keys()):
            continue
        free = [name for name in names if name not in columns.values() and cells[name]]
        if name := next((name for name in free if _share(cells[name], looks) > 0.8), ""):
            columns[ours], certain[ours] = name, 0
    return certain, columns


def _fits(ours: str, cells: Sequence[str]) -> bool:
    """Tell whether what stands in a column does not belie its name."""
    looks = _BELIED_BY.get(ours)
    return not looks or not cells or _share(cells, looks) > 0.5


def _share(cells: Sequence[str], looks: Callable[[str], bool]) -> float:
    return sum(looks(cell) for cell in cells) / len(cells)


def _is_date(text: str) -> bool:
    return any(values.parse_day(text, order) for order in values.ORDERS)


def _is_when(text: str) -> bool:
    return any(values.parse_use_period(text, order) for order in values.ORDERS)


def _is_fraction(text: str) -> bool:
    return bool(_MONEY.fullmatch(text)) and bool(re.search(r"[.,]\d", text))


def _is_territory(text: str) -> bool:
    return bool(_CODE.fullmatch(text)) or (text.isdecimal() and len(text) < 5) or text.replace(" ", "").isalpha()


_BELIED_BY: Mapping[str, Callable[[str], bool]] = {
    "SaleDate": _is_date,
    "UsagePeriod": _is_when,
    "ISRC": lambda text: len(text) > 4,
    "Territory": _is_territory,
    "Usages": lambda text: bool(_MONEY.fullmatch(text)),
    "Returns": lambda text: bool(_MONEY.fullmatch(text)),
    "PriceConsumerPaidExcSalesTax": lambda text: bool(_MONEY.fullmatch(text)),
    "NetRevenue": lambda text: bool(_MONEY.fullmatch(text)),
}
_BY_CONTENT: Mapping[str, Callable[[str], bool]] = {
    "ISRC": lambda text: bool(_ISRC.fullmatch(text.upper().replace(" ", ""))),
    "ICPN": lambda text: bool(_ICPN.fullmatch(text)),
    "SaleDate": lambda text: _is_date(text) and not text.isdecimal(),
    "Currency": lambda text: text.upper() in CURRENCIES or bool(values.currency_of(text)),
    "Channel": lambda text: text.lower() in _CHANNELS,
    "Territory": lambda text: bool(_CODE.fullmatch(text)) and text.isupper(),
    "PriceConsumerPaidExcSalesTax": _is_fraction,
    "Usages": lambda text: bool(_COUNT.fullmatch(text)) and len(text) < 7,
}
"""In this order: what is told most surely by its content comes first."""


def _order(texts: Sequence[str]) -> str:
    """Return the order the dates leave possible; empty where day and month may change places."""
    readable = [text for text in texts if _is_when(text)]
    orders = values.orders_of(readable)
    if any(values.is_ambiguous(text) for text in readable) and {"dmy", "mdy"} <= orders:
        return ""
    return next((order for order in ("ymd", "dmy", "mdy") if order in orders), "")


def _returns(columns: Mapping[str, str], places: Mapping[str, int], rows: Sequence[Row]) -> str:
    def is_below(ours: str) -> bool:
        return ours in columns and any(text.startswith(("-", "−", "(")) for text in column(rows, places[columns[ours]]))

    if is_below("Returns"):
        return "negative_column"
    if "Returns" in columns:
        return "none"
    if is_below("Usages"):
        return "negative_units"
    return "negative_amounts" if is_below("NetRevenue") else "none"


def _currency(rules: Rules, names: Sequence[str], money: Sequence[str]) -> Rules:
    """Propose where the currency comes from: its column, a heading that names one, or the sign in the cells."""
    if "Currency" in rules.columns:
        return rules
    for heading in (rules.columns.get(ours, "") for ours in NUMBERS):
        words = re.split(r"[\s,;:()\[\]/]+", heading.upper())
        named = {word for word in words if word in CURRENCIES} | {values.currency_of(word) for word in words} - {""}
        if len(named) == 1:
            return replace(rules, constants={**rules.constants, "Currency": named.pop()})
    signs = {re.sub(r"[\d\s.,'’()+−-]", "", text.replace("Р.", "Р").replace("р.", "р")).upper() for text in money} - {
        ""
    }
    found = {sign if sign in CURRENCIES else values.currency_of(sign) for sign in signs}
    if len(signs) == 1 and "" not in found:
        return replace(rules, constants={**rules.constants, "Currency": found.pop()})
    return replace(rules, by_sign=True) if len(signs) > 1 else rules


def _period(table: Table, skip: int, name: str) -> str:
    """Look for a month above the column names or in the file's name: a proposal to confirm."""
    above = [cell for line_no, cells in table.rows if line_no <= skip for cell in cells if cell.strip()]
    for text in (*above, re.sub(r"[_]+", " ", name.rsplit(".", 1)[0])):
        for found in re.finditer(r"\d{4}[-./]?\d{2}(?!\d)|\d{2}[-./]\d{4}|[^\W\d_]{3,}\s+\d{4}", text):
            if period := values.parse_use_period(found[0], "ymd"):
                return f"{period[0]:%Y-%m}"
    return ""
