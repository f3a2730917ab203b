"""What a store lists today: taken in as any file is, read by a task, kept as the last day each key was listed."""

from datetime import date, datetime
from shutil import copyfileobj
from typing import Any

from django.db import transaction

from core.workflow import move, record_event
from sales.formats import catalogue_list
from sales.formats.errors import BadFile
from sales.models import CatalogueSnapshot, Licensee
from sales.pipeline import files, listed, match
from sales.services.errors import DayToCome
from sales.services.life import hurry
from sales.services.limits import DEFAULT, Limits
from sales.services.receive import Readable, keep_original

Status = CatalogueSnapshot.Status


def receive_snapshot(
    *,
    licensee: Licensee,
    stream: Readable,
    name: str,
    taken_date: date,
    by: Any,
    now: datetime,
    limits: Limits = DEFAULT,
) -> CatalogueSnapshot:
    """This will take in a list of a store's catalogue and queue it to be read; the same list of that day is known.

    Raises: UploadTooLarge, DayToCome.
    """
    from sales.tasks import read_snapshot as task

    if taken_date > now.date():
        raise DayToCome
    kept = keep_original(licensee, stream, limits)
    with transaction.atomic():
        made, is_new = CatalogueSnapshot.objects.get_or_create(
            licensee=licensee,
            sha256=kept.sha256,
            taken_date=taken_date,
            defaults={
                "name": name[:300],
                "size": kept.size,
                "stored": kept.stored,
                "received_at": now,
                "sent_by": by,
            },
        )
        if is_new:
            record_event(made, "", made.status, by=by, now=now)
            hurry(task, snapshot_id=made.pk)
    return made


def read_snapshot(*, snapshot_id: int, now: datetime, limits: Limits = DEFAULT) -> CatalogueSnapshot:
    """This will read a list and write which keys were listed, in one transaction; twice changes nothing."""
    snapshot = CatalogueSnapshot.objects.get(pk=snapshot_id)
    if snapshot.status != Status.RECEIVED:
        return snapshot
    with files.scratch() as folder:
        try:
            with files.original(snapshot.stored) as kept, (folder / "list").open("wb") as copy:
                copyfileobj(kept, copy)
            with (folder / "list").open("rb") as raw:
                found = catalogue_list.entries(raw, snapshot.size, limits.unpacked_bytes)
                identities, passed_over = listed.write_entries(found, folder)
        except BadFile as error:
            with transaction.atomic():
                snapshot.reason, snapshot.reason_params = error.code, {"file": snapshot.name, **error.params}
                snapshot.save(update_fields=["reason", "reason_params"])
                return move(snapshot, Status.REJECTED, by=None, now=now, reason_code=error.code)
        with transaction.atomic():
            match.lock_keys(snapshot.licensee_id)
            counts = listed.take_list(snapshot.licensee_id, identities, snapshot.taken_date, now, folder)
            snapshot.entry_count, snapshot.matched_count = counts
            snapshot.passed_over = passed_over
            snapshot.save(update_fields=["entry_count", "matched_count", "passed_over"])
            return move(snapshot, Status.READ, by=None, now=now)


def snapshots_waiting(limit: int = 20) -> list[int]:
    """This will find lists the queue forgot."""
    waiting = CatalogueSnapshot.objects.filter(status=Status.RECEIVED).order_by("pk")
    return list(waiting.values_list("pk", flat=True)[:limit])
