"""A table read through a mapping template, as a relation with the cells of our own flat template.

The archive keeps the file's own cells; this spells the SQL that turns them into ours when they are read, so numbers,
dates, signs, computed columns and skipped total lines mean the same on the first rows of a preview and on ten million.
What a template cannot read is never turned into something else: such a cell begins with MARK and the letter of why, so
the checks all formats share refuse it, and `explained` says it in the file's own words.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import duckdb

from catalog import territories
from sales.formats import countries, flat, values
from sales.formats.rules import FIELDS, NUMBERS, Bound, Computed
from sales.pipeline.engine import fill, literal, paths

MARK = "\x01"
CODES = {
    "n": "number_style",
    "c": "currency_differs",
    "x": "not_exact",
    "i": "computed_incomplete",
    "t": "too_many_decimals",
    "s": "sign_differs",
    "d": "date_style",
}
"""What the letter after MARK says, as codes of faults."""

CANONICAL = {name: place for place, name in enumerate(FIELDS)}
PRICE, REVENUE = "PriceConsumerPaidExcSalesTax", "NetRevenue"
MONEY_NAMES = (PRICE, REVENUE)
_NAMES = ("DspResourceId", "ISRC", "Title", "SubTitle", "DisplayArtistName", "DspReleaseId", "ICPN", "ReleaseTitle")
_SPACES = "[ \\x{00A0}\\x{202F}\\x{2009}]"
_FINE = "'-?[0-9]{1,10}([.][0-9]{1,8}0*)?'"
_WHEN_MAX = 60
_PLACE_MAX = 60
TOTALS_MAX = 1000


def template_of(bound: Bound) -> flat.Template:
    """Return what the relation's cells are to the pipeline: our own template, without lines before the first."""
    given = {*bound.rules.given(), *(("UsagePeriod",) if bound.rules.needs_period() else ()), "Returns"}
    return flat.Template("\t", {name: CANONICAL[name] for name in FIELDS if name in given}, len(FIELDS), 0)


def relation(engine: duckdb.DuckDBPyConnection, parts: Sequence[Path], bound: Bound, number: int) -> str:
    """This will spell the relation of one file (its archive in `parts`), and make the tables of what its dates and
    numbers mean: each distinct text is read once."""
    speller = _Speller(bound, number)
    base = speller.base(parts)
    engine.execute(f"CREATE OR REPLACE TABLE {speller.whens} (text VARCHAR, plain VARCHAR)")
    if ours := speller.when:
        cut = speller.cut_when(ours)
        texts = engine.execute(f"SELECT DISTINCT {cut} FROM ({base}) WHERE {cut} IS NOT NULL").fetchall()
        fill(engine, speller.whens, [[text, plain] for (text,) in texts if (plain := _when(text, ours, bound))])
    for n in speller.numbers:
        engine.execute(speller.number_table(n, base))
    engine.execute(f"CREATE OR REPLACE TABLE {speller.places} (text VARCHAR, plain VARCHAR)")
    if "Territory" in bound.rules.columns:
        cell = speller.cell(bound.rules.columns["Territory"])
        texts = engine.execute(f"SELECT DISTINCT {cell} FROM ({base}) WHERE length({cell}) <= {_PLACE_MAX}").fetchall()
        fill(engine, speller.places, [[text, code] for (text,) in texts if (code := _country(text))])
    cells = speller.cells()
    selected = ", ".join(f"{cells.get(name, 'NULL::VARCHAR')} AS c{place + 1}" for name, place in CANONICAL.items())
    lines = f"({speller.read(base)}) WHERE NOT is_total"
    return f"(SELECT line_no, bad, {selected}, NULL::VARCHAR AS more FROM {lines})"


def whole(engine: duckdb.DuckDBPyConnection, parts: Sequence[Path], bound: Bound, number: int) -> str:
    """This will write the relation to the engine's scratch folder and spell that file: it is read many times."""
    row = engine.execute("SELECT current_setting('temp_directory')").fetchone()
    assert row is not None
    target = literal(str(Path(row[0]).parent / f"mapped-{number}.parquet"))
    lines = relation(engine, parts, bound, number)
    engine.execute(f"COPY (SELECT * FROM {lines}) TO {target} (FORMAT parquet, COMPRESSION lz4)")
    return f"read_parquet({target})"


def totals(engine: duckdb.DuckDBPyConnection, parts: Sequence[Path], bound: Bound) -> list[dict[str, str | int]]:
    """This will find the lines left out as totals: their numbers, and what they state in each column of ours."""
    speller = _Speller(bound, 0)
    base = f"SELECT * FROM ({speller.base(parts)}) WHERE {speller.is_total()}"
    for table in (speller.whens, speller.places):
        engine.execute(f"CREATE OR REPLACE TABLE {table} (text VARCHAR, plain VARCHAR)")
    for n in speller.numbers:
        engine.execute(speller.number_table(n, base))
    cells = speller.cells()
    stated = [name for name in ("Usages", REVENUE) if name in bound.rules.columns]
    columns = "".join(f", {cells[name]}" for name in stated)
    rows = engine.execute(
        f"SELECT line_no, first_cell{columns} FROM ({speller.read(base)}) ORDER BY line_no LIMIT {TOTALS_MAX}"
    ).fetchall()
    return [
        {"line": row[0], "found": row[1], **{n: text for n, text in zip(stated, row[2:], strict=True) if text}}
        for row in rows
    ]


def explained(bound: Bound, cell: str, code: str, found: str) -> tuple[str, str, str]:
    """Say a fault in the file's own words: its column, why it cannot be read, what stands there."""
    if found.startswith(MARK):
        return bound.cell_of(cell), CODES.get(found[1:2], code), found[2:]
    return bound.cell_of(cell), code, found


def _when(text: str, ours: str, bound: Bound) -> str:
    """Spell a date or period as our template has it; empty when it is none."""
    if ours == "SaleDate":
        day = values.parse_day(text, bound.rules.dates)
        return day.isoformat() if day else ""
    return spelled_period(text, bound.rules.dates)


def spelled_period(text: str, order: str = "ymd") -> str:
    """Spell a period as our template has it, from its first to its last day; empty when it is none."""
    period = values.parse_use_period(text, order)
    if not period:
        return ""
    start, end = period
    return f"{start}--{end.fromordinal(end.toordinal() - 1)}"


def _country(text: str) -> str:
    """Return the code of a country that is written out; empty for what may be a code itself or is none."""
    name = " ".join(text.lower().split()).replace("ё", "е")
    return countries.CODES.get(name) or _named().get(name, "")


@lru_cache(maxsize=1)
def _named() -> dict[str, str]:
    spoken = (territories.names(language).items() for language in ("en", "ru"))
    return {name.lower().replace("ё", "е"): code for names in spoken for code, name in names if len(code) == 2}


class _Speller:
    """Spells the SQL of one bound template. Cells of the file are f1, f2 ...; the number in one is v1, its sign s1."""

    def __init__(self, bound: Bound, number: int) -> None:
        self.bound, self.rules, self.number = bound, bound.rules, number
        self.whens, self.places = f"mapped_when_{number}", f"mapped_place_{number}"
        self.place = {name: place + 1 for name, place in bound.places.items()}
        self.when = next((ours for ours in ("UsagePeriod", "SaleDate") if ours in self.rules.columns), "")
        columns = [self.rules.columns[ours] for ours in NUMBERS if ours in self.rules.columns]
        columns += [name for one in self.rules.computed for name in (one.left, one.right) if name]
        self.numbers = sorted({self.place[name] for name in columns})

    def base(self, parts: Sequence[Path]) -> str:
        """Spell the file's own cells, of lines after the names that hold anything."""
        cells = [f"nullif(trim(c{n}, ' \u00a0\u202f\ufeff'), '') AS f{n}" for n in range(1, len(self.place) + 1)]
        first = ", ".join(f"f{n}" for n in range(1, len(self.place) + 1))
        return (
            f"SELECT *, coalesce({first}) AS first_cell FROM (SELECT line_no, bad, {', '.join(cells)}"
            f" FROM read_parquet({paths(list(parts))}) WHERE line_no > {self.bound.line_no})"
            f" WHERE bad IS NOT NULL OR coalesce({first}) IS NOT NULL"
        )

    def number_table(self, n: int, base: str) -> str:
        """Spell the table of what the distinct texts of a column mean as numbers, and of the signs beside them."""
        texts = f"SELECT DISTINCT f{n} AS text FROM ({base}) WHERE f{n} IS NOT NULL"
        parsed = f"SELECT text, regexp_extract(upper(text), {self._pattern()}, {_GROUPS}) AS p FROM ({texts})"
        sign = "coalesce(nullif(p.one, ''), nullif(p.two, ''))"
        return (
            f"CREATE OR REPLACE TABLE mapped_number_{self.number}_{n} AS"
            f" SELECT text, {self._value()} AS v, {sign} AS s FROM ({parsed})"
        )

    def read(self, base: str) -> str:
        """Spell the numbers, the date and the currency of each line beside its cells."""
        read = "".join(f", n{n}.v AS v{n}, n{n}.s AS s{n}" for n in self.numbers)
        cut = self.cut_when(self.when) if self.when else "NULL::VARCHAR"
        joins = "".join(f" LEFT JOIN mapped_number_{self.number}_{n} n{n} ON n{n}.text = b.f{n}" for n in self.numbers)
        place = self.cell(self.rules.columns["Territory"]) if "Territory" in self.rules.columns else "NULL::VARCHAR"
        joins = f"LEFT JOIN {self.whens} w ON w.text = {cut} LEFT JOIN {self.places} g ON g.text = {place}{joins}"
        return (
            f"SELECT *, {self._currency()} AS cur, {self.is_total()} AS is_total FROM"
            f" (SELECT b.*, w.plain AS when_plain, g.plain AS place_plain{read} FROM ({base}) b {joins})"
        )

    def cut_when(self, ours: str) -> str:
        """Spell the date of a line without its time of day; NULL when it is too long to be one."""
        cell = self.cell(self.rules.columns[ours])
        cut = f"regexp_replace({cell}, '[T ,]+[0-9]{{1,2}}:[0-9]{{2}}.*$', '')" if ours == "SaleDate" else cell
        return f"CASE WHEN length({cut}) <= {_WHEN_MAX} THEN {cut} END"

    def cells(self) -> dict[str, str]:
        """Spell the cells of our template, by column."""
        rules = self.rules
        found = {ours: literal(text) for ours, text in rules.constants.items()}
        found |= {ours: self.cell(name) for ours, name in rules.columns.items() if ours not in NUMBERS}
        found |= {ours: self._number(ours, name) for ours, name in rules.columns.items() if ours in NUMBERS}
        found |= {one.field: self._computed(one) for one in rules.computed}
        found["Currency"] = "cur"
        if "Territory" in rules.columns:
            found["Territory"] = f"coalesce(place_plain, {found['Territory']})"
        if self.when:
            cell = found[self.when]
            found[self.when] = f"CASE WHEN {cell} IS NOT NULL THEN coalesce(when_plain, {_mark('d', cell)}) END"
        else:
            found["UsagePeriod"] = literal(spelled_period(self.bound.period))
        for ours in ("Usages", "Returns"):
            if ours in found:
                found[ours] = f"regexp_replace({found[ours]}, '^(-?[0-9]+)[.]0+$', '\\1')"
        return found | self._returned(found)

    def cell(self, name: str) -> str:
        """Spell a cell of the file by the name of its column."""
        return f"f{self.place[name]}"

    def _pattern(self) -> str:
        """Spell how a number is written here, as six groups: minus, sign, minus, digits, sign, minus."""
        point = "[.]" if self.rules.decimal == "." else "[,]"
        between = {" ": _SPACES, "'": "['\u2019]", ".": "[.]", ",": "[,]"}.get(self.rules.thousands)
        whole = "[0-9]+" if not between else f"[0-9]{{1,3}}(?:{between}[0-9]{{3}})+|[0-9]+"
        signs = "|".join(re.escape(sign) for sign in sorted(values.SIGNS, key=len, reverse=True))
        sign, minus, blank = f"({signs}|[A-Z]{{3}})?", "([-\u2212\u2013]?)", f"{_SPACES}*"
        body = f"((?:{whole})(?:{point}[0-9]+)?|{point}[0-9]+)"
        ends = "([)\u2212\u2013-]?)"
        pattern = f"^([(\u2212\u2013-]?){blank}{sign}{blank}{minus}{blank}{body}{blank}{sign}{blank}{ends}$"
        return literal(pattern)

    def _value(self) -> str:
        """Spell a cell (its parts in `p`) as a plain number; NULL when it is none as this template writes them."""
        digits = "p.body"
        if self.rules.thousands:
            between = {" ": _SPACES, "'": "['\u2019]"}.get(self.rules.thousands, f"[{self.rules.thousands}]")
            digits = f"regexp_replace({digits}, {literal(between)}, '', 'g')"
        if self.rules.decimal == ",":
            digits = f"replace({digits}, ',', '.')"
        minus = "(p.a || p.b || p.z)"
        return (
            f"CASE WHEN p.body <> '' AND {minus} IN ('', '-', '\u2212', '\u2013', '()')"
            f" THEN CASE WHEN {minus} <> '' THEN '-' ELSE '' END ||"
            f" CASE WHEN starts_with({digits}, '.') THEN '0' ELSE '' END || {digits} END"
        )

    def _currency(self) -> str:
        """Spell the currency of a line: the one for all, its column, or the sign that stands with its amount."""
        rules = self.rules
        if "Currency" in rules.constants:
            return literal(rules.constants["Currency"])
        if "Currency" in rules.columns:
            cell = f"upper({self.cell(rules.columns['Currency'])})"
        else:
            money = [self.place[rules.columns[ours]] for ours in MONEY_NAMES if ours in rules.columns]
            money += [n for n in self.numbers if n not in money]
            cell = f"coalesce({', '.join(f's{n}' for n in money)}, NULL)" if money else "NULL::VARCHAR"
        means = {sign: values.currency_of(sign) for sign in values.SIGNS} | {"$": rules.dollar}
        cases = " ".join(f"WHEN {literal(sign)} THEN {literal(code)}" for sign, code in means.items() if code)
        return f"CASE {cell} {cases} ELSE {cell} END"

    def _number(self, ours: str, name: str) -> str:
        n, cell = self.place[name], self.cell(name)
        letter = "c" if ours in MONEY_NAMES else "n"
        return (
            f"CASE WHEN {cell} IS NULL THEN NULL WHEN v{n} IS NULL THEN {_mark('n', cell)}"
            f" WHEN {_is_stranger(ours, n)} THEN {_mark(letter, cell)} ELSE v{n} END"
        )

    def _computed(self, one: Computed) -> str:
        """Spell a computed column. All four operations are exact; a quotient that does not come out is refused."""
        a = self.place[one.left]
        if one.operation == "hundredth":
            return (
                f"CASE WHEN f{a} IS NULL THEN NULL WHEN v{a} IS NULL THEN {_mark('n', f'f{a}')}"
                f" WHEN {_is_stranger(one.field, a)} THEN {_mark('c', f'f{a}')}"
                f" WHEN NOT regexp_full_match(v{a}, {_FINE}) THEN {_mark('t', f'f{a}')}"
                f" ELSE (v{a}::DECIMAL(19, 8) * 0.01::DECIMAL(3, 2))::VARCHAR END"
            )
        b = self.place[one.right]
        left, right, shown = f"v{a}::DECIMAL(19, 8)", f"v{b}::DECIMAL(19, 8)", f"f{a} || ' / ' || f{b}"
        result = {
            "plus": f"({left} + {right})::VARCHAR",
            "minus": f"({left} - {right})::VARCHAR",
            "times": f"({left} * {right})::VARCHAR",
            "per": _quotient(left, right, _mark("x", shown)),
        }[one.operation]
        return (
            f"CASE WHEN f{a} IS NULL AND f{b} IS NULL THEN NULL"
            f" WHEN f{a} IS NULL OR f{b} IS NULL THEN {_mark('i', f'coalesce(f{a}, f{b})')}"
            f" WHEN v{a} IS NULL OR v{b} IS NULL THEN {_mark('n', shown)}"
            f" WHEN {_is_stranger(one.field, a)} OR {_is_stranger(one.field, b)} THEN {_mark('c', shown)}"
            f" WHEN NOT regexp_full_match(v{a}, {_FINE}) OR NOT regexp_full_match(v{b}, {_FINE})"
            f" THEN {_mark('t', shown)} ELSE {result} END"
        )

    def _returned(self, found: dict[str, str]) -> dict[str, str]:
        """Spell units, returned units and amounts of lines that give units back, by the file's own convention."""
        rules, units = self.rules, found.get("Usages", "NULL::VARCHAR")
        amount = found.get(REVENUE, "NULL::VARCHAR")
        if rules.returns == "none":
            return {}
        if rules.returns == "negative_column":
            return {"Returns": f"regexp_replace({found['Returns']}, '^-', '')"} if "Returns" in found else {}
        if rules.returns == "negative_units":
            is_return = f"coalesce({units} LIKE '-%', FALSE)"
        elif rules.returns == "negative_amounts":
            is_return = f"coalesce({amount} LIKE '-%', FALSE)"
        else:
            words = "|".join(re.escape(word.lower()) for word in rules.returns_words)
            marker = f"lower({self.cell(rules.returns_column)})"
            is_return = f"coalesce(regexp_matches({marker}, {literal(f'^({words})')}), FALSE)"
        back = {
            "Usages": f"CASE WHEN {is_return} THEN '0' ELSE {units} END",
            "Returns": f"CASE WHEN {is_return} THEN regexp_replace({units}, '^-', '') END",
        }
        if REVENUE in found:
            is_above = f"{is_return} AND regexp_full_match({amount}, {_ABOVE_ZERO})"
            turned = f"'-' || {amount}" if rules.returns == "marked" else _mark("s", amount)
            back[REVENUE] = f"CASE WHEN {is_above} THEN {turned} ELSE {amount} END"
        if PRICE in found and rules.returns != "negative_units":
            back[PRICE] = f"CASE WHEN {is_return} THEN regexp_replace({found[PRICE]}, '^-', '') ELSE {found[PRICE]} END"
        return back

    def is_total(self) -> str:
        """Spell when a line is a total: its first filled cell says so, and nothing else names what was sold."""
        if not self.rules.totals:
            return "FALSE"
        naming = [self.cell(self.rules.columns[ours]) for ours in _NAMES if ours in self.rules.columns]
        words = "|".join(re.escape(word.lower()) for word in sorted(self.rules.totals, key=len, reverse=True) if word)
        filled = " + ".join(f"({cell} IS NOT NULL)::INTEGER" for cell in naming) or "0"
        whole = f"regexp_full_match(lower(first_cell), {literal(f'({words})[ :.=-]*')})"
        begins = f"regexp_matches(lower(first_cell), {literal('^(' + words + ')' + _WORD_ENDS)})"
        says = f"({whole} OR {begins})" if len(naming) > 1 else whole
        return f"CASE WHEN {filled} <= 1 THEN coalesce({says}, FALSE) ELSE FALSE END"


def _mark(letter: str, cell: str) -> str:
    return f"chr(1) || '{letter}' || {cell}"


def _is_stranger(ours: str, n: int) -> str:
    """Spell whether a sign beside a number is not of the line's currency; beside a count every sign is a stranger.

    The signs of the rouble also stood for that of before 1998 (RUR).
    """
    if ours not in MONEY_NAMES:
        return f"s{n} IS NOT NULL"
    codes = {sign: means | _OLDER.get(min(means), frozenset()) for sign, means in values.SIGNS.items()}
    cases = " ".join(
        f"WHEN {literal(sign)} THEN cur IN ({', '.join(map(literal, sorted(means)))})" for sign, means in codes.items()
    )
    return f"s{n} IS NOT NULL AND NOT coalesce(CASE s{n} {cases} ELSE s{n} = cur END, FALSE)"


def _quotient(left: str, right: str, refused: str) -> str:
    """Spell left / right at eight decimals, refused unless it comes out exactly."""
    whole = f"(({left})::DECIMAL(28, 8) * 100000000::DECIMAL(9, 0))::HUGEINT"
    parts = f"(({right})::DECIMAL(28, 8) * 100000000::DECIMAL(9, 0))::HUGEINT"
    scaled = f"({whole} * 100000000::HUGEINT)"
    return (
        f"CASE WHEN {parts} = 0 OR {scaled} % {parts} <> 0 THEN {refused}"
        f" ELSE (({scaled} // {parts})::DECIMAL(28, 0) * 0.00000001::DECIMAL(8, 8))::VARCHAR END"
    )


_ABOVE_ZERO = "'[0-9]*[1-9][0-9]*([.][0-9]+)?|[0-9]*[.][0-9]*[1-9][0-9]*'"
_OLDER: dict[str, frozenset[str]] = {"RUB": frozenset({"RUR"})}
_WORD_ENDS = r"([^\p{L}\p{N}]|$)"
_GROUPS = "['a', 'one', 'b', 'body', 'two', 'z']"
