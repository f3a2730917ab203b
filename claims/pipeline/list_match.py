"""One part of a list looked up: which track each row is, how surely, and what stands about it. One transaction.

The matcher (catalog.matching) decides; here its answers are put to the rows, with what is recorded about the tracks:
shares of others (their number, never who), the holder's own, disputes, rival claims, withdrawals, money that waits.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from catalog import matching
from catalog.matching import Asked
from catalog.matching.reading import read
from catalog.matching.titled import recordings_titled
from catalog.rights import Right
from claims.models import RepertoireList
from claims.pipeline import list_release

ROWS = """
SELECT row_no AS no, title, artist, isrcs, seconds, label, release FROM claims_repertoirerow
WHERE list_id = %(list)s AND row_no BETWEEN %(first)s AND %(last)s AND place = 0 AND outcome = 'pending'
    AND track_ref = '' AND (title <> '' OR isrcs <> '{}')
"""
BY_STORE = """
CREATE TEMP TABLE list_store ON COMMIT DROP AS
SELECT row_no, min(track_id) AS track_id, min(way) AS way FROM (
    SELECT r.row_no, coalesce(t.merged_into_id, t.id) AS track_id, 'store_key' AS way
    FROM claims_repertoirerow r JOIN sales_storekey s ON s.key = r.store_key AND s.kind = 'track'
    JOIN catalog_track t ON t.id = s.track_id
    WHERE r.list_id = %(list)s AND r.row_no BETWEEN %(first)s AND %(last)s AND r.place = 0 AND r.store_key <> ''
        AND r.outcome = 'pending'
    UNION
    SELECT r.row_no, coalesce(t.merged_into_id, t.id), 'address'
    FROM claims_repertoirerow r JOIN sales_storekey s ON s.url = r.address AND s.kind = 'track'
    JOIN catalog_track t ON t.id = s.track_id
    WHERE r.list_id = %(list)s AND r.row_no BETWEEN %(first)s AND %(last)s AND r.place = 0 AND r.address <> ''
        AND r.outcome = 'pending'
) known GROUP BY row_no HAVING count(DISTINCT track_id) = 1
"""
HITS = """
CREATE TEMP TABLE list_hit ON COMMIT DROP AS
SELECT row_no, track_id, fault,
    CASE WHEN track_id IS NULL THEN ''
        WHEN way = 'track_id' THEN 'exact'
        WHEN way = 'nearest' AND reasons ? 'version_differs' THEN 'version'
        WHEN way = 'nearest' AND reasons ? 'artist_differs'
            AND reasons ?| '{title_equal,title_sounds_alike,title_typed_alike}' THEN 'other_artist'
        WHEN way = 'nearest' THEN 'doubtful'
        WHEN fault <> '' THEN 'likely'
        WHEN way IN ('store_key', 'address') OR title = '' OR reasons ? 'name_equal'
            OR reasons ?& '{title_equal,artist_equal}' THEN 'exact'
        ELSE 'likely' END AS "group",
    CASE WHEN track_id IS NULL THEN '' ELSE way END AS found_by, score, reasons
FROM (
    SELECT r.row_no, r.fault, r.title, coalesce(d.track_id, f.track_id, k.track_id, f.nearest_id) AS track_id,
        CASE WHEN d.track_id IS NOT NULL THEN 'track_id' WHEN f.track_id IS NOT NULL THEN f.method
            WHEN k.track_id IS NOT NULL THEN k.way ELSE 'nearest' END AS way,
        CASE WHEN d.track_id IS NULL AND (f.track_id IS NOT NULL OR k.track_id IS NULL) THEN f.score END AS score,
        CASE WHEN d.track_id IS NULL AND (f.track_id IS NOT NULL OR k.track_id IS NULL)
            THEN coalesce(f.reasons, '[]') ELSE '[]' END AS reasons
    FROM claims_repertoirerow r
    LEFT JOIN LATERAL (
        SELECT coalesce(t.merged_into_id, t.id) AS track_id FROM catalog_track t
        WHERE t.public_id = r.track_ref AND r.track_ref <> '' LIMIT 1
    ) d ON TRUE
    LEFT JOIN match_found f ON f.no = r.row_no
    LEFT JOIN list_store k ON k.row_no = r.row_no
    WHERE r.list_id = %(list)s AND r.row_no BETWEEN %(first)s AND %(last)s AND r.place = 0 AND r.outcome = 'pending'
) found
"""
SAME_TITLE = """
UPDATE list_hit h SET track_id = o.id, "group" = 'other_artist', found_by = 'title'
FROM match_asked a CROSS JOIN LATERAL (
    SELECT t.id FROM catalog_track t WHERE t.merged_into_id IS NULL
        AND t.name_key > split_part(a.name_key, '|', 1) || '|' AND t.name_key < split_part(a.name_key, '|', 1) || '}'
    ORDER BY t.name_key LIMIT 1
) o
WHERE a.no = h.row_no AND h.track_id IS NULL AND a.name_key NOT LIKE '|%%'
"""
"""A row nobody knows whose title somebody else performs: shown, never chosen by itself."""
STOOD = """
CREATE TEMP TABLE list_track ON COMMIT DROP AS
SELECT DISTINCT track_id FROM list_hit WHERE track_id IS NOT NULL;
ALTER TABLE list_track ADD PRIMARY KEY (track_id);
ANALYZE list_track;
CREATE TEMP TABLE list_money ON COMMIT DROP AS
SELECT h.track_id, a.currency, sum(b.credit - b.debit) AS amount
FROM list_track h CROSS JOIN unnest(%(rights)s) AS wanted
JOIN ledger_account a ON a.item = 'track:' || h.track_id || ':' || wanted AND a.item <> ''
JOIN ledger_accountbalance b ON b.account_id = a.id
WHERE a.place IN ('unclaimed', 'disputed') GROUP BY h.track_id, a.currency HAVING sum(b.credit - b.debit) > 0;
CREATE TEMP TABLE list_stood ON COMMIT DROP AS
WITH subject AS (
    SELECT h.track_id, 'track' AS kind, h.track_id AS id, wanted AS "right"
    FROM list_track h CROSS JOIN unnest(%(rights)s) AS wanted WHERE wanted <> 'work'
    UNION ALL
    SELECT DISTINCT h.track_id, 'work', w.work_id, 'work'
    FROM list_track h JOIN catalog_trackwork w ON w.track_id = h.track_id WHERE 'work' = ANY (%(rights)s)
), share AS (
    SELECT u.track_id, u.kind, u.id, u."right", s.holder_id, s.percent, s.start, s."end" FROM subject u
    JOIN catalog_rightsshare s ON s.track_id = u.id AND s."right" = u."right" WHERE u.kind = 'track'
    UNION ALL
    SELECT u.track_id, u.kind, u.id, u."right", s.holder_id, s.percent, s.start, s."end" FROM subject u
    JOIN catalog_rightsshare s ON s.work_id = u.id AND s."right" = u."right" WHERE u.kind = 'work'
), held AS (
    SELECT track_id, kind, id, "right", coalesce(sum(percent) FILTER (WHERE holder_id <> %(holder)s), 0) AS others,
        bool_or(holder_id = %(holder)s) AS is_mine,
        count(DISTINCT holder_id) FILTER (WHERE holder_id <> %(holder)s) AS heads
    FROM share WHERE (start IS NULL OR start <= %(day)s) AND ("end" IS NULL OR "end" > %(day)s) GROUP BY 1, 2, 3, 4
), summed AS (
    SELECT track_id, max(others) AS others, max(heads) AS heads, bool_or(is_mine) AS is_mine,
        count(*) FILTER (WHERE others >= 100 AND NOT is_mine) AS lost, bool_and(is_mine) AS all_mine
    FROM held GROUP BY 1
), fought AS (
    SELECT DISTINCT u.track_id FROM subject u JOIN claims_dispute d ON d.track_id = u.id AND d.work_id IS NULL
        AND d."right" = u."right" AND d.status IN ('opened', 'answered') WHERE u.kind = 'track'
    UNION
    SELECT u.track_id FROM subject u JOIN claims_dispute d ON d.work_id = u.id AND d.status IN ('opened', 'answered')
    WHERE u.kind = 'work'
), claimed AS (
    SELECT l.track_id, bool_or(c.holder_id = %(holder)s) AS by_me, bool_or(c.holder_id <> %(holder)s) AS by_others
    FROM list_track h JOIN claims_claimline l ON l.track_id = h.track_id AND l."right" = ANY (%(rights)s)
    JOIN claims_claim c ON c.id = l.claim_id AND c.status IN ('filed', 'under_review', 'evidence_requested')
    GROUP BY 1
), leaving AS (
    SELECT DISTINCT l.track_id FROM list_track h JOIN claims_optoutline l ON l.track_id = h.track_id
    JOIN claims_optout o ON o.id = l.opt_out_id AND o.holder_id = %(holder)s
        AND o.status IN ('requested', 'under_review', 'evidence_requested')
), gone AS (
    SELECT u.track_id FROM subject u WHERE EXISTS (
        SELECT FROM catalog_withdrawal w WHERE w.holder_id = %(holder)s AND w."right" = u."right" AND w."end" IS NULL
            AND (u.kind = 'track' AND w.track_id = u.id OR u.kind = 'work' AND w.work_id = u.id))
    GROUP BY u.track_id HAVING count(DISTINCT u."right") = cardinality(%(rights)s)
)
SELECT h.track_id, coalesce(s.others, 0) AS others, coalesce(s.heads, 0) AS heads,
    coalesce(s.all_mine, FALSE) AS is_mine,
    coalesce(s.lost, 0) >= cardinality(%(rights)s) AS is_anothers, f.track_id IS NOT NULL AS is_fought,
    coalesce(c.by_others, FALSE) AS is_rival, g.track_id IS NOT NULL AS is_out,
    CASE WHEN %(purpose)s = 'opt_out' THEN l.track_id IS NOT NULL ELSE coalesce(c.by_me, FALSE) END AS is_asked,
    EXISTS (SELECT FROM list_money m WHERE m.track_id = h.track_id) AS has_money
FROM list_track h LEFT JOIN summed s USING (track_id) LEFT JOIN fought f USING (track_id)
LEFT JOIN claimed c USING (track_id) LEFT JOIN leaving l USING (track_id) LEFT JOIN gone g USING (track_id)
"""
PUT = """
UPDATE claims_repertoirerow r SET track_id = f.track_id, "group" = f."group", found_by = f.found_by, score = f.score,
    reasons = f.reasons, others_percent = f.others, other_holders = f.heads, has_money = f.has_money,
    is_out = f.is_out, outcome = f.outcome,
    is_chosen = f."group" IN ('exact', 'likely') AND f.outcome = ANY (%(choosable)s)
FROM (
    SELECT h.*, coalesce(s.others, 0) AS others, coalesce(s.heads, 0) AS heads,
        coalesce(s.has_money, FALSE) AS has_money, coalesce(s.is_out, FALSE) AS is_out,
        CASE WHEN h.track_id IS NULL THEN CASE WHEN h.fault = '' THEN 'unknown' ELSE 'unreadable' END
            WHEN %(purpose)s <> 'opt_out' AND s.is_mine THEN 'mine'
            WHEN s.is_asked THEN 'asked'
            WHEN %(purpose)s = 'opt_out' AND s.is_anothers THEN 'not_mine'
            WHEN %(purpose)s <> 'claim' AND s.is_out THEN 'withdrawn'
            WHEN s.is_fought OR %(purpose)s <> 'opt_out' AND (s.others > 0 OR s.is_rival) THEN 'conflict'
            ELSE 'found' END AS outcome
    FROM list_hit h LEFT JOIN list_stood s ON s.track_id = h.track_id
) f
WHERE r.list_id = %(list)s AND r.row_no = f.row_no AND r.place = {place}
"""
SEVERAL = """
INSERT INTO claims_repertoirerow (list_id, row_no, place, typed, track_id, "group", found_by, outcome)
SELECT %(list)s, row_no, place, '', track_id, 'doubtful', 'names', 'pending' FROM (
    SELECT h.row_no, t.id AS track_id, row_number() OVER (PARTITION BY h.row_no ORDER BY t.id) AS place
    FROM list_hit h JOIN catalog_track n ON n.id = h.track_id
    JOIN catalog_track t ON t.name_key = n.name_key AND t.id <> n.id AND t.merged_into_id IS NULL
    WHERE h."group" = 'doubtful' AND h.reasons ?| '{name_on_several_tracks,isrc_on_several_tracks,several_alike}'
) more WHERE place <= %(several)s ON CONFLICT DO NOTHING
"""
"""Where several tracks have the name, each of them is shown."""
FURTHER = """
CREATE TEMP TABLE list_hit ON COMMIT DROP AS
SELECT row_no, place, track_id, fault, "group", found_by, score, reasons FROM claims_repertoirerow
WHERE list_id = %(list)s AND row_no BETWEEN %(first)s AND %(last)s AND place > 0 AND outcome = 'pending'
"""
CHOOSABLE = {
    "claim": ["found", "conflict"],
    "opt_out": ["found", "conflict"],
    "both": ["found", "conflict", "mine"],
}
"""Rows that are ticked from the start where the track is certain. Any other known track can be ticked by hand."""
SEVERAL_MAX = 20
SONGS_MAX = 2000
BEYOND = 100
"""Places of other recordings come after those of several tracks of one name."""
SURE = """
SELECT h.row_no, h.track_id, t.title FROM list_hit h JOIN catalog_track t ON t.id = h.track_id
WHERE h."group" IN ('exact', 'likely') ORDER BY 1
"""
RECORDINGS = """
INSERT INTO claims_repertoirerow (list_id, row_no, place, track_id, "group", found_by)
SELECT %s, m.* , 'title' FROM unnest(%s::integer[], %s::smallint[], %s::bigint[], %s::text[])
    AS m (row_no, place, track_id, "group") ON CONFLICT DO NOTHING
"""


def match_rows(found: RepertoireList, first: int, last: int, day: date) -> dict[str, Decimal]:
    """This will look up the pending rows from `first` to `last`; returns the money that waits for their tracks."""
    wanted = wanted_of(found, day) | {"first": first, "last": last}
    with connection.cursor() as cursor:
        matching.find_literal(cursor, ROWS, wanted)
        cursor.execute(f"SELECT * FROM ({ROWS}) r WHERE no NOT IN (SELECT no FROM match_found) ORDER BY no", wanted)
        matching.stage(cursor, _asked(cursor.fetchall()), further=True)
        matching.find_staged(cursor)
        cursor.execute(BY_STORE, wanted)
        cursor.execute(HITS, wanted)
        more = list_release.put_releases(cursor, wanted)
        cursor.execute(SAME_TITLE)
        if found.source in NAMED:
            _mark_versions(cursor, wanted)
        waiting = put_facts(cursor, wanted)
        cursor.execute(SEVERAL, wanted)
        more += cursor.rowcount + (_add_recordings(cursor, wanted) if is_of_songs(found) else 0)
        if more:
            look_at_further(cursor, wanted)
        cursor.execute("DROP TABLE match_asked, match_found, match_left, list_store, list_hit")
    return waiting


NAMED = ("label", "artist", "release", "catalogue")


def wanted_of(found: RepertoireList, day: date) -> dict[str, Any]:
    """This will give what the statements of this module ask about a list."""
    return {
        "list": found.pk,
        "holder": found.holder_id,
        "rights": list(found.rights),
        "purpose": found.purpose,
        "day": day,
        "choosable": CHOOSABLE[found.purpose],
        "several": SEVERAL_MAX,
    }


def put_facts(cursor: Any, wanted: dict[str, Any], *, place: str = "0") -> dict[str, Decimal]:
    """This will write what list_hit found, with what stands about the tracks, into the rows."""
    cursor.execute(STOOD, wanted)
    cursor.execute(PUT.format(place=place), wanted)
    cursor.execute("SELECT currency, sum(amount) FROM list_money GROUP BY currency")
    waiting = dict(cursor.fetchall())
    cursor.execute("DROP TABLE list_track, list_money, list_stood")
    return waiting


def look_at_further(cursor: Any, wanted: dict[str, Any]) -> None:
    """This will say what stands about the further tracks that rows name or may mean; the latter nobody has chosen."""
    cursor.execute("DROP TABLE list_hit")
    cursor.execute(FURTHER, wanted)
    put_facts(cursor, wanted, place="f.place")


def is_of_songs(found: RepertoireList) -> bool:
    """This will tell whether other recordings of the same songs are looked for: a writer is owed for those too."""
    return Right.WORK in found.rights and found.row_count <= SONGS_MAX


def _add_recordings(cursor: Any, wanted: dict[str, Any]) -> int:
    """Put beside each certain row the other recordings of its title, to be confirmed as a group of their own."""
    cursor.execute(SURE, wanted)
    more: list[tuple[int, int, int, str]] = []
    for row_no, track, title in cursor.fetchall():
        others = [one for one in recordings_titled(title) if one.track_id != track]
        more += [
            (row_no, BEYOND + place, one.track_id, "version" if one.versions else "other_artist")
            for place, one in enumerate(others, 1)
        ]
    if more:
        cursor.execute(RECORDINGS, [wanted["list"], *map(list, zip(*more, strict=True))])
    return len(more)


def _asked(rows: list[Any]) -> Iterator[Asked]:
    for row_no, title, artist, isrcs, seconds, label, release in rows:
        yield Asked(row_no, title, artist, tuple(isrcs), seconds, label, release)


def _mark_versions(cursor: Any, wanted: dict[str, Any]) -> None:
    """Of a choice by name, live, karaoke and other versions are a group of their own, to be confirmed by itself."""
    cursor.execute(
        "SELECT h.row_no, t.title, t.artist FROM list_hit h JOIN catalog_track t ON t.id = h.track_id ORDER BY 1"
    )
    odd = [row_no for row_no, title, artist in cursor.fetchall() if read(title, artist).versions]
    cursor.execute("UPDATE list_hit SET \"group\" = 'version' WHERE row_no = ANY (%s)", [odd])
