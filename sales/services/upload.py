"""A large file in parts: each is in the storage before it is counted, so any of them may break off and be sent again.

The protocol is small on purpose: announce name and size, ask for the offset, send the bytes from there. When all are
here a task hands them on to `receive_report`, read part by part; the whole is never in memory.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from core.workflow import move, record_event
from sales.models import Licensee, Upload
from sales.services.errors import SupplementRefused, UploadMisplaced, UploadNotOpen, UploadTooLarge
from sales.services.life import hurry
from sales.services.limits import DEFAULT, Limits
from sales.services.receive import receive_report

Status = Upload.Status
PIECE = 1 << 20


def open_upload(
    *, licensee: Licensee, name: str, size: int, key: str, by: Any, now: datetime, limits: Limits = DEFAULT
) -> Upload:
    """This will announce a file; the same person's open upload of the same key goes on where it stopped.

    Raises: UploadTooLarge.
    """
    if size > limits.upload_bytes:
        raise UploadTooLarge(limit=limits.upload_bytes)
    known = Upload.objects.filter(licensee=licensee, sent_by=by, key=key, status=Status.OPEN)
    found = known.filter(size=size).first() if key else None
    if found is not None:
        return found
    try:
        with transaction.atomic():
            if key:
                for other in known:
                    move(other, Status.EXPIRED, by=by, now=now, reason_code="sent_anew")
            made = Upload.objects.create(
                licensee=licensee, sent_by=by, name=name[:300], key=key[:200], size=size, created_at=now, touched_at=now
            )
            record_event(made, "", made.status, by=by, now=now)
    except IntegrityError:  # the same file from two windows at once
        return known.get(size=size)
    return made


def add_part(*, upload: Upload, offset: int, content: bytes, now: datetime, limits: Limits = DEFAULT) -> Upload:
    """This will keep the bytes from `offset` on. A part that is here already changes nothing.

    Raises: UploadNotOpen, UploadMisplaced (it says from where to go on), UploadTooLarge.
    """
    if len(content) > limits.part_bytes:
        raise UploadTooLarge(limit=limits.part_bytes)
    with transaction.atomic():
        locked = Upload.objects.select_for_update().get(pk=upload.pk)
        if locked.status != Status.OPEN:
            raise UploadNotOpen(status=locked.status)
        if offset != locked.offset or offset + len(content) > locked.size:
            raise UploadMisplaced(offset=locked.offset)
        if content:
            name = f"uploads/{locked.public_id}/{offset:015}"
            with suppress(FileNotFoundError):
                default_storage.delete(name)  # of a try that was not counted
            locked.parts = [*locked.parts, default_storage.save(name, ContentFile(content))]
            locked.offset += len(content)
        locked.touched_at = now
        locked.save(update_fields=["parts", "offset", "touched_at"])
        return locked


def complete_upload(*, upload: Upload, by: Any, now: datetime) -> Upload:
    """This will say that the file is whole, and queue it to be taken in. Said twice it changes nothing.

    Raises: UploadMisplaced while bytes are missing, UploadNotOpen when it expired.
    """
    from sales.tasks import receive_upload as task

    with transaction.atomic():
        locked = Upload.objects.select_for_update().get(pk=upload.pk)
        if locked.status == Status.EXPIRED:
            raise UploadNotOpen(status=locked.status)
        if locked.status != Status.OPEN:
            return locked
        if locked.offset != locked.size:
            raise UploadMisplaced(offset=locked.offset)
        move(locked, Status.COMPLETE, by=by, now=now)
        hurry(task, upload_id=locked.pk)
        return locked


def receive_upload(*, upload_id: int, now: datetime, limits: Limits = DEFAULT) -> Upload:
    """This will make a report of a complete upload, as any other door does, and delete the parts.

    Delivered twice it ends the same: the bytes are known by their hash.
    """
    upload = Upload.objects.select_related("licensee", "sent_by").get(pk=upload_id)
    if upload.status != Status.COMPLETE:
        return upload
    stream = _Parts(upload.parts)
    try:
        receipt = receive_report(
            licensee=upload.licensee, stream=stream, name=upload.name, by=upload.sent_by, now=now, limits=limits
        )
        upload.report, upload.is_duplicate, to = receipt.report, receipt.is_duplicate, Status.RECEIVED
    except (UploadTooLarge, SupplementRefused) as error:
        upload.reason, upload.reason_params, to = error.code, error.params, Status.REFUSED
    finally:
        stream.close()
    with transaction.atomic():
        move(upload, to, by=None, now=now)
        upload.save(update_fields=["report", "is_duplicate", "reason", "reason_params"])
    _delete(upload.parts)
    return upload


def sweep_uploads(*, hurry_one: Callable[[int], object], now: datetime, limits: Limits = DEFAULT) -> int:
    """This will hurry complete uploads the queue forgot, and end those nobody went on with; returns how many ended."""
    for upload_id in Upload.objects.filter(status=Status.COMPLETE).order_by("pk").values_list("pk", flat=True)[:100]:
        hurry_one(upload_id)
    ended = 0
    old = Upload.objects.filter(status=Status.OPEN, touched_at__lt=now - timedelta(hours=limits.upload_hours))
    for upload in old.order_by("pk")[:100]:
        with transaction.atomic():
            locked = Upload.objects.select_for_update(skip_locked=True).filter(pk=upload.pk, status=Status.OPEN).first()
            if locked is None or locked.touched_at != upload.touched_at:
                continue
            move(locked, Status.EXPIRED, by=None, now=now, reason_code="nobody_went_on")
        ended += 1
    for upload in Upload.objects.filter(status=Status.EXPIRED).exclude(parts=[])[:100]:
        _delete(upload.parts)
        Upload.objects.filter(pk=upload.pk).update(parts=[])
    return ended


def _delete(parts: list[str]) -> None:
    for name in parts:
        with suppress(FileNotFoundError):
            default_storage.delete(name)


class _Parts:
    """Stored parts one after the other as one stream."""

    def __init__(self, names: list[str]) -> None:
        self._pieces = self._read(names)
        self._rest = b""

    def read(self, size: int = PIECE, /) -> bytes:
        """This will return up to `size` bytes, none at the end."""
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            self._rest = piece
        given, self._rest = self._rest[:size], self._rest[size:]
        return given

    def close(self) -> None:
        """This will close the part that is being read."""
        self._pieces.close()

    @staticmethod
    def _read(names: list[str]) -> Any:
        def pieces() -> Iterator[bytes]:
            for name in names:
                with default_storage.open(name, "rb") as part:
                    yield from part.chunks(PIECE)

        return pieces()
