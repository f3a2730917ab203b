"""Accepted lines summed to what the money rules need, and the faults of the others.

`facts`: one row per identity and context (territory, use period, channel, currency, summary), apart for lines that
have a consumer price, a line revenue, both or neither. `identities`: the distinct things sold, with their names. Both
are Parquet files, so a later stage starts from them and not from ten million lines. Sums are exact decimals and do not
depend on the order of the lines.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from sales.formats import flat
from sales.pipeline.engine import fill, literal
from sales.pipeline.lines import (
    CHECKS,
    FINE,
    NONE,
    NUMBERED,
    ONE_ISRC,
    REMARKS,
    SEVERAL_ISRCS,
    Check,
    fault_case,
    found_case,
)
from sales.pipeline.shares import SMALL_MAX, UNITS_PER_ONE

ISRC_WRONG = "isrc_wrong"
PERIOD = ("use_start", "use_end")
TEXT_OF = {"channel": "channel_code", "currency": "currency"}
"""The column of `lines` that is summed by where a column of `NUMBERED` is not looked up."""


class LinesLost(AssertionError):
    """Accepted and rejected lines are not those that were read; nothing of the report is used."""


@dataclass(frozen=True, slots=True)
class FoundFault:
    """A line that was rejected, or accepted with a remark."""

    file_no: int
    line_no: int
    code: str
    cell: str
    found: str
    is_fatal: bool


@dataclass(slots=True)
class Counted:
    """What the lines of a report came to."""

    read: int = 0
    accepted: int = 0
    rejected: int = 0
    remarks: int = 0
    usages: dict[int, int] = field(default_factory=dict)
    """Usages of accepted lines by number of their summary."""
    codes: dict[str, int] = field(default_factory=dict)
    """Rejected lines by code."""
    start: date | None = None
    end: date | None = None
    digest: str = ""
    """Of the sums of accepted lines, in any order and whatever summary they refer to."""


def make_facts(engine: duckdb.DuckDBPyConnection, facts: Path, identities: Path) -> Counted:
    """This will check every line of the view `lines` and write both files. Accepted + rejected = read, or it fails."""
    engine.execute(f"CREATE OR REPLACE TABLE faulted AS {FAULTED}")
    is_any = engine.execute("SELECT count(*) FROM faulted").fetchall() != [(0,)]
    for view, source in (("accepted", "lines"), ("accepted_things", "things")):
        others = " ANTI JOIN faulted USING (file_no, line_no)" if is_any else ""
        engine.execute(f"CREATE OR REPLACE VIEW {view} AS SELECT * FROM {source}{others}")
    _sum(engine, facts, "accepted")
    engine.execute(SPELLED)
    engine.execute(f"COPY ({IDENTITIES}) TO {literal(str(identities))} (FORMAT parquet, COMPRESSION lz4)")
    counted = _count(engine)
    counted.usages = dict(
        engine.execute(
            "SELECT context, sum(usages)::BIGINT FROM facts WHERE context IS NOT NULL GROUP BY context"
        ).fetchall()
    )
    row = engine.execute("SELECT min(use_start), max(use_end) FROM facts").fetchone()
    counted.start, counted.end = row if row else (None, None)
    counted.digest = "|".join(str(part) for part in engine.execute(DIGEST).fetchall()[0])
    return counted


def cut_facts(engine: duckdb.DuckDBPyConnection, facts: Path, bounds: Sequence[date]) -> None:
    """This will write `facts` once more, with lines that carry a day summed apart on both sides of these days.

    Lines without one (or with one outside their period) keep the period they have. Counts and digest stay those of the
    whole periods: they say what was reported, whatever the terms are.
    """
    texts = engine.execute("SELECT DISTINCT when_text FROM accepted WHERE NOT is_period").fetchall()
    days = {text: day for (text,) in texts if text and (day := flat.parse_day(text))}
    engine.execute("CREATE OR REPLACE TABLE line_days (text VARCHAR, day DATE, since DATE, until DATE)")
    rows = []
    for text, day in sorted(days.items()):
        after = bisect_right(bounds, day)
        rows.append([text, day, bounds[after - 1] if after else None, bounds[after] if after < len(bounds) else None])
    fill(engine, "line_days", rows)
    engine.execute(CUT)
    _sum(engine, facts, "cut", is_cut=True)


def _sum(engine: duckdb.DuckDBPyConnection, facts: Path, source: str, *, is_cut: bool = False) -> None:
    """This will make the table and the file `facts`: lines are summed by numbers, and only the sums get the texts back.

    Periods that are cut have no numbers.

    Numbers of columns that have few values are packed into as few integers as they need: grouping ten million lines
    by one integer beside the key takes half the time of grouping them by eight texts and dates.
    """
    has_values = {
        row[0].removeprefix("values_")
        for row in engine.execute("SELECT table_name FROM duckdb_tables() WHERE table_name LIKE 'values_%'").fetchall()
    }
    numbers = {
        "coalesce(context, 0)": "SELECT max(number) FROM contexts",
        **({} if is_cut else {"use_no": "SELECT max(no) FROM whens"}),
        "place_no": "SELECT max(no) FROM places",
        **{f"{name}_no": f"SELECT max(no) FROM values_{name}" for name in NUMBERED if name in has_values},
        **dict.fromkeys(("is_bearing::INTEGER", "(price IS NOT NULL)::INTEGER", "(revenue IS NOT NULL)::INTEGER"), "1"),
    }
    packed, unpacked = _packed({name: _one(engine, f"SELECT coalesce(({size}), 0)") for name, size in numbers.items()})
    texts = [TEXT_OF[name] for name in NUMBERED if name not in has_values]
    said = " OR ".join(f"({check.when})" for check in REMARKS if check.code != ISRC_WRONG)
    groups = ["kind", "key", *texts, *(PERIOD if is_cut else ())]
    engine.execute(
        SUMMED.format(
            groups=", ".join([*groups, *(f"{sql} AS code_{place}" for place, sql in enumerate(packed))]),
            said=said,
            source=source,
            worth=_worth(engine, has_values),
            sold=SOLD_WITH_RETURNS if _has_returns(engine, has_values) else SOLD,
        )
    )
    parts = {name: unpacked[name] for name in numbers}
    by_no = {name: parts[f"{name}_no"] for name in NUMBERED if name in has_values}
    joins = "".join(
        f" LEFT JOIN (SELECT DISTINCT no, value FROM values_{name} WHERE value IS NOT NULL) {name}_"
        f" ON {name}_.no = {number}"
        for name, number in by_no.items()
    )
    engine.execute(
        FACTS.format(
            **{day: f"s.{day}" if is_cut else f"coalesce(x.{day}, w.{day})" for day in PERIOD},
            context=parts["coalesce(context, 0)"],
            use_no=parts.get("use_no", "NULL"),
            place_no=parts["place_no"],
            channel=f"coalesce(channel_.value, {literal(NONE['channel'])})" if "channel" in by_no else "s.channel_code",
            currency="currency_.value" if "currency" in by_no else "s.currency",
            is_bearing=parts["is_bearing::INTEGER"],
            has_price=parts["(price IS NOT NULL)::INTEGER"],
            has_revenue=parts["(revenue IS NOT NULL)::INTEGER"],
            consumer=_money("consumer"),
            revenue=_money("revenue"),
            joins=joins,
        )
    )
    engine.execute("DROP TABLE summed")
    engine.execute(f"COPY facts TO {literal(str(facts))} (FORMAT parquet, COMPRESSION lz4)")


def _has_returns(engine: duckdb.DuckDBPyConnection, has_values: set[str]) -> bool:
    return "returns_text" not in has_values or _one(engine, "SELECT count(*) FROM values_returns_text") > 0


def _packed(sizes: dict[str, int]) -> tuple[list[str], dict[str, str]]:
    """Spell numbers of 0 to `sizes` packed into integers, and how each comes out of `code_0`, `code_1` ... again."""
    packed: list[str] = []
    unpacked: dict[str, str] = {}
    room = 0
    for name, size in sizes.items():
        if not packed or room * (size + 1) > SMALL_MAX:
            packed.append("0::BIGINT")
            room = 1
        packed[-1] += f" + {room} * ({name})::BIGINT"
        unpacked[name] = f"(code_{len(packed) - 1} // {room} % {size + 1})"
        room *= size + 1
    return packed, unpacked


def _worth(engine: duckdb.DuckDBPyConnection, has_values: set[str]) -> str:
    """Spell units times price, in an integer that cannot overflow: a small one where the highest of both say so."""
    if {"units_text", "price_text"} <= has_values:
        most = _one(engine, "SELECT coalesce(max(value), 0) FROM values_units_text")
        if "returns_text" in has_values:
            most = max(most, _one(engine, "SELECT coalesce(max(value), 0) FROM values_returns_text"))
        if most * _one(engine, "SELECT coalesce(max(abs(whole)), 0) FROM values_price_text") < SMALL_MAX:
            return "price_whole * sold"
    return "price_whole::HUGEINT * sold"


def _money(units: str) -> str:
    """Spell whole units of 1e-8, however many, as a decimal."""
    rest = f"({units} % {UNITS_PER_ONE})::DECIMAL(9, 0) * 0.00000001::DECIMAL(8, 8)"
    return f"(({units} // {UNITS_PER_ONE})::DECIMAL(38, 8) + {rest})"


def _one(engine: duckdb.DuckDBPyConnection, query: str) -> int:
    row = engine.execute(query).fetchone()
    assert row
    return int(row[0])


def _count(engine: duckdb.DuckDBPyConnection) -> Counted:
    """This will count the lines; those that came in are counted by themselves, so that none can vanish."""
    counted = Counted()
    for fault, lines in engine.execute("SELECT fault, count(*) FROM faulted GROUP BY fault").fetchall():
        code = CHECKS[fault - 1].code
        counted.codes[code] = counted.codes.get(code, 0) + lines
    counted.rejected = sum(counted.codes.values())
    counted.accepted, counted.remarks, counted.read = engine.execute(COUNTED).fetchall()[0]
    if counted.accepted + counted.rejected != counted.read:
        raise LinesLost(f"{counted.read} lines, {counted.accepted} accepted and {counted.rejected} rejected")
    return counted


def faults(engine: duckdb.DuckDBPyConnection, counted: Counted, limit: int) -> list[FoundFault]:
    """Return the first faults in the order of the lines, rejected lines before remarks."""
    found = _found(engine, CHECKS, "SELECT * FROM faulted", limit, is_fatal=True)
    if counted.remarks and len(found) < limit:
        found += _found(
            engine,
            REMARKS,
            f"SELECT file_no, line_no, remark AS fault, {found_case(REMARKS, 'remark')} AS found"
            f" FROM (SELECT *, {fault_case(REMARKS)} AS remark FROM accepted) WHERE remark > 0",
            limit - len(found),
            is_fatal=False,
        )
    return found


def _found(
    engine: duckdb.DuckDBPyConnection, checks: Sequence[Check], source: str, limit: int, *, is_fatal: bool
) -> list[FoundFault]:
    rows = engine.execute(
        f"SELECT file_no, line_no, fault, found FROM ({source}) ORDER BY file_no, line_no LIMIT {limit}"
    ).fetchall()
    return [
        FoundFault(file_no, line_no, checks[number - 1].code, checks[number - 1].cell, text or "", is_fatal)
        for file_no, line_no, number, text in rows
    ]


def periods(engine: duckdb.DuckDBPyConnection) -> list[tuple[date, date]]:
    """Return the use periods of accepted lines."""
    return engine.execute("SELECT DISTINCT use_start, use_end FROM facts").fetchall()


FAULTED = f"""
SELECT file_no, line_no, fault, {found_case(CHECKS, "fault")} AS found
FROM (SELECT *, {fault_case(CHECKS)} AS fault FROM lines WHERE ({FINE}) IS NOT TRUE) WHERE fault > 0
"""

SUMMED = """
CREATE OR REPLACE TABLE summed AS
SELECT {groups}, count(*) AS lines, count(*) FILTER (WHERE {said}) AS remarks, sum(usages)::BIGINT AS usages,
    {sold}, coalesce(sum({worth}), 0) AS consumer, coalesce(sum(revenue_whole), 0) AS revenue
FROM (SELECT *, usages - returns AS sold FROM {source})
GROUP BY ALL
"""

SOLD_WITH_RETURNS = "sum(sold)::BIGINT AS units, sum(greatest(sold, 0))::BIGINT AS weight"
SOLD = "sum(usages)::BIGINT AS units, sum(usages)::BIGINT AS weight"

FACTS = """
CREATE OR REPLACE TABLE facts AS
SELECT kind, s.key, coalesce(p.code, '') AS territory, {use_start} AS use_start, {use_end} AS use_end,
    {channel} AS channel, {currency} AS currency, x.number AS context,
    {is_bearing} > 0 AS is_bearing, {has_price} > 0 AS has_price, {has_revenue} > 0 AS has_revenue,
    lines, remarks, usages, units, weight, {consumer}::DECIMAL(38, 8) AS consumer,
    {revenue}::DECIMAL(38, 8) AS revenue
FROM summed s LEFT JOIN contexts x ON x.number = {context}
    LEFT JOIN (SELECT DISTINCT no, use_start, use_end FROM whens) w ON w.no = {use_no}
    LEFT JOIN (SELECT DISTINCT no, code FROM places) p ON p.no = {place_no}{joins}
"""

CUT = """
CREATE OR REPLACE VIEW cut AS
SELECT c.* REPLACE (
    CASE WHEN d.day >= use_start AND d.day < use_end THEN greatest(use_start, d.since) ELSE use_start END AS use_start,
    CASE WHEN d.day >= use_start AND d.day < use_end THEN least(use_end, d.until) ELSE use_end END AS use_end)
FROM accepted c LEFT JOIN line_days d ON d.text = c.when_text AND NOT c.is_period
"""

SPELLED = f"""
CREATE OR REPLACE TABLE spelled AS
SELECT * EXCLUDE (is_release), {ONE_ISRC} AS isrc, coalesce(nullif({SEVERAL_ISRCS}, ''), {ONE_ISRC}) AS isrcs
FROM (
    SELECT kind, key, isrc_text, kind = 'release' AS is_release, min(icpn) AS icpn, min(full_title) AS title,
        min(full_artist) AS artist, min(url) AS url, count(*) AS lines
    FROM accepted_things GROUP BY kind, key, isrc_text
)
"""
"""The things sold, once for every spelling of their ISRC: nearly as few as things."""

COUNTED = """
SELECT (SELECT coalesce(sum(lines), 0)::BIGINT FROM facts),
    (SELECT coalesce(sum(remarks), 0)::BIGINT FROM facts)
        + (SELECT coalesce(sum(lines) FILTER (WHERE isrc_text IS NOT NULL AND isrc IS NULL), 0)::BIGINT FROM spelled),
    (SELECT count(*) FROM texts)
"""

DIGEST = """
SELECT count(*), sum(md5_number_lower(row_)::HUGEINT) FROM (
    SELECT concat_ws('|', kind, key, territory, use_start, use_end, channel, currency, is_bearing, has_price,
        has_revenue, lines, usages, units, consumer, revenue) AS row_
    FROM facts
)
"""

IDENTITIES = """
SELECT kind, key, min(isrc) AS isrc, CASE WHEN min(isrcs) = max(isrcs) THEN min(isrcs)
        ELSE array_to_string(list_sort(list_distinct(string_split(string_agg(isrcs, '|'), '|'))), '|') END AS isrcs,
    left(min(icpn), 14) AS icpn, left(min(title), 500) AS title, left(min(artist), 500) AS artist,
    left(min(url), 500) AS url, sum(lines)::BIGINT AS lines
FROM spelled GROUP BY kind, key
"""
