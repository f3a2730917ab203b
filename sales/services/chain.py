"""When a report takes the place of an earlier one: which one, whether it may yet, and what becomes of the other.

A correction, a supplement and a reprocessing are the same thing to the ledger: a successor whose difference is posted
into the lot of the first report of the chain. Locks: the successor's row, then its predecessor's.
"""

from datetime import datetime
from typing import Any

from django.db.models import Q

from core.workflow import move
from sales.models import SalesReport
from sales.services.life import hold, reject

Status = SalesReport.Status
Kind = SalesReport.Kind
LIVE = (Status.RECEIVED, Status.PARSED, Status.MATCHED, Status.POSTED)
NOT_LIVE = (Status.HELD, Status.REJECTED, Status.SUPERSEDED)


def live_of(report: SalesReport) -> SalesReport | None:
    """This will find the report in force of the chain a report belongs to."""
    lot = report.lot_number
    chain = SalesReport.objects.filter(Q(pk=lot) | Q(lot=lot), status=Status.POSTED)
    return chain.order_by("-pk").first()


def follow(report: SalesReport, old: SalesReport) -> None:
    """This will make an unsaved or held report the candidate to take the place of `old`."""
    report.supersedes, report.kind = old, Kind.CORRECTION
    report.lot_id = old.lot_number


def stand_alone(report: SalesReport) -> None:
    """This will make it a report of its own again."""
    report.supersedes, report.kind, report.lot, report.difference = None, Kind.ORIGINAL, None, {}


def equal_report(report: SalesReport) -> SalesReport | None:
    """This will find a live report of the store whose accepted lines sum to the same, whatever it is called."""
    if report.is_kept or not report.content_sha256 or report.kind in (Kind.SUPPLEMENT, Kind.REPROCESS):
        return None
    same = SalesReport.objects.filter(licensee=report.licensee_id, content_sha256=report.content_sha256)
    return same.filter(status__in=LIVE).exclude(pk=report.pk).order_by("pk").first()


def take_period(report: SalesReport) -> None:
    """This will give a flat report its identity, the period it is about; who has it already is what it corrects."""
    if report.is_kept or report.supersedes_id:
        return
    identity = f"{report.usage_start}--{report.usage_end}"
    same = SalesReport.objects.filter(licensee=report.licensee_id, sender=report.sender)
    same = same.filter(message_id__startswith=identity).exclude(status__in=NOT_LIVE).exclude(pk=report.pk)
    report.message_id = identity
    other = same.order_by("pk").first()
    if other is not None:
        follow(report, other)
    report.save(update_fields=["message_id", "supersedes", "kind", "lot"])


def old_of(report: SalesReport, now: datetime) -> SalesReport | None:
    """This will lock and return the report whose place this one takes, None when it takes nobody's.

    One that was rejected is nothing to correct: the report stands for itself. One that was replaced meanwhile is
    corrected in its successor; mended lines and second readings belong to the files of the old one and end here.
    """
    if report.supersedes_id is None:
        return None
    old = SalesReport.objects.select_for_update(no_key=True).get(pk=report.supersedes_id)
    if old.status in (Status.REJECTED, Status.HELD):
        stand_alone(report)
        report.save(update_fields=["supersedes", "kind", "lot", "difference"])
        return None
    if old.status == Status.SUPERSEDED:
        head = live_of(old)
        assert head is not None
        old = SalesReport.objects.select_for_update(no_key=True).get(pk=head.pk)
        report.supersedes = old
        report.save(update_fields=["supersedes"])
    return old


def may_take_over(report: SalesReport, old: SalesReport, difference: dict[str, Any], now: datetime) -> bool:
    """This will say whether the difference may be posted now; if not, the report is held (or ended) saying why.

    A store's mended lines may; what replaces accepted lines needs a person who saw exactly this difference. Other terms
    that move no money (a licence that ended, other territories) may: only what Sales say of themselves changes.
    """
    changed = report.difference.get("currencies") != difference["currencies"]
    report.difference = difference
    report.save(update_fields=["difference"])
    if report.kind == Kind.REPROCESS and not difference["largest"]:
        if report.terms_sha256 != old.terms_sha256:
            return True
        reject(report, "nothing_changed", {"other": old.public_id}, by=None, now=now)
        return False
    if report.kind == Kind.SUPPLEMENT or (report.is_confirmed and not changed):
        return True
    report.is_confirmed = False
    report.save(update_fields=["is_confirmed"])
    reason = "same_report_other_content"
    if report.kind == Kind.REPROCESS:
        reason = "confirm_difference" if report.received_by_id else "terms_changed"
    hold(report, reason, {"other": old.public_id}, now)
    return False


def take_over(report: SalesReport, old: SalesReport, now: datetime) -> None:
    """This will end the report whose place was taken; its Sales and files stay, marked by its status."""
    if old.status == Status.POSTED:
        old.reason, old.reason_params = "superseded", {"by": report.public_id}
        old.save(update_fields=["reason", "reason_params"])
        move(old, Status.SUPERSEDED, by=None, now=now, reason_code="superseded")
    else:
        reject(old, "superseded", {"by": report.public_id}, by=None, now=now)
