"""The sales lines of a DSR, whatever its profile and block variant, as the columns all formats give.

Three kinds of records say what was sold: SU01 and SU02 refer to a resource or release of their block, SU03 names the
store's own number of one, SR.. carry everything in the line. A line that looks like a sale and is none of the profile's
is rejected like any other that cannot be taken: nothing is left out in silence.
"""

from collections.abc import Iterable, Mapping, Sequence

import duckdb

from sales.formats import dsr, records
from sales.pipeline.engine import literal
from sales.pipeline.texts import cell, select_texts

CODE = "'(S[UR]|AS|RE|LI)[0-9]{2}([.]?[0-9]{2})?'"
SALE = "'S[UR][0-9].*'"
"""What a record type looks like that says something about sales (SRFO and SRHE do not)."""
WHOLE = "'[0-9]{1,12}'"
IN_PARTS = "'[0-9]{1,12}[.][0-9]{1,9}'"
BELOW_ZERO = "'-[0-9]{1,12}([.][0-9]{1,9})?'"
SPELLINGS_MAX = 2_000
"""Ways to write record types that one report may use; lines beyond are rejected, not left out."""


def make_texts(engine: duckdb.DuckDBPyConnection, head: dsr.Head, only: int | None) -> None:
    """This will make the view `texts` of the lines in `raw`. `only` is the number of the only summary, if it is one."""
    codes = sales_codes(engine)
    sales = base_codes(codes, records.PROFILES[head.profile].sales)
    _make_references(engine, codes)
    has_licensors = _make_licensors(engine, codes)
    selects = []
    for base, spelled in sales.items():
        for code in spelled:
            at = records.layout(code, head.version)
            assert at
            if base == "SU03":
                selects.append(_own_select(at, code, only, has_licensors))
            elif base.startswith("SU"):
                selects.append(_block_select(at, code, only))
            elif base == "SR08":
                selects.append(_financial_select(at, code, only))
            else:
                selects.append(_wide_select(at, code, only))
    taken = [code for spelled in sales.values() for code in spelled]
    engine.execute("CREATE OR REPLACE VIEW texts AS " + " UNION ALL ".join([*selects, _stray_select(taken)]))


def sales_codes(engine: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the record types in `raw` that say something about sales, as they are spelled there."""
    rows = engine.execute(
        "SELECT c1 FROM (SELECT DISTINCT c1 FROM raw WHERE length(c1) <= 64)"
        f" WHERE regexp_full_match(upper(trim(c1)), {CODE}) ORDER BY 1 LIMIT {SPELLINGS_MAX}"
    ).fetchall()
    return [row[0] for row in rows]


def base_codes(codes: Iterable[str], bases: Sequence[str]) -> dict[str, list[str]]:
    """Group the record codes a file uses by those of `bases` they are versions of."""
    found: dict[str, list[str]] = {base: [] for base in bases}
    for code in codes:
        base = records.base_code(code)
        if base in found:
            found[base].append(code)
    return {base: sorted(spelled) for base, spelled in found.items() if spelled}


def _make_references(engine: duckdb.DuckDBPyConnection, codes: Sequence[str]) -> None:
    """This will make the tables of what the sales lines of a block can refer to; the first of equal references holds.

    `refs`: by the reference within the block. `by_release` is the cell that refers (TransactedRelease), `is_release`
    what it refers to: a sub-release of one resource is that resource. `own`: by the store's own number.
    `alone`: the resource of blocks that have one only.
    """
    engine.execute(
        "CREATE OR REPLACE TABLE found (file_no INTEGER, line_no BIGINT, block VARCHAR, reference VARCHAR,"
        " by_release BOOLEAN, store_id VARCHAR, isrc VARCHAR, icpn VARCHAR, title VARCHAR, subtitle VARCHAR,"
        " artist VARCHAR, uses VARCHAR)"
    )
    for base, spelled in base_codes(codes, (*records.RESOURCES, *records.RELEASES)).items():
        at: Mapping[str, int] = records.LAYOUTS[base]
        store_id = cell(at.get("DspResourceId") or at["DspReleaseId"])
        names = ("ISRC", "ICPN", "Title", "SubTitle", "DisplayArtistName", "UsedResources")
        cells = ", ".join(cell(at.get(name)) for name in names)
        engine.execute(
            f"INSERT INTO found SELECT file_no, line_no, bare(c2), bare(c{at['Reference']}),"
            f" {base in records.RELEASES}, {store_id}, {cells} FROM raw WHERE c1 IN ({_list(spelled)})"
        )
    engine.execute(REFERENCES)


def _make_licensors(engine: duckdb.DuckDBPyConnection, codes: Sequence[str]) -> bool:
    """This will make the table of summaries that LI01 records name for the SU03 before them; False when none does."""
    spelled = base_codes(codes, ("LI01",)).get("LI01")
    if not spelled:
        return False
    engine.execute(
        "CREATE OR REPLACE TABLE licensors AS SELECT file_no, line_no, bare(c2) AS block, bare(c3) AS key FROM raw"
        f" WHERE c1 IN ({_list(spelled)}) AND bare(c3) IS NOT NULL"
    )
    return True


def _context(key: str, only: int | None) -> dict[str, str]:
    """Spell the summary a line belongs to: by its key, else the only one the report has."""
    alone = only if only is not None else "NULL"
    return {
        "territory_text": "x.territory",
        "currency": "x.currency",
        "context": f"coalesce(s.number, {alone})",
        "summary_key": key,
        "summary_fault": f"coalesce(s.number, {alone}) IS NULL",
        "summary_assumed": f"s.number IS NULL AND {only is not None}",
        "context_start": "x.use_start",
        "context_end": "x.use_end",
    }


def _context_join(key: str, only: int | None) -> str:
    alone = only if only is not None else "NULL"
    return f"""LEFT JOIN contexts s ON s.key = {key}
    LEFT JOIN contexts x ON x.number = coalesce(s.number, {alone})"""


def _quantities(text: Mapping[str, str]) -> dict[str, str]:
    """Spell units and returns. Units may have decimals from Part 8 1.4 on.

    Where a record has no cell for returns, units below zero are returns: the standard counts "including any sales
    adjustments".
    """
    units, has_returns = text["Usages"], "Returns" in text
    returns = text.get("Returns", "NULL::VARCHAR")
    if not has_returns:
        below = f"regexp_full_match({units}, {BELOW_ZERO})"
        units, returns = (
            f"CASE WHEN {below} THEN '0' ELSE {units} END",
            f"CASE WHEN {below} THEN {_whole(f'substr({units}, 2)')} END",
        )
    return {"units_text": _whole(units), "returns_text": _whole(returns), "units_in_parts": _in_parts(text)}


def _whole(units: str) -> str:
    """Spell units with decimals as whole ones, half up; everything else stays as it was reported."""
    return (
        f"CASE WHEN regexp_full_match({units}, {IN_PARTS})"
        f" THEN round(try_cast({units} AS DECIMAL(21, 9)), 0)::BIGINT::VARCHAR ELSE {units} END"
    )


def _in_parts(text: Mapping[str, str]) -> str:
    """Spell the units of a line as reported, when counting them whole changed them."""
    units = text["Usages"]
    return (
        f"CASE WHEN regexp_full_match(ltrim({units}, '-'), {IN_PARTS})"
        f" AND try_cast({units} AS DECIMAL(21, 9)) <> round(try_cast({units} AS DECIMAL(21, 9)), 0) THEN {units} END"
    )


def _block_select(at: records.Layout, code: str, only: int | None) -> str:
    """Spell the sales lines of one record type of a multi-record block: what they sell stands before them."""
    key, text = f"bare(r.c{at['SummaryRecordId']})", _texts_of(at)
    resource, release = text["TransactedResource"], text["TransactedRelease"]
    reference = f"coalesce({resource}, {release})"
    columns = (
        _described("d")
        | _quantities(text)
        | _context(key, only)
        | {
            "price_text": text["PriceConsumerPaidExcSalesTax"],
            "is_release": "coalesce(d.is_release, FALSE)",
            "reference": reference,
            "reference_fault": f"CASE WHEN {reference} IS NULL THEN 'none' WHEN d.reference IS NULL THEN 'unknown' END",
            "is_bearing": _bearing(text),
        }
    )
    return select_texts(
        columns,
        f"""FROM raw r
    LEFT JOIN refs d ON d.file_no = r.file_no AND d.block = bare(r.c2) AND d.by_release = ({resource} IS NULL)
        AND d.reference = {reference}
    {_context_join(key, only)}
    WHERE r.c1 = {literal(code)}""",
    )


def _own_select(at: records.Layout, code: str, only: int | None, has_licensors: bool) -> str:
    """Spell the lines of SU03, which names what was sold by the store's own number of it.

    Where no resource of the block has that number, the only resource the block has is meant; in a block of several the
    line stands under the number alone and waits for its name. The summary may stand in the licensors' records (LI01)
    that follow the line; the first one counts, all of them share its territory and currency.
    """
    text = _texts_of(at)
    own = text["TransactedResource"]
    key = text["SummaryRecordId"]
    key = f"coalesce({key}, li.key)" if has_licensors else key
    names = ("store_id", "isrc", "icpn", "title", "subtitle", "artist")
    either = {name: f"CASE WHEN d.store_id IS NULL THEN a.{name} ELSE d.{name} END" for name in names}
    either["store_id"] = f"coalesce(d.store_id, a.store_id, {own})"
    columns = (
        _described_by(either)
        | _quantities(text)
        | _context(key, only)
        | {
            "revenue_text": text["NetRevenue"],
            "when_text": _only_day(text),
            "is_release": "coalesce(d.by_release, FALSE)",
            "reference": own,
            "reference_fault": f"CASE WHEN {either['store_id']} IS NULL THEN 'none'"
            " WHEN d.store_id IS NULL AND a.block IS NULL THEN 'undescribed' END",
            "is_bearing": _bearing(text),
        }
    )
    licensors = (
        "ASOF LEFT JOIN licensors li ON li.file_no = r.file_no AND li.block = r.block AND r.line_no <= li.line_no"
    )
    return select_texts(
        columns,
        f"""FROM (SELECT *, bare(c2) AS block FROM raw WHERE c1 = {literal(code)}) r
    LEFT JOIN own d ON d.file_no = r.file_no AND d.block = r.block AND d.store_id = {own}
    LEFT JOIN alone a ON a.file_no = r.file_no AND a.block = r.block
    {licensors if has_licensors else ""}
    {_context_join(key, only)}""",
    )


def _wide_select(at: records.Layout, code: str, only: int | None) -> str:
    """Spell the sales lines of a single-record block: everything stands in the line.

    The records of UGC repeat the usage of a resource for each of its rights controllers: it counts once.
    """
    key, text = f"bare(r.c{at['SummaryRecordId']})", _texts_of(at)
    price = text["PriceConsumerPaidExcSalesTax"]
    if "NumberOfTransactedResources" in at:  # the price of a release belongs to all lines of its sale together
        alone = f"coalesce({text['NumberOfTransactedResources']}, '1') = '1'"
        own = text["CalculatedPriceConsumerPaidForResourceExcSalesTax"]
        price = f"coalesce({own}, CASE WHEN {alone} THEN {price} END)"
    columns = (
        {
            "isrc_text": text["ISRC"],
            "title": text["Title"],
            "subtitle": text["SubTitle"],
            "artist": text["DisplayArtistName"],
            "price_text": price,
            "revenue_text": text["NetRevenue"],
            "resource_id": text["DspResourceId"],
            "when_text": _only_day(text),
            "is_bearing": _bearing(text),
        }
        | _quantities(text)
        | _context(key, only)
    )
    source = f"(SELECT * FROM raw WHERE c1 = {literal(code)}) r"
    if "RightsController" in at:
        source = _counted_once(at, code)
        again = "r.time_ > 1"
        columns |= {
            name: f"CASE WHEN {again} AND {columns[name]} IS NOT NULL THEN '0' ELSE {columns[name]} END"
            for name in ("units_text", "returns_text", "revenue_text")
        } | {"reference_fault": f"CASE WHEN {again} THEN 'again' END", "units_in_parts": "NULL::VARCHAR"}
    return select_texts(columns, f"FROM {source} {_context_join(key, only)}")


def _counted_once(at: records.Layout, code: str) -> str:
    """Spell the lines of a record type with the how-manieth (`time_`) each is about one use of one resource.

    They are about the same use when all but the rights controller is the same: transaction, summary, resource, usages,
    revenue and period. A line without transaction number and period stands for itself.
    """
    names = ("SalesTransactionId", "ValidityPeriodStart", "ValidityPeriodEnd")
    told = [cell(at[name]) for name in names if name in at]
    same = [
        cell(at[name]) for name in ("SummaryRecordId", "DspResourceId", "ISRC", "Usages", "NetRevenue") if name in at
    ]
    apart = f"CASE WHEN coalesce({', '.join(told)}) IS NULL THEN line_no END"
    use = ", ".join([*told, *same, apart, f"{cell(at['RightsController'])} IS NULL"])
    return f"""(SELECT *, row_number() OVER (PARTITION BY {use} ORDER BY file_no, line_no) AS time_
        FROM raw WHERE c1 = {literal(code)}) r"""


def _financial_select(at: records.Layout, code: str, only: int | None) -> str:
    """Spell the lines of SR08: one resource, or a whole release where every cell of a resource is empty."""
    key, text = f"bare(r.c{at['SummaryRecordId']})", _texts_of(at)
    resource = ", ".join(text[name] for name in ("ISRC", "DspResourceId", "Title"))
    columns = (
        {
            "isrc_text": text["ISRC"],
            "title": text["Title"],
            "subtitle": text["SubTitle"],
            "artist": text["DisplayArtistName"],
            "price_text": text["PriceConsumerPaidExcSalesTax"],
            "revenue_text": text["NetRevenue"],
            "is_release": f"coalesce({resource}) IS NULL",
            "resource_id": text["DspResourceId"],
            "release_id": text["DspReleaseId"],
            "release_title": text["ReleaseTitle"],
            "release_artist": text["ReleaseDisplayArtistName"],
            "icpn": text["ICPN"],
            "when_text": _day(text["SalesTransactionDate"]),
        }
        | _quantities(text)
        | _context(key, only)
    )
    return select_texts(columns, f"FROM raw r {_context_join(key, only)} WHERE r.c1 = {literal(code)}")


def _stray_select(taken: Sequence[str]) -> str:
    """Spell the lines that look like sales and are none this profile has, to be rejected."""
    others = f"AND r.c1 NOT IN ({_list(taken)})" if taken else ""
    return select_texts(
        {"bad": "coalesce(r.bad, 'record_unknown')", "reference": "trim(r.c1)"},
        f"FROM raw r WHERE regexp_full_match(upper(trim(r.c1)), {SALE}) {others}",
    )


def _described(source: str) -> dict[str, str]:
    names = ("store_id", "isrc", "icpn", "title", "subtitle", "artist")
    return _described_by({name: f"{source}.{name}" for name in names})


def _described_by(of: Mapping[str, str]) -> dict[str, str]:
    """Spell what the columns of an identity are, for a resource and for a release alike."""
    return {
        "isrc_text": of["isrc"],
        "title": of["title"],
        "subtitle": of["subtitle"],
        "artist": of["artist"],
        "resource_id": of["store_id"],
        "release_id": of["store_id"],
        "release_title": of["title"],
        "release_artist": of["artist"],
        "icpn": of["icpn"],
    }


def _texts_of(at: records.Layout) -> dict[str, str]:
    """Spell each cell of a record of `raw r` by its name; a quantity this record does not have is NULL."""
    optional = ("PriceConsumerPaidExcSalesTax", "NetRevenue", "IsRoyaltyBearing")
    return dict.fromkeys(optional, "NULL::VARCHAR") | {name: f"bare(r.c{number})" for name, number in at.items()}


def _bearing(text: Mapping[str, str]) -> str:
    return f"coalesce(lower({text['IsRoyaltyBearing']}) NOT IN ('false', '0', 'no'), TRUE)"


def _day(text: str) -> str:
    """Spell the day a cell begins with: where in the summary's period, which counts, the line lies."""
    return f"nullif(regexp_extract({text}, '^[0-9]{{4}}-?[0-9]{{2}}-?[0-9]{{2}}'), '')"


def _only_day(text: Mapping[str, str]) -> str:
    """Spell the day of a line whose validity period begins and ends on it."""
    if "ValidityPeriodStart" not in text:
        return "NULL::VARCHAR"
    start, end = text["ValidityPeriodStart"], text["ValidityPeriodEnd"]
    return f"CASE WHEN {start} = {end} THEN {_day(start)} END"


def _list(texts: Iterable[str]) -> str:
    return ", ".join(literal(text) for text in texts)


REFERENCES = """
CREATE OR REPLACE TABLE own AS SELECT * FROM found WHERE store_id IS NOT NULL QUALIFY row_number() OVER
    (PARTITION BY file_no, block, store_id ORDER BY by_release, line_no) = 1;
CREATE OR REPLACE TABLE alone AS SELECT * FROM own WHERE NOT by_release
    QUALIFY count(*) OVER (PARTITION BY file_no, block) = 1;
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
