"""Reports that come in several files: which one a file completes, and why one does not fit."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, F, Q, QuerySet

from sales.formats import dsr
from sales.models import Licensee, ReportFile, SalesReport
from sales.selectors import missing_files
from sales.services.life import queue

Status = SalesReport.Status
CONTRADICTS = "part_contradicts"


class Place(NamedTuple):
    """Where a file belongs: to a report that waits for it, or to none because of `reason`."""

    report: SalesReport | None = None
    reason: str = ""
    params: dict[str, str | int] = {}


def place_of(licensee: Licensee, head: dsr.Head, profile: str) -> Place:
    """This will find the incomplete report of the same sender and number that a file belongs to.

    All files of a report agree on profile, period and number of files, and each number stands for one file. What does
    not fit is a report of its own, held with the reason; an empty Place means that no report waits for anything.
    """
    waiting = list(_waiting(licensee, head.sender, head.message_id))
    agreeing = [report for report in waiting if not _contradiction(report, head, profile)]
    for report in agreeing:
        if head.number in missing_files(report):
            return Place(report)
    if agreeing:
        return Place(reason="part_twice", params={"other": agreeing[0].public_id, "number": head.number})
    for report in waiting:
        return Place(reason=CONTRADICTS, params={"other": report.public_id, **_contradiction(report, head, profile)})
    return Place()


def lend(file: ReportFile, now: datetime) -> ReportFile | None:
    """This will give a file that is here already to the corrected report that waits for it, None when none does.

    A correction may change one file of two and send the other again as it was. The rows are locked by the caller.
    """
    if file.report is None or file.report.file_count == 1:
        return None
    corrected = _waiting(file.licensee, file.report.sender, file.report.message_id).filter(pk__gt=file.report.pk)
    for report in corrected.filter(file_count=file.report.file_count):
        if file.number not in missing_files(report):
            continue
        lent = copy_of(file, report, received_at=now)
        lent.save()
        if report.status == Status.RECEIVED and not missing_files(report):
            queue(report)
        return lent
    return None


def copy_of(file: ReportFile, report: SalesReport, *, received_at: datetime | None = None) -> ReportFile:
    """This will make (not save) the row of a file that another report reads as well; its bytes are kept once."""
    return ReportFile(
        report=report,
        licensee_id=file.licensee_id,
        sha256=file.sha256,
        size=file.size,
        name=file.name,
        stored=file.stored,
        reading=file.reading,
        mapping_id=file.mapping_id,
        number=file.number,
        received_at=received_at or file.received_at,
        mended=file.mended,
        copy_of_id=file.copy_of_id or file.pk,
    )


def _waiting(licensee: Licensee, sender: str, message_id: str) -> QuerySet[SalesReport]:
    same = SalesReport.objects.filter(licensee=licensee, sender=sender[:100], message_id=message_id[:200])
    same = same.filter(Q(status=Status.RECEIVED) | Q(status=Status.HELD, reason=CONTRADICTS))
    return same.annotate(here=Count("files")).filter(here__lt=F("file_count")).order_by("-pk")


def _contradiction(report: SalesReport, head: dsr.Head, profile: str) -> dict[str, str | int]:
    """This will name the first cell in which a file contradicts the report; empty when it fits."""
    cells = (
        ("NumberOfFiles", head.files, report.file_count),
        ("Profile", profile, report.profile),
        ("UsageStartDate", head.usage_start, report.usage_start),
        ("UsageEndDate", head.usage_end, report.usage_end),
    )
    for cell, found, stated in cells:
        if found != stated:
            return {"cell": cell, "found": str(found), "stated": str(stated)}
    return {}
