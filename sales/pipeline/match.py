"""Distinct identities of a report to store keys, and store keys to tracks and releases, set-based in PostgreSQL.

What the store's key was matched to before stands. For the others the catalogue is asked (catalog.matching): codes and
names first, in one statement each, and only what they leave is compared name by name. Else the key stays unmatched
with the reason why, and its money waits. Every match keeps method, score and reasons. Releases are matched by ICPN
and by name only. The same evidence against the same catalogue gives the same answer in any order and company.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
from django.db import connection

from catalog import matching
from catalog.names import name_key
from core.ids import ALPHABET, check_character
from sales.models import StoreKey
from sales.pipeline.copying import copy_out, copy_query, copy_rows
from sales.pipeline.engine import literal

LOCK_SPACE = 0x5A1E5
"""First number of the advisory locks on the store keys of one licensee."""


def lock_keys(licensee_id: int) -> None:
    """This will make posting and matching of one store's keys wait for each other, until the commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, licensee_id])


def match_keys(
    engine: duckdb.DuckDBPyConnection,
    licensee_id: int,
    identities: Path,
    now: datetime,
    *,
    beat: Callable[[], object] = lambda: None,
) -> int:
    """This will add the store keys that are new, match what can be matched, and return the lines left unmatched.

    The caller has locked the store's keys (`lock_keys`).
    """
    with connection.cursor() as cursor:
        cursor.execute(MEMORY)
        _stage_identities(engine, cursor, identities)
        _name_new_keys(cursor, licensee_id)
        cursor.execute(OPEN_KEYS, [licensee_id])
        _find(cursor, beat)
        cursor.execute(INSERT_KEYS, [licensee_id, now])
        _update_keys(cursor)
        cursor.execute(UNMATCHED_LINES, [licensee_id])
        return int(cursor.fetchone()[0])


def match_again(key_ids: Sequence[int], *, beat: Callable[[], object] = lambda: None) -> list[int]:
    """This will look for the tracks and releases of unmatched keys once more, with every Sale under them, however
    old; the ids of the keys matched now. The caller has locked the stores' keys (`lock_keys`).
    """
    with connection.cursor() as cursor:
        cursor.execute(OPEN_AGAIN, [list(key_ids)])
        _find(cursor, beat)
        return _update_keys(cursor)


def suggestions(key: StoreKey, limit: int = 5) -> list[matching.Ranked]:
    """This will give the tracks an unmatched key may mean, best first: track_id, score (0 to 1), method, reasons
    (codes; `catalog.matching.reason_text` words them), is_match. Computed from the catalogue as it is.
    """
    isrcs = tuple(key.isrcs or filter(None, [key.isrc]))
    return matching.suggestions(matching.Asked(key.pk, key.title, key.artist, isrcs), limit)


def keys_to(engine: duckdb.DuckDBPyConnection, licensee_id: int, identities: Path, target: Path) -> None:
    """This will write (kind, key, store_key_id, track_id, release_id) of every identity of a report to a CSV file."""
    with connection.cursor() as cursor:
        cursor.execute(MEMORY)
        _stage_identities(engine, cursor, identities)
        copy_out(cursor, KEYS.format(licensee_id=int(licensee_id)), target)


def _find(cursor: Any, beat: Callable[[], object]) -> None:
    """This will find what is in sales_open: tracks by the catalogue's matcher, releases by ICPN, then by name."""
    matching.stage(cursor, ())
    cursor.execute(ASK)
    matching.find_staged(cursor, beat=beat)
    for statement in (FOUND_TRACKS, RELEASE_BY_ICPN, RELEASE_BY_NAME):
        cursor.execute(statement)


def _stage_identities(engine: duckdb.DuckDBPyConnection, cursor: Any, identities: Path) -> None:
    cursor.execute(INCOMING)
    source = f"read_parquet({literal(str(identities))})"
    columns = "kind, key, isrc, isrcs, icpn, title, artist, url, lines"
    known = {row[0] for row in engine.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()}
    asked = columns if "isrcs" in known else columns.replace("isrcs", "isrc AS isrcs")
    copy_query(
        engine,
        f"SELECT row_number() OVER (ORDER BY kind, key), {asked} FROM {source}",
        cursor,
        f"pg_temp.sales_incoming (no, {columns})",
        identities.with_suffix(".csv"),
    )
    cursor.execute("ANALYZE sales_incoming")


def _name_new_keys(cursor: Any, licensee_id: int) -> None:
    """This will stage the keys that are new, each with its name key and public id."""
    cursor.execute(NEW_KEYS, [licensee_id])
    new = cursor.fetchall()
    cursor.execute(NAMED)
    rows = (
        (str(no), name_key(title or "", artist or "")[:1000], public_id)
        for (no, title, artist), public_id in zip(new, _public_ids(len(new)), strict=True)
    )
    copy_rows(rows, cursor, "pg_temp.sales_named (no, name_key, public_id)")
    cursor.execute("ANALYZE sales_named")


def _update_keys(cursor: Any) -> list[int]:
    """This will write what was found for keys seen before, and give their Sales the track; the keys matched now."""
    cursor.execute(UPDATE_KEYS)
    matched = sorted(pk for pk, track, release in cursor.fetchall() if track or release)
    cursor.execute(FOLLOW_KEYS, [matched])
    return matched


def _public_ids(count: int) -> Iterator[str]:
    """Yield public ids as `core.ids.new_public_id("KEY")` does, drawing the random bits of all at once."""
    letters = os.urandom(10 * count)
    for start in range(0, 10 * count, 10):
        body = "".join(ALPHABET[byte & 31] for byte in letters[start : start + 10])
        yield f"KEY-{body}{check_character(body)}"


MEMORY = "SET LOCAL work_mem = '64MB'"
"""For joins and sorts of some hundred thousand keys, which else go by way of the disk."""

INCOMING = """
DROP TABLE IF EXISTS pg_temp.sales_incoming;
CREATE TEMP TABLE sales_incoming (no bigint, kind text, key text COLLATE "C", isrc text, isrcs text, icpn text,
    title text, artist text, url text, lines bigint) ON COMMIT DROP
"""

KEYS = """
SELECT k.kind, k.key, k.id, k.track_id, k.release_id
FROM sales_incoming i JOIN sales_storekey k ON k.licensee_id = {licensee_id} AND k.kind = i.kind AND k.key = i.key
"""

NEW_KEYS = """
SELECT i.no, i.title, i.artist FROM sales_incoming i
WHERE NOT EXISTS (SELECT FROM sales_storekey k WHERE k.licensee_id = %s AND k.kind = i.kind AND k.key = i.key)
ORDER BY i.no
"""

NAMED = """
DROP TABLE IF EXISTS pg_temp.sales_named;
CREATE TEMP TABLE sales_named (no bigint, name_key text, public_id text) ON COMMIT DROP
"""

_OPEN = """
ANALYZE sales_open;
CREATE TEMP TABLE sales_found (no bigint, track_id bigint, release_id bigint, method text, score numeric(5, 4),
    reasons jsonb) ON COMMIT DROP
"""
OPEN_KEYS = f"""
DROP TABLE IF EXISTS pg_temp.sales_open, pg_temp.sales_found;
CREATE TEMP TABLE sales_open ON COMMIT DROP AS
SELECT i.no, NULL::bigint AS id, i.kind, i.key, coalesce(i.isrc, '') AS isrc,
    array_remove(string_to_array(coalesce(i.isrcs, i.isrc, ''), '|'), '') AS isrcs, coalesce(i.icpn, '') AS icpn,
    coalesce(i.title, '') AS title, coalesce(i.artist, '') AS artist, n.name_key, n.public_id,
    coalesce(i.url, '') AS url
FROM sales_named n JOIN sales_incoming i ON i.no = n.no
UNION ALL
SELECT i.no, k.id, k.kind, k.key, k.isrc, CASE WHEN k.isrcs <> '{{}}' THEN k.isrcs::text[]
    ELSE array_remove(ARRAY[k.isrc::text], '') END, k.icpn, k.title, k.artist, k.name_key, k.public_id, k.url
FROM sales_incoming i
JOIN sales_storekey k ON k.licensee_id = %s AND k.kind = i.kind AND k.key = i.key
WHERE k.track_id IS NULL AND k.release_id IS NULL AND NOT k.match_reasons @> '["corrected_by_person"]';
{_OPEN}
"""

OPEN_AGAIN = f"""
DROP TABLE IF EXISTS pg_temp.sales_open, pg_temp.sales_found;
CREATE TEMP TABLE sales_open ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY k.id) AS no, k.id, k.kind, k.key, k.isrc, CASE WHEN k.isrcs <> '{{}}'
    THEN k.isrcs::text[] ELSE array_remove(ARRAY[k.isrc::text], '') END AS isrcs, k.icpn, k.title, k.artist,
    k.name_key
FROM sales_storekey k WHERE k.id = ANY (%s) AND k.track_id IS NULL AND k.release_id IS NULL
    AND NOT k.match_reasons @> '["corrected_by_person"]';
{_OPEN}
"""

ASK = """
INSERT INTO match_asked (no, title, artist, isrcs, name_key, label, release)
SELECT no, title, artist, isrcs, name_key, '', ''
FROM sales_open WHERE kind = 'track';
ANALYZE match_asked
"""

FOUND_TRACKS = """
INSERT INTO sales_found
SELECT f.no, CASE WHEN r.id IS NULL THEN f.track_id END, NULL, CASE WHEN r.id IS NULL THEN f.method ELSE '' END,
    f.score, CASE WHEN r.id IS NULL THEN f.reasons ELSE f.reasons || '["rejected_before"]' END
FROM match_found f JOIN sales_open o ON o.no = f.no
LEFT JOIN sales_matchrejection r ON r.store_key_id = o.id AND r.track_id = f.track_id
"""

INSERT_KEYS = """
INSERT INTO sales_storekey (public_id, licensee_id, kind, key, isrc, isrcs, icpn, title, artist, url, name_key,
    track_id, release_id, match_method, match_score, match_reasons, match_codes, first_seen_at)
SELECT o.public_id, %s, o.kind, o.key, o.isrc, CASE WHEN cardinality(o.isrcs) > 1 THEN o.isrcs ELSE '{}' END,
    o.icpn, o.title, o.artist, o.url, o.name_key, f.track_id, f.release_id, coalesce(f.method, ''), f.score,
    coalesce(f.reasons, '[]'), l.codes, %s
FROM sales_open o
LEFT JOIN sales_found f ON f.no = o.no
LEFT JOIN match_left l ON l.no = o.no
WHERE o.id IS NULL
ORDER BY o.no
"""
"""The caller holds the store's keys, so nobody else adds one meanwhile; watching out for it would cost a fifth."""

REJECTED = "EXISTS (SELECT FROM sales_matchrejection x WHERE x.store_key_id = o.id AND x.release_id = r.id)"
RELEASE_BY_ICPN = f"""
WITH counted AS (
    SELECT o.no, count(*) AS releases, min(r.id) AS only_release
    FROM sales_open o JOIN catalog_release r ON ltrim(r.icpn, '0') = ltrim(o.icpn, '0') AND r.icpn <> ''
    WHERE o.kind = 'release' AND o.icpn <> '' AND NOT {REJECTED} GROUP BY o.no
)
INSERT INTO sales_found
SELECT no, NULL, only_release, 'icpn', 1, '["icpn_equal"]' FROM counted WHERE releases = 1
"""

RELEASE_BY_NAME = f"""
WITH counted AS (
    SELECT o.no, count(*) AS releases, min(r.id) AS only_release
    FROM sales_open o JOIN catalog_release r ON r.name_key = o.name_key
    WHERE o.kind = 'release' AND o.name_key IS NOT NULL AND NOT EXISTS (SELECT FROM sales_found f WHERE f.no = o.no)
        AND NOT {REJECTED}
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
SET track_id = f.track_id, release_id = f.release_id, match_method = coalesce(f.method, ''), match_score = f.score,
    match_reasons = coalesce(f.reasons, '[]'), match_codes = l.codes
FROM sales_open o LEFT JOIN sales_found f ON f.no = o.no LEFT JOIN match_left l ON l.no = o.no
WHERE k.id = o.id AND o.id IS NOT NULL AND (f.no IS NOT NULL OR l.no IS NOT NULL)
RETURNING k.id, k.track_id, k.release_id
"""
"""New keys have no id: said once more, so that this is planned for the few known ones, not over all keys there are."""

FOLLOW_KEYS = """
UPDATE sales_sale s SET track_id = k.track_id FROM sales_storekey k
WHERE k.id = ANY (%s) AND s.store_key_id = k.id AND s.track_id IS NULL AND k.track_id IS NOT NULL
"""

UNMATCHED_LINES = """
SELECT coalesce(sum(i.lines), 0) FROM sales_incoming i
JOIN sales_storekey k ON k.licensee_id = %s AND k.kind = i.kind AND k.key = i.key
WHERE k.track_id IS NULL
    AND NOT EXISTS (SELECT FROM catalog_releasetrack p WHERE p.release_id = k.release_id)
"""
