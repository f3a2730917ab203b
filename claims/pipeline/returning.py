"""Withdrawals that come back, however many: what ends, in batches, and which tracks each store is told of.

In the order of the functions, within the transaction of the act.
"""

import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from catalog.models import Withdrawal
from claims.models import Reentry
from claims.selectors.reentry import BACK, KEPT, Alike, ending_rows

BATCH = 20_000
ENDING = f"""
CREATE TEMP TABLE coming_back AS WITH back {BACK} AS ({{back}}) SELECT * FROM back;
CREATE INDEX ON coming_back (id);
CREATE INDEX ON coming_back (work_id);
ANALYZE coming_back
"""
TRACKS = f"""
CREATE TEMP TABLE coming_track AS
WITH back AS (SELECT * FROM coming_back), {KEPT}
SELECT track_id, back, kept, dense_rank() OVER (ORDER BY back, kept) AS alike
FROM (SELECT o.track_id, o.back, coalesce(k.kept, '[]') AS kept FROM own o LEFT JOIN kept k USING (track_id)) found;
CREATE INDEX ON coming_track (track_id);
ANALYZE coming_track
"""
TIED = """
DROP TABLE IF EXISTS pg_temp.tied;
CREATE TEMP TABLE tied AS
SELECT t.track_id, b.id AS withdrawal_id FROM coming_track t JOIN coming_back b ON b.track_id = t.track_id
WHERE t.alike = ANY (%(alike)s) AND {reaches}
UNION
SELECT t.track_id, b.id FROM coming_track t
JOIN catalog_trackwork p ON p.track_id = t.track_id JOIN coming_back b ON b.work_id = p.work_id
WHERE t.alike = ANY (%(alike)s) AND {reaches};
CREATE INDEX ON tied (track_id);
ANALYZE tied
""".replace(
    "{reaches}",
    "NOT %(store)s = ANY (b.except_licensee_ids) AND (b.licensee_ids = '{}' OR %(store)s = ANY (b.licensee_ids))",
)
GOES_ON = """
FROM catalog_return r
JOIN catalog_withdrawal w ON w.follows_id = r.withdrawal_id AND w.start = r.start
"""
LINES_FOLLOW = f"""
INSERT INTO claims_optoutline_withdrawals (optoutline_id, withdrawal_id)
SELECT x.optoutline_id, w.id {GOES_ON}
JOIN claims_optoutline_withdrawals x ON x.withdrawal_id = r.withdrawal_id WHERE r.source = %(source)s
"""
ROWS_FOLLOW = f"""
INSERT INTO claims_noticerow_withdrawals (noticerow_id, withdrawal_id)
SELECT x.noticerow_id, w.id {GOES_ON}
JOIN claims_noticerow_withdrawals x ON x.withdrawal_id = r.withdrawal_id
JOIN claims_noticerow n ON n.id = x.noticerow_id JOIN claims_takedownnotice t ON t.id = n.notice_id
WHERE r.source = %(source)s AND NOT t.licensee_id = ANY (%(stores)s::bigint[])
"""


@contextmanager
def coming(out: QuerySet[Withdrawal], day: date) -> Iterator[int]:
    """This will lend the tables `coming_back`, a withdrawal that ends, and `coming_track`, what that makes of a track.

    `out` is what `claims.selectors.reentry.ending` lists; what else keeps the tracks out is as on `day`. Gives how many
    withdrawals end.
    """
    back, facts = ending_rows(out)
    with connection.cursor() as cursor:
        cursor.execute(ENDING.format(back=back), facts)
        cursor.execute(TRACKS, [day] * TRACKS.count("%s"))
        cursor.execute("SELECT count(*) FROM coming_back")
        (count,) = cursor.fetchone()
        try:
            yield count
        finally:
            if not connection.needs_rollback:
                cursor.execute("DROP TABLE IF EXISTS coming_back, coming_track, pg_temp.tied, pg_temp.named")


def ending_ids() -> Iterator[list[int]]:
    """This will give the ids of the withdrawals that end, in their order, 20,000 at a time."""
    last = 0
    while ids := _column("SELECT id FROM coming_back WHERE id > %s ORDER BY id LIMIT %s", [last, BATCH]):
        yield ids
        last = ids[-1]


def rights_ending() -> list[str]:
    """This will list the rights that come back."""
    return _column('SELECT DISTINCT w."right" FROM coming_back b JOIN catalog_withdrawal w ON w.id = b.id ORDER BY 1')


def alike() -> dict[int, Alike]:
    """This will group the tracks by where what comes back held, and by where something else keeps them out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT alike, back, kept, count(*) FROM coming_track GROUP BY 1, 2, 3 ORDER BY 1")
        return {no: Alike(json.loads(back), json.loads(kept), count) for no, back, kept, count in cursor.fetchall()}


def tie_tracks(groups: Collection[int], licensee_id: int) -> bool:
    """This will lend the table `tied` with the tracks of these groups that come back to a store; False: there is none.

    As `opt_out_grant.write_notice_rows` reads it.
    """
    with connection.cursor() as cursor:
        cursor.execute(TIED, {"alike": sorted(groups), "store": licensee_id})
        cursor.execute("SELECT EXISTS (SELECT FROM tied)")
        (found,) = cursor.fetchone()
    return bool(found)


def follow_rows(reentry: Reentry, licensee_ids: Sequence[int]) -> None:
    """This will note what goes on for the other stores in the same rows: of the opt-out, and of what they were told."""
    facts: dict[str, Any] = {"source": reentry.public_id, "stores": list(licensee_ids)}
    with connection.cursor() as cursor:
        cursor.execute(LINES_FOLLOW, facts)
        cursor.execute(ROWS_FOLLOW, facts)


def _column(statement: str, facts: Sequence[Any] = ()) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, facts)
        return [row[0] for row in cursor.fetchall()]
