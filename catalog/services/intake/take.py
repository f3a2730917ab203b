"""Takes the rows of one catalogue file, whatever its format, and counts what they did."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import BinaryIO

from django.db import connection

from catalog.formats import Catalogue, CatalogueRow, ReleaseSaid, RowFault, WorkRow, read_catalogue
from catalog.models import CatalogueImport
from catalog.services.intake.declarations import take_works
from catalog.services.intake.releases import ReleaseShelf
from catalog.services.intake.statements import take_statements
from catalog.services.intake.tracks import KnownTrack, RowRefused, TrackShelf
from catalog.services.intake.works import WorkShelf

ROWS_AT_ONCE = 10_000
FAULTS_KEPT = 10_000
CHANGES_SHOWN = 200
_ONE_AT_A_TIME = 0x0CA7A106
"""Advisory lock of this database: whoever holds it takes a catalogue in."""


@dataclass(slots=True)
class Taken:
    """What the rows of a file came to."""

    kind: str = ""
    rows_read: int = 0
    rows_rejected: int = 0
    added: set[int] = field(default_factory=set)
    changed: set[int] = field(default_factory=set)
    works_added: int = 0
    statements: int = 0
    faults: list[RowFault] = field(default_factory=list)
    changes: list[dict[str, str | int]] = field(default_factory=list)

    def note(self, fault: RowFault) -> None:
        """This will count a fault and keep it while there is room."""
        self.rows_rejected += fault.is_fatal
        if len(self.faults) < FAULTS_KEPT:
            self.faults.append(fault)

    def show(self, line: int, kind: str, text: str) -> None:
        """This will keep one of the first changes, for the page that asks before anything is written."""
        if len(self.changes) < CHANGES_SHOWN:
            self.changes.append({"line": line, "kind": kind, "text": text[:300]})


def take_file(file: BinaryIO, batch: CatalogueImport, taken: Taken, kind: str) -> None:
    """This will take every row that can be taken, one file at a time. Raises: CannotRead."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
    catalogue = read_catalogue(file, kind)
    taken.kind = catalogue.kind[:40]
    good = _good_rows(catalogue, taken)
    while rows := list(islice(good, ROWS_AT_ONCE)):
        _take_tracks([row for row in rows if isinstance(row, CatalogueRow)], batch.public_id, taken)
        works = take_works(rows=[row for row in rows if isinstance(row, WorkRow)], batch=batch)
        said = take_statements(said=[row for row in rows if isinstance(row, ReleaseSaid)], batch=batch)
        taken.works_added += works.added
        taken.statements += said.written
        for fault in (*works.faults, *said.faults):
            taken.note(fault)
        for line, change, text in (*works.changes, *said.changes):
            taken.show(line, change, text)


def _good_rows(catalogue: Catalogue, taken: Taken) -> Iterator[CatalogueRow | WorkRow | ReleaseSaid]:
    for row in catalogue.rows:
        taken.rows_read += row.is_fatal if isinstance(row, RowFault) else 1
        if isinstance(row, RowFault):
            taken.note(row)
        else:
            yield row


def _take_tracks(rows: Sequence[CatalogueRow], source: str, taken: Taken) -> None:
    if not rows:
        return
    tracks, releases = TrackShelf(rows), ReleaseShelf(rows)
    accepted = []
    for row in rows:
        try:
            track, remarks = tracks.take(row)
        except RowRefused as refused:
            taken.note(RowFault(row.line_no, refused.column, refused.code, refused.found[:200]))
            continue
        if row.is_text_broken:
            remarks.append("text_broken")
        else:
            accepted.append((row, track))
        for code in remarks:
            taken.note(RowFault(row.line_no, "ISRC", code, "; ".join(row.isrcs)[:200], is_fatal=False))
    works = WorkShelf(rows, [track.pk for row, track in accepted], source)
    for row, track in accepted:
        placed, remarks = releases.place(row, track.pk)
        linked, more = works.link(row, track.pk)
        _count(row, track, placed or linked, taken)
        for code in (*remarks, *more):
            taken.note(RowFault(row.line_no, "", code, _name(row), is_fatal=False))
    tracks.write()
    releases.write()
    works.write()


def _count(row: CatalogueRow, track: KnownTrack, is_placed: bool, taken: Taken) -> None:
    if track.is_new and track.pk not in taken.added:
        taken.added.add(track.pk)
        taken.show(row.line_no, "new", _name(row))
    elif not track.is_new and track.pk not in taken.changed and (track.is_changed or is_placed):
        taken.changed.add(track.pk)
        news: Iterable[str] = (*track.new_isrcs, *(f"{name.artist} - {name.title}" for name in track.new_names))
        taken.show(row.line_no, "changed", f"{track.artist} - {track.title}: {', '.join(news)}".rstrip(": "))


def _name(row: CatalogueRow) -> str:
    return f"{row.artist} - {row.title}"[:200]
