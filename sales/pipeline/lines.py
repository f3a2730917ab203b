"""Archived cells to sales lines of one shape, whatever the format: a view, so nothing is copied.

Every format gives the same columns as text (`texts`); the same checks then turn them into quantities (`lines`), each
line with the number of the first check it fails (`fault`, 0 when it is accepted). What a line is worth is not decided
here: price, revenue and units stand side by side until a tariff picks.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from sales.formats import dsr, flat, rules
from sales.formats.currencies import CURRENCIES
from sales.pipeline import dsr_lines, mapped
from sales.pipeline.engine import fill, literal, paths
from sales.pipeline.texts import BARE, BARE_OF_ANY, BARE_OF_PLAIN, cell, select_texts

NUMBER = "'[0-9]{1,12}'"
MONEY = "'-?[0-9]{1,10}([.][0-9]{1,8}0*)?'"
MONEY_TOO_FINE = "'-?[0-9]{1,10}[.][0-9]{8,}'"
NEGATIVE = "'-[0-9.]+'"
ISRC = "'[A-Z]{2}[A-Z0-9]{3}[0-9]{7}'"
ISRC_ALONE = "'^([A-Z]{2}[A-Z0-9]{3}[0-9]{7})$'"
ISRCS = f"""array_to_string(list_filter(string_split(upper(replace(replace(isrc_text, '-', ''), ' ', '')), '|'),
            lambda code: regexp_full_match(code, {ISRC})), '|')"""
"""All codes of a cell that are any, split as the standard does."""
SEVERAL_ISRCS = f"CASE WHEN NOT is_release AND contains(isrc_text, '|') THEN {ISRCS} END"
ONE_ISRC = f"""CASE WHEN is_release THEN NULL
    WHEN length(isrc_text) = 12 AND regexp_full_match(isrc_text, {ISRC}) THEN isrc_text
    ELSE coalesce(nullif(regexp_extract(
        upper(replace(replace(split_part(isrc_text, '|', 1), '-', ''), ' ', '')), {ISRC_ALONE}, 1), ''),
        nullif(split_part({SEVERAL_ISRCS}, '|', 1), '')) END"""


@dataclass(frozen=True, slots=True)
class Source:
    """The archive of one file of a report, as local files."""

    number: int
    parts: list[Path]
    head: dsr.Head | None
    template: flat.Template | None
    is_plain: bool = False
    """No cell is empty or has blanks around it, so none needs to be trimmed."""
    is_full: bool = False
    """No line is without a cell, so none needs to be left out."""
    bound: rules.Bound | None = None
    """The mapping template its cells become those of `template` by."""
    is_few: bool = False
    """So few lines were picked out that reading each is quicker than making tables to look its texts up in."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that can be wrong with a line: when, its code, the cell and what was found there."""

    when: str
    code: str
    cell: str
    found: str


@dataclass(frozen=True, slots=True)
class Context:
    """A summary as lines refer to it, numbered in the order of its key."""

    number: int
    summary: dsr.Summary
    start: date
    end: date


CHECKS: Sequence[Check] = (
    Check("bad = 'nul_byte'", "nul_byte", "", "''"),
    Check("bad = 'not_utf8'", "not_utf8", "", "''"),
    Check("bad = 'record_unknown'", "record_unknown", "RecordType", "reference"),
    Check("reference_fault = 'none'", "reference_empty", "TransactedResource", "''"),
    Check("reference_fault = 'unknown'", "reference_unknown", "TransactedResource", "reference"),
    Check("summary_fault", "summary_unknown", "SummaryRecordId", "summary_key"),
    Check("currency IS NULL", "cell_empty", "Currency", "''"),
    Check("NOT currency_known", "currency_unknown", "Currency", "currency"),
    Check("use_start IS NULL AND when_text IS NULL", "cell_empty", "SaleDate", "''"),
    Check("use_start IS NULL AND is_period", "date_wrong", "UsagePeriod", "when_text"),
    Check("use_start IS NULL", "date_wrong", "SaleDate", "when_text"),
    Check("units_text IS NULL", "cell_empty", "Usages", "''"),
    Check(f"usages IS NULL AND regexp_full_match(units_text, {NEGATIVE})", "negative", "Usages", "units_text"),
    Check("usages IS NULL", "not_a_number", "Usages", "units_text"),
    Check("returns IS NULL", "not_a_number", "Returns", "returns_text"),
    Check("price < 0", "negative", "PriceConsumerPaidExcSalesTax", "price_text"),
    Check(
        f"price_text IS NOT NULL AND price IS NULL AND regexp_full_match(price_text, {MONEY_TOO_FINE})",
        "too_many_decimals",
        "PriceConsumerPaidExcSalesTax",
        "price_text",
    ),
    Check("price_text IS NOT NULL AND price IS NULL", "not_a_number", "PriceConsumerPaidExcSalesTax", "price_text"),
    Check(
        f"revenue_text IS NOT NULL AND revenue IS NULL AND regexp_full_match(revenue_text, {MONEY_TOO_FINE})",
        "too_many_decimals",
        "NetRevenue",
        "revenue_text",
    ),
    Check("revenue_text IS NOT NULL AND revenue IS NULL", "not_a_number", "NetRevenue", "revenue_text"),
    Check("revenue < 0 AND usages > returns", "negative", "NetRevenue", "revenue_text"),
    Check("length(store_id) > 200", "too_long", "DspResourceId", "store_id"),
    Check("kind IS NULL OR key IS NULL", "no_identity", "Title", "''"),
)
"""In the order they are made: a line is rejected for the first that holds."""

FINE = """bad IS NULL AND (reference_fault IS NULL OR reference_fault NOT IN ('none', 'unknown')) AND NOT summary_fault
    AND currency_known AND use_start IS NOT NULL AND usages IS NOT NULL AND returns IS NOT NULL
    AND (price_text IS NULL OR price >= 0) AND (revenue_text IS NULL OR revenue >= 0)
    AND (store_id IS NULL OR length(store_id) <= 200) AND key IS NOT NULL"""
"""Holds only where no check does, and for nearly all lines: one condition instead of twenty. A test compares them."""

REMARKS: Sequence[Check] = (
    Check("isrc_text IS NOT NULL AND isrc IS NULL", "isrc_wrong", "ISRC", "isrc_text"),
    Check("territory_text IS NOT NULL AND territory IS NULL", "territory_unknown", "Territory", "territory_text"),
    Check("summary_assumed", "summary_assumed", "SummaryRecordId", "summary_key"),
    Check("reference_fault = 'undescribed'", "resource_not_described", "DspResourceId", "reference"),
    Check("reference_fault = 'again'", "counted_already", "SalesTransactionId", "''"),
    Check("units_in_parts IS NOT NULL", "usages_rounded", "Usages", "units_in_parts"),
)
"""What is said about a line that is accepted nevertheless."""

RELEASE_COLUMNS = frozenset({"DspReleaseId", "ICPN", "ReleaseTitle", "SaleOf"})
FLAT_TEXTS = {
    "isrc_text": "ISRC",
    "title": "Title",
    "subtitle": "SubTitle",
    "artist": "DisplayArtistName",
    "url": "Url",
    "territory_text": "Territory",
    "channel": "Channel",
    "units_text": "Usages",
    "returns_text": "Returns",
    "price_text": "PriceConsumerPaidExcSalesTax",
    "revenue_text": "NetRevenue",
}


def make_lines(
    engine: duckdb.DuckDBPyConnection,
    sources: Sequence[Source],
    contexts: Sequence[Context],
    *,
    territory: Callable[[str], str | None] = str.upper,
    only: str = "TRUE",
) -> None:
    """This will make the views `raw`, `things` (what each line is about) and `lines` (what it says about it), and the
    small tables `lines` looks things up in.

    `territory` gives the code of a territory as reported, None where there is no such territory. `only` is a condition
    on the archive's own columns (line_no, c1 ...) that narrows what is read.
    """
    first = sources[0]
    engine.execute(BARE.format(BARE_OF_PLAIN if all(source.is_plain for source in sources) else BARE_OF_ANY))
    _make_raw(engine, sources, only)
    _make_contexts(engine, contexts)
    if first.head:
        dsr_lines.make_texts(engine, first.head, contexts[0].number if len(contexts) == 1 else None)
        texts = [(None, False, context.summary.territory or None) for context in contexts]
        repeated: set[str] = set()
    else:
        assert first.template
        engine.execute("CREATE OR REPLACE VIEW every AS " + _flat_texts(first.template, "FROM raw r"))
        where = f"line_no > {first.template.line_no}"
        if not all(source.is_full for source in sources):
            everything = ", ".join(f"c{number + 1}" for number in range(first.template.width))
            where += f" AND (bad IS NOT NULL OR coalesce({everything}, more) IS NOT NULL)"
        engine.execute("CREATE OR REPLACE VIEW texts AS " + _flat_texts(first.template, f"FROM raw r WHERE {where}"))
        texts = engine.execute(DISTINCT_TEXTS).fetchall()
        repeated = set() if all(source.is_few for source in sources) else _make_values(engine)
    _make_lookups(engine, texts, territory)
    engine.execute(_things("store_id" if _all_have_own_number(engine, first) else KEY))
    engine.execute(_lines(repeated))


def fault_case(checks: Iterable[Check], fine: str = "FALSE") -> str:
    """Spell the number (from 1) of the first check that holds, else 0; 0 at once where `fine` holds."""
    cases = " ".join(f"WHEN {check.when} THEN {n}" for n, check in enumerate(checks, 1))
    return f"CASE WHEN {fine} THEN 0 {cases} ELSE 0 END"


def found_case(checks: Iterable[Check], number: str) -> str:
    """Spell what was found in the cell of the check with this number."""
    cases = " ".join(f"WHEN {n} THEN {check.found}" for n, check in enumerate(checks, 1))
    return f"left(CASE {number} {cases} END, 200)"


def _make_raw(engine: duckdb.DuckDBPyConnection, sources: Sequence[Source], only: str) -> None:
    selects = [
        f"SELECT {source.number} AS file_no, * FROM {_relation(engine, source, only)} WHERE {only}"
        for source in sources
        if source.parts
    ]
    kind = "TABLE" if all(source.is_few for source in sources) else "VIEW"
    engine.execute(f"CREATE OR REPLACE {kind} raw AS " + " UNION ALL BY NAME ".join(selects))


def _relation(engine: duckdb.DuckDBPyConnection, source: Source, only: str) -> str:
    if source.bound:
        spell = mapped.whole if only == "TRUE" else mapped.relation
        return spell(engine, source.parts, source.bound, source.number)
    return f"read_parquet({paths(source.parts)})"


def _make_contexts(engine: duckdb.DuckDBPyConnection, contexts: Sequence[Context]) -> None:
    engine.execute(
        "CREATE OR REPLACE TABLE contexts (number INTEGER, key VARCHAR, territory VARCHAR, currency VARCHAR,"
        " use_start DATE, use_end DATE)"
    )
    for context in contexts:
        summary = context.summary
        engine.execute(
            "INSERT INTO contexts VALUES (?, ?, ?, ?, ?, ?)",
            [
                context.number,
                summary.key,
                summary.territory or None,
                summary.currency or None,
                context.start,
                context.end,
            ],
        )
    engine.execute("CREATE OR REPLACE TABLE currencies AS SELECT unnest(?::VARCHAR[]) AS code", [sorted(CURRENCIES)])


def _make_lookups(
    engine: duckdb.DuckDBPyConnection,
    texts: Iterable[tuple[str | None, bool, str | None]],
    territory: Callable[[str], str | None],
) -> None:
    """This will read each distinct date, period and territory once, in Python; a day stands for its month.

    Equal periods and equal codes get equal numbers; 0 is for none.
    """
    whens, places = {}, {}
    for text, is_period, place in texts:
        if text is not None and (is_period, text) not in whens:
            day = None if is_period else flat.parse_day(text)
            whens[is_period, text] = flat.parse_period(text) if is_period else flat.month_of(day) if day else None
        if place is not None and place not in places:
            places[place] = territory(place)
    periods = {period: no for no, period in enumerate(sorted({period for period in whens.values() if period}), 1)}
    codes = {code: no for no, code in enumerate(sorted({"", *filter(None, places.values())}))}
    engine.execute(
        "CREATE OR REPLACE TABLE whens (text VARCHAR, is_period BOOLEAN, use_start DATE, use_end DATE, no INTEGER)"
    )
    known = [(text, is_period, period) for (is_period, text), period in whens.items() if period]
    fill(engine, "whens", [[text, is_period, *period, periods[period]] for text, is_period, period in known])
    engine.execute("CREATE OR REPLACE TABLE places (text VARCHAR, code VARCHAR, no INTEGER)")
    fill(engine, "places", [[text, code, codes[code]] for text, code in places.items() if code is not None])


def _make_values(engine: duckdb.DuckDBPyConnection) -> set[str]:
    """This will read each distinct text of the columns of `VALUES` once, where a column has few; return those columns.

    Ten million lines have a few hundred prices: looking one up is ten times faster than reading it again. Equal values
    get equal numbers (`no`), from 1; 0 is for what stands in for none.
    """
    counts = ", ".join(f"approx_count_distinct({column})" for column in VALUES)
    row = engine.execute(f"SELECT {counts} FROM every").fetchone()
    assert row
    repeated = {column for column, count in zip(VALUES, row, strict=True) if count <= DISTINCT_MAX}
    for column in sorted(repeated):
        beside = ""
        if column in NUMBERED:
            none = literal(NONE.get(column, ""))
            rank = "dense_rank() OVER (ORDER BY value)"
            beside = f", CASE WHEN coalesce(value, {none}) = {none} THEN 0 ELSE {rank} END AS no"
        elif column in MONEYS:
            beside = f", {whole('value')} AS whole"
        engine.execute(
            f"CREATE OR REPLACE TABLE values_{column} AS SELECT *{beside} FROM (SELECT {column} AS text,"
            f" {VALUES[column]} AS value FROM (SELECT DISTINCT {column} FROM every WHERE {column} IS NOT NULL))"
        )
    return repeated


def _all_have_own_number(engine: duckdb.DuckDBPyConnection, first: Source) -> bool:
    """Say whether every line of a table has the store's own number of a track: then nothing else need be looked at."""
    if first.template is None or RELEASE_COLUMNS & first.template.columns.keys():
        return False
    return engine.execute("SELECT count(*) = count(resource_id) FROM texts").fetchall() == [(True,)]


def whole(money: str) -> str:
    """Spell money of 8 places (at most 18 digits) as whole units of 1e-8."""
    return f"(({money})::DECIMAL(28, 8) * 100000000)::BIGINT"


def _lines(repeated: set[str]) -> str:
    """Spell the view `lines`, with the values of the `repeated` columns looked up and those of the others read.

    Beside what is looked up stands its number, for whoever sums lines by it (NULL where it is not looked up), and
    beside money its whole units of 1e-8.
    """
    read = {column: f"{column}_.value" if column in repeated else VALUES[column] for column in VALUES}
    numbers = {column: f"coalesce({column}_.no, 0)" if column in repeated else "NULL::BIGINT" for column in NUMBERED}
    wholes = {column: f"{column}_.whole" if column in repeated else whole(VALUES[column]) for column in MONEYS}
    joins = "".join(f" LEFT JOIN values_{name} {name}_ ON {name}_.text = {name}" for name in sorted(repeated))
    return f"""
CREATE OR REPLACE VIEW lines AS
SELECT t.*, {read["units_text"]} AS usages,
    CASE WHEN returns_text IS NULL THEN 0 ELSE {read["returns_text"]} END AS returns,
    {read["price_text"]} AS price, {wholes["price_text"]} AS price_whole,
    {read["revenue_text"]} AS revenue, {wholes["revenue_text"]} AS revenue_whole,
    coalesce({read["channel"]}, '{NONE["channel"]}') AS channel_code, {numbers["channel"]} AS channel_no,
    {read["currency"]} IS NOT NULL AS currency_known, {numbers["currency"]} AS currency_no,
    coalesce(t.context_start, w.use_start) AS use_start, coalesce(t.context_end, w.use_end) AS use_end,
    CASE WHEN t.context_start IS NULL THEN w.no ELSE 0 END AS use_no,
    CASE WHEN territory_text IS NULL THEN '' ELSE p.code END AS territory, coalesce(p.no, 0) AS place_no
FROM things t LEFT JOIN whens w ON w.text = t.when_text AND w.is_period = t.is_period{joins}
LEFT JOIN places p ON p.text = territory_text
"""


KEY = f"""coalesce(store_id, 'isrc:' || {ONE_ISRC}, CASE WHEN is_release THEN 'icpn:' || icpn END,
    CASE WHEN full_title IS NOT NULL THEN
        'name:' || md5(lower(full_title) || chr(31) || lower(coalesce(full_artist, ''))) END)"""
"""It spells its ISRC out by itself, so that it is only read where the store gives no number of its own."""


def _things(key: str) -> str:
    """Spell the view `things`: each line with its kind, names, codes and key."""
    return f"""
CREATE OR REPLACE VIEW things AS
SELECT *, {key} AS key
FROM (
    SELECT *, CASE WHEN is_release THEN 'release' ELSE 'track' END AS kind,
        CASE WHEN is_release THEN release_id ELSE resource_id END AS store_id,
        {ONE_ISRC} AS isrc, coalesce(nullif({SEVERAL_ISRCS}, ''), {ONE_ISRC}) AS isrcs,
        CASE WHEN is_release THEN release_title WHEN subtitle IS NULL THEN title
            ELSE coalesce(title, '') || ' (' || subtitle || ')' END AS full_title,
        CASE WHEN is_release THEN release_artist ELSE artist END AS full_artist
    FROM texts
)
"""


def _flat_texts(template: flat.Template, source: str) -> str:
    at = {name: cell(template.columns[name] + 1 if name in template.columns else None) for name in flat.COLUMNS}
    is_release = (
        f"coalesce(lower({at['SaleOf']}) = 'release', coalesce({at['DspResourceId']}, {at['ISRC']},"
        f" {at['Title']}) IS NULL AND coalesce({at['DspReleaseId']}, {at['ICPN']}, {at['ReleaseTitle']})"
        " IS NOT NULL)"
    )
    has_release = RELEASE_COLUMNS & template.columns.keys()
    columns = {column: at[name] for column, name in FLAT_TEXTS.items()} | {
        "currency": f"upper({at['Currency']})",
        "is_release": is_release if has_release else "FALSE",
        "resource_id": at["DspResourceId"],
        "release_id": at["DspReleaseId"],
        "release_title": at["ReleaseTitle"],
        "release_artist": f"coalesce({at['ReleaseDisplayArtistName']}, {at['DisplayArtistName']})",
        "icpn": at["ICPN"],
        "when_text": f"""coalesce({at["UsagePeriod"]}, CASE WHEN length({at["SaleDate"]}) > 10
            THEN regexp_replace({at["SaleDate"]}, '[T ].*$', '') ELSE {at["SaleDate"]} END)""",
        "is_period": f"{at['UsagePeriod']} IS NOT NULL",
    }
    return select_texts(columns, source)


DISTINCT_TEXTS = """
SELECT DISTINCT CASE WHEN length(when_text) <= 24 THEN when_text END, is_period, NULL FROM every
UNION ALL
SELECT DISTINCT NULL, FALSE, CASE WHEN length(territory_text) <= 20 THEN territory_text END FROM every
"""
"""Read from all lines, headings among them: columns alone are much quicker to read than lines."""

VALUES = {
    "units_text": f"CASE WHEN regexp_full_match(units_text, {NUMBER}) THEN units_text::BIGINT END",
    "returns_text": f"CASE WHEN regexp_full_match(returns_text, {NUMBER}) THEN returns_text::BIGINT END",
    "price_text": f"CASE WHEN regexp_full_match(price_text, {MONEY}) THEN price_text::DECIMAL(18, 8) END",
    "revenue_text": f"CASE WHEN regexp_full_match(revenue_text, {MONEY}) THEN revenue_text::DECIMAL(18, 8) END",
    "channel": "CASE WHEN regexp_full_match(lower(channel), '[a-z0-9_ .-]{1,30}') THEN lower(channel) END",
    "currency": "CASE WHEN currency IN (SELECT code FROM currencies) THEN currency END",
}
"""How a text is read; what cannot be read is NULL."""
MONEYS = ("price_text", "revenue_text")
NUMBERED = ("channel", "currency")
NONE = {"channel": "unknown"}
"""What stands for no value in a column."""
DISTINCT_MAX = 50_000
