"""The steps of a report's life that several services take: queued, held for a person, ended."""

from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from core.workflow import move
from sales.models import SalesReport


def hurry(task: Any, **kwargs: Any) -> None:
    """This will queue a task once the transaction is committed; where the broker is away the sweep finds the work."""
    transaction.on_commit(partial(task.delay, **kwargs), robust=True)


def queue(report: SalesReport) -> None:
    """This will hurry the processing of a report once the transaction is committed; the sweep finds it anyway."""
    from sales.tasks import process_report

    transaction.on_commit(partial(process_report.delay, report_id=report.pk), robust=True)


def reject(report: SalesReport, code: str, params: dict[str, Any], *, by: Any, now: datetime) -> None:
    """This will end a report that nothing can be taken from, with the code of why."""
    report.reason, report.reason_params = code, params
    report.stage, report.progress_percent = "", 100
    report.save(update_fields=["reason", "reason_params", "stage", "progress_percent"])
    move(report, SalesReport.Status.REJECTED, by=by, now=now, reason_code=code)


def hold(report: SalesReport, code: str, params: dict[str, object], now: datetime) -> None:
    """This will hold a report for a person."""
    report.reason, report.reason_params, report.stage = code, params, ""
    report.save(update_fields=["reason", "reason_params", "stage"])
    move(report, SalesReport.Status.HELD, by=None, now=now, reason_code=code)
