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
from sales.pipeline.lines import CHECKS, FINE, REMARKS, Check, fault_case, found_case

ISRC_WRONG = "isrc_wrong"


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
    engine.execute(f"CREATE OR REPLACE VIEW checked AS SELECT *, {fault_case(CHECKS, FINE)} AS fault FROM lines")
    engine.execute(f"CREATE OR REPLACE TABLE faulted AS {FAULTED.format(found=found_case(CHECKS, 'fault'))}")
    _sum(engine, facts, "checked")
    engine.execute(SPELLED)
    engine.execute(f"COPY ({IDENTITIES}) TO {literal(str(identities))} (FORMAT parquet, COMPRESSION zstd)")
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
    texts = engine.execute("SELECT DISTINCT when_text FROM checked WHERE fault = 0 AND NOT is_period").fetchall()
    days = {text: day for (text,) in texts if text and (day := flat.parse_day(text))}
    engine.execute("CREATE OR REPLACE TABLE line_days (text VARCHAR, day DATE, since DATE, until DATE)")
    rows = []
    for text, day in sorted(days.items()):
        after = bisect_right(bounds, day)
        rows.append([text, day, bounds[after - 1] if after else None, bounds[after] if after < len(bounds) else None])
    fill(engine, "line_days", rows)
    engine.execute(CUT)
    _sum(engine, facts, "cut_checked")


def _sum(engine: duckdb.DuckDBPyConnection, facts: Path, source: str) -> None:
    said = " OR ".join(f"({check.when})" for check in REMARKS if check.code != ISRC_WRONG)
    engine.execute(FACTS.format(said=said, source=source))
    engine.execute(f"COPY facts TO {literal(str(facts))} (FORMAT parquet, COMPRESSION lz4)")


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
            f" FROM (SELECT *, {fault_case(REMARKS)} AS remark FROM checked WHERE fault = 0) WHERE remark > 0",
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


FAULTED = "SELECT file_no, line_no, fault, {found} AS found FROM checked WHERE fault > 0"

FACTS = """
CREATE OR REPLACE TABLE facts AS
SELECT kind, key, territory, use_start, use_end, channel, currency, context, is_bearing, has_price, has_revenue,
    count(*) AS lines, count(*) FILTER (WHERE is_said) AS remarks, sum(usages)::BIGINT AS usages,
    sum(sold)::BIGINT AS units, sum(greatest(sold, 0))::BIGINT AS weight,
    coalesce(sum(price * sold::DECIMAL(18, 0)), 0)::DECIMAL(38, 8) AS consumer,
    coalesce(sum(revenue), 0)::DECIMAL(38, 8) AS revenue
FROM (
    SELECT kind, key, coalesce(territory, '') AS territory, use_start, use_end, channel_code AS channel, currency,
        context, is_bearing, price IS NOT NULL AS has_price, revenue IS NOT NULL AS has_revenue, usages,
        usages - returns AS sold, price, revenue, ({said}) AS is_said
    FROM {source} WHERE fault = 0
)
GROUP BY ALL
"""

CUT = """
CREATE OR REPLACE VIEW cut_checked AS
SELECT c.* REPLACE (
    CASE WHEN d.day >= use_start AND d.day < use_end THEN greatest(use_start, d.since) ELSE use_start END AS use_start,
    CASE WHEN d.day >= use_start AND d.day < use_end THEN least(use_end, d.until) ELSE use_end END AS use_end)
FROM checked c LEFT JOIN line_days d ON d.text = c.when_text AND NOT c.is_period
"""

SPELLED = """
CREATE OR REPLACE TABLE spelled AS
SELECT kind, key, isrc_text, any_value(isrc) AS isrc, any_value(isrcs) AS isrcs, min(icpn) AS icpn,
    min(full_title) AS title, min(full_artist) AS artist, min(url) AS url, count(*) AS lines
FROM checked WHERE fault = 0 GROUP BY kind, key, isrc_text
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
