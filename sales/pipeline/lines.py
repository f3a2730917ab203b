"""Archived cells to sales lines of one shape, whatever the format: a view, so nothing is copied.

Every format gives the same columns as text (`texts`); the same checks then turn them into quantities (`lines`), each
line with the number of the first check it fails (`fault`, 0 when it is accepted). What a line is worth is not decided
here: price, revenue and units stand side by side until a tariff picks.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from sales.formats import dsr, flat, records
from sales.formats.currencies import CURRENCIES
from sales.pipeline.engine import fill, literal, paths

NUMBER = "'[0-9]{1,12}'"
MONEY = "'-?[0-9]{1,10}([.][0-9]{1,8}0*)?'"
MONEY_TOO_FINE = "'-?[0-9]{1,10}[.][0-9]{8,}'"
NEGATIVE = "'-[0-9.]+'"
ISRC = "'[A-Z]{2}[A-Z0-9]{3}[0-9]{7}'"


@dataclass(frozen=True, slots=True)
class Source:
    """The archive of one file of a report, as local files."""

    number: int
    parts: list[Path]
    head: dsr.Head | None
    template: flat.Template | None


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
    Check("reference_fault = 'none'", "reference_empty", "TransactedResource", "''"),
    Check("reference_fault = 'unknown'", "reference_unknown", "TransactedResource", "reference"),
    Check("summary_fault", "summary_unknown", "SummaryRecordId", "summary_key"),
    Check("currency IS NULL", "cell_empty", "Currency", "''"),
    Check("NOT currency_known", "currency_unknown", "Currency", "currency"),
    Check("use_start IS NULL AND when_text IS NULL", "cell_empty", "SaleDate", "''"),
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

REMARKS: Sequence[Check] = (
    Check("isrc_text IS NOT NULL AND isrc IS NULL", "isrc_wrong", "ISRC", "isrc_text"),
    Check("territory_text IS NOT NULL AND territory IS NULL", "territory_unknown", "Territory", "territory_text"),
    Check("summary_assumed", "summary_assumed", "SummaryRecordId", "summary_key"),
)
"""What is said about a line that is accepted nevertheless."""

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
    """This will make the views `raw` and `lines`, and the small tables they look things up in.

    `territory` gives the code of a territory as reported, None where there is no such territory. `only` is a condition
    on the archive's own columns (line_no, c1 ...) that narrows what is read.
    """
    first = sources[0]
    _make_raw(engine, sources, only)
    _make_contexts(engine, contexts)
    if first.head:
        codes = [row[0] for row in engine.execute("SELECT DISTINCT c1 FROM raw WHERE c1 IS NOT NULL").fetchall()]
        _make_references(engine, first.head, codes)
        engine.execute("CREATE OR REPLACE VIEW texts AS " + _dsr_texts(first.head, codes, contexts))
        texts = [(None, False, context.summary.territory or None) for context in contexts]
    else:
        assert first.template
        engine.execute("CREATE OR REPLACE VIEW texts AS " + _flat_texts(first.template))
        texts = engine.execute(DISTINCT_TEXTS).fetchall()
    _make_lookups(engine, texts, territory)
    engine.execute(LINES)


def fault_case(checks: Iterable[Check]) -> str:
    """Spell the number (from 1) of the first check that holds, else 0."""
    return "CASE " + " ".join(f"WHEN {check.when} THEN {n}" for n, check in enumerate(checks, 1)) + " ELSE 0 END"


def found_case(checks: Iterable[Check], number: str) -> str:
    """Spell what was found in the cell of the check with this number."""
    cases = " ".join(f"WHEN {n} THEN {check.found}" for n, check in enumerate(checks, 1))
    return f"left(CASE {number} {cases} END, 200)"


def base_codes(codes: Iterable[str], bases: Sequence[str]) -> dict[str, list[str]]:
    """Group the record codes a file uses by those of `bases` they are versions of."""
    found: dict[str, list[str]] = {base: [] for base in bases}
    for code in codes:
        base = records.base_code(code)
        if base in found:
            found[base].append(code)
    return {base: sorted(spelled) for base, spelled in found.items() if spelled}


def _make_raw(engine: duckdb.DuckDBPyConnection, sources: Sequence[Source], only: str) -> None:
    selects = [
        f"SELECT {source.number} AS file_no, * FROM read_parquet({paths(source.parts)}) WHERE {only}"
        for source in sources
        if source.parts
    ]
    engine.execute("CREATE OR REPLACE VIEW raw AS " + " UNION ALL BY NAME ".join(selects))


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
    """This will read each distinct date, period and territory once, in Python; a day stands for its month."""
    whens, places = {}, {}
    for text, is_period, place in texts:
        if text is not None and (is_period, text) not in whens:
            day = None if is_period else flat.parse_day(text)
            whens[is_period, text] = flat.parse_period(text) if is_period else flat.month_of(day) if day else None
        if place is not None and place not in places:
            places[place] = territory(place)
    engine.execute("CREATE OR REPLACE TABLE whens (text VARCHAR, is_period BOOLEAN, use_start DATE, use_end DATE)")
    fill(engine, "whens", [[text, is_period, *period] for (is_period, text), period in whens.items() if period])
    engine.execute("CREATE OR REPLACE TABLE places (text VARCHAR, code VARCHAR)")
    fill(engine, "places", [[text, code] for text, code in places.items() if code is not None])


def _cell(number: int | None) -> str:
    return f"nullif(trim(c{number}), '')" if number else "NULL::VARCHAR"


def _flat_texts(template: flat.Template) -> str:
    cell = {name: _cell(template.columns[name] + 1 if name in template.columns else None) for name in flat.COLUMNS}
    texts = {column: cell[name] for column, name in FLAT_TEXTS.items()}
    is_release = (
        f"coalesce(lower({cell['SaleOf']}) = 'release', coalesce({cell['DspResourceId']}, {cell['ISRC']},"
        f" {cell['Title']}) IS NULL AND coalesce({cell['DspReleaseId']}, {cell['ICPN']}, {cell['ReleaseTitle']})"
        " IS NOT NULL)"
    )
    selected = ", ".join(f"{sql} AS {name}" for name, sql in texts.items())
    everything = ", ".join(f"c{number + 1}" for number in range(template.width))
    has_release = {"DspReleaseId", "ICPN", "ReleaseTitle", "SaleOf"} & template.columns.keys()
    releases = is_release if has_release else "FALSE"
    return f"""
    SELECT file_no, line_no, bad, {selected}, upper({cell["Currency"]}) AS currency,
        {releases} AS is_release, {cell["DspResourceId"]} AS resource_id, {cell["DspReleaseId"]} AS release_id,
        {cell["ReleaseTitle"]} AS release_title,
        coalesce({cell["ReleaseDisplayArtistName"]}, {cell["DisplayArtistName"]}) AS release_artist,
        {cell["ICPN"]} AS icpn,
        coalesce({cell["UsagePeriod"]}, CASE WHEN length({cell["SaleDate"]}) > 10
            THEN regexp_replace({cell["SaleDate"]}, '[T ].*$', '') ELSE {cell["SaleDate"]} END) AS when_text,
        {cell["UsagePeriod"]} IS NOT NULL AS is_period,
        NULL::INTEGER AS context, NULL::VARCHAR AS summary_key, FALSE AS summary_fault, FALSE AS summary_assumed,
        NULL::VARCHAR AS reference, NULL::VARCHAR AS reference_fault, TRUE AS is_bearing,
        NULL::DATE AS context_start, NULL::DATE AS context_end
    FROM raw WHERE line_no > {template.line_no} AND (bad IS NOT NULL OR coalesce({everything}) IS NOT NULL)"""


def _make_references(engine: duckdb.DuckDBPyConnection, head: dsr.Head, codes: Sequence[str]) -> None:
    """This will make the table of what the sales lines of a block can refer to; the first of equal references holds.

    `by_release` is the cell that refers (TransactedRelease), `is_release` what it refers to: a sub-release of one
    resource is that resource.
    """
    engine.execute(
        "CREATE OR REPLACE TABLE found (file_no INTEGER, line_no BIGINT, block VARCHAR, reference VARCHAR,"
        " by_release BOOLEAN, store_id VARCHAR, isrc VARCHAR, icpn VARCHAR, title VARCHAR, subtitle VARCHAR,"
        " artist VARCHAR, uses VARCHAR)"
    )
    bases = (*records.RESOURCES, *records.RELEASES) if head.profile == dsr.MULTI_BLOCK else ()
    for base, spelled in base_codes(codes, bases).items():
        at: Mapping[str, int] = records.LAYOUTS[base]
        store_id = _cell(at.get("DspResourceId") or at["DspReleaseId"])
        names = ("ISRC", "ICPN", "Title", "SubTitle", "DisplayArtistName", "UsedResources")
        cells = ", ".join(_cell(at.get(name)) for name in names)
        engine.execute(
            f"INSERT INTO found SELECT file_no, line_no, trim(c2), trim(c{at['Reference']}),"
            f" {base in records.RELEASES}, {store_id}, {cells} FROM raw WHERE c1 IN ({_list(spelled)})"
        )
    engine.execute(REFERENCES)


def _dsr_texts(head: dsr.Head, codes: Sequence[str], contexts: Sequence[Context]) -> str:
    only = contexts[0].number if len(contexts) == 1 else None
    selects = []
    for spelled in base_codes(codes, records.SALES).values():
        for code in spelled:
            layout = records.layout(code, head.version)
            assert layout
            make = _wide_select if code.strip().upper().startswith("SR") else _block_select
            selects.append(make(layout, code, only))
    return " UNION ALL ".join(selects) or _block_select(records.LAYOUTS["SU01"], "-", only)


def _context(key: str, only: int | None) -> str:
    """Spell the summary a line belongs to: by its key, else the only one the report has."""
    alone = only if only is not None else "NULL"
    return f"""coalesce(s.number, {alone}) AS context, {key} AS summary_key,
        coalesce(s.number, {alone}) IS NULL AS summary_fault,
        s.number IS NULL AND {only is not None} AS summary_assumed"""


def _context_join(key: str, only: int | None) -> str:
    alone = only if only is not None else "NULL"
    return f"""LEFT JOIN contexts s ON s.key = {key}
    LEFT JOIN contexts x ON x.number = coalesce(s.number, {alone})"""


def _block_select(at: records.Layout, code: str, only: int | None) -> str:
    """Spell the sales lines of one record type of a multi-record block: what they sell stands before them."""
    key, text = f"trim(r.c{at['SummaryRecordId']})", _texts_of(at)
    resource, release = text["TransactedResource"], text["TransactedRelease"]
    return f"""
    SELECT r.file_no, r.line_no, r.bad, d.isrc AS isrc_text, d.title, d.subtitle, d.artist, NULL::VARCHAR AS url,
        x.territory AS territory_text, NULL::VARCHAR AS channel, {text["Usages"]} AS units_text,
        {text["Returns"]} AS returns_text, {text["PriceConsumerPaidExcSalesTax"]} AS price_text,
        NULL::VARCHAR AS revenue_text, x.currency AS currency, coalesce(d.is_release, FALSE) AS is_release,
        d.store_id AS resource_id, d.store_id AS release_id, d.title AS release_title, d.artist AS release_artist,
        d.icpn AS icpn, NULL::VARCHAR AS when_text, FALSE AS is_period, {_context(key, only)},
        coalesce({resource}, {release}) AS reference,
        CASE WHEN coalesce({resource}, {release}) IS NULL THEN 'none' WHEN d.reference IS NULL THEN 'unknown' END
            AS reference_fault,
        {_bearing(text)} AS is_bearing, x.use_start AS context_start, x.use_end AS context_end
    FROM raw r
    LEFT JOIN refs d ON d.file_no = r.file_no AND d.block = trim(r.c2) AND d.by_release = ({resource} IS NULL)
        AND d.reference = coalesce({resource}, {release})
    {_context_join(key, only)}
    WHERE r.c1 = {literal(code)}"""


def _wide_select(at: records.Layout, code: str, only: int | None) -> str:
    """Spell the sales lines of a single-record block: everything stands in the line."""
    key, text = f"trim(r.c{at['SummaryRecordId']})", _texts_of(at)
    price = text["PriceConsumerPaidExcSalesTax"]
    if "NumberOfTransactedResources" in at:  # the price of a release belongs to all lines of its sale together
        alone = f"coalesce({text['NumberOfTransactedResources']}, '1') = '1'"
        own = text["CalculatedPriceConsumerPaidForResourceExcSalesTax"]
        price = f"coalesce({own}, CASE WHEN {alone} THEN {price} END)"
    return f"""
    SELECT r.file_no, r.line_no, r.bad, {text["ISRC"]} AS isrc_text, {text["Title"]} AS title,
        {text["SubTitle"]} AS subtitle, {text["DisplayArtistName"]} AS artist, NULL::VARCHAR AS url,
        x.territory AS territory_text, NULL::VARCHAR AS channel, {text["Usages"]} AS units_text,
        {text["Returns"]} AS returns_text, {price} AS price_text, NULL::VARCHAR AS revenue_text, x.currency AS currency,
        FALSE AS is_release, {text["DspResourceId"]} AS resource_id, NULL::VARCHAR AS release_id,
        NULL::VARCHAR AS release_title, NULL::VARCHAR AS release_artist, NULL::VARCHAR AS icpn,
        NULL::VARCHAR AS when_text, FALSE AS is_period, {_context(key, only)}, NULL::VARCHAR AS reference,
        NULL::VARCHAR AS reference_fault, {_bearing(text)} AS is_bearing, x.use_start AS context_start,
        x.use_end AS context_end
    FROM raw r {_context_join(key, only)}
    WHERE r.c1 = {literal(code)}"""


def _texts_of(at: records.Layout) -> dict[str, str]:
    """Spell each cell of a record of `raw r` by its name; a cell this version does not have is NULL."""
    optional = ("Returns", "PriceConsumerPaidExcSalesTax", "IsRoyaltyBearing")
    return dict.fromkeys(optional, "NULL::VARCHAR") | {
        name: f"nullif(trim(r.c{number}), '')" for name, number in at.items()
    }


def _bearing(text: Mapping[str, str]) -> str:
    return f"coalesce(lower({text['IsRoyaltyBearing']}) NOT IN ('false', '0', 'no'), TRUE)"


def _list(texts: Iterable[str]) -> str:
    return ", ".join(literal(text) for text in texts)


REFERENCES = """
CREATE OR REPLACE TABLE found AS SELECT * FROM found QUALIFY row_number() OVER
    (PARTITION BY file_no, block, by_release, reference ORDER BY line_no) = 1;
CREATE OR REPLACE TABLE refs AS
SELECT f.file_no, f.block, f.reference, f.by_release, f.by_release AND one.reference IS NULL AS is_release,
    CASE WHEN one.reference IS NULL THEN f.store_id ELSE one.store_id END AS store_id,
    CASE WHEN one.reference IS NULL THEN f.isrc ELSE one.isrc END AS isrc, f.icpn,
    CASE WHEN one.reference IS NULL THEN f.title ELSE one.title END AS title,
    CASE WHEN one.reference IS NULL THEN f.subtitle ELSE one.subtitle END AS subtitle,
    CASE WHEN one.reference IS NULL THEN f.artist ELSE one.artist END AS artist
FROM found f
LEFT JOIN found one ON f.by_release AND NOT one.by_release AND one.file_no = f.file_no AND one.block = f.block
    AND one.reference = f.uses
"""

DISTINCT_TEXTS = """
SELECT DISTINCT CASE WHEN length(when_text) <= 24 THEN when_text END, is_period,
    CASE WHEN length(territory_text) <= 20 THEN territory_text END
FROM texts
"""

LINES = f"""
CREATE OR REPLACE VIEW lines AS
WITH named AS (
    SELECT t.*, CASE WHEN is_release THEN 'release' ELSE 'track' END AS kind,
        CASE WHEN is_release THEN release_id ELSE resource_id END AS store_id,
        upper(replace(replace(split_part(isrc_text, '|', 1), '-', ''), ' ', '')) AS isrc_plain,
        CASE WHEN regexp_full_match(units_text, {NUMBER}) THEN units_text::BIGINT END AS usages,
        CASE WHEN returns_text IS NULL THEN 0 WHEN regexp_full_match(returns_text, {NUMBER})
            THEN returns_text::BIGINT END AS returns,
        CASE WHEN regexp_full_match(price_text, {MONEY}) THEN price_text::DECIMAL(18, 8) END AS price,
        CASE WHEN regexp_full_match(revenue_text, {MONEY}) THEN revenue_text::DECIMAL(18, 8) END AS revenue,
        currency IN (SELECT code FROM currencies) AS currency_known,
        coalesce(t.context_start, w.use_start) AS use_start, coalesce(t.context_end, w.use_end) AS use_end
    FROM texts t LEFT JOIN whens w ON w.text = t.when_text AND w.is_period = t.is_period
), keyed AS (
    SELECT *, CASE WHEN NOT is_release AND regexp_full_match(isrc_plain, {ISRC}) THEN isrc_plain END AS isrc,
        CASE WHEN is_release THEN release_title WHEN subtitle IS NULL THEN title
            ELSE coalesce(title, '') || ' (' || subtitle || ')' END AS full_title,
        CASE WHEN is_release THEN release_artist ELSE artist END AS full_artist,
        CASE WHEN territory_text IS NULL THEN '' ELSE p.code END AS territory
    FROM named LEFT JOIN places p ON p.text = territory_text
)
SELECT *, coalesce(store_id, 'isrc:' || isrc, CASE WHEN is_release THEN 'icpn:' || icpn END,
        CASE WHEN full_title IS NOT NULL THEN
            'name:' || md5(lower(full_title) || chr(31) || lower(coalesce(full_artist, ''))) END) AS key
FROM keyed
"""
