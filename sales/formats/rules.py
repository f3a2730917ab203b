"""What a mapping template says: how the text is cut, which column is what, how its numbers and dates are written.

A template knows columns by their names, so their order may change and others may come; `bind` finds them in one file
and gives what the pipeline reads it by. Nothing here is guessed: what `faults` names must be said by a person first.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from sales.formats import encodings, headings, values
from sales.formats.currencies import CURRENCIES
from sales.formats.flat import COLUMNS, DELIMITERS

FIELDS = tuple(COLUMNS)
NUMBERS = ("Usages", "Returns", "PriceConsumerPaidExcSalesTax", "NetRevenue")
IDENTITIES = ("DspResourceId", "ISRC", "Title", "DspReleaseId", "ICPN", "ReleaseTitle")
CONSTANTS = ("Currency", "Territory", "Channel", "SaleOf")
QUOTES = ('"', "")
OPERATIONS = ("times", "plus", "minus", "per", "hundredth")
"""left x right, left + right, left - right, left / right (exactly, else the line is refused), left / 100."""
RETURNS = ("none", "negative_units", "negative_amounts", "negative_column", "marked")
"""How returned units stand in the file: not at all or in a column of their own; as units below zero; as amounts below
zero beside units above; in a column of their own below zero; on lines a column marks with a word."""
HEADER_WITHIN = 50


@dataclass(frozen=True, slots=True)
class Computed:
    """One of our columns worked out of two of the file's, or of one."""

    field: str
    operation: str
    left: str
    right: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """A template's words. `columns` gives the file's column for each of ours; `skip` lines stand before the names."""

    encoding: str = "utf-8"
    delimiter: str = "\t"
    quote: str = '"'
    sheet: str = ""
    skip: int = 0
    has_header: bool = True
    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    computed: tuple[Computed, ...] = ()
    decimal: str = "."
    thousands: str = ""
    dates: str = ""
    by_sign: bool = False
    dollar: str = ""
    returns: str = "none"
    returns_column: str = ""
    returns_words: tuple[str, ...] = ()
    totals: tuple[str, ...] = values.TOTAL_WORDS

    def used(self) -> list[str]:
        """Return the file's columns this template needs, without repetition."""
        named = [*self.columns.values(), *(name for one in self.computed for name in (one.left, one.right))]
        return list(dict.fromkeys(name for name in (*named, self.returns_column) if name))

    def given(self) -> set[str]:
        """Return our columns that have a source: a column, a computation or one value for all lines."""
        return {*self.columns, *(one.field for one in self.computed), *self.constants}

    def needs_period(self) -> bool:
        """Tell whether each file must be told its period, because no column says when."""
        return not {"SaleDate", "UsagePeriod"} & self.columns.keys()


@dataclass(frozen=True, slots=True)
class Bound:
    """Rules bound to one file: where its columns stand (from 0), on which line their names."""

    rules: Rules
    names: tuple[str, ...]
    line_no: int
    period: str = ""
    template: str = ""
    """Public id of the remembered template, and the number of its version; empty while it is tried out."""
    version: int = 0
    extra: tuple[str, ...] = ()
    """Columns that the file has and the one the template was made for had not."""

    @property
    def places(self) -> dict[str, int]:
        """Return the place of each of the file's columns."""
        return {name: place for place, name in enumerate(self.names)}

    def cell_of(self, ours: str) -> str:
        """Return the file's name of the column one of our columns is taken from; ours where it has none."""
        if ours == "SaleDate" and ours not in self.rules.columns:
            ours = "UsagePeriod"
        if ours == "Currency" and self.rules.by_sign:
            ours = next((name for name in NUMBERS if name in self.rules.columns), ours)
        for one in self.rules.computed:
            if one.field == ours:
                return f"{one.left} / {one.right}" if one.right else one.left
        return self.rules.columns.get(ours, ours)


def names_of(cells: Sequence[str], *, has_header: bool = True) -> tuple[str, ...]:
    """Return the names of a table's columns, each once: a repeated one is numbered, one without is its number."""
    found: list[str] = []
    for number, cell in enumerate(cells, 1):
        name = " ".join(cell.split())[:60] if has_header else ""
        name = name or f"#{number}"
        found.append(name if name not in found else f"{name[:50]} #{number}")
    return tuple(found)


def fingerprint(names: Sequence[str]) -> str:
    """Return what two headers share that name the same columns, in any order and case."""
    return hashlib.sha256("\n".join(sorted({key_of(name) for name in names})).encode()).hexdigest()


def key_of(name: str) -> str:
    """Spell a column's name for comparison between months; a name of signs only stands as it is."""
    return headings.plain(name) or name.strip().lower()


def bind(rules: Rules, rows: Sequence[tuple[int, Sequence[str]]], *, exact: bool = False) -> Bound | None:
    """Find the columns of a template in the first rows of a file; None where the file lacks one that is needed.

    With `exact` the names stand after the lines to skip; else they are looked for in all rows.
    """
    if not rules.has_header:
        width = max((len(cells) for _, cells in rows), default=0)
        names = names_of([""] * width, has_header=False)
        return Bound(rules, names, rules.skip) if {*rules.used()} <= {*names} else None
    needed = {key_of(name): name for name in rules.used()}
    for line_no, cells in rows:
        if exact and line_no != rules.skip + 1:
            continue
        names = names_of(cells)
        there: dict[str, str] = {}
        for name in names:
            there.setdefault(key_of(name), name)
        if needed and needed.keys() <= there.keys():
            spelled = {name: there[key] for key, name in needed.items()}
            return Bound(_renamed(rules, spelled), names, line_no)
    return None


def faults(rules: Rules, names: Sequence[str] = (), *, period: str = "") -> list[tuple[str, str]]:
    """Return what still must be said before a file can be read, as (code, where)."""
    found = [("column_gone", name) for name in rules.used() if names and name not in names]
    given = rules.given()
    found += [("field_missing", name) for name in ("Usages",) if name not in given]
    if not {"Currency"} & given and not rules.by_sign:
        found.append(("field_missing", "Currency"))
    if not {*IDENTITIES} & given:
        found.append(("field_missing", "DspResourceId / ISRC / Title"))
    if not {"PriceConsumerPaidExcSalesTax", "NetRevenue"} & given:
        found.append(("field_missing", "PriceConsumerPaidExcSalesTax / NetRevenue"))
    twice = [*rules.columns, *(one.field for one in rules.computed), *rules.constants]
    found += [("field_twice", name) for name in dict.fromkeys(twice) if twice.count(name) > 1]
    if not rules.needs_period() and rules.dates not in values.ORDERS:
        found.append(("say_date_order", "SaleDate" if "SaleDate" in rules.columns else "UsagePeriod"))
    if rules.needs_period() and names and not values.parse_use_period(period, "ymd"):
        found.append(("say_period", "UsagePeriod"))
    return found + _faults_of_values(rules)


def _faults_of_values(rules: Rules) -> list[tuple[str, str]]:
    found = []
    if rules.decimal not in values.DECIMALS:
        found.append(("say_decimal", "decimal"))
    if rules.thousands not in values.THOUSANDS:
        found.append(("choice_unknown", "thousands"))
    if rules.thousands == rules.decimal:
        found.append(("separators_same", "thousands"))
    if rules.encoding not in encodings.CHOICES:
        found.append(("choice_unknown", "encoding"))
    if rules.delimiter not in ("", *DELIMITERS) or rules.quote not in QUOTES:
        found.append(("choice_unknown", "delimiter"))
    if rules.returns not in RETURNS:
        found.append(("choice_unknown", "returns"))
    if rules.returns == "marked" and not (rules.returns_column and rules.returns_words):
        found.append(("say_returns_column", "returns_column"))
    if rules.returns not in ("none", "negative_column") and "Returns" in rules.given():
        found.append(("field_twice", "Returns"))
    for name in (rules.constants.get("Currency", ""), rules.dollar):
        if name and name not in CURRENCIES:
            found.append(("currency_unknown", name))
    for one in rules.computed:
        if one.operation not in OPERATIONS or one.field not in NUMBERS:
            found.append(("choice_unknown", "computed"))
        elif not one.left or bool(one.right) is (one.operation == "hundredth"):
            found.append(("computed_incomplete", one.field))
    return found + [("choice_unknown", name) for name in rules.columns if name not in FIELDS]


def to_json(rules: Rules) -> dict[str, Any]:
    """Return what `from_json` makes the same rules of."""
    return {**asdict(rules), "columns": dict(rules.columns), "constants": dict(rules.constants)}


def from_json(found: Mapping[str, Any]) -> Rules:
    """Return rules from JSON; what is left out is as usual.

    Raises: ValueError naming what cannot be.
    """
    usual = Rules()
    unknown = found.keys() - set(Rules.__slots__)
    if unknown:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
    taken: dict[str, Any] = {}
    for name, value in found.items():
        like = getattr(usual, name)
        if name == "computed":
            taken[name] = tuple(Computed(**{k: str(v) for k, v in dict(one).items()}) for one in value)
        elif isinstance(like, tuple):
            taken[name] = tuple(str(one) for one in _a_list(name, value))
        elif isinstance(like, Mapping):
            taken[name] = {str(key): str(text) for key, text in dict(value).items()}
        elif isinstance(value, type(like)):
            taken[name] = value
        else:
            raise ValueError(f"{name}: {value!r}")
    if not 0 <= taken.get("skip", 0) < HEADER_WITHIN:
        raise ValueError(f"skip: {taken['skip']!r}")
    return replace(usual, **taken)


def bound_to_json(bound: Bound) -> dict[str, Any]:
    """Return what `bound_from_json` makes the same binding of."""
    kept = {name: getattr(bound, name) for name in ("line_no", "period", "template", "version")}
    return {"rules": to_json(bound.rules), "names": list(bound.names), "extra": list(bound.extra), **kept}


def bound_from_json(found: Mapping[str, Any]) -> Bound:
    """Return a binding from JSON."""
    tuples = {name: tuple(found[name]) for name in ("names", "extra")}
    return Bound(**{**found, **tuples, "rules": from_json(found["rules"])})


def _a_list(name: str, value: Any) -> Sequence[Any]:
    if not isinstance(value, list | tuple):
        raise ValueError(f"{name}: {value!r}")
    return value


def _renamed(rules: Rules, spelled: Mapping[str, str]) -> Rules:
    """Return the rules with the columns as this file spells them."""
    return replace(
        rules,
        columns={ours: spelled[name] for ours, name in rules.columns.items()},
        computed=tuple(
            replace(one, left=spelled.get(one.left, ""), right=spelled.get(one.right, "")) for one in rules.computed
        ),
        returns_column=spelled.get(rules.returns_column, ""),
    )
