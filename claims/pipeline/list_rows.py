"""Rows of a list into the database by COPY, and mended ones over those they mend."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from catalog.services.copying import copy_rows
from claims.formats.repertoire_file import ListedRow
from claims.models import RepertoireList, RepertoireRow

CELLS = (
    "typed",
    "title",
    "artist",
    "isrcs",
    "track_ref",
    "address",
    "store_key",
    "seconds",
    "label",
    "release",
    "fault",
    "fault_column",
)
STAGED = """
DROP TABLE IF EXISTS pg_temp.list_mended;
CREATE TEMP TABLE list_mended (row_no integer PRIMARY KEY, typed text, title text, artist text, isrcs text[],
    track_ref text, address text, store_key text, seconds integer, label text, release text, fault text,
    fault_column text) ON COMMIT DROP
"""
MEND = """
UPDATE claims_repertoirerow r SET typed = m.typed, title = m.title, artist = m.artist, isrcs = m.isrcs,
    track_ref = m.track_ref, address = m.address, store_key = m.store_key, seconds = m.seconds, label = m.label,
    release = m.release, fault = m.fault, fault_column = m.fault_column, track_id = NULL, "group" = '',
    outcome = 'pending', found_by = '', score = NULL, reasons = '[]', is_chosen = FALSE
FROM list_mended m WHERE r.list_id = %(list)s AND r.row_no = m.row_no AND r.place = 0
"""
FORGET = """
DELETE FROM claims_repertoirerow r USING list_mended m
WHERE r.list_id = %(list)s AND r.row_no = m.row_no AND r.place > 0
"""
ADD = """
INSERT INTO claims_repertoirerow (list_id, row_no, typed, title, artist, isrcs, track_ref, address, store_key, seconds,
    label, release, fault, fault_column)
SELECT %(list)s, m.* FROM list_mended m
WHERE NOT EXISTS (SELECT FROM claims_repertoirerow r WHERE r.list_id = %(list)s AND r.row_no = m.row_no AND r.place = 0)
"""
UNREPEAT = """
UPDATE claims_repertoirerow SET outcome = 'pending' WHERE list_id = %(list)s AND outcome = 'duplicate'
"""
"""Which rows repeat others is told anew once all are looked up."""
REOPEN = """
UPDATE claims_repertoirepart p SET done_at = NULL WHERE p.list_id = %(list)s AND EXISTS (
    SELECT FROM claims_repertoirerow r WHERE r.list_id = %(list)s AND r.outcome = 'pending'
        AND r.row_no BETWEEN p.first_row AND p.last_row)
"""


def write_rows(found: RepertoireList, rows: Iterable[ListedRow]) -> None:
    """This will write new rows of a list."""
    copy_rows(RepertoireRow, ("list_id", "row_no", *CELLS), ((found.pk, *_cells(row)) for row in rows))


def mend_rows(found: RepertoireList, rows: Sequence[ListedRow]) -> None:
    """This will put rows in the place of those with their numbers, to be looked up again; unknown numbers are new."""
    last = {row.row_no: row for row in rows}  # the last word about a row counts
    with connection.cursor() as cursor:
        cursor.execute(STAGED)
        marks = ", ".join(["%s"] * (len(CELLS) + 1))
        cursor.executemany(f"INSERT INTO list_mended VALUES ({marks})", [_cells(row) for row in last.values()])
        for statement in (MEND, FORGET, ADD, UNREPEAT, REOPEN):
            cursor.execute(statement, {"list": found.pk})


def _cells(row: ListedRow) -> tuple[Any, ...]:
    isrcs = "{" + ",".join(row.isrcs) + "}"
    return (row.row_no, row.typed, row.title, row.artist, isrcs, *row[5 : len(CELLS) + 1])


# Lists that are a choice, not rows somebody wrote ---------------------------------------------------------------------
PICKED = """
INSERT INTO claims_repertoirerow (list_id, row_no, typed, title, artist, track_ref)
SELECT %(list)s, row_number() OVER (ORDER BY t.id), left(t.public_id || chr(9) || t.title || chr(9) || t.artist, 500),
    t.title, t.artist, t.public_id
FROM catalog_track t WHERE t.merged_into_id IS NULL AND t.id > %(after)s AND ({chosen}) AND {unseen}
ORDER BY t.id LIMIT %(most)s
"""
ANY = """
SELECT EXISTS (
    SELECT FROM catalog_track t WHERE t.merged_into_id IS NULL AND t.id > %(after)s AND ({chosen}) AND {unseen})
"""
UNSEEN = """NOT EXISTS (
    SELECT FROM claims_repertoirerow r JOIN claims_repertoirelist l ON l.id = r.list_id
    WHERE (l.id = %(follows)s OR l.follows_id = %(follows)s) AND r.track_ref = t.public_id)
"""
"""What no list of those that follow the same name has shown yet."""
CHOSEN = {
    "basket": "t.id = ANY (%(ids)s)",
    "label": "t.label_key = %(key)s AND t.label_key <> '' AND lower(t.label) = lower(%(name)s)",
    "artist": "t.name_key LIKE %(key)s",
    "release": "t.id IN (SELECT p.track_id FROM catalog_releasetrack p JOIN catalog_release e ON e.id = p.release_id"
    " WHERE e.public_id = %(name)s OR e.icpn = %(name)s AND e.icpn <> '' OR split_part(e.name_key, '|', 1) = %(key)s)",
    "catalogue": "t.id IN (SELECT s.track_id FROM catalog_rightsshare s WHERE s.holder_id = %(holder)s"
    ' AND s."right" = ANY (%(rights)s) AND (s.start IS NULL OR s."end" IS NULL OR s.start < s."end")'
    " UNION SELECT w.track_id FROM catalog_rightsshare s JOIN catalog_trackwork w ON w.work_id = s.work_id"
    ' WHERE s.holder_id = %(holder)s AND s."right" = ANY (%(rights)s)'
    ' AND (s.start IS NULL OR s."end" IS NULL OR s.start < s."end"))',
}


def pick_rows(found: RepertoireList, *, key: str = "", ids: Sequence[int] = (), after: int = 0, most: int) -> int:
    """This will write a row for every track of a choice whose number is above `after`; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            PICKED.format(chosen=CHOSEN[found.source], unseen=UNSEEN),
            _wanted(found, key, after) | {"ids": list(ids), "most": most},
        )
        return cursor.rowcount


def has_rows(found: RepertoireList, *, key: str, after: int) -> bool:
    """This will tell whether there is a track of a choice by name whose number is above `after`."""
    with connection.cursor() as cursor:
        cursor.execute(ANY.format(chosen=CHOSEN[found.source], unseen=UNSEEN), _wanted(found, key, after))
        return bool(cursor.fetchone()[0])


def _wanted(found: RepertoireList, key: str, after: int) -> dict[str, Any]:
    return {
        "list": found.pk,
        "follows": found.follows_id,
        "name": found.selection,
        "key": key,
        "holder": found.holder_id,
        "rights": list(found.rights),
        "after": after,
    }
