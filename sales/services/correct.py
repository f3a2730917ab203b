"""What a person does with a report that is held: let it take over, keep both, or reject it."""

from datetime import datetime
from typing import Any

from django.db import transaction

from core.workflow import move
from ledger import services as ledger
from ledger.models import Entry
from ledger.recipes import Kind
from sales.models import SalesReport
from sales.pipeline import match
from sales.services.errors import ReportNotHeld
from sales.services.receive import queue, reject

Status = SalesReport.Status


def supersede_report(*, report: SalesReport, by: Any, now: datetime, reason: str = "") -> SalesReport:
    """This will let a held report take over from the live one of its identity, and queue it.

    Accruals of the old one are reversed here and now; its Sales stay, marked by the report's status. The owed side
    follows when money is next distributed. A predecessor that was not posted yet is rejected, nothing was owed by it.

    Raises: ReportNotHeld.
    """
    with transaction.atomic():
        held = _held(report)
        match.lock_keys(held.licensee_id)
        old = SalesReport.objects.select_for_update(no_key=True).filter(public_id=_other(held)).first()
        if old is not None and old.status == Status.POSTED:
            accruals = Entry.objects.filter(batch=old.public_id, kind=Kind.ACCRUAL).order_by("pk")
            for entry in accruals:
                ledger.reverse_entry(entry=entry, event_at=now, batch=f"superseded:{old.public_id}")
            move(old, Status.SUPERSEDED, by=by, now=now, reason=reason, reason_code="superseded")
        elif old is not None and old.status in (Status.RECEIVED, Status.PARSED, Status.MATCHED):
            reject(old, "superseded", {"by": held.public_id}, by=by, now=now)
        held.supersedes = old
        return _resume(held, by, now, reason)


def keep_both(*, report: SalesReport, by: Any, now: datetime, reason: str = "") -> SalesReport:
    """This will take a held flat report as one more about the same period, not as a correction.

    Raises: ReportNotHeld (also for a DSR: two with one message id cannot both be right).
    """
    with transaction.atomic():
        held = _held(report)
        other = SalesReport.objects.filter(public_id=_other(held)).first()
        if other is None or held.profile != "flat":
            raise ReportNotHeld
        same = SalesReport.objects.filter(
            licensee=held.licensee, sender=held.sender, message_id__startswith=other.message_id.split("#")[0]
        )
        held.message_id = f"{other.message_id.split('#')[0]}#{same.count() + 1}"
        return _resume(held, by, now, reason)


def resume_report(*, report: SalesReport, by: Any, now: datetime, reason: str = "") -> SalesReport:
    """This will start a report again that was held for want of something that is there now, such as a tariff.

    Raises: ReportNotHeld.
    """
    with transaction.atomic():
        held = _held(report)
        if _other(held):
            raise ReportNotHeld
        return _resume(held, by, now, reason)


def reject_report(*, report: SalesReport, by: Any, now: datetime, reason: str = "") -> SalesReport:
    """This will reject a held report; its bytes are kept.

    Raises: ReportNotHeld.
    """
    with transaction.atomic():
        held = _held(report)
        move(held, Status.REJECTED, by=by, now=now, reason=reason, reason_code="rejected_by_person")
        return held


def _held(report: SalesReport) -> SalesReport:
    held = SalesReport.objects.select_for_update(no_key=True).get(pk=report.pk)
    if held.status != Status.HELD:
        raise ReportNotHeld
    return held


def _other(held: SalesReport) -> str:
    return str(held.reason_params.get("other", "")) if held.reason == "same_report_other_content" else ""


def _resume(held: SalesReport, by: Any, now: datetime, reason: str) -> SalesReport:
    held.reason, held.reason_params, held.progress_percent = "", {}, 0
    held.save(update_fields=["reason", "reason_params", "progress_percent", "supersedes", "message_id"])
    move(held, Status.RECEIVED, by=by, now=now, reason=reason, reason_code="resumed")
    queue(held)
    return held
