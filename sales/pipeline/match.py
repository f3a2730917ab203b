"""Distinct identities of a report to store keys, and store keys to tracks and releases, set-based in PostgreSQL.

Evidence in this order: what the store's key was matched to before; an ISRC (or ICPN) that names one track; where it
names several, the one whose name agrees; a name key that names one track. Else the key stays unmatched with the reason
why, and its money waits. Every match keeps method, score and reasons.
"""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
from django.db import connection

from catalog.names import name_key
from core.ids import ALPHABET, check_character
from sales.pipeline.copying import copy_out, copy_query, copy_rows
from sales.pipeline.engine import literal

LOCK_SPACE = 0x5A1E5
"""First number of the advisory locks on the store keys of one licensee."""


def lock_keys(licensee_id: int) -> None:
    """This will make posting and matching of one store's keys wait for each other, until the commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, licensee_id])


def match_keys(engine: duckdb.DuckDBPyConnection, licensee_id: int, identities: Path, now: datetime) -> int:
    """This will add the store keys that are new, match what can be matched, and return the lines left unmatched."""
    with connection.cursor() as cursor:
        _stage_identities(engine, cursor, identities)
        _name_new_keys(cursor, licensee_id)
        cursor.execute(OPEN_KEYS, [licensee_id])
        for statement in (BY_ISRC, BY_NAME, RELEASE_BY_ICPN, RELEASE_BY_NAME):
            cursor.execute(statement)
        cursor.execute(INSERT_KEYS, [licensee_id, now])
        cursor.execute(UPDATE_KEYS)
        cursor.execute(UNMATCHED_LINES, [licensee_id])
        return int(cursor.fetchone()[0])


def keys_to(engine: duckdb.DuckDBPyConnection, licensee_id: int, identities: Path, target: Path) -> None:
    """This will write (kind, key, store_key_id, track_id, release_id) of every identity of a report to a CSV file."""
    with connection.cursor() as cursor:
        _stage_identities(engine, cursor, identities)
        copy_out(cursor, KEYS.format(licensee_id=int(licensee_id)), target)


def _stage_identities(engine: duckdb.DuckDBPyConnection, cursor: Any, identities: Path) -> None:
    cursor.execute(INCOMING)
    columns = "kind, key, isrc, icpn, title, artist, url, lines"
    query = f"SELECT {columns} FROM read_parquet({literal(str(identities))})"
    copy_query(engine, query, cursor, f"pg_temp.sales_incoming ({columns})", identities.with_suffix(".csv"))
    cursor.execute("ANALYZE sales_incoming")


def _name_new_keys(cursor: Any, licensee_id: int) -> None:
    """This will stage the keys that are new, each with its name key and public id."""
    cursor.execute(NEW_KEYS, [licensee_id])
    new = cursor.fetchall()
    cursor.execute(NAMED)
    rows = (
        (kind, key, name_key(title or "", artist or "")[:1000], public_id)
        for (kind, key, title, artist), public_id in zip(new, _public_ids(len(new)), strict=True)
    )
    copy_rows(rows, cursor, "pg_temp.sales_named (kind, key, name_key, public_id)")


def _public_ids(count: int) -> Iterator[str]:
    """Yield public ids as `core.ids.new_public_id("KEY")` does, drawing the random bits of all at once."""
    letters = os.urandom(10 * count)
    for start in range(0, 10 * count, 10):
        body = "".join(ALPHABET[byte & 31] for byte in letters[start : start + 10])
        yield f"KEY-{body}{check_character(body)}"


INCOMING = """
DROP TABLE IF EXISTS pg_temp.sales_incoming;
CREATE TEMP TABLE sales_incoming (kind text, key text COLLATE "C", isrc text, icpn text, title text, artist text,
    url text, lines bigint) ON COMMIT DROP
"""

KEYS = """
SELECT k.kind, k.key, k.id, k.track_id, k.release_id
FROM sales_incoming i JOIN sales_storekey k ON k.licensee_id = {licensee_id} AND k.kind = i.kind AND k.key = i.key
"""

NEW_KEYS = """
SELECT i.kind, i.key, i.title, i.artist FROM sales_incoming i
WHERE NOT EXISTS (SELECT FROM sales_storekey k WHERE k.licensee_id = %s AND k.kind = i.kind AND k.key = i.key)
ORDER BY i.kind, i.key
"""

NAMED = """
DROP TABLE IF EXISTS pg_temp.sales_named;
CREATE TEMP TABLE sales_named (kind text, key text COLLATE "C", name_key text, public_id text) ON COMMIT DROP
"""

OPEN_KEYS = """
DROP TABLE IF EXISTS pg_temp.sales_open, pg_temp.sales_found;
CREATE TEMP TABLE sales_open ON COMMIT DROP AS
SELECT row_number() OVER () AS no, o.* FROM (
    SELECT NULL::bigint AS id, n.kind, n.key, coalesce(i.isrc, '') AS isrc, coalesce(i.icpn, '') AS icpn,
        CASE WHEN i.title <> '' AND i.artist <> '' THEN n.name_key END AS name_key
    FROM sales_named n JOIN sales_incoming i ON i.kind = n.kind AND i.key = n.key
    UNION ALL
    SELECT k.id, k.kind, k.key, k.isrc, k.icpn, CASE WHEN k.title <> '' AND k.artist <> '' THEN k.name_key END
    FROM sales_incoming i
    JOIN sales_storekey k ON k.licensee_id = %s AND k.kind = i.kind AND k.key = i.key
    WHERE k.track_id IS NULL AND k.release_id IS NULL
) o;
ANALYZE sales_open;
CREATE TEMP TABLE sales_found (no bigint, track_id bigint, release_id bigint, method text, score numeric(5, 4),
    reasons jsonb) ON COMMIT DROP
"""

INSERT_KEYS = """
INSERT INTO sales_storekey (public_id, licensee_id, kind, key, isrc, icpn, title, artist, url, name_key, track_id,
    release_id, match_method, match_score, match_reasons, first_seen_at)
SELECT n.public_id, %s, n.kind, n.key, o.isrc, o.icpn, coalesce(i.title, ''), coalesce(i.artist, ''),
    coalesce(i.url, ''), n.name_key, f.track_id, f.release_id, coalesce(f.method, ''), f.score,
    coalesce(f.reasons, '[]'), %s
FROM sales_named n
JOIN sales_incoming i ON i.kind = n.kind AND i.key = n.key
JOIN sales_open o ON o.kind = n.kind AND o.key = n.key
LEFT JOIN sales_found f ON f.no = o.no
ORDER BY n.kind, n.key
ON CONFLICT (licensee_id, kind, key) DO NOTHING
"""

_NAMES = "SELECT id AS track_id, name_key FROM catalog_track UNION SELECT track_id, name_key FROM catalog_trackname"

BY_ISRC = f"""
WITH candidate AS (
    SELECT DISTINCT o.no, coalesce(t.merged_into_id, t.id) AS track_id, o.name_key IS NOT NULL AND EXISTS (
        SELECT FROM ({_NAMES}) n WHERE n.track_id = t.id AND n.name_key = o.name_key) AS agrees
    FROM sales_open o JOIN catalog_trackisrc i ON i.isrc = o.isrc JOIN catalog_track t ON t.id = i.track_id
    WHERE o.kind = 'track' AND o.isrc <> ''
), counted AS (
    SELECT no, count(DISTINCT track_id) AS tracks, count(DISTINCT track_id) FILTER (WHERE agrees) AS agreeing,
        min(track_id) AS only_track, min(track_id) FILTER (WHERE agrees) AS agreeing_track
    FROM candidate GROUP BY no
)
INSERT INTO sales_found
SELECT no, CASE WHEN tracks = 1 THEN only_track WHEN agreeing = 1 THEN agreeing_track END, NULL,
    CASE WHEN tracks = 1 THEN 'isrc' WHEN agreeing = 1 THEN 'isrc_and_name' ELSE '' END,
    CASE WHEN tracks = 1 OR agreeing = 1 THEN CASE WHEN agreeing = 1 THEN 1 ELSE 0.95 END END,
    CASE WHEN tracks = 1 AND agreeing = 1 THEN '["isrc_equal", "name_equal"]'
        WHEN tracks = 1 THEN '["isrc_equal", "name_differs"]'
        WHEN agreeing = 1 THEN '["isrc_on_several_tracks", "name_equal"]'
        ELSE '["isrc_on_several_tracks", "name_decides_nothing"]' END::jsonb
FROM counted
"""

BY_NAME = """
WITH counted AS (
    SELECT o.no, count(DISTINCT n.track_id) AS tracks, min(n.track_id) AS only_track
    FROM sales_open o
    JOIN LATERAL (
        SELECT coalesce(t.merged_into_id, t.id) AS track_id FROM catalog_track t WHERE t.name_key = o.name_key
        UNION
        SELECT coalesce(t.merged_into_id, t.id) FROM catalog_trackname a JOIN catalog_track t ON t.id = a.track_id
        WHERE a.name_key = o.name_key
    ) n ON TRUE
    WHERE o.kind = 'track' AND o.name_key IS NOT NULL AND NOT EXISTS (SELECT FROM sales_found f WHERE f.no = o.no)
    GROUP BY o.no
)
INSERT INTO sales_found
SELECT no, CASE WHEN tracks = 1 THEN only_track END, NULL, CASE WHEN tracks = 1 THEN 'name' ELSE '' END,
    CASE WHEN tracks = 1 THEN 0.9 END,
    CASE WHEN tracks = 1 THEN '["name_equal"]' ELSE '["name_on_several_tracks"]' END::jsonb
FROM counted
"""

RELEASE_BY_ICPN = """
WITH counted AS (
    SELECT o.no, count(*) AS releases, min(r.id) AS only_release
    FROM sales_open o JOIN catalog_release r ON ltrim(r.icpn, '0') = ltrim(o.icpn, '0') AND r.icpn <> ''
    WHERE o.kind = 'release' AND o.icpn <> '' GROUP BY o.no
)
INSERT INTO sales_found
SELECT no, NULL, only_release, 'icpn', 1, '["icpn_equal"]' FROM counted WHERE releases = 1
"""

RELEASE_BY_NAME = """
WITH counted AS (
    SELECT o.no, count(*) AS releases, min(r.id) AS only_release
    FROM sales_open o JOIN catalog_release r ON r.name_key = o.name_key
    WHERE o.kind = 'release' AND o.name_key IS NOT NULL AND NOT EXISTS (SELECT FROM sales_found f WHERE f.no = o.no)
    GROUP BY o.no
)
INSERT INTO sales_found
SELECT no, NULL, CASE WHEN releases = 1 THEN only_release END, CASE WHEN releases = 1 THEN 'name' ELSE '' END,
    CASE WHEN releases = 1 THEN 0.9 END,
    CASE WHEN releases = 1 THEN '["name_equal"]' ELSE '["name_on_several_releases"]' END::jsonb
FROM counted
"""

UPDATE_KEYS = """
UPDATE sales_storekey k
SET track_id = f.track_id, release_id = f.release_id, match_method = f.method, match_score = f.score,
    match_reasons = f.reasons
FROM sales_found f JOIN sales_open o ON o.no = f.no WHERE k.id = o.id
"""

UNMATCHED_LINES = """
SELECT coalesce(sum(i.lines), 0) FROM sales_incoming i
JOIN sales_storekey k ON k.licensee_id = %s AND k.kind = i.kind AND k.key = i.key
WHERE k.track_id IS NULL
    AND NOT EXISTS (SELECT FROM catalog_releasetrack p WHERE p.release_id = k.release_id)
"""
