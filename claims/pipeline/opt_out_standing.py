"""What stands about the tracks of an opt-out, however many: counted by the database for the checks."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from catalog.models import Withdrawal
from claims.models import OptOut

LINES = """
line AS (
    SELECT DISTINCT track_id FROM claims_optoutline
    WHERE opt_out_id = %(opt_out)s AND track_id IS NOT NULL AND NOT id = ANY(%(refused)s::bigint[])
),
play AS (SELECT DISTINCT l.track_id, p.work_id FROM line l JOIN catalog_trackwork p ON p.track_id = l.track_id)
"""
SHARES = f"""
WITH {LINES}, share AS (
    SELECT l.track_id, s."right", s.holder_id, s.percent, s.start, s."end"
    FROM line l JOIN catalog_rightsshare s ON s.track_id = l.track_id
    UNION ALL
    SELECT p.track_id, s."right", s.holder_id, s.percent, s.start, s."end"
    FROM play p JOIN catalog_rightsshare s ON s.work_id = p.work_id
), held AS (
    SELECT * FROM share
    WHERE "right" = ANY(%(rights)s::text[]) AND ("end" IS NULL OR "end" > %(day)s)
        AND (start IS NULL OR start <= %(day)s)
), summed AS (
    SELECT track_id, sum(percent) FILTER (WHERE holder_id = %(holder)s) AS own,
        sum(percent) FILTER (WHERE holder_id <> %(holder)s) AS others
    FROM held GROUP BY track_id, "right"
), track AS (
    SELECT track_id, bool_or(own > 0) AS owns, bool_or(others IS NOT NULL) AS is_shared,
        count(*) FILTER (WHERE others >= 100) = cardinality(%(rights)s::text[]) AS is_anothers
    FROM summed GROUP BY track_id
)
SELECT (SELECT count(*) FROM line), count(*) FILTER (WHERE owns), count(*) FILTER (WHERE is_anothers),
    count(*) FILTER (WHERE is_shared), count(*) FILTER (WHERE is_shared AND owns IS NOT TRUE),
    (SELECT count(DISTINCT holder_id) FROM held WHERE holder_id <> %(holder)s)
FROM track
"""
DISPUTED = f"""
WITH {LINES}, fought AS (
    SELECT track_id, work_id FROM claims_dispute
    WHERE "right" = ANY(%(rights)s::text[]) AND status IN ('opened', 'answered')
)
SELECT count(*) FROM line l WHERE l.track_id IN (SELECT track_id FROM fought WHERE track_id IS NOT NULL)
    OR EXISTS (SELECT FROM play p JOIN fought f ON f.work_id = p.work_id WHERE p.track_id = l.track_id)
"""
_STORES = "%(stores)s::bigint[]"
_WITHDRAWN = f"""w."right" = r."right" AND w.holder_id = %(holder)s AND w."end" IS NULL AND w.start <= %(first)s
    AND w.territories_id = ANY(%(wide)s::bigint[])
    AND (w.licensee_ids = '{{}}' OR ({_STORES} <> '{{}}' AND {_STORES} <@ w.licensee_ids))
    AND (w.except_licensee_ids = '{{}}' OR ({_STORES} <> '{{}}' AND NOT {_STORES} && w.except_licensee_ids))"""
STILL_IN = f"""
NOT EXISTS (SELECT FROM catalog_withdrawal w WHERE w.track_id = l.track_id AND {_WITHDRAWN})
AND NOT EXISTS (
    SELECT FROM catalog_trackwork p JOIN catalog_withdrawal w ON w.work_id = p.work_id
    WHERE p.track_id = l.track_id AND {_WITHDRAWN}
)
"""
"""A right `r` of a track `l` is out already when this holder withdrew it, as early, from these stores and places,
without an end; else there is something to take out."""
OUT = f"""
WITH {LINES}
SELECT count(*) FROM line l
WHERE NOT EXISTS (SELECT FROM unnest(%(rights)s::text[]) AS r ("right") WHERE {STILL_IN})
"""


@dataclass(frozen=True, slots=True)
class Recorded:
    """How many tracks an opt-out names, and of how many shares are recorded for whom in the rights it names."""

    tracks: int
    owned: int
    """Some part for the holder."""
    anothers: int
    """The whole of every right for others."""
    shared: int
    """Some part for others."""
    rivals: int
    """Some part for others, none for the holder."""
    other_holders: int

    @property
    def bare(self) -> int:
        """Tracks of which nothing is recorded for the holder."""
        return self.tracks - self.owned


def recorded(opt_out: OptOut, day: date, *, but: Collection[int] = ()) -> Recorded:
    """This will count by the shares of a day; `but`: ids of rows that are left out."""
    return Recorded(*_row(SHARES, opt_out, day, but))


def count_disputed(opt_out: OptOut, day: date) -> int:
    """This will count the tracks that somebody's ownership is disputed of."""
    return int(_row(DISPUTED, opt_out, day)[0])


def count_out(opt_out: OptOut, day: date) -> int:
    """This will count the tracks of which nothing is left to take out."""
    return int(_row(OUT, opt_out, day)[0])


def facts_of(opt_out: OptOut, day: date) -> dict[str, Any]:
    """This will give what the statements here, and those of the grant, know a case by.

    `wide`: the territory sets, among those its holder ever withdrew for, that reach as far as the opt-out.
    """
    bits = opt_out.territories.bits
    known = Withdrawal.objects.filter(holder=opt_out.holder_id).order_by()
    sets = known.values_list("territories_id", "territories__bits").distinct()
    return {
        "opt_out": opt_out.pk,
        "holder": opt_out.holder_id,
        "rights": list(opt_out.rights),
        "stores": sorted(opt_out.licensees.values_list("pk", flat=True)),
        "wide": [pk for pk, covered in sets if covered & bits == bits],
        "day": day,
        "first": max(day, opt_out.start or day),
    }


def _row(statement: str, opt_out: OptOut, day: date, but: Collection[int] = ()) -> Sequence[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, facts_of(opt_out, day) | {"refused": list(but)})
        row: Sequence[Any] = cursor.fetchone()
    return row
