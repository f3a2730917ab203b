"""Everything of the register, row by row, in memory that does not grow with it; and the files of each day."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Final

from django.db import connection
from django.db.models import Max
from django.db.models.functions import Greatest

from register.formats.rows import FigureRow, RegisterRow, TrackRow
from register.models import Entry, Figure, OpenFile
from sales.models import Licensee

CHUNK: Final = 2000


def all_entries() -> Iterator[list[Entry]]:
    """This will give every entry, oldest first, in parts of at most CHUNK."""
    rows = Entry.objects.select_related("opt_out__holder", "opt_out__territories", "licensee").order_by("at", "pk")
    after: Entry | None = None
    while True:
        part = rows if after is None else rows.filter(at__gte=after.at).exclude(at=after.at, pk__lte=after.pk)
        chunk = list(part[:CHUNK])
        if chunk:
            yield chunk
        if len(chunk) < CHUNK:
            return
        after = chunk[-1]


def register_rows() -> Iterator[RegisterRow]:
    """This will give every entry of the register, oldest first, without making an object of each."""
    names = dict(Licensee.objects.values_list("pk", "name"))
    after = 0, _FIRST
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_REGISTER, [after[1], after[0], CHUNK])
            rows = cursor.fetchall()
        for row in rows:
            at, stores, changed_at = row[5], row[7], row[12]
            about = "; ".join(names[store] for store in stores)
            yield RegisterRow(
                entry=row[1],
                kind=row[2],
                number=row[3],
                opt_out=row[4],
                at=at.isoformat(),
                state=row[6],
                stores=about,
                ground=row[8],
                territories=row[9],
                tracks=str(row[10]),
                holder=row[11],
                changed_at=changed_at.isoformat(),
            )
        if len(rows) < CHUNK:
            return
        after = rows[-1][0], rows[-1][5]


_FIRST: Final = datetime(1, 1, 1, tzinfo=UTC)
_REGISTER: Final = """
SELECT e.id, e.public_id, e.kind, e.number, o.public_id, e.at, e.state,
    CASE WHEN e.licensee_id IS NULL THEN e.store_ids ELSE ARRAY[e.licensee_id] END, o.basis, t.label, e.track_count,
    CASE WHEN o.is_name_public THEN h.name ELSE '' END, e.changed_at
FROM register_entry e JOIN claims_optout o ON o.id = e.opt_out_id
JOIN catalog_rightsholder h ON h.id = o.holder_id JOIN catalog_territoryset t ON t.id = o.territories_id
WHERE (e.at, e.id) > (%s, %s) ORDER BY e.at, e.id LIMIT %s
"""


def track_rows() -> Iterator[TrackRow]:
    """This will give every right of every track that a granted opt-out took out, by opt-out and row."""
    after: tuple[int, int] = 0, 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_TRACKS, [*after, CHUNK])
            rows = cursor.fetchall()
        for row in rows:
            yield from (TrackRow(*row[3:9], *fact, *row[10:]) for fact in row[9])
        if len(rows) < CHUNK:
            return
        after = rows[-1][1], rows[-1][2]


_TRACKS: Final = """
SELECT l.id, l.opt_out_id, l.row_no, o.public_id, coalesce((o.decided_at AT TIME ZONE 'UTC')::date::text, ''),
    t.public_id, t.artist, t.title,
    coalesce((SELECT string_agg(i.isrc, ' ' ORDER BY i.id) FROM catalog_trackisrc i WHERE i.track_id = t.id), ''),
    (SELECT coalesce(
        json_agg(json_build_array(w."right", w.start::text, coalesce(w."end"::text, '')) ORDER BY w.id), '[]'::json
    ) FROM claims_optoutline_withdrawals lw JOIN catalog_withdrawal w ON w.id = lw.withdrawal_id
      WHERE lw.optoutline_id = l.id),
    ts.label,
    coalesce((SELECT string_agg(s.name, '; ' ORDER BY s.name) FROM claims_optout_licensees ol
        JOIN sales_licensee s ON s.id = ol.licensee_id WHERE ol.optout_id = o.id), ''),
    o.basis, CASE WHEN o.is_name_public THEN h.name ELSE '' END
FROM claims_optoutline l JOIN claims_optout o ON o.id = l.opt_out_id AND o.status = 'granted'
JOIN catalog_track t ON t.id = l.track_id JOIN catalog_rightsholder h ON h.id = o.holder_id
JOIN catalog_territoryset ts ON ts.id = o.territories_id
WHERE l.outcome = 'accepted' AND (l.opt_out_id, l.row_no) > (%s, %s) ORDER BY l.opt_out_id, l.row_no LIMIT %s
"""
"""By the unique index on (opt_out, row_no); a page of rows at a time, each with its withdrawals as a list."""


def figure_values() -> Iterator[FigureRow]:
    """This will give every value of a figure ever published, in the order of publishing."""
    for row in Figure.objects.order_by("pk").iterator(chunk_size=CHUNK):
        yield FigureRow(
            figure=row.code,
            part=row.part,
            day=row.day.isoformat(),
            value="" if row.value is None else f"{row.value.normalize():f}",
            counted_at=row.recorded_at.isoformat(),
        )


def open_days(before: date | None = None, *, limit: int) -> list[tuple[date, list[OpenFile]]]:
    """This will list days with their files, newest first; with `before` only earlier days."""
    rows = OpenFile.objects.filter(day__lt=before) if before else OpenFile.objects.all()
    days = list(rows.order_by("-day").values_list("day", flat=True).distinct()[:limit])
    files: dict[date, list[OpenFile]] = {day: [] for day in days}
    for file in OpenFile.objects.filter(day__in=days).select_related("forgotten").order_by("-day", "name"):
        files[file.day].append(file)
    return list(files.items())


def last_made_at() -> datetime | None:
    """This will say when the last file was made, or forgotten."""
    newest: datetime | None = OpenFile.objects.aggregate(newest=Greatest(Max("made_at"), Max("forgotten__at")))[
        "newest"
    ]
    return newest


def open_file(day: date | None, name: str) -> OpenFile | None:
    """This will find a file of a day, or of the latest day it was made."""
    files = OpenFile.objects.select_related("forgotten").filter(name=name.replace("\x00", ""))
    return (files.filter(day=day) if day else files.order_by("-day")).first()
