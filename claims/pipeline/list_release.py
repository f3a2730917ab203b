"""A row that names a release by its number stands for all its tracks: the first in its place, the others beside it."""

from typing import Any, Final

FIRST: Final = """
UPDATE list_hit h SET track_id = p.track_id, "group" = 'likely', found_by = 'release'
FROM claims_repertoirerow r CROSS JOIN LATERAL (
    SELECT coalesce(t.merged_into_id, t.id) AS track_id FROM catalog_release e
    JOIN catalog_releasetrack q ON q.release_id = e.id JOIN catalog_track t ON t.id = q.track_id
    WHERE e.icpn = r.store_key AND e.icpn <> '' ORDER BY q.sequence, q.id LIMIT 1
) p
WHERE r.list_id = %(list)s AND r.row_no = h.row_no AND r.place = 0 AND h.track_id IS NULL AND r.store_key <> ''
    AND r.title = '' AND r.isrcs = '{}'
"""
OTHERS: Final = """
WITH named AS MATERIALIZED (SELECT row_no, track_id FROM list_hit WHERE found_by = 'release')
INSERT INTO claims_repertoirerow (list_id, row_no, place, typed, track_id, "group", found_by, outcome)
SELECT %(list)s, row_no, row_number() OVER (PARTITION BY row_no ORDER BY first_place), '', track_id, 'likely',
    'release', 'pending'
FROM (
    SELECT n.row_no, coalesce(t.merged_into_id, t.id) AS track_id, min(q.sequence) AS first_place
    FROM named n JOIN claims_repertoirerow r ON r.list_id = %(list)s AND r.row_no = n.row_no AND r.place = 0
    JOIN catalog_release e ON e.icpn = r.store_key AND e.icpn <> ''
    JOIN catalog_releasetrack q ON q.release_id = e.id JOIN catalog_track t ON t.id = q.track_id
    GROUP BY 1, 2, n.track_id HAVING coalesce(t.merged_into_id, t.id) <> n.track_id
) others ON CONFLICT DO NOTHING
"""


def put_releases(cursor: Any, wanted: dict[str, Any]) -> int:
    """This will put the tracks of named releases in list_hit and beside it; returns how many are beside."""
    cursor.execute(FIRST, wanted)
    if not cursor.rowcount:
        return 0
    cursor.execute(OTHERS, wanted)
    return int(cursor.rowcount)
