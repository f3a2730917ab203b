"""Accepted lines summed to what the money rules need, and the faults of the others.

`facts`: one row per identity and context (territory, use period, channel, currency, summary), apart for lines that
have a consumer price, a line revenue, both or neither. `identities`: the distinct things sold, with their names. Both
are Parquet files, so a later stage starts from them and not from ten million lines. Sums are exact decimals and do not
depend on the order of the lines.
"""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from sales.pipeline.engine import literal
from sales.pipeline.lines import CHECKS, REMARKS, fault_case, found_case


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
    engine.execute(f"CREATE OR REPLACE VIEW checked AS SELECT *, {fault_case(CHECKS)} AS fault FROM lines")
    said = " OR ".join(f"({check.when})" for check in REMARKS)
    engine.execute(FACTS.format(said=said))
    engine.execute(f"COPY (FROM facts WHERE fault = 0) TO {literal(str(facts))} (FORMAT parquet, COMPRESSION zstd)")
    engine.execute(f"COPY ({IDENTITIES}) TO {literal(str(identities))} (FORMAT parquet, COMPRESSION zstd)")
    counted = Counted()
    for fault, lines, remarks in engine.execute(
        "SELECT fault, sum(lines)::BIGINT, sum(remarks)::BIGINT FROM facts GROUP BY fault"
    ).fetchall():
        counted.read += lines
        if fault:
            counted.rejected += lines
            code = CHECKS[fault - 1].code
            counted.codes[code] = counted.codes.get(code, 0) + lines
        else:
            counted.accepted += lines
            counted.remarks += remarks
    counted.usages = dict(
        engine.execute(
            "SELECT context, sum(usages)::BIGINT FROM facts WHERE fault = 0 AND context IS NOT NULL GROUP BY context"
        ).fetchall()
    )
    row = engine.execute("SELECT min(use_start), max(use_end) FROM facts WHERE fault = 0").fetchone()
    counted.start, counted.end = row if row else (None, None)
    counted.digest = "|".join(str(part) for part in engine.execute(DIGEST).fetchall()[0])
    return counted


def faults(engine: duckdb.DuckDBPyConnection, counted: Counted, limit: int) -> list[FoundFault]:
    """Return the first faults in the order of the lines, rejected lines before remarks."""
    found: list[FoundFault] = []
    for checks, column, is_fatal in ((CHECKS, "fault", True), (REMARKS, "remark", False)):
        if not (counted.rejected if is_fatal else counted.remarks):
            continue
        source = "checked" if is_fatal else f"(SELECT *, {fault_case(REMARKS)} AS remark FROM checked WHERE fault = 0)"
        rows = engine.execute(
            f"SELECT file_no, line_no, {column}, {found_case(checks, column)} FROM {source} WHERE {column} > 0"
            f" ORDER BY file_no, line_no LIMIT {limit - len(found)}"
        ).fetchall()
        for file_no, line_no, number, text in rows:
            check = checks[number - 1]
            found.append(FoundFault(file_no, line_no, check.code, check.cell, text or "", is_fatal))
    return found


def periods(engine: duckdb.DuckDBPyConnection) -> list[tuple[date, date]]:
    """Return the use periods of accepted lines."""
    return engine.execute("SELECT DISTINCT use_start, use_end FROM facts WHERE fault = 0").fetchall()


def footer_counts(engine: duckdb.DuckDBPyConnection) -> dict[int, dict[str, int]]:
    """Count per file what a footer states about its records."""
    rows = engine.execute("""
        SELECT file_no, count(*) FILTER (WHERE regexp_full_match(c1, 'SY.*')),
            count(DISTINCT c2) FILTER (WHERE regexp_full_match(c1, '(RE|AS|MW|SU).*')),
        FROM raw GROUP BY file_no
    """).fetchall()
    return {
        file_no: {"NumberOfSummaryRecords": summaries, "NumberOfBlocksInFile": blocks}
        for file_no, summaries, blocks in rows
    }


FACTS = """
CREATE OR REPLACE TABLE facts AS
SELECT fault, kind, key, territory, use_start, use_end, channel, currency, context, is_bearing, has_price, has_revenue,
    count(*) AS lines, count(*) FILTER (WHERE is_said) AS remarks, sum(usages)::BIGINT AS usages,
    sum(usages - returns)::BIGINT AS units,
    sum(greatest(usages - returns, 0))::BIGINT AS weight,
    coalesce(sum(price * (usages - returns)::DECIMAL(18, 0)), 0)::DECIMAL(38, 8) AS consumer,
    coalesce(sum(revenue), 0)::DECIMAL(38, 8) AS revenue
FROM (
    SELECT fault, kind, CASE WHEN fault = 0 THEN key END AS key,
        CASE WHEN fault = 0 THEN coalesce(territory, '') END AS territory,
        CASE WHEN fault = 0 THEN use_start END AS use_start, CASE WHEN fault = 0 THEN use_end END AS use_end,
        CASE WHEN fault = 0 THEN CASE WHEN regexp_full_match(lower(channel), '[a-z0-9_ .-]{{1,30}}') THEN lower(channel)
            ELSE 'unknown' END END AS channel,
        CASE WHEN fault = 0 THEN currency END AS currency, CASE WHEN fault = 0 THEN context END AS context,
        is_bearing, CASE WHEN fault = 0 THEN price IS NOT NULL END AS has_price,
        CASE WHEN fault = 0 THEN revenue IS NOT NULL END AS has_revenue,
        CASE WHEN fault = 0 THEN usages END AS usages, CASE WHEN fault = 0 THEN returns END AS returns,
        CASE WHEN fault = 0 THEN price END AS price, CASE WHEN fault = 0 THEN revenue END AS revenue,
        fault = 0 AND ({said}) AS is_said
    FROM checked
)
GROUP BY ALL
"""

DIGEST = """
SELECT count(*), sum(md5_number_lower(row_)::HUGEINT), sum(md5_number_upper(row_)::HUGEINT) FROM (
    SELECT concat_ws('|', kind, key, territory, use_start, use_end, channel, currency, is_bearing, has_price,
        has_revenue, lines, usages, units, consumer, revenue) AS row_
    FROM facts WHERE fault = 0
)
"""

IDENTITIES = """
SELECT kind, key, min(isrc) AS isrc, min(left(icpn, 14)) AS icpn, min(left(full_title, 500)) AS title,
    min(left(full_artist, 500)) AS artist, min(left(url, 500)) AS url, count(*) AS lines
FROM checked WHERE fault = 0 GROUP BY kind, key
"""
