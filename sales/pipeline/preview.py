"""The first rows of a file as the pipeline would take them: the same archive, relation and checks, on a sample."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl

from sales.formats import rules, table
from sales.pipeline import files, mapped, parse, reading, tariffs
from sales.pipeline.engine import open_engine
from sales.pipeline.lines import CHECKS, REMARKS, Check, fault_case, found_case, make_lines

SHOWN = 12
_COLUMNS = (
    "full_title, full_artist, isrc, store_id, territory, channel, use_start, use_end, usages, returns, price, revenue,"
    " currency"
)


@dataclass(frozen=True, slots=True)
class Taken:
    """What a line says, as we would take it."""

    title: str
    artist: str
    isrc: str
    store_id: str
    territory: str
    channel: str
    start: date
    end: date
    units: int
    returns: int
    price: Decimal | None
    revenue: Decimal | None
    currency: str

    @property
    def last(self) -> date:
        """Return the last day of the period."""
        return self.end - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a line would be rejected, or what would be remarked: in the file's own words."""

    cell: str
    code: str
    found: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file: its cells, and what becomes of it."""

    line_no: int
    cells: list[str]
    taken: Taken | None = None
    fault: Fault | None = None
    remark: Fault | None = None
    skipped: str = ""
    """`before`: above the column names; `names`; `total`; `empty`."""


@dataclass(slots=True)
class Preview:
    """The first rows, and how the whole sample fares."""

    rows: list[Row] = field(default_factory=list)
    read: int = 0
    accepted: int = 0
    totals: list[int] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    remarks: Counter[str] = field(default_factory=Counter)

    @property
    def rejected(self) -> int:
        """Return how many lines of the sample would be rejected."""
        return self.read - self.accepted


def preview(found: table.Table, sample: bytes, bound: rules.Bound, *, shown: int = SHOWN) -> Preview:
    """This will read a sample through a template and tell what becomes of each line."""
    known = reading.mapped_as(bound, found.cut)
    with files.scratch() as folder, open_engine(folder, threads=1) as engine:
        parts = _archive(found, sample, known, folder)
        if not parts:
            return Preview()
        make_lines(engine, [reading.source(1, parts, known)], [], territory=tariffs.territory)
        judged = f"SELECT *, {fault_case(CHECKS)} AS fault, {fault_case(REMARKS)} AS remark FROM lines"
        rows = engine.execute(
            f"SELECT line_no, fault, {found_case(CHECKS, 'fault')}, remark, {found_case(REMARKS, 'remark')}, {_COLUMNS}"
            f" FROM ({judged}) ORDER BY line_no"
        ).fetchall()
        totals = [int(row["line"]) for row in mapped.totals(engine, parts, bound)]
    return _put_together(found, bound, rows, totals, shown)


def _put_together(
    found: table.Table,
    bound: rules.Bound,
    rows: Sequence[tuple[object, ...]],
    totals: list[int],
    shown: int,
) -> Preview:
    made = Preview(read=len(rows), totals=totals)
    by_line: dict[int, Row] = {}
    for line_no, fault, text, remark, said, *cells in rows:
        assert isinstance(line_no, int)
        wrong = _fault(bound, CHECKS, fault, text)
        noted = _fault(bound, REMARKS, remark, said) if not wrong else None
        made.accepted += wrong is None
        made.faults.update([wrong.code] if wrong else [])
        made.remarks.update([noted.code] if noted else [])
        by_line[line_no] = Row(line_no, [], None if wrong else _taken(cells), wrong, noted)
    after = [row for row in found.rows if row[0] > bound.line_no]
    for line_no, own in [row for row in found.rows if row[0] <= bound.line_no][-4:] + after[:shown]:
        row = by_line.get(line_no, Row(line_no, [], skipped=_skipped(bound, line_no, totals)))
        made.rows.append(Row(line_no, own, row.taken, row.fault, row.remark, row.skipped))
    return made


def _skipped(bound: rules.Bound, line_no: int, totals: Sequence[int]) -> str:
    if line_no == bound.line_no and bound.rules.has_header:
        return "names"
    return "before" if line_no <= bound.line_no else "total" if line_no in totals else "empty"


def _fault(bound: rules.Bound, checks: Sequence[Check], number: object, text: object) -> Fault | None:
    if not isinstance(number, int) or not number:
        return None
    check = checks[number - 1]
    return Fault(*mapped.explained(bound, check.cell, check.code, str(text or "")))


def _taken(cells: Sequence[object]) -> Taken:
    title, artist, isrc, store_id, territory, channel, start, end, usages, returns, price, revenue, currency = cells
    assert isinstance(start, date)
    assert isinstance(end, date)
    assert isinstance(usages, int)
    assert isinstance(returns, int)
    return Taken(
        title=str(title or ""),
        artist=str(artist or ""),
        isrc=str(isrc or ""),
        store_id=str(store_id or ""),
        territory=str(territory or ""),
        channel=str(channel or ""),
        start=start,
        end=end,
        units=usages - returns,
        returns=returns,
        price=price if isinstance(price, Decimal) else None,
        revenue=revenue if isinstance(revenue, Decimal) else None,
        currency=str(currency),
    )


def _archive(found: table.Table, sample: bytes, known: reading.Recognised, folder: Path) -> list[Path]:
    if known.packing != "xlsx":
        data = sample if len(sample) < table.SAMPLE else _whole_lines(sample, known.encoding)
        return [part.path for part in parse.archive([data], known, folder).parts]
    width = len(known.bound.names) if known.bound else 0
    columns: dict[str, list[object]] = {"line_no": [line_no for line_no, _ in found.rows]}
    for place in range(width):
        columns[f"c{place + 1}"] = [cells[place] or None if place < len(cells) else None for _, cells in found.rows]
    columns["bad"] = columns["more"] = [None] * len(found.rows)
    path = folder / "sheet.parquet"
    schema = {name: pl.Int64 if name == "line_no" else pl.String for name in columns}
    pl.DataFrame(columns, schema=schema).write_parquet(path)
    return [path]


def _whole_lines(sample: bytes, encoding: str) -> bytes:
    end = "\n".encode(encoding)
    cut = sample.rfind(end)
    while encoding.startswith("utf-16") and cut % 2 and cut > 0:
        cut = sample.rfind(end, 0, cut)
    return sample[: cut + len(end)] if cut > 0 else sample
