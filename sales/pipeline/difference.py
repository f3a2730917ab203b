"""What a report that takes the place of another changes: items of the new one minus items of the old one.

The old report's Sales say what its money rests under today (a key matched since then is its track's), so subtracting
them posts nothing for what stayed the same, however often tracks were matched in between.
"""

from pathlib import Path
from typing import Any

import duckdb
from django.db import connection

from catalog.models import Track
from sales.models import ReportTotal, SalesReport, StoreKey
from sales.pipeline.accrue import RIGHTS
from sales.pipeline.copying import copy_out
from sales.pipeline.engine import literal
from sales.pipeline.shares import amount

LARGEST = 20
OLD = "before"

EMPTY = f"""
CREATE OR REPLACE TABLE {OLD}
    (currency VARCHAR, is_track BOOLEAN, id BIGINT, {", ".join(f"{right} HUGEINT" for right in RIGHTS)})
"""

OLD_ITEMS = f"""
SELECT currency, track_id IS NOT NULL AS is_track, coalesce(track_id, store_key_id) AS id,
    {", ".join(f"sum(royalty_{right}) AS {right}" for right in RIGHTS)}
FROM sales_sale WHERE report_id = {{report_id}} GROUP BY 1, 2, 3
"""

READ_OLD = f"""
INSERT INTO {OLD} SELECT currency, is_track, id, {", ".join(f"({r} * 100000000)::HUGEINT" for r in RIGHTS)}
FROM read_csv({{path}}, header = true, auto_detect = false, delim = ',', quote = '"', escape = '"', columns =
    {{{{'currency': 'VARCHAR', 'is_track': 'BOOLEAN', 'id': 'BIGINT',
    {", ".join(f"'{right}': 'DECIMAL(24, 8)'" for right in RIGHTS)}}}}})
"""

NOTHING_SOLD = f"""
CREATE OR REPLACE TABLE sales (store_key_id BIGINT, track_id BIGINT, currency VARCHAR,
    {", ".join(f"royalty_{right} HUGEINT" for right in RIGHTS)});
CREATE OR REPLACE TABLE totals
    (currency VARCHAR, units BIGINT, base DECIMAL(24, 8), royalty DECIMAL(24, 8), base_missing_units BIGINT)
"""

CHANGED = f"""
CREATE OR REPLACE TABLE changed AS
SELECT currency, is_track, id, sum(old)::HUGEINT AS old, sum(now)::HUGEINT AS now FROM (
    SELECT currency, is_track, id, {" + ".join(RIGHTS)} AS old, 0::HUGEINT AS now FROM {OLD}
    UNION ALL
    SELECT currency, track_id IS NOT NULL, coalesce(track_id, store_key_id), 0::HUGEINT,
        {" + ".join(f"royalty_{right}" for right in RIGHTS)}
    FROM sales
) GROUP BY ALL HAVING sum(old) <> sum(now)
"""


def load_old(engine: duckdb.DuckDBPyConnection, old: SalesReport | None, folder: Path) -> None:
    """This will make the engine's table of the items the report now in force came to; empty when there is none."""
    engine.execute(EMPTY)
    if old is None:
        return
    path = folder / "before.csv"
    with connection.cursor() as cursor:
        copy_out(cursor, OLD_ITEMS.format(report_id=int(old.pk)), path)
    engine.execute(READ_OLD.format(path=literal(str(path))))
    path.unlink()


def nothing_sold(engine: duckdb.DuckDBPyConnection) -> None:
    """This will make the tables of a report none of whose lines is left."""
    engine.execute(NOTHING_SOLD)


def of_engine(engine: duckdb.DuckDBPyConnection, old: SalesReport | None) -> dict[str, Any]:
    """Return what taking over would post, from the tables `sales`, `totals` and the old items, as JSON data."""
    before = {row.currency: row for row in ReportTotal.objects.filter(report=old)} if old else {}
    now = {row[0]: row for row in engine.execute("SELECT currency, units, base, royalty FROM totals").fetchall()}
    engine.execute(CHANGED)
    counted = dict(engine.execute("SELECT currency, count(*) FROM changed GROUP BY 1").fetchall())
    rows = []
    for currency in sorted(before.keys() | now.keys()):
        was, will = before.get(currency), now.get(currency)
        old_royalty, new_royalty = was.royalty if was else 0, will[3] if will else 0
        rows.append(
            {
                "currency": currency,
                "units_before": was.units if was else 0,
                "units_after": will[1] if will else 0,
                "before": f"{old_royalty:.8f}",
                "after": f"{new_royalty:.8f}",
                "difference": f"{new_royalty - old_royalty:.8f}",
                "items": counted.get(currency, 0),
            }
        )
    return {"currencies": rows, "largest": _largest(engine)}


def _largest(engine: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    found = engine.execute(
        f"SELECT currency, is_track, id, {amount('old')}, {amount('now')}, {amount('(now - old)')} FROM changed"
        f" ORDER BY abs(now - old) DESC, currency, is_track, id LIMIT {LARGEST}"
    ).fetchall()
    tracks = Track.objects.in_bulk([row[2] for row in found if row[1]])
    keys = StoreKey.objects.in_bulk([row[2] for row in found if not row[1]])
    return [
        {
            "name": str(tracks[number] if is_track else keys[number]),
            "is_matched": is_track,
            "currency": currency,
            "before": f"{old:f}",
            "after": f"{now:f}",
            "difference": f"{change:f}",
        }
        for currency, is_track, number, old, now, change in found
    ]
