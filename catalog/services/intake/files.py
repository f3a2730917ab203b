"""Receives catalogue files, keeps them as they came, and takes their rows.

Every door goes through here. A file is stored and noted first, then read in one transaction: a worker killed in between
leaves a note that is found again, and reading it again ends the same. Two imports never run at once, since each decides
by what it finds.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import BinaryIO, cast

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.formats import CannotRead, CatalogueRow, read_catalogue
from catalog.formats import RowFault as Fault
from catalog.models import CatalogueImport, RowFault
from catalog.services.errors import CatalogueError
from catalog.services.intake.releases import ReleaseShelf
from catalog.services.intake.tracks import RowRefused, TrackShelf
from catalog.services.intake.works import WorkShelf
from core.workflow import move

ROWS_AT_ONCE = 10_000
FAULTS_KEPT = 10_000
FILE_BYTES_MAX = 512 << 20
_BLOCK = 1 << 20
_ONE_AT_A_TIME = 0x0CA7A106
"""Advisory lock of this database: whoever holds it takes a catalogue in."""

Status = CatalogueImport.Status


class FileTooLarge(CatalogueError):
    """The file is larger than an import takes; nothing was kept."""

    status = 413

    def __init__(self, name: str) -> None:
        text = _("%(name)s is larger than %(limit)s megabytes. Send it in several files.")
        super().__init__(text % {"name": name, "limit": FILE_BYTES_MAX >> 20})


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What became of one file now; `is_repeat`: these bytes were imported before, so nothing was done."""

    batch: CatalogueImport
    is_repeat: bool

    @property
    def tracks_added(self) -> int:
        """Tracks this call added."""
        return 0 if self.is_repeat else self.batch.tracks_added

    @property
    def tracks_changed(self) -> int:
        """Tracks this call added something to."""
        return 0 if self.is_repeat else self.batch.tracks_changed


def import_catalogue(*, files: Iterable[tuple[str, BinaryIO]], by: User | None, now: datetime) -> list[ImportOutcome]:
    """This will receive files (name, content) and take their rows at once, one file after the other.

    Raises: FileTooLarge.
    """
    outcomes = []
    for name, file in files:
        batch = receive_catalogue(file=file, name=name, by=by, now=now)
        is_repeat = batch.status != Status.RECEIVED
        outcomes.append(ImportOutcome(run_import(batch_id=batch.pk, now=now), is_repeat))
    return outcomes


def receive_catalogue(*, file: BinaryIO, name: str, by: User | None, now: datetime) -> CatalogueImport:
    """This will keep a file as it came and note it; the same bytes again return what was noted first.

    Raises: FileTooLarge.
    """
    digest, size = _measure(file, name)
    found = CatalogueImport.objects.filter(sha256=digest).first()
    if found is not None:
        return found
    stored = f"catalogue/{digest[:2]}/{digest}"
    if not default_storage.exists(stored):
        file.seek(0)
        stored = default_storage.save(stored, File(file))
    fields = {"name": name[-300:], "size": size, "stored": stored, "received_by": by, "received_at": now}
    return CatalogueImport.objects.get_or_create(sha256=digest, defaults=fields)[0]


def _measure(file: BinaryIO, name: str) -> tuple[str, int]:
    file.seek(0)
    digest, size = hashlib.sha256(), 0
    while block := file.read(_BLOCK):
        digest.update(block)
        size += len(block)
        if size > FILE_BYTES_MAX:
            raise FileTooLarge(name)
    return digest.hexdigest(), size


def run_import(*, batch_id: int, now: datetime) -> CatalogueImport:
    """This will take the rows of a received file; for one that was taken before, nothing happens."""
    with transaction.atomic():
        batch = CatalogueImport.objects.select_for_update().get(pk=batch_id)
        if batch.status != Status.RECEIVED:
            return batch
        taken = _Taken()
        try:
            with transaction.atomic(), default_storage.open(batch.stored, "rb") as file:
                _take_file(cast(BinaryIO, file), batch.public_id, taken)
        except CannotRead as refused:
            batch.error, batch.error_found = refused.code, refused.found
            batch.finished_at = now
            batch.save(update_fields=["error", "error_found", "finished_at"])
            return move(batch, Status.REJECTED, by=None, now=now, reason_code=refused.code)
        batch.format, batch.rows_read, batch.rows_rejected = taken.kind, taken.rows_read, taken.rows_rejected
        batch.tracks_added, batch.tracks_changed = len(taken.added), len(taken.changed - taken.added)
        batch.finished_at = now
        batch.save()
        RowFault.objects.bulk_create(_fault_rows(batch, taken.faults[:FAULTS_KEPT]), batch_size=5000)
        return move(batch, Status.IMPORTED, by=None, now=now)


def waiting_imports(*, now: datetime, since: timedelta) -> list[int]:
    """This will name received files that nobody has taken for so long."""
    waiting = CatalogueImport.objects.filter(status=Status.RECEIVED, received_at__lte=now - since)
    return list(waiting.order_by("pk").values_list("pk", flat=True)[:20])


# Rows ----------------------------------------------------------------------------------------------------------------
@dataclass(slots=True)
class _Taken:
    kind: str = ""
    rows_read: int = 0
    rows_rejected: int = 0
    added: set[int] = field(default_factory=set)
    changed: set[int] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)

    def note(self, fault: Fault) -> None:
        self.rows_rejected += fault.is_fatal
        if len(self.faults) < FAULTS_KEPT:
            self.faults.append(fault)


def _take_file(file: BinaryIO, source: str, taken: _Taken) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
    catalogue = read_catalogue(file)
    taken.kind = catalogue.kind[:40]
    good = _good_rows(catalogue.rows, taken)
    while rows := list(islice(good, ROWS_AT_ONCE)):
        _take_rows(rows, source, taken)


def _good_rows(rows: Iterator[CatalogueRow | Fault], taken: _Taken) -> Iterator[CatalogueRow]:
    for row in rows:
        taken.rows_read += isinstance(row, CatalogueRow) or row.is_fatal
        if isinstance(row, CatalogueRow):
            yield row
        else:
            taken.note(row)


def _take_rows(rows: Sequence[CatalogueRow], source: str, taken: _Taken) -> None:
    tracks, releases = TrackShelf(rows), ReleaseShelf(rows)
    accepted = []
    for row in rows:
        try:
            track, remarks = tracks.take(row)
        except RowRefused as refused:
            taken.note(Fault(row.line_no, refused.column, refused.code, refused.found[:200]))
            continue
        if row.is_text_broken:
            remarks.append("text_broken")
        else:
            accepted.append((row, track))
        for code in remarks:
            taken.note(Fault(row.line_no, "ISRC", code, "; ".join(row.isrcs)[:200], is_fatal=False))
    works = WorkShelf(rows, [track.pk for row, track in accepted], source)
    for row, track in accepted:
        placed, remarks = releases.place(row, track.pk)
        linked, more = works.link(row, track.pk)
        if track.is_new:
            taken.added.add(track.pk)
        elif track.is_changed or placed or linked:
            taken.changed.add(track.pk)
        for code in (*remarks, *more):
            taken.note(Fault(row.line_no, "", code, f"{row.artist} - {row.title}"[:200], is_fatal=False))
    tracks.write()
    releases.write()
    works.write()


def _fault_rows(batch: CatalogueImport, faults: Iterable[Fault]) -> Iterator[RowFault]:
    for fault in faults:
        yield RowFault(
            batch=batch,
            line_no=fault.line_no,
            column=fault.column,
            code=fault.code,
            found=fault.found,
            is_fatal=fault.is_fatal,
        )
