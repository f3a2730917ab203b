"""Sales into the database, and what they come to into the ledger: set-based, in the caller's transaction.

Per report, currency and right of a track (or of a store's key while nobody knows the track) one account is credited;
the store owes the sum. An entry holds at most 50,000 postings, so a large report is several entries of one batch, cut
by item in a fixed order: the same report gives the same entries, key by key.
"""

from datetime import datetime
from pathlib import Path

import duckdb
from django.db import connection

from ledger import services as ledger
from ledger.chart import Place, owed_address_sql, receivable
from ledger.recipes import Kind
from sales.models import ReportTotal, SalesReport
from sales.pipeline import match, tariffs
from sales.pipeline.accrue import RIGHTS, accrue
from sales.pipeline.copying import copy_query
from sales.pipeline.engine import fill, literal
from sales.pipeline.lines import Context
from sales.pipeline.shares import numeric

SALE_COLUMNS = (
    "report_id, store_key_id, track_id, tariff_id, sold_as, territory, is_outside_license, use_start, use_end, channel,"
    " currency, cut_by, line_count, units, base, base_name, royalty, royalty_phonogram, royalty_performance,"
    " royalty_work"
)
STAGE_COLUMNS = "entry_key, kind, address, currency, place, owner, item, lot, debit, credit"


def make_sales(
    engine: duckdb.DuckDBPyConnection,
    report: SalesReport,
    workings: dict[str, Path],
    contexts: list[Context],
    folder: Path,
) -> None:
    """This will compute the Sales of a report into the engine's tables `sales` and `totals`; nothing is written.

    Raises: NoTariff, BadTariff.
    """
    facts = literal(str(workings["facts"]))
    periods = engine.execute(f"SELECT DISTINCT use_start, use_end FROM read_parquet({facts})").fetchall()
    codes = [row[0] for row in engine.execute(f"SELECT DISTINCT territory FROM read_parquet({facts})").fetchall()]
    agreed = tariffs.agreement(report.licensee_id, periods)
    keys = folder / "keys.csv"
    match.keys_to(engine, report.licensee_id, workings["identities"], keys)
    _load_tracklists(engine, keys, agreed.release_keys)
    accrue(
        engine,
        facts=workings["facts"],
        keys=KEYS.format(path=literal(str(keys))),
        tracklists="FROM tracklists",
        terms=agreed.terms,
        uses=agreed.uses,
        inside=agreed.inside(codes),
        revenues={c.number: c.summary.net_revenue for c in contexts if c.summary.net_revenue is not None},
        cuts=agreed.cuts,
        dated=tariffs.dated(report.licensee_id, periods, {(context.start, context.end) for context in contexts}),
    )


def write_sales(engine: duckdb.DuckDBPyConnection, report: SalesReport, folder: Path) -> None:
    """This will copy the Sales and totals the engine made into the database."""
    with connection.cursor() as cursor:
        copy_query(
            engine, SALES.format(report_id=report.pk), cursor, f"sales_sale ({SALE_COLUMNS})", folder / "sales.csv"
        )
    ReportTotal.objects.filter(report=report).delete()
    rows = engine.execute("SELECT currency, units, base, royalty, base_missing_units FROM totals ORDER BY 1").fetchall()
    ReportTotal.objects.bulk_create(
        [
            ReportTotal(report=report, currency=c, units=u, base=b, royalty=r, base_missing_units=m)
            for c, u, b, r, m in rows
        ]
    )


def write_postings(
    engine: duckdb.DuckDBPyConnection, report: SalesReport, items_per_entry: int, now: datetime, folder: Path
) -> ledger.Posted:
    """This will post the royalties of the engine's table `sales`, less those of the report it takes the place of.

    The store owes, tracks and keys are owed.
    """
    engine.execute(ITEMS.format(per_entry=items_per_entry, key=f"accrual:{report.public_id}:"))
    stage = ledger.open_stage("sales_accrual_stage")
    with connection.cursor() as cursor:
        target = f"pg_temp.{stage} ({STAGE_COLUMNS})"
        copy_query(engine, _postings(report), cursor, target, folder / "postings.csv")
    return ledger.post_entries(event_at=now, stage=stage, batch=report.public_id)


def _load_tracklists(engine: duckdb.DuckDBPyConnection, keys: Path, release_keys: dict[int, str]) -> None:
    """This will make `tracklists` of the releases sold: one weight per track, by each tariff's key.

    Where playing time decides and one track's is unknown, all weigh the same: a guess would move money.
    """
    path = literal(str(keys))
    query = f"SELECT DISTINCT release_id FROM ({KEYS.format(path=path)}) WHERE release_id IS NOT NULL"
    releases = [row[0] for row in engine.execute(query).fetchall()]
    engine.execute(
        "CREATE OR REPLACE TABLE tracklists (tariff_id BIGINT, release_id BIGINT, track_id BIGINT, weight HUGEINT)"
    )
    if not releases:
        return
    with connection.cursor() as cursor:
        cursor.execute(TRACKLISTS, [releases])
        rows = cursor.fetchall()
    weighed = [
        [tariff_id, release_id, track_id, seconds if release_key == "duration" and known else places]
        for tariff_id, release_key in release_keys.items()
        for release_id, track_id, places, seconds, known in rows
    ]
    fill(engine, "tracklists", weighed)


def _postings(report: SalesReport) -> str:
    """Spell the rows of the ledger's stage: one per item and entry, and the store's side of each entry.

    In the order the ledger hashes them in: it sorts what is sorted already in half the time.
    """
    due = receivable(report.licensee_id, "")
    kind = f"'{Kind.ACCRUAL.value}'"
    places = {
        "track": (Place.UNCLAIMED, owed_address_sql("item", Place.UNCLAIMED)),
        "key": (Place.UNIDENTIFIED, owed_address_sql("item", Place.UNIDENTIFIED)),
    }
    place = f"CASE WHEN is_track THEN '{places['track'][0].value}' ELSE '{places['key'][0].value}' END"
    address = f"CASE WHEN is_track THEN {places['track'][1]} ELSE {places['key'][1]} END"
    debit, credit = (f"CASE WHEN owed {sign} 0 THEN abs(owed) ELSE 0 END" for sign in ("<", ">"))
    due_debit, due_credit = (f"CASE WHEN owed {sign} 0 THEN abs(owed) ELSE 0 END" for sign in (">", "<"))
    return f"""
    SELECT entry_key, {kind} AS kind, {address} AS address, currency, {place} AS place, '' AS owner, item,
        {report.lot_number} AS lot, {numeric(debit)} AS debit, {numeric(credit)} AS credit
    FROM items
    UNION ALL
    SELECT entry_key, {kind}, '{due.address}', currency, '{due.place}', '{due.owner}', '',
        {report.lot_number}, {numeric(due_debit)}, {numeric(due_credit)}
    FROM (SELECT entry_key, currency, sum(owed)::HUGEINT AS owed FROM items GROUP BY entry_key, currency)
    WHERE owed <> 0
    ORDER BY entry_key, currency, address"""


KEYS = """
SELECT * FROM read_csv({path}, header = true, auto_detect = false, delim = ',', quote = '"', escape = '"', columns =
    {{'kind': 'VARCHAR', 'key': 'VARCHAR', 'store_key_id': 'BIGINT', 'track_id': 'BIGINT', 'release_id': 'BIGINT'}})
"""

TRACKLISTS = """
SELECT release_id, track_id, places, seconds, bool_and(known) OVER (PARTITION BY release_id)
FROM (
    SELECT p.release_id, coalesce(t.merged_into_id, t.id) AS track_id, count(*) AS places,
        sum(t.duration_seconds) AS seconds, bool_and(coalesce(t.duration_seconds, 0) > 0) AS known
    FROM catalog_releasetrack p JOIN catalog_track t ON t.id = p.track_id
    WHERE p.release_id = ANY(%s)
    GROUP BY p.release_id, coalesce(t.merged_into_id, t.id)
) listed
"""

SALES = f"""
SELECT {{report_id}}, store_key_id, track_id, tariff_id, sold_as, territory, is_outside, use_start, use_end, channel,
    currency, cut_by, lines, units, {numeric("base")}, base_name, {numeric("royalty")}, {numeric("royalty_phonogram")},
    {numeric("royalty_performance")}, {numeric("royalty_work")}
FROM sales ORDER BY track_id, store_key_id
"""

ITEMS = f"""
CREATE OR REPLACE TABLE items AS
WITH summed AS (
    SELECT currency, track_id IS NOT NULL AS is_track, coalesce(track_id, store_key_id) AS id,
        {", ".join(f"sum(royalty_{right})::HUGEINT AS {right}" for right in RIGHTS)}
    FROM (
        SELECT currency, track_id, store_key_id, {", ".join(f"royalty_{right}" for right in RIGHTS)} FROM sales
        UNION ALL
        SELECT currency, CASE WHEN is_track THEN id END, id, {", ".join(f"-{right}" for right in RIGHTS)} FROM before
    ) GROUP BY ALL
), numbered AS (
    SELECT *, '{{key}}' || currency || ':' || ((row_number() OVER
        (PARTITION BY currency ORDER BY is_track DESC, id) - 1) // {{per_entry}})::VARCHAR AS entry_key
    FROM summed
)
SELECT entry_key, currency, is_track, CASE WHEN is_track THEN 'track:' ELSE 'key:' END || id || ':' || right_ AS item,
    owed
FROM (UNPIVOT numbered ON {", ".join(RIGHTS)} INTO NAME right_ VALUE owed) WHERE owed <> 0
"""
