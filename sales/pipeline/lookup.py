"""Single sales lines out of the archive, years later: by number, or all of one track, as the store reported them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import duckdb
import polars as pl

from sales.formats import flat, records
from sales.models import ReportFile, SalesReport, StoreKey
from sales.pipeline import files, reading, tariffs
from sales.pipeline.engine import literal, open_engine
from sales.pipeline.lines import CHECKS, Source, fault_case, make_lines

LINES_MAX = 200
FEW = 100_000
"""Lines of which each is read sooner than tables of their distinct texts are made."""


class SalesLine(NamedTuple):
    """One accepted line: where it stands and what it reported."""

    file: str
    line_no: int
    title: str
    artist: str
    territory: str
    channel: str
    use_start: date
    use_end: date
    units: int
    price: Decimal | None
    revenue: Decimal | None
    currency: str


@dataclass(frozen=True, slots=True)
class ArchivedLine:
    """A line of a file as it stands there: its cells, with the names of those that have one."""

    file: str
    line_no: int
    cells: list[tuple[str, str]]


def lines_of(report: SalesReport, *, track_id: int, limit: int = LINES_MAX) -> list[SalesLine]:
    """This will find the accepted lines of a report about one track, in the order of the files, up to `limit`.

    Lines about a release the track is on are among them.
    """
    keys = list(
        StoreKey.objects.filter(sales__report=report, sales__track=track_id)
        .distinct()
        .values_list("kind", "key", "isrc")
    )
    received = list(report.files.exclude(archive=[]).order_by("number"))
    if not keys or not received:
        return []
    names = {file.number: file.name for file in received}
    with files.scratch() as folder, open_engine(folder) as engine:
        sources = [reading.source_of(file, folder) for file in received]
        sources, only = narrowed(engine, sources, keys, folder)
        make_lines(engine, sources, reading.contexts_of(report.pk), territory=tariffs.territory, only=only)
        wanted = key_list(keys)
        rows = engine.execute(
            "SELECT file_no, line_no, coalesce(full_title, ''), coalesce(full_artist, ''), coalesce(territory, ''),"
            " coalesce(lower(channel), 'unknown'), use_start, use_end, usages - returns, price, revenue, currency"
            f" FROM lines WHERE kind || '/' || key IN ({wanted}) AND {fault_case(CHECKS)} = 0"
            f" ORDER BY file_no, line_no LIMIT {int(limit)}"
        ).fetchall()
    return [SalesLine(names[row[0]], *row[1:]) for row in rows]


def archived_line(file: ReportFile, line_no: int) -> ArchivedLine | None:
    """This will give one line of a file by its number, None when it has no such line."""
    known = reading.from_json(file.reading)
    part = next((p for p in file.archive if p["first_line"] <= line_no < p["first_line"] + p["lines"]), None)
    if part is None:
        return None
    with files.scratch() as folder:
        row = pl.scan_parquet(files.local(part["name"], folder)).filter(pl.col("line_no") == line_no).collect()
    assert row.height == 1, "a part holds each of its lines"
    *cells, more = [text or "" for text in row.drop("line_no", "bad").row(0)]
    if known.template:
        names = {place + 1: name for name, place in known.template.columns.items()}
    else:
        assert known.head
        names = {number: name for name, number in (records.layout(cells[0], known.head.version) or {}).items()}
    named = [(names.get(number, ""), text) for number, text in enumerate([*cells, more], 1)]
    return ArchivedLine(file.name, line_no, [(name, text) for name, text in named if name or text])


def narrowed(
    engine: duckdb.DuckDBPyConnection, sources: Sequence[Source], keys: Sequence[tuple[str, str, str]], folder: Path
) -> tuple[list[Source], str]:
    """Return sources, and a condition on them, that let through at least the lines about these keys.

    Lines of a flat file are picked out into small archives of their own: all columns of ten million lines need only be
    read where a line is. Where no cell has blanks around it, the archive's statistics say where that cannot be.
    """
    columns = _own_columns(sources[0], keys)
    if not columns:
        return list(sources), _about(engine, sources, keys)
    ids = [key for _, key, _ in keys]
    few = []
    for source in sources:
        cells = [pl.col(column) if source.is_plain else pl.col(column).str.strip_chars(" ") for column in columns]
        picked = pl.any_horizontal(cell.is_in(ids) for cell in cells)
        path = folder / f"picked-{source.number}.parquet"
        lines = pl.scan_parquet(source.parts).filter(picked).collect()
        lines.write_parquet(path, compression="uncompressed")
        few.append(replace(source, parts=[path], is_few=lines.height <= FEW))
    return few, "TRUE"


def _own_columns(first: Source, keys: Sequence[tuple[str, str, str]]) -> list[str]:
    """Name the columns of a flat file in which the store's own numbers stand; none where a key is no such number."""
    if first.template is None or first.bound is not None or any(_is_made(key) for _, key, _ in keys):
        return []
    names = ("DspResourceId", "DspReleaseId")
    return [f"c{first.template.columns[name] + 1}" for name in names if name in first.template.columns]


def _is_made(key: str) -> bool:
    """Say whether a key was made of other cells, for want of a number of the store's own."""
    return key.startswith(("isrc:", "name:", "icpn:"))


def _about(engine: duckdb.DuckDBPyConnection, sources: Sequence[Source], keys: Sequence[tuple[str, str, str]]) -> str:
    """Spell a cheap condition on archived columns that lets through at least the lines about these keys."""
    first = sources[0]
    if first.template:
        return _about_flat(first.template, keys)
    ids = ", ".join(literal(key) for _, key, _ in keys)
    if (first.head and first.head.profile.endswith("SRB")) or any(":" in key for _, key, _ in keys):
        return "TRUE"
    parts: list[Path] = [path for source in sources for path in source.parts]
    blocks = engine.execute(
        f"SELECT DISTINCT trim(c2) FROM read_parquet([{', '.join(literal(str(path)) for path in parts)}])"
        f" WHERE (c1 ILIKE 'AS%' OR c1 ILIKE 'RE%') AND trim(c4) IN ({ids}) OR c1 ILIKE 'SU03%' AND trim(c5) IN ({ids})"
    ).fetchall()
    return f"(c1 ILIKE 'SR0%' OR trim(c2) IN ({', '.join(literal(block) for (block,) in blocks if block) or 'NULL'}))"


def key_list(keys: Sequence[tuple[str, str, str]]) -> str:
    """Spell keys (kind, key, ISRC) as an SQL list of `kind/key`."""
    return ", ".join(literal(f"{kind}/{key}") for kind, key, _ in keys)


def _about_flat(template: flat.Template, keys: Sequence[tuple[str, str, str]]) -> str:
    """Spell it for a flat file: the store's own numbers stand in the line; what has none is checked one by one."""
    own = [key for _, key, _ in keys if not _is_made(key)]
    columns = [template.columns[name] + 1 for name in ("DspResourceId", "DspReleaseId") if name in template.columns]
    if len(own) < len(keys) or not columns:
        return "TRUE"
    ids = ", ".join(literal(key) for key in own)
    return "(" + " OR ".join(f"trim(c{number}) IN ({ids})" for number in columns) + ")"
