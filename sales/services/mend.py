"""Mended lines come back: a supplement to the report they were rejected from.

The supplement reads the report's own files again, leaving out the lines that are replaced, together with the mended
ones, and posts the difference. So revenue a summary shares out over all its lines is shared anew, and not once more.
"""

from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from sales.formats import mended
from sales.formats.errors import BadFile
from sales.formats.recognise import Recognised
from sales.models import Licensee, ReportFile, SalesReport
from sales.pipeline import reading, rejected
from sales.services import chain
from sales.services.correct import successor_of
from sales.services.errors import SupplementRefused

Status = SalesReport.Status


def may_be_mended(report: SalesReport) -> bool:
    """This will say whether lines of a report can be mended: it is in force and has rejected ones."""
    return report.status == Status.POSTED and report.lines_rejected > 0


def marks_of(path: Path, found: object, limit: int) -> mended.Mended | None:
    """This will read the marks of a mended file; None when it is an ordinary one, or nothing that can be read."""
    if not isinstance(found, Recognised):
        return None
    with path.open("rb") as raw:
        try:
            return mended.read(mended.rows(raw, path.stat().st_size, found, limit), is_dsr=found.head is not None)
        except BadFile:
            return None


def report_to_mend(licensee: Licensee, marks: mended.Mended, found: Recognised) -> SalesReport:
    """This will find the report whose lines are mended and lock it, having made sure each line mends a rejected one.

    Raises: SupplementRefused.
    """
    report = (
        SalesReport.objects.select_for_update(no_key=True).filter(licensee=licensee, public_id=marks.report_id).first()
    )
    if report is None:
        raise SupplementRefused("supplement_unknown", report=marks.report_id)
    if report.status != Status.POSTED:
        head = chain.live_of(report)
        raise SupplementRefused("supplement_outdated", report=report.public_id, other=head.public_id if head else "–")
    under_way = report.successors.filter(kind=SalesReport.Kind.SUPPLEMENT, status__in=chain.LIVE).first()
    if under_way is not None:
        raise SupplementRefused("supplement_under_way", report=report.public_id, other=under_way.public_id)
    _check_layout(report, marks, found)
    _check_places(report, marks)
    return report


def supplement(report: SalesReport, marks: mended.Mended, file: ReportFile, *, by: Any, now: datetime) -> SalesReport:
    """This will make the successor of a report that reads its files and the mended one; `file` is saved with it.

    The report is locked by the caller. Raises: ReportNotInForce.
    """
    made = successor_of(report, SalesReport.Kind.SUPPLEMENT, by=by, now=now)
    for copy in made.files.order_by("number"):
        lines = sorted({line for number, line in marks.places if number == copy.number})
        if lines:
            copy.mended = sorted({*copy.mended, *lines})
            copy.save(update_fields=["mended"])
    made.file_count = file.number = made.file_count + 1
    made.save(update_fields=["file_count"])
    file.report = made
    file.reading = {**file.reading, "mends": report.public_id}
    file.save()
    return made


def _check_layout(report: SalesReport, marks: mended.Mended, found: Recognised) -> None:
    """The mended lines are read as the first file is: same kind, same columns in the same places."""
    known = reading.from_json(report.files.order_by("number")[0].reading)
    same = (known.head is None) == (found.head is None)
    if known.bound or found.bound:
        ours, sent = known.bound, found.bound
        same = bool(ours and sent and sent.names[: len(ours.names)] == ours.names)
    elif same and known.template and found.template:
        theirs = replace(found.template, delimiter=known.template.delimiter, width=known.template.width)
        same = theirs == known.template
    if same and known.head and found.head:
        same = (known.head.profile, known.head.version) == (found.head.profile, found.head.version)
    if not same:
        raise SupplementRefused("supplement_other_layout", report=report.public_id)


def _check_places(report: SalesReport, marks: mended.Mended) -> None:
    if marks.stray_line:
        raise SupplementRefused("supplement_stray_line", line=marks.stray_line, report=report.public_id)
    if not marks.places:
        raise SupplementRefused("supplement_empty", report=report.public_id)
    twice = next((one for one, other in pairwise(sorted(marks.places)) if one == other), None)
    if twice:
        raise SupplementRefused("supplement_line_twice", place=f"{twice[0]}:{twice[1]}", report=report.public_id)
    wrong = sorted(set(marks.places) - rejected.places_of(report))
    if wrong:
        place = f"{wrong[0][0]}:{wrong[0][1]}"
        raise SupplementRefused("supplement_line_not_rejected", place=place, report=report.public_id)
