"""Taking in what a store sends: kept byte for byte, recognised by its content, never counted twice."""

import hashlib
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import zstandard
from django.db import transaction

from core.workflow import record_event
from sales.formats.errors import BadFile
from sales.formats.packing import packing_of
from sales.formats.recognise import Recognised
from sales.models import Licensee, MappingTemplate, ReportFile, SalesReport
from sales.pipeline import files, reading
from sales.services import mend, parts
from sales.services.errors import UploadTooLarge
from sales.services.life import queue, reject
from sales.services.limits import DEFAULT, Limits
from sales.services.mapping import sender_of, version_of
from sales.services.remembered import Unmapped, recognise_for
from sales.services.space import full_disk_named

PIECE = 1 << 20


class Readable(Protocol):
    """Anything that gives bytes: a file, an upload, a socket."""

    def read(self, size: int = ..., /) -> bytes:
        """This will return up to `size` bytes, none at the end."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a file: the report it belongs to, and whether it was already here."""

    report: SalesReport
    file: ReportFile
    is_duplicate: bool


@dataclass(frozen=True, slots=True)
class _Spooled:
    """The received bytes on local disk, counted and hashed."""

    path: Path
    packed: Path | None
    """Where we packed it; None where it came packed."""
    size: int
    sha256: str


def receive_report(
    *,
    licensee: Licensee,
    stream: Readable,
    name: str,
    by: Any,
    now: datetime,
    limits: Limits = DEFAULT,
    template: MappingTemplate | None = None,
    period: str = "",
) -> Receipt:
    """This will take in one file and make, or complete, the report it belongs to.

    The same bytes from the same store again: nothing happens, the existing report comes back. The same report with
    other content is read, and held with the difference for a person. A file nothing can be read from makes a rejected
    report that says why; its bytes are kept all the same. A report whose files are all in is queued to be processed.

    A table that is none of our own is read through the remembered mapping template that fits it (only `template`, where
    one is named; with `period`, where the file does not say it); else it is held until somebody maps its columns.

    A file of mended lines (`formats.mended`) becomes a supplement to the report it names.

    Raises: UploadTooLarge, SupplementRefused, NoSpace.
    """
    with full_disk_named(), files.scratch() as folder:
        spooled = _spool(stream, folder / "received", limits)
        known = _known_file(licensee, spooled.sha256)
        if known and known.report.file_count == 1:
            return known
        stored = _store(licensee, spooled)
        try:
            with spooled.path.open("rb") as raw:
                found: Recognised | Unmapped | BadFile = recognise_for(
                    licensee=licensee,
                    raw=raw,
                    size=spooled.size,
                    limit=limits.unpacked_bytes,
                    template=template,
                    period=period,
                )
        except BadFile as error:
            found = error
        marks = mend.marks_of(spooled.path, found, limits.unpacked_bytes)
    with transaction.atomic():
        Licensee.objects.select_for_update(no_key=True).get(pk=licensee.pk)  # one file of a store at a time
        known = _known_file(licensee, spooled.sha256)
        if known:
            lent = parts.lend(known.file, now)
            return Receipt(lent.report, lent, is_duplicate=False) if lent and lent.report else known
        file = ReportFile(
            licensee=licensee,
            sha256=spooled.sha256,
            size=spooled.size,
            name=name[:300],
            stored=stored,
            number=found.head.number if isinstance(found, Recognised) and found.head else 1,
            reading=_reading(found),
            mapping=version_of(found) if isinstance(found, Recognised) else None,
            received_at=now,
            error=found.code if isinstance(found, BadFile) else "",
            error_params=found.params if isinstance(found, BadFile) else {},
        )
        if marks is not None and isinstance(found, Recognised):
            report = mend.supplement(mend.report_to_mend(licensee, marks, found), marks, file, by=by, now=now)
            return Receipt(report, file, is_duplicate=False)
        report = file.report = _report_for(licensee, found, spooled, by, now)
        file.save()
        if isinstance(found, BadFile):
            reject(report, found.code, {"file": file.name, **found.params}, by=by, now=now)
        elif report.status == SalesReport.Status.RECEIVED and report.files.count() == report.file_count:
            queue(report)
        return Receipt(report, file, is_duplicate=False)


def _reading(found: Recognised | Unmapped | BadFile) -> dict[str, Any]:
    if isinstance(found, Unmapped):
        return found.to_json()
    return reading.to_json(found) if isinstance(found, Recognised) else {}


@dataclass(frozen=True, slots=True)
class Kept:
    """A file in the storage, as received."""

    stored: str
    size: int
    sha256: str


def keep_original(licensee: Licensee, stream: Readable, limits: Limits) -> Kept:
    """This will keep a file byte for byte in the storage, under its content's name.

    Raises: UploadTooLarge.
    """
    with files.scratch() as folder:
        spooled = _spool(stream, folder / "received", limits)
        return Kept(_store(licensee, spooled), spooled.size, spooled.sha256)


def _spool(stream: Readable, path: Path, limits: Limits) -> _Spooled:
    """This will put the bytes on the local disk and, unless they come packed, packed beside them, read only once.

    Packing has threads of its own, so hashing and it go on at once.
    """
    digest, size = hashlib.sha256(), 0
    piece = stream.read(PIECE)
    while len(piece) < 8 and (more := stream.read(PIECE)):
        piece += more
    packed = None if packing_of(piece[:8]) else path.with_name("packed")
    with ExitStack() as stack:
        spool = stack.enter_context(path.open("wb"))
        packer = None
        if packed:
            target = stack.enter_context(packed.open("wb"))
            packer = stack.enter_context(zstandard.ZstdCompressor(level=1, threads=2).stream_writer(target))
        while piece:
            size += len(piece)
            if size > limits.upload_bytes:
                raise UploadTooLarge(limit=limits.upload_bytes)
            if packer:
                packer.write(piece)
            digest.update(piece)
            spool.write(piece)
            piece = stream.read(PIECE)
    return _Spooled(path, packed, size, digest.hexdigest())


def _known_file(licensee: Licensee, sha256: str) -> Receipt | None:
    file = ReportFile.objects.filter(licensee=licensee, sha256=sha256, copy_of=None).select_related("report").first()
    if file is None or file.report is None:
        return None
    return Receipt(file.report, file, is_duplicate=True)


def _store(licensee: Licensee, spooled: _Spooled) -> str:
    """This will store the original under its content's name, compressed unless it came packed."""
    name = f"originals/{licensee.pk}/{spooled.sha256[:2]}/{spooled.sha256}"
    return files.keep(f"{name}.stored-zst", spooled.packed) if spooled.packed else files.keep(name, spooled.path)


def _report_for(
    licensee: Licensee, found: Recognised | Unmapped | BadFile, spooled: _Spooled, by: Any, now: datetime
) -> SalesReport:
    """This will find the report a file completes, or make one.

    A correction when another report has its identity; held when it does not fit the report whose number it has.
    """
    head = found.head if isinstance(found, Recognised) else None
    sender = head.sender if head else "unreadable" if isinstance(found, BadFile) else sender_of(found)
    message_id = head.message_id if head else f"sha256:{spooled.sha256}"
    same = SalesReport.objects.filter(licensee=licensee, sender=sender[:100], message_id=message_id[:200])
    place = parts.place_of(licensee, head, found.profile) if head and isinstance(found, Recognised) else parts.Place()
    if place.report:
        return place.report
    live = same.exclude(status__in=["held", "rejected", "superseded"]).order_by("-pk").first()
    report = SalesReport(
        licensee=licensee,
        sender=sender[:100],
        message_id=message_id[:200],
        profile=found.profile if isinstance(found, Recognised) else "",
        usage_start=head.usage_start if head else None,
        usage_end=head.usage_end if head else None,
        file_count=head.files if head else 1,
        received_at=now,
        received_by=by,
    )
    if isinstance(found, Unmapped):
        report.status, report.reason, report.reason_params = SalesReport.Status.HELD, found.code, found.params
    elif place.reason:
        report.status, report.reason, report.reason_params = SalesReport.Status.HELD, place.reason, place.params
    elif live is not None:
        report.supersedes, report.kind, report.lot_id = live, SalesReport.Kind.CORRECTION, live.lot_number
    report.save()
    record_event(report, "", report.status, by=by, now=now, reason_code=report.reason or report.kind)
    return report
