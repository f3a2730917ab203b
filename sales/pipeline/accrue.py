"""Sums x tariff -> Sales: which base counts, what is owed, and to which right, divided exactly.

The tariff names its base and what to take where a report lacks that quantity; a line without any of them stays as a
Sale without base, counted. Royalties of one tariff, currency and sign are computed once for the whole report and then
allocated, so they sum to rate x base whatever the order of the lines, the size of chunks or the number of threads.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb

from sales.pipeline.engine import fill, literal
from sales.pipeline.shares import allocate_table, amount, integer, split_columns, units

MILLION = 1_000_000
RIGHTS = ("performance", "phonogram", "work")
CONSUMER = "consumer_price_ex_tax"
DEDUCTED = ("net_after_processor_fees", "profit")
"""Bases that are the net revenue less the deductions the tariff lists."""
SALE_KEY = (
    "kind",
    "key",
    "territory",
    "use_start",
    "use_end",
    "channel",
    "currency",
    "tariff_id",
    "base_name",
)
"""What tells Sales of one report apart, in the order of ties; texts and dates only, so it is the same in every run."""


@dataclass(frozen=True, slots=True)
class Terms:
    """A tariff as numbers: rate, deductions and split in millionths."""

    tariff_id: int
    rate: int
    bases: tuple[str, ...]
    kept: int
    """What the listed deductions leave of the net revenue."""
    split: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Use:
    """The tariff that holds for a use period; outside: no licence ran in it."""

    start: date
    end: date
    tariff_id: int
    is_outside: bool


@dataclass(frozen=True, slots=True)
class Cut:
    """A stretch of a use period within which the terms change: what its lines do not date is divided by days."""

    start: date
    end: date
    since: date
    until: date


def millionths(number: Decimal) -> int:
    """Return an exact decimal of six places as an integer."""
    scaled = number * MILLION
    assert scaled == int(scaled), number
    return int(scaled)


def accrue(
    engine: duckdb.DuckDBPyConnection,
    *,
    facts: Path,
    keys: str,
    tracklists: str,
    terms: Sequence[Terms],
    uses: Sequence[Use],
    inside: Mapping[tuple[int, str], bool],
    revenues: Mapping[int, Decimal],
    cuts: Sequence[Cut] = (),
    dated: Collection[tuple[date, date]] = (),
) -> None:
    """This will make the tables `sales` (one row per Sale to be) and `totals` (per currency).

    `keys` is a relation (kind, key, store_key_id, track_id, release_id), `tracklists` one (tariff_id, release_id,
    track_id, weight); `inside` says for tariff and territory whether the licence reaches it; `revenues` gives the net
    revenue of each summary by its number. `cuts` divides what lies in a period by days; `dated` are periods that the
    dates of the lines cut already.
    """
    _lookups(engine, terms, uses, inside, revenues, dated)
    engine.execute(SUMMED.format(facts=literal(str(facts)), consumer=units("consumer"), revenue=units("revenue")))
    _cut_by_days(engine, cuts)
    engine.execute(JOINED.format(keys=keys))
    _share_out_summaries(engine, has_any=bool(revenues))
    engine.execute(_pick_base(terms))
    engine.execute(GROUPED)
    if any(set(term.bases) & set(DEDUCTED) for term in terms):
        _deduct(engine)
    _royalties(engine, max(term.rate for term in terms))
    engine.execute(TOTALS.format(base=amount("sum(base)"), royalty=amount("sum(royalty)")))
    _split(engine, max(sum(term.split.values()) for term in terms))
    _spread_releases(engine, tracklists)


def _lookups(
    engine: duckdb.DuckDBPyConnection,
    terms: Sequence[Terms],
    uses: Sequence[Use],
    inside: Mapping[tuple[int, str], bool],
    revenues: Mapping[int, Decimal],
    dated: Collection[tuple[date, date]],
) -> None:
    engine.execute(
        "CREATE OR REPLACE TABLE terms (tariff_id BIGINT, rate HUGEINT, kept HUGEINT, performance HUGEINT,"
        " phonogram HUGEINT, work HUGEINT);"
        "CREATE OR REPLACE TABLE uses (use_start DATE, use_end DATE, tariff_id BIGINT, is_late BOOLEAN,"
        " is_dated BOOLEAN);"
        "CREATE OR REPLACE TABLE inside (tariff_id BIGINT, territory VARCHAR, is_inside BOOLEAN);"
        "CREATE OR REPLACE TABLE revenues (context INTEGER, net HUGEINT)"
    )
    fill(engine, "terms", [[t.tariff_id, t.rate, t.kept, *(t.split.get(name, 0) for name in RIGHTS)] for t in terms])
    fill(
        engine,
        "uses",
        [[use.start, use.end, use.tariff_id, use.is_outside, (use.start, use.end) in dated] for use in uses],
    )
    fill(engine, "inside", [[tariff, territory, is_in] for (tariff, territory), is_in in inside.items()])
    fill(engine, "revenues", [[number, int(net.scaleb(8))] for number, net in revenues.items()])


SUMMED = """
CREATE OR REPLACE VIEW summed AS
SELECT file_row_number AS no, kind, key, territory, use_start, use_end, channel, currency, context, is_bearing,
    has_price, has_revenue, lines, units, weight::HUGEINT AS weight, {consumer} AS consumer, {revenue} AS revenue,
    FALSE AS is_estimate
FROM read_parquet({facts}, file_row_number = true)
"""

JOINED = """
CREATE OR REPLACE VIEW joined AS
SELECT f.no, f.kind, f.key, k.store_key_id, k.track_id, k.release_id, f.territory, f.use_start, f.use_end, f.channel,
    f.currency, f.context, u.tariff_id, u.is_late, u.is_dated, f.is_bearing, f.has_price, f.has_revenue, f.lines,
    f.units, f.weight, f.consumer, f.revenue, f.is_estimate
FROM summed f
JOIN ({keys}) k ON k.kind = f.kind AND k.key = f.key
JOIN uses u ON u.use_start = f.use_start AND u.use_end = f.use_end
"""


def _cut_by_days(engine: duckdb.DuckDBPyConnection, cuts: Sequence[Cut]) -> None:
    """This will divide what lies in a period within which the terms change over its stretches, by their days."""
    if not cuts:
        return
    engine.execute("CREATE OR REPLACE TABLE cuts (use_start DATE, use_end DATE, since DATE, until DATE, days HUGEINT)")
    fill(engine, "cuts", [[cut.start, cut.end, cut.since, cut.until, (cut.until - cut.since).days] for cut in cuts])
    engine.execute("""
        CREATE OR REPLACE TABLE cutting AS
        SELECT s.* EXCLUDE (no, use_start, use_end) REPLACE (s.lines::HUGEINT AS lines, s.units::HUGEINT AS units),
            s.no AS whole, -row_number() OVER () AS no, c.since, c.until, c.days
        FROM summed s JOIN cuts c USING (use_start, use_end)
    """)
    for column in ("lines", "units", "weight", "consumer", "revenue"):
        allocate_table(
            engine, "cutting", "cutting", group=["whole"], total=column, weight="days", key=["since"], into=f"{column}_"
        )
    engine.execute("""
        ALTER VIEW summed RENAME TO summed_whole;
        CREATE VIEW summed AS
        SELECT * FROM summed_whole ANTI JOIN cuts USING (use_start, use_end)
        UNION ALL BY NAME
        SELECT * EXCLUDE (whole, days, since, until, lines, units, weight, consumer, revenue, lines_, units_, weight_,
                consumer_, revenue_) REPLACE (TRUE AS is_estimate),
            since AS use_start, until AS use_end, lines_::BIGINT AS lines, units_::BIGINT AS units, weight_ AS weight,
            consumer_ AS consumer, revenue_ AS revenue
        FROM cutting
    """)


def _share_out_summaries(engine: duckdb.DuckDBPyConnection, *, has_any: bool) -> None:
    """This will share the net revenue of each summary over the usage of its royalty-bearing lines."""
    if not has_any:
        engine.execute("CREATE OR REPLACE TABLE shared (no BIGINT, share HUGEINT)")
        return
    engine.execute("""
        CREATE OR REPLACE TABLE sharing AS
        SELECT j.* EXCLUDE (consumer, revenue), r.net FROM joined j JOIN revenues r USING (context)
        WHERE is_bearing AND weight > 0
    """)
    allocate_table(
        engine,
        "sharing",
        "shared",
        group=["context"],
        total="net",
        weight="weight",
        key=["kind", "key", "territory", "use_start", "use_end", "channel", "currency", "has_price", "has_revenue"],
        into="share",
    )


def _pick_base(terms: Sequence[Terms]) -> str:
    """Spell which base counts for each row: the first of the tariff's bases whose quantity the row has."""
    names = []
    for term in terms:
        cases = []
        for base in term.bases:
            there = (
                "has_price" if base == CONSUMER else "(has_revenue OR share IS NOT NULL OR weight = 0 AND net_known)"
            )
            cases.append(f"WHEN {there} THEN '{base}'")
        names.append(
            f"WHEN {term.tariff_id} THEN CASE WHEN NOT is_bearing THEN '{term.bases[0]}' {' '.join(cases)} ELSE '' END"
        )
    gross = f"""CASE WHEN NOT is_bearing OR base_name = '' THEN 0 WHEN base_name = '{CONSUMER}' THEN consumer
        WHEN has_revenue THEN revenue ELSE coalesce(share, 0) END"""
    return f"""
    CREATE OR REPLACE VIEW based AS
    SELECT *, ({gross})::HUGEINT AS gross FROM (
        SELECT *, CASE tariff_id {" ".join(names)} END AS base_name
        FROM (
            SELECT j.*, s.share, r.net IS NOT NULL AS net_known FROM joined j
            LEFT JOIN (SELECT no, share FROM shared) s USING (no) LEFT JOIN revenues r USING (context)
        )
    )"""


GROUPED = f"""
CREATE OR REPLACE TABLE grouped AS SELECT row_number() OVER () AS no, * FROM (
SELECT {", ".join(SALE_KEY)}, store_key_id, any_value(track_id) AS track_id, any_value(release_id) AS release_id,
    bool_or(is_late) AS is_late, bool_or(is_dated) AS is_dated, bool_or(is_estimate) AS is_estimate,
    sum(lines)::BIGINT AS lines, sum(units)::BIGINT AS units,
    sum(gross)::HUGEINT AS gross, sum(gross)::HUGEINT AS base,
    (CASE WHEN sum(gross) < 0 THEN -1 ELSE 1 END)::HUGEINT AS side
FROM based GROUP BY ALL
)
"""


def _deduct(engine: duckdb.DuckDBPyConnection) -> None:
    """This will take the tariff's deductions off the bases that are defined by them."""
    names = ", ".join(literal(name) for name in DEDUCTED)
    part = ["tariff_id", "currency", "base_name", "side"]
    _portion(engine, "grouped", "gross", "kept", part, f"base_name IN ({names}) AND gross <> 0", into="base")
    engine.execute("""
        CREATE OR REPLACE TABLE grouped AS
        SELECT g.* REPLACE (coalesce(p.base, g.gross) AS base) FROM grouped g LEFT JOIN portions p USING (no)
    """)


def _royalties(engine: duckdb.DuckDBPyConnection, highest: int) -> None:
    """This will compute the royalty once per tariff, currency and sign, and allocate it by base.

    Where rate times base is exact to 1e-8 in every row, the parts of the allocation are those very products.
    """
    kind = integer(engine, "grouped", "base", highest)
    product = f"base::{kind} * rate::{kind}"
    uneven = f"SELECT count(*) FROM grouped JOIN terms USING (tariff_id) WHERE {product} % {MILLION} <> 0"
    if engine.execute(uneven).fetchall() == [(0,)]:
        engine.execute(f"""
            CREATE OR REPLACE VIEW owed AS
            SELECT g.*, ({product} // {MILLION})::HUGEINT AS royalty FROM grouped g JOIN terms USING (tariff_id)
        """)
        return
    _portion(engine, "grouped", "base", "rate", ["tariff_id", "currency", "side"], "base <> 0", into="royalty")
    engine.execute("""
        CREATE OR REPLACE VIEW owed AS
        SELECT g.*, coalesce(p.royalty, 0::HUGEINT) AS royalty FROM grouped g LEFT JOIN portions p USING (no)
    """)


def _portion(
    engine: duckdb.DuckDBPyConnection, table: str, column: str, rate: str, part: list[str], where: str, *, into: str
) -> None:
    """This will make `portions` (no, `into`): millionths `rate` of the sum of `column` per `part`, allocated by it."""
    same = ", ".join(part)
    engine.execute(f"""
        CREATE OR REPLACE TABLE portioning AS
        SELECT g.no, {", ".join(f"g.{name}" for name in SALE_KEY)}, side, abs({column}) AS weight, t.total
        FROM {table} g JOIN (
            SELECT {same}, any_value(side) * ((sum(abs({column})) * any_value({rate}) + {MILLION // 2}) // {MILLION})
                ::HUGEINT AS total
            FROM {table} JOIN terms USING (tariff_id) WHERE {where} GROUP BY {same}
        ) t USING ({same}) WHERE {where}
    """)
    allocate_table(
        engine, "portioning", "portions", group=part, total="total", weight="weight", key=SALE_KEY, into=into
    )
    engine.execute(f"CREATE OR REPLACE TABLE portions AS SELECT no, {into} FROM portions")


TOTALS = """
CREATE OR REPLACE TABLE totals AS
SELECT currency, sum(units)::BIGINT AS units, {base} AS base, {royalty} AS royalty,
    coalesce(sum(units) FILTER (WHERE base_name = ''), 0)::BIGINT AS base_missing_units
FROM owed GROUP BY currency
"""


def _split(engine: duckdb.DuckDBPyConnection, whole: int) -> None:
    """This will split each royalty over the three rights and say whether the sale lies outside the licence."""
    kind = integer(engine, "owed", "royalty", whole)
    parts = split_columns(f"royalty::{kind}", {name: f"t.{name}::{kind}" for name in RIGHTS})
    engine.execute(f"""
        CREATE OR REPLACE TABLE sales AS
        SELECT no, release_id, store_key_id, track_id, tariff_id, kind AS sold_as, territory,
            is_late OR territory <> '' AND NOT coalesce(i.is_inside, TRUE) AS is_outside, use_start, use_end, channel,
            currency, CASE WHEN is_estimate THEN 'days' WHEN is_dated THEN 'lines' ELSE '' END AS cut_by, lines, units,
            base, base_name, royalty,
            {", ".join(f"({sql})::HUGEINT AS royalty_{name}" for name, sql in parts.items())}
        FROM owed JOIN terms t USING (tariff_id) LEFT JOIN inside i USING (tariff_id, territory)
    """)
    engine.execute("DROP VIEW owed; DROP TABLE grouped")


def _spread_releases(engine: duckdb.DuckDBPyConnection, tracklists: str) -> None:
    """This will turn each sale of a release whose tracks are known into sales of its tracks.

    The base and each right's part are divided, as they are where the tracks become known later: the same either way.
    """
    engine.execute(f"""
        CREATE OR REPLACE TABLE spreading AS
        SELECT s.* EXCLUDE (no, track_id), s.no AS sale, row_number() OVER () AS no, l.track_id,
            l.weight::HUGEINT AS weight
        FROM sales s JOIN ({tracklists}) l USING (tariff_id, release_id) WHERE s.sold_as = 'release'
    """)
    if engine.execute("SELECT count(*) FROM spreading").fetchall() == [(0,)]:
        return
    parts = [f"royalty_{name}" for name in RIGHTS]
    for column in ("base", *parts):
        allocate_table(
            engine,
            "spreading",
            "spreading",
            group=["sale"],
            total=column,
            weight="weight",
            key=["track_id"],
            into=f"{column}_",
        )
    engine.execute(f"""
        CREATE OR REPLACE TABLE sales AS
        SELECT * FROM sales WHERE no NOT IN (SELECT sale FROM spreading)
        UNION ALL BY NAME
        SELECT * EXCLUDE (no, sale, weight, base_, {", ".join(f"{part}_" for part in parts)})
            REPLACE (base_ AS base, {" + ".join(f"{part}_" for part in parts)} AS royalty,
                {", ".join(f"{part}_ AS {part}" for part in parts)}), sale AS no
        FROM spreading
    """)
