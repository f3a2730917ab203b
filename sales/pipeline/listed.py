"""A store's catalogue list into its keys: those listed, the tracks they are, and the last day each was listed."""

from collections.abc import Iterable
from datetime import date, datetime
from hashlib import md5
from pathlib import Path

import polars as pl
from django.db import connection

from sales.formats.catalogue_list import Entry
from sales.pipeline import match
from sales.pipeline.engine import open_engine

BATCH = 50_000
COLUMNS = ("kind", "key", "isrc", "isrcs", "icpn", "title", "artist", "url", "lines")

LISTED = """
UPDATE sales_storekey k SET listed_date = %s, url = CASE WHEN coalesce(i.url, '') = '' THEN k.url ELSE i.url END
FROM sales_incoming i
WHERE k.licensee_id = %s AND k.kind = i.kind AND k.key = i.key AND (k.listed_date IS NULL OR k.listed_date <= %s)
"""

MATCHED = """
SELECT count(*), count(*) FILTER (WHERE k.track_id IS NOT NULL)
FROM sales_incoming i JOIN sales_storekey k ON k.licensee_id = %s AND k.kind = i.kind AND k.key = i.key
"""


def write_entries(found: Iterable[Entry | None], folder: Path) -> tuple[Path, int]:
    """This will write the distinct entries as identities to a Parquet file; returns it and the rows passed over."""
    passed_over = 0
    rows: list[tuple[str | int | None, ...]] = []
    parts: list[Path] = []
    for entry in found:
        if entry is None:
            passed_over += 1
            continue
        rows.append(_row(entry))
        if len(rows) == BATCH:
            parts.append(_write(rows, folder / f"{len(parts):05}.part"))
    parts.append(_write(rows, folder / f"{len(parts):05}.part"))
    whole = folder / "identities"
    pl.scan_parquet(parts).unique(subset=["kind", "key"], keep="any").sink_parquet(whole)
    return whole, passed_over


def _key(entry: Entry) -> str:
    """Name an entry as its sales lines would be: the store's own number, else the ISRC, else the names."""
    if entry.key:
        return entry.key
    if entry.isrc:
        return f"isrc:{entry.isrc}"
    names = f"{entry.title.lower()}\x1f{entry.artist.lower()}"
    return "name:" + md5(names.encode(), usedforsecurity=False).hexdigest()


def _row(entry: Entry) -> tuple[str | int | None, ...]:
    isrc = entry.isrc or None
    return "track", _key(entry), isrc, isrc, None, entry.title or None, entry.artist or None, entry.url or None, 1


def _write(rows: list[tuple[str | int | None, ...]], path: Path) -> Path:
    schema = {name: pl.Int64 if name == "lines" else pl.String for name in COLUMNS}
    pl.DataFrame(rows, schema=schema, orient="row").write_parquet(path)
    rows.clear()
    return path


def take_list(licensee_id: int, identities: Path, taken: date, now: datetime, folder: Path) -> tuple[int, int]:
    """This will add and match the store's keys and write the day they were listed; returns (entries, with a track).

    In the caller's transaction, which holds the store's keys (`match.lock_keys`).
    """
    with open_engine(folder) as engine, connection.cursor() as cursor:
        match.match_keys(engine, licensee_id, identities, now)
        cursor.execute(LISTED, [taken, licensee_id, taken])
        cursor.execute(MATCHED, [licensee_id])
        entries, matched = cursor.fetchone()
        return int(entries), int(matched)
