"""Receives catalogue files, keeps them as they came, shows what they would change, and takes their rows.

Every door goes through here. A file is stored and noted first, then read in one transaction: a worker killed in between
leaves a note that is found again, and reading it again ends the same. Two imports never run at once, since each decides
by what it finds.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO, cast

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.formats import CannotRead
from catalog.formats import RowFault as Fault
from catalog.models import CatalogueImport, RowFault
from catalog.services.errors import CatalogueError
from catalog.services.intake.take import Taken, take_file
from core.workflow import move

FILE_BYTES_MAX = 512 << 20
_BLOCK = 1 << 20

Status = CatalogueImport.Status
DONE = (Status.IMPORTED, Status.REJECTED)


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


def import_catalogue(
    *, files: Iterable[tuple[str, BinaryIO]], by: User | None, now: datetime, kind: str = "auto"
) -> list[ImportOutcome]:
    """This will receive files (name, content) and take their rows at once, one file after the other.

    Raises: FileTooLarge.
    """
    outcomes = []
    for name, file in files:
        batch = receive_catalogue(file=file, name=name, by=by, now=now)
        is_repeat = batch.status in DONE
        if not is_repeat:
            batch = confirm_import(batch=batch, by=by, now=now)
        outcomes.append(ImportOutcome(run_import(batch_id=batch.pk, now=now, kind=kind), is_repeat))
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


def preview_import(*, batch_id: int, now: datetime, kind: str = "auto") -> CatalogueImport:
    """This will tell what a received file would change, and change nothing; one that was taken stays as it is.

    The rows are taken as they would be, in a transaction that is undone.
    """
    with transaction.atomic():
        batch = CatalogueImport.objects.select_for_update().get(pk=batch_id)
        if batch.status not in (Status.RECEIVED, Status.DROPPED):
            return batch
        return _run(batch, Status.PREVIEWED, now, kind)


def confirm_import(*, batch: CatalogueImport, by: User | None, now: datetime) -> CatalogueImport:
    """This will say that a file shall be taken in; `run_import` takes it. Raises: MoveNotAllowed, MovedMeanwhile."""
    if batch.status == Status.DROPPED:
        batch = preview_import(batch_id=batch.pk, now=now)
    return batch if batch.status == Status.CONFIRMED else move(batch, Status.CONFIRMED, by=by, now=now)


def drop_import(*, batch: CatalogueImport, by: User, now: datetime) -> CatalogueImport:
    """This will leave a file out; it can be looked through again. Raises: MoveNotAllowed, MovedMeanwhile."""
    return move(batch, Status.DROPPED, by=by, now=now)


def run_import(*, batch_id: int, now: datetime, kind: str = "auto") -> CatalogueImport:
    """This will take the rows of a confirmed file; for one that was taken before, nothing happens."""
    with transaction.atomic():
        batch = CatalogueImport.objects.select_for_update().get(pk=batch_id)
        return _run(batch, Status.IMPORTED, now, kind) if batch.status == Status.CONFIRMED else batch


def continue_import(*, batch_id: int, now: datetime) -> CatalogueImport:
    """This will do what is due with a file: look through a received one, take a confirmed one."""
    preview_import(batch_id=batch_id, now=now)
    return run_import(batch_id=batch_id, now=now)


def waiting_imports(*, now: datetime, since: timedelta) -> list[int]:
    """This will name files that nobody has read for so long after they came."""
    waiting = CatalogueImport.objects.filter(
        status__in=(Status.RECEIVED, Status.CONFIRMED), received_at__lte=now - since
    )
    return list(waiting.order_by("pk").values_list("pk", flat=True)[:20])


class _Undone(Exception):
    """Ends a dry run: what it wrote is rolled back."""


def _run(batch: CatalogueImport, to: CatalogueImport.Status, now: datetime, kind: str) -> CatalogueImport:
    taken = Taken()
    try:
        with transaction.atomic(), default_storage.open(batch.stored, "rb") as file:
            take_file(cast(BinaryIO, file), batch, taken, kind)
            if to == Status.PREVIEWED:
                raise _Undone
    except _Undone:
        pass
    except CannotRead as refused:
        batch.error, batch.error_found = refused.code, refused.found
        batch.finished_at = now
        batch.save(update_fields=["error", "error_found", "finished_at"])
        return move(batch, Status.REJECTED, by=None, now=now, reason_code=refused.code)
    batch.format, batch.rows_read, batch.rows_rejected = taken.kind, taken.rows_read, taken.rows_rejected
    batch.tracks_added, batch.tracks_changed = len(taken.added), len(taken.changed - taken.added)
    batch.works_added, batch.statements, batch.preview = taken.works_added, taken.statements, taken.changes
    batch.finished_at = now if to == Status.IMPORTED else None
    batch.save()
    batch.faults.all().delete()
    RowFault.objects.bulk_create(_fault_rows(batch, taken.faults), batch_size=5000)
    return move(batch, to, by=None, now=now)


def _fault_rows(batch: CatalogueImport, faults: Iterable[Fault]) -> Iterator[RowFault]:
    for fault in faults:
        yield RowFault(
            batch=batch,
            line_no=fault.line_no,
            column=fault.column[:60],
            code=fault.code,
            found=fault.found[:200],
            is_fatal=fault.is_fatal,
        )
