"""What a DSR holds beside its sales lines, counted over the whole report: to compare with what the sender states.

Nothing here changes what accrues. It finds a second report in one file, records nobody here knows, blocks that stand in
two files and transaction numbers used twice, so that each is said and none is passed over in silence.
"""

from collections.abc import Sequence

import duckdb

from sales.formats import dsr, records
from sales.formats.errors import BadFile
from sales.pipeline.dsr_lines import SALE, base_codes, sales_codes
from sales.pipeline.engine import literal
from sales.pipeline.facts import FoundFault

SHOWN = 5
BLOCKS = "'(?i)(RE|AS|MW|SU|LI|RU|ST|ML|CU)[0-9]{2}.*'"
KNOWN = "'({})([.]?[0-9]{{2}})?'".format(
    "|".join((*records.SUMMARIES, *records.RESOURCES, *records.RELEASES, *records.FOOTERS, *records.PASSED_OVER))
)

Difference = dict[str, str | int]


def check_heads(engine: duckdb.DuckDBPyConnection) -> None:
    """This will refuse a file that holds a second report: another HEAD than its first. The same one again is harmless.

    Raises: BadFile, with the number of the file in the report.
    """
    row = engine.execute("""
        SELECT file_no, line_no FROM (
            SELECT file_no, line_no, concat_ws(chr(9), c3, c4, c5, c7, c8, c9, c10, c11) AS said, first_value(said) OVER
                (PARTITION BY file_no ORDER BY line_no) AS first_said
            FROM raw WHERE upper(trim(c1)) = 'HEAD'
        ) WHERE said <> first_said ORDER BY file_no, line_no LIMIT 1
    """).fetchone()
    if row:
        raise BadFile("head_twice", number=row[0], line=row[1])


def footer_counts(engine: duckdb.DuckDBPyConnection) -> dict[int, dict[str, int]]:
    """Count per file what a footer states about its records."""
    rows = engine.execute(f"""
        SELECT file_no, count(*) FILTER (WHERE regexp_full_match(c1, '(?i)SY.*')),
            count(DISTINCT c2) FILTER (WHERE regexp_full_match(c1, {BLOCKS})),
        FROM raw GROUP BY file_no
    """).fetchall()
    return {
        file_no: {"NumberOfSummaryRecords": summaries, "NumberOfBlocksInFile": blocks}
        for file_no, summaries, blocks in rows
    }


def oddities(engine: duckdb.DuckDBPyConnection, files: int) -> list[Difference]:
    """List what a reader should know of the report as a whole."""
    found: list[Difference] = []
    rows = engine.execute(f"""
        SELECT left(trim(kind), 20), sum(lines)::BIGINT FROM (
            SELECT left(coalesce(c1, ''), 40) AS kind, count(*) AS lines FROM raw
            WHERE c1 IS NOT NULL OR coalesce(c2, c3, c4, c5, c6) IS NOT NULL GROUP BY 1
        )
        WHERE kind NOT LIKE '#%' AND NOT regexp_full_match(upper(trim(kind)), {KNOWN})
            AND NOT regexp_full_match(upper(trim(kind)), {SALE})
        GROUP BY 1 ORDER BY 2 DESC, 1
    """).fetchmany(1_000)
    if rows:
        shown = ", ".join(name or "-" for name, _ in rows[:SHOWN]) + (" ..." if len(rows) > SHOWN else "")
        found.append({"code": "records_passed_over", "cell": shown, "counted": sum(count for _, count in rows)})
    if files > 1:
        found += _repeated_blocks(engine)
    return found


def repeated_transactions(
    engine: duckdb.DuckDBPyConnection, head: dsr.Head, limit: int
) -> tuple[list[Difference], list[FoundFault]]:
    """Find lines whose transaction number a line before has: how many, and the first of them.

    Records of UGC that repeat a use for each rights controller repeat its number rightly and are left out. Numbers are
    first compared by hash, so ten million different ones cost one pass.
    """
    selects = []
    for base, spelled in base_codes(sales_codes(engine), records.PROFILES[head.profile].sales).items():
        at = records.LAYOUTS[base]
        if "SalesTransactionId" in at and not (base.startswith("SR") and "RightsController" in at):
            codes = ", ".join(literal(code) for code in spelled)
            cell = f"trim(c{at['SalesTransactionId']})"
            selects.append(f"SELECT file_no, line_no, {cell} AS id FROM raw WHERE c1 IN ({codes}) AND {cell} <> ''")
    if not selects:
        return [], []
    engine.execute(f"CREATE OR REPLACE VIEW transactions AS {' UNION ALL '.join(selects)}")
    engine.execute(
        "CREATE OR REPLACE TABLE twice AS SELECT hash(id) AS digest FROM transactions GROUP BY 1 HAVING count(*) > 1"
    )
    engine.execute("""
        CREATE OR REPLACE TABLE again AS
        SELECT * FROM transactions SEMI JOIN twice ON twice.digest = hash(id)
        QUALIFY row_number() OVER (PARTITION BY id ORDER BY file_no, line_no) > 1
    """)
    (count,) = engine.execute("SELECT count(*) FROM again").fetchall()[0]
    rows = engine.execute(
        f"SELECT file_no, line_no, left(id, 200) FROM again ORDER BY 1, 2 LIMIT {int(limit)}"
    ).fetchall()
    said: list[Difference] = [{"code": "transactions_twice", "counted": count}] if count else []
    return said, [
        FoundFault(file_no, line_no, "transaction_twice", "SalesTransactionId", found, is_fatal=False)
        for file_no, line_no, found in rows
    ]


def _repeated_blocks(engine: duckdb.DuckDBPyConnection) -> Sequence[Difference]:
    rows = engine.execute(f"""
        SELECT left(trim(c2), 40), count(DISTINCT file_no) FROM raw
        WHERE regexp_full_match(c1, {BLOCKS}) AND trim(c2) <> ''
        GROUP BY 1 HAVING count(DISTINCT file_no) > 1 ORDER BY 1
    """).fetchmany(10_000)
    if not rows:
        return []
    shown = ", ".join(block for block, _ in rows[:SHOWN]) + (" ..." if len(rows) > SHOWN else "")
    return [{"code": "blocks_repeated", "cell": shown, "counted": len(rows)}]
