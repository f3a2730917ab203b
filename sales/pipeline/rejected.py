"""The rejected lines of a report: all of them, out of the archive; and the file in which a store mends them.

Which lines those are stands in the database as far as faults are kept there; of a report with more they are found
again by the same checks.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import duckdb

from sales import messages
from sales.formats import flat, mended, records
from sales.models import LineFault, ReportFile, SalesReport
from sales.pipeline import files, reading, tariffs
from sales.pipeline.engine import fill, literal, open_engine
from sales.pipeline.lines import CHECKS, fault_case, found_case, make_lines

Reason = Callable[[str, str, str], str]
"""(code, cell, found) in words."""
BATCH = 5000

BAD = """
CREATE OR REPLACE TABLE bad (file_no INTEGER, line_no BIGINT, code VARCHAR, cell VARCHAR, found VARCHAR)
"""
LEFT_OUT = "CREATE OR REPLACE TABLE left_out (file_no INTEGER, line_no BIGINT)"


def places_of(report: SalesReport) -> set[mended.Place]:
    """This will name every rejected line of a report as (number of the file, line)."""
    with files.scratch() as folder, open_engine(folder) as engine:
        _find(engine, report, folder)
        return set(engine.execute("SELECT file_no, line_no FROM bad").fetchall())


def leave_out(engine: duckdb.DuckDBPyConnection, received: list[ReportFile]) -> None:
    """This will take the lines a supplement replaces out of the engine's view `raw`, for everything built on it."""
    replaced = [[file.number, line] for file in received for line in file.mended]
    if not replaced:
        return
    engine.execute(LEFT_OUT)
    for start in range(0, len(replaced), BATCH):
        engine.executemany("INSERT INTO left_out VALUES (?, ?)", replaced[start : start + BATCH])
    engine.execute("ALTER VIEW raw RENAME TO raw_all")
    engine.execute("CREATE VIEW raw AS SELECT * FROM raw_all ANTI JOIN left_out USING (file_no, line_no)")


def write_correction_file(report: SalesReport, target: BinaryIO, reason: Reason = messages.of_fault) -> str:
    """This will write the file in which a store mends the rejected lines of a report, and return its name."""
    received = list(report.files.exclude(archive=[]).order_by("number"))
    name = received[0].name.rsplit("/", 1)[-1].removesuffix(".gz").removesuffix(".zst").rsplit(".", 1)[0]
    return f"{name or report.public_id}.rejected.{_write(report, received, target, reason)}"


def _write(report: SalesReport, received: list[ReportFile], target: BinaryIO, reason: Reason) -> str:
    known = reading.from_json(received[0].reading)
    with files.scratch() as folder, open_engine(folder) as engine:
        _find(engine, report, folder)
        _make_cells(engine, received, folder)
        if known.head:
            mended.write_dsr(target, _dsr_rows(engine, report, reason))
            return "tsv"
        assert known.template
        template = known.template
        mended.write_flat(target, template.delimiter, _flat_rows(engine, report, template, reason))
        return "csv" if template.delimiter in (",", ";") else "tsv" if template.delimiter else "xlsx"


def _find(engine: duckdb.DuckDBPyConnection, report: SalesReport, folder: Path) -> None:
    """This will make the table `bad` of the rejected lines with their reasons."""
    engine.execute(BAD)
    kept = LineFault.objects.filter(file__report=report, is_fatal=True).order_by("pk")
    rows = list(kept.values_list("file__number", "line_no", "code", "cell", "found"))
    if len(rows) == report.lines_rejected:
        for start in range(0, len(rows), BATCH):
            fill(engine, "bad", rows[start : start + BATCH])
        return
    received = list(report.files.exclude(archive=[]).order_by("number"))
    sources = [reading.source_of(file, folder) for file in received]
    make_lines(engine, sources, reading.contexts_of(report.pk), territory=tariffs.territory)
    leave_out(engine, received)
    names = " ".join(f"WHEN {n} THEN {literal(check.code)}" for n, check in enumerate(CHECKS, 1))
    cells = " ".join(f"WHEN {n} THEN {literal(check.cell)}" for n, check in enumerate(CHECKS, 1))
    engine.execute(
        f"INSERT INTO bad SELECT file_no, line_no, CASE fault {names} END, CASE fault {cells} END,"
        f" {found_case(CHECKS, 'fault')} FROM (SELECT *, {fault_case(CHECKS)} AS fault FROM lines) WHERE fault > 0"
    )


def _make_cells(engine: duckdb.DuckDBPyConnection, received: list[ReportFile], folder: Path) -> None:
    """This will make the view `cells` of all archived lines, each with the number of its file."""
    selects = []
    for file in received:
        parts = [files.local(part["name"], folder) for part in file.archive]
        names = ", ".join(literal(str(part)) for part in parts)
        selects.append(f"SELECT {file.number} AS file_no, * FROM read_parquet([{names}])")
    engine.execute("CREATE OR REPLACE VIEW cells AS " + " UNION ALL BY NAME ".join(selects))


def _rows(engine: duckdb.DuckDBPyConnection, query: str) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """Yield each row as (everything that is no cell, its cells)."""
    result = engine.execute(query)
    names = [column[0] for column in result.description or []]
    at = [place for place, name in enumerate(names) if name[0] == "c" and name[1:].isdecimal()]
    at.sort(key=lambda place: int(names[place][1:]))
    while batch := result.fetchmany(BATCH):
        for row in batch:
            yield dict(zip(names, row, strict=True)), [row[place] or "" for place in at]


def _flat_rows(
    engine: duckdb.DuckDBPyConnection, report: SalesReport, template: flat.Template, reason: Reason
) -> Iterator[list[str]]:
    width = template.width
    head = f"SELECT * FROM cells WHERE file_no = 1 AND line_no <= {template.line_no} ORDER BY line_no"
    for row, cells in list(_rows(engine, head)):
        row_cells = (cells + [""] * width)[:width]
        is_names = row["line_no"] == template.line_no
        yield [*row_cells, f"{mended.MARK} {report.public_id}", "What is wrong"] if is_names else row_cells
    for row, cells in _rows(engine, "SELECT * FROM cells JOIN bad USING (file_no, line_no) ORDER BY file_no, line_no"):
        why = reason(row["code"], row["cell"], row["found"] or "")
        yield [*(cells + [""] * width)[:width], f"{row['file_no']}:{row['line_no']}", why]


def _dsr_rows(engine: duckdb.DuckDBPyConnection, report: SalesReport, reason: Reason) -> Iterator[list[str]]:
    """Yield HEAD, the mark, the summaries, then of each block with rejected lines what they refer to and the lines."""
    (_, head), *_ = _rows(engine, "SELECT * FROM cells WHERE file_no = 1 AND c1 LIKE 'HEAD%' ORDER BY line_no LIMIT 1")
    yield head
    yield [f"# {mended.MARK} {report.public_id}"]
    seen = set()
    for _, cells in list(_rows(engine, "SELECT * FROM cells WHERE trim(c1) LIKE 'SY%' ORDER BY file_no, line_no")):
        if tuple(cells) not in seen:
            seen.add(tuple(cells))
            yield cells
    bases = (*records.RESOURCES, *records.RELEASES, "LI01", "RU0")
    described = " OR ".join(f"trim(c1) LIKE '{base}%'" for base in bases)
    query = f"""
        SELECT c.*, b.code, b.cell, b.found FROM cells c LEFT JOIN bad b USING (file_no, line_no)
        WHERE b.code IS NOT NULL OR ({described})
            AND (file_no, trim(c2)) IN (SELECT (file_no, trim(c2)) FROM cells JOIN bad USING (file_no, line_no))
        ORDER BY file_no, line_no"""
    for row, cells in _rows(engine, query):
        if row["code"]:
            why = reason(row["code"], row["cell"], row["found"] or "")
            yield [f"# {row['file_no']}:{row['line_no']} {why}"]
        if row["file_no"] > 1 and not cells[0].strip().upper().startswith("SR"):
            cells[1] = f"{row['file_no']}-{cells[1]}"
        yield cells
