"""A granted opt-out, however many rows: what leaves, its withdrawals and the rows of its notices, by the statement.

In the order of the functions, within the transaction of the grant.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import connection

from claims.models import OptOut, TakedownNotice
from claims.pipeline.opt_out_standing import STILL_IN, facts_of

KEYS_PER_ROW_MAX = 200

LOCKED = """
SELECT count(*) FROM (
    SELECT t.id FROM catalog_track t
    WHERE t.id IN (SELECT track_id FROM claims_optoutline WHERE opt_out_id = %(opt_out)s AND outcome = 'pending')
    ORDER BY t.id FOR NO KEY UPDATE
) held
"""
REFUSED = """
UPDATE claims_optoutline l SET outcome = 'refused', outcome_reason = x.code
FROM unnest(%(refused)s::bigint[], %(codes)s::text[]) AS x (id, code)
WHERE l.id = x.id AND l.opt_out_id = %(opt_out)s AND l.outcome = 'pending'
"""
LEAVING = f"""
CREATE TEMP TABLE leaving AS
SELECT l.id AS line_id, l.track_id, r."right"
FROM claims_optoutline l CROSS JOIN unnest(%(rights)s::text[]) AS r ("right")
WHERE l.opt_out_id = %(opt_out)s AND l.outcome = 'pending' AND {STILL_IN};
CREATE INDEX ON leaving (track_id);
CREATE INDEX ON leaving (line_id);
ANALYZE leaving
"""
SETTLED = """
UPDATE claims_optoutline l
SET outcome = CASE WHEN s.leaves THEN 'accepted' ELSE 'refused' END,
    outcome_reason = CASE WHEN s.leaves THEN '' ELSE 'already_out' END
FROM (
    SELECT p.id, EXISTS (SELECT FROM leaving v WHERE v.line_id = p.id) AS leaves
    FROM claims_optoutline p WHERE p.opt_out_id = %(opt_out)s AND p.outcome = 'pending'
) s
WHERE l.id = s.id
"""
TRACKS = 'SELECT DISTINCT track_id FROM leaving WHERE "right" = %s ORDER BY 1'
WORKS = """
SELECT DISTINCT p.work_id FROM leaving v JOIN catalog_trackwork p ON p.track_id = v.track_id
WHERE v."right" = 'work' ORDER BY 1
"""
TIED = """
CREATE TEMP TABLE tied AS
SELECT v.line_id, v.track_id, w.id AS withdrawal_id FROM leaving v
JOIN catalog_withdrawal w ON w.track_id = v.track_id AND w."right" = v."right" AND w.source = %(source)s
UNION
SELECT v.line_id, v.track_id, w.id FROM leaving v JOIN catalog_trackwork p ON p.track_id = v.track_id
JOIN catalog_withdrawal w ON w.work_id = p.work_id AND w."right" = v."right" AND w.source = %(source)s;
CREATE INDEX ON tied (track_id);
ANALYZE tied;
INSERT INTO claims_optoutline_withdrawals (optoutline_id, withdrawal_id) SELECT line_id, withdrawal_id FROM tied
"""
NAMED = f"""
DROP TABLE IF EXISTS pg_temp.named;
CREATE TEMP TABLE named ON COMMIT DROP AS
SELECT track_id, array_agg(key ORDER BY id) AS keys, array_agg(url ORDER BY id) AS urls FROM (
    SELECT id, track_id, key, url, row_number() OVER (PARTITION BY track_id ORDER BY id) AS place
    FROM sales_storekey WHERE licensee_id = %(store)s AND kind = 'track'
        AND track_id IN (SELECT track_id FROM tied)
) k WHERE place <= {KEYS_PER_ROW_MAX} GROUP BY track_id;
CREATE INDEX ON named (track_id);
ANALYZE named
"""
NOTICE_ROWS = """
WITH written AS (
    INSERT INTO claims_noticerow (notice_id, track_id, store_keys, urls, state, proof, reference)
    SELECT %(notice)s, l.track_id, coalesce(n.keys, '{}'), ARRAY(
        SELECT url FROM unnest(n.urls) WITH ORDINALITY AS u (url, place)
        WHERE url <> '' GROUP BY url ORDER BY min(place)
    ), 'notified', '', ''
    FROM (SELECT DISTINCT track_id FROM tied) l LEFT JOIN named n ON n.track_id = l.track_id
    ORDER BY l.track_id
    RETURNING id, track_id
)
INSERT INTO claims_noticerow_withdrawals (noticerow_id, withdrawal_id)
SELECT DISTINCT r.id, t.withdrawal_id FROM written r JOIN tied t ON t.track_id = r.track_id
"""
"""The temporary tables are counted and indexed: the planner knows nothing yet of a million rows written just before."""


@contextmanager
def leaving(opt_out: OptOut, day: date, refused: Mapping[int, str]) -> Iterator[int]:
    """This will lock the tracks, settle every open row, and lend the table `leaving`: a line, its track, a right.

    Rows in `refused` (line id -> reason code) stay, and so do those of which nothing is left to take out. Gives how
    many rights of rows leave.
    """
    facts = facts_of(opt_out, day) | {"refused": list(refused), "codes": list(refused.values())}
    with connection.cursor() as cursor:
        cursor.execute(LOCKED, facts)
        cursor.execute(REFUSED, facts)
        cursor.execute(LEAVING, facts)
        cursor.execute("SELECT count(*) FROM leaving")
        (count,) = cursor.fetchone()
        cursor.execute(SETTLED, facts)
        try:
            yield count
        finally:
            if not connection.needs_rollback:
                cursor.execute("DROP TABLE IF EXISTS leaving, pg_temp.tied, pg_temp.named")


def tracks_leaving(right: str) -> list[int]:
    """This will list the tracks of which this right leaves."""
    return _ids(TRACKS, [right])


def works_leaving() -> list[int]:
    """This will list the works that leave with their tracks."""
    return _ids(WORKS, [])


def tie_lines(opt_out: OptOut) -> None:
    """This will tie every row to the withdrawals that were written for it, and lend the table `tied`."""
    _run(TIED, {"source": opt_out.public_id})


def write_notice_rows(notice: TakedownNotice) -> None:
    """This will write a row for each track in `tied`, with the store's keys and addresses of it, and tie them."""
    facts = {"notice": notice.pk, "store": notice.licensee_id}
    _run(NAMED, facts)
    _run(NOTICE_ROWS, facts)


def _ids(statement: str, facts: list[str]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, facts)
        return [row[0] for row in cursor.fetchall()]


def _run(statement: str, facts: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, facts)
