"""What a person does with a report that is held, and with one in force that should be read again."""

from datetime import datetime
from typing import Any

from django.db import transaction

from core.workflow import move, record_event
from sales.models import ReportFile, SalesReport
from sales.pipeline import match
from sales.services import chain, months
from sales.services.errors import ReportNotHeld, ReportNotInForce
from sales.services.life import queue
from sales.services.parts import copy_of

Status = SalesReport.Status
Kind = SalesReport.Kind
CORRECTS = ("same_report_other_content", "confirm_difference", "terms_changed")
RESUMABLE = ("no_tariff", "bad_tariff")
WRITTEN = ["reason", "reason_params", "progress_percent", "supersedes", "lot", "kind", "message_id", "difference"]
WRITTEN += ["is_confirmed", "is_kept", "is_late"]


def decisions_of(report: SalesReport) -> list[str]:
    """This will name what a person can do with a held report."""
    if report.status != Status.HELD:
        return []
    if report.reason in CORRECTS:
        keeps = report.kind == Kind.CORRECTION and report.profile == "flat"
        return ["supersede", *(["keep_both"] if keeps else []), "reject"]
    if report.reason == "same_content":
        return ["keep_both", "reject"]
    if report.reason == "month_closed":
        return ["take_late", "reopen_month", "reject"]
    return ["resume", "reject"] if report.reason in RESUMABLE else ["reject"]


def decide_report(*, report: SalesReport, decision: str, by: Any, now: datetime, reason: str = "") -> SalesReport:
    """This will do with a held report what was decided: one of `decisions_of(report)`.

    Raises: ReportNotHeld.
    """
    acts = {
        "supersede": supersede_report,
        "keep_both": keep_both,
        "resume": resume_report,
        "take_late": take_late,
        "reopen_month": reopen_for,
        "reject": reject_report,
    }
    if decision not in acts:
        raise ReportNotHeld
    return acts[decision](report=report, by=by, now=now, reason=reason)


def supersede_report(*, report: SalesReport, by: Any, now: datetime, reason: str = "") -> SalesReport:
    """This will let a held report take over from the one in force, and queue it: the difference shown is posted.

    Should the difference have changed since it was shown (a match, another correction), it is held again with the new
    one. Until the posting commits, the old report stays in force.

    Raises: ReportNotHeld.
    """
    with transaction.atomic():
        held = _held(report, "supersede")
        if held.supersedes_id is None:
            chain.follow(held, SalesReport.objects.get(public_id=held.reason_params["other"]))
        held.is_confirmed = True
        return _resume(held, by, now, reason, code="supersede")


def keep_both(*, report: SalesReport, by: Any, now: datetime, reason: str = "") -> SalesReport:
    """This will take a held report as one more, though another has its period or its content.

    Raises: ReportNotHeld (also for a DSR whose number another has: two with one message id cannot both be right).
    """
    with transaction.atomic():
        held = _held(report, "keep_both")
        match.lock_keys(held.licensee_id)
        if held.profile == "flat" and held.usage_start:
            identity = f"{held.usage_start}--{held.usage_end}"
            same = SalesReport.objects.filter(
                licensee=held.licensee, sender=held.sender, message_id__startswith=identity
            ).exclude(pk=held.pk)
            held.message_id = f"{identity}#{same.count() + 1}" if same.exists() else identity
        chain.stand_alone(held)
        held.is_kept = True
        return _resume(held, by, now, reason, code="keep_both")


def resume_report(*, report: SalesReport, by: Any, now: datetime, reason: str = "") -> SalesReport:
    """This will start a report again that was held for want of something that is there now, such as a tariff.

    Raises: ReportNotHeld.
    """
    with transaction.atomic():
        return _resume(_held(report, "resume"), by, now, reason, code="resumed", restart=True)


def take_late(*, report: SalesReport, by: Any, now: datetime, reason: str = "") -> SalesReport:
    """This will let a report about a closed month count in the open one, marked as late.

    Raises: ReportNotHeld.
    """
    with transaction.atomic():
        held = _held(report, "take_late")
        held.is_late = True
        return _resume(held, by, now, reason, code="take_late")


def reopen_for(*, report: SalesReport, by: Any, now: datetime, reason: str = "") -> SalesReport:
    """This will open the closed months a held report is about, for the reason given, and let it go on.

    Raises: ReportNotHeld.
    """
    with transaction.atomic():
        held = _held(report, "reopen_month")
        for row in months.closed_months(held):
            months.reopen_month(month=row.month, by=by, now=now, reason=reason)
        return _resume(held, by, now, reason, code="reopen_month")


def reject_report(*, report: SalesReport, by: Any, now: datetime, reason: str = "") -> SalesReport:
    """This will reject a held report; its bytes are kept, the report in force stays so.

    Raises: ReportNotHeld.
    """
    with transaction.atomic():
        held = _held(report, "reject")
        move(held, Status.REJECTED, by=by, now=now, reason=reason, reason_code="rejected_by_person")
        return held


def reprocess_report(*, report: SalesReport, by: Any, now: datetime, reason: str = "") -> SalesReport:
    """This will read a posted report's files again with today's code, tariff and matches, as its successor.

    The successor is held with the difference for a person; where nothing would change it ends by itself. Asked again
    while one is under way, that one comes back.

    Raises: ReportNotInForce.
    """
    with transaction.atomic():
        old = SalesReport.objects.select_for_update(no_key=True).get(pk=report.pk)
        under_way = old.successors.filter(kind=Kind.REPROCESS, status__in=(*chain.LIVE, Status.HELD)).first()
        if under_way is not None and old.status == Status.POSTED:
            return under_way
        return successor_of(old, Kind.REPROCESS, by=by, now=now, reason=reason)


def successor_of(old: SalesReport, kind: str, *, by: Any, now: datetime, reason: str = "") -> SalesReport:
    """This will make the report that reads the files of a posted one again, and queue it after the commit.

    The row of `old` is locked by the caller. Raises: ReportNotInForce.
    """
    if old.status != Status.POSTED:
        raise ReportNotInForce
    made = SalesReport.objects.create(
        licensee_id=old.licensee_id,
        sender=old.sender,
        message_id=old.message_id,
        profile=old.profile,
        usage_start=old.usage_start,
        usage_end=old.usage_end,
        file_count=old.file_count,
        kind=kind,
        supersedes=old,
        lot_id=old.lot_number,
        received_at=now,
        received_by=by,
    )
    record_event(made, "", made.status, by=by, now=now, reason=reason, reason_code=kind)
    ReportFile.objects.bulk_create([copy_of(file, made) for file in old.files.order_by("number")])
    queue(made)
    return made


def _held(report: SalesReport, decision: str) -> SalesReport:
    held = SalesReport.objects.select_for_update(no_key=True).get(pk=report.pk)
    if decision not in decisions_of(held):
        raise ReportNotHeld
    return held


def _resume(held: SalesReport, by: Any, now: datetime, reason: str, *, code: str, restart: bool = False) -> SalesReport:
    """This will let a held report go on where it stopped, or from its start."""
    was_matched = held.reason in (*CORRECTS, "month_closed") and bool(held.workings) and not restart
    held.reason, held.reason_params = "", {}
    held.progress_percent = 88 if was_matched else 0
    held.save(update_fields=WRITTEN)
    move(held, Status.MATCHED if was_matched else Status.RECEIVED, by=by, now=now, reason=reason, reason_code=code)
    queue(held)
    return held
