"""What was found in a table read through a mapping template, said in the file's own words: its columns, its totals."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from duckdb import DuckDBPyConnection

from sales.formats import rules
from sales.models import ReportFile
from sales.pipeline import facts, lines, mapped, reading
from sales.services.assemble import Difference


def own_words(
    engine: DuckDBPyConnection,
    sources: Sequence[lines.Source],
    counted: facts.Counted,
    found: list[facts.FoundFault],
) -> list[Difference]:
    """This will put the faults of mapped files (in `found` and `counted`) into the files' words.

    Returns what else is to be said: columns that are new, lines left out as totals, totals that differ from ours.
    """
    bounds = {source.number: source.bound for source in sources if source.bound}
    if not bounds:
        return []
    for place, fault in enumerate(found):
        if bound := bounds.get(fault.file_no):
            cell, code, text = mapped.explained(bound, fault.cell, fault.code, fault.found)
            found[place] = replace(fault, cell=cell[:60], code=code, found=text)
    if counted.rejected:
        counted.codes = _recounted(engine, counted.codes)
    said: list[Difference] = []
    for source in sources:
        if source.bound:
            said += _columns(source.bound) + _totals(engine, source, source.bound)
    return said


def read_by(report_file: ReportFile) -> rules.Bound | None:
    """This will give the template a file is read through, as it was bound to it."""
    return reading.from_json(report_file.reading).bound if report_file.reading.get("mapping") else None


def _recounted(engine: DuckDBPyConnection, codes: dict[str, int]) -> dict[str, int]:
    rows = engine.execute(
        "SELECT fault, substr(found, 2, 1), count(*) FROM faulted WHERE starts_with(found, chr(1)) GROUP BY ALL"
    ).fetchall()
    made = dict(codes)
    for fault, letter, count in rows:
        code = lines.CHECKS[fault - 1].code
        finer = mapped.CODES.get(letter, code)
        made[code] = made.get(code, 0) - count
        made[finer] = made.get(finer, 0) + count
    return {code: count for code, count in made.items() if count}


def _columns(bound: rules.Bound) -> list[Difference]:
    return [{"code": "columns_new", "cell": ", ".join(bound.extra)}] if bound.extra else []


def _totals(engine: DuckDBPyConnection, source: lines.Source, bound: rules.Bound) -> list[Difference]:
    """This will say which lines were left out as totals, and whether none of them states what ours come to."""
    rows = mapped.totals(engine, source.parts, bound)
    if not rows:
        return []
    shown = ", ".join(str(row["line"]) for row in rows[:10]) + (" …" if len(rows) > 10 else "")
    said: list[Difference] = [{"code": "totals_skipped", "cell": shown, "found": str(rows[-1]["found"])[:60]}]
    ours = engine.execute(
        "SELECT coalesce(sum(usages - returns), 0)::VARCHAR, coalesce(sum(revenue), 0)::VARCHAR,"
        f" count(DISTINCT currency) FROM lines WHERE file_no = {source.number} AND"
        f" {lines.fault_case(lines.CHECKS)} = 0"
    ).fetchone()
    assert ours is not None
    for name, counted in (("Usages", ours[0]), ("NetRevenue", ours[1])):
        stated = [amount for row in rows if (amount := _number(str(row.get(name, "")))) is not None]
        if stated and (name == "Usages" or ours[2] <= 1) and Decimal(counted) not in stated:
            said.append(
                {
                    "code": "total_differs",
                    "cell": bound.cell_of(name),
                    "stated": f"{max(stated):f}",
                    "counted": f"{Decimal(counted).normalize():f}",
                }
            )
    return said


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
