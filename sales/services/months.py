"""Closing the books of a month, opening them again with a reason, and what comes in afterwards."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from core.workflow import move, record_event
from sales.models import BookMonth, SalesReport
from sales.services.errors import MonthNotOver
from sales.services.life import hold

Status = BookMonth.Status


def close_month(
    *, month: date, by: Any, now: datetime, reason: str = "", late_rule: str = BookMonth.LateRule.HOLD
) -> BookMonth:
    """This will close the books of a month that is over; closing it twice changes only what happens to late reports.

    Raises: MonthNotOver.
    """
    first = month.replace(day=1)
    if next_month(first) > now.date():
        raise MonthNotOver(month=f"{first:%Y-%m}")
    with transaction.atomic():
        row, is_new = BookMonth.objects.select_for_update().get_or_create(month=first)
        if is_new:
            record_event(row, "", row.status, by=by, now=now)
        row.late_rule = late_rule
        row.save(update_fields=["late_rule"])
        if row.status == Status.OPEN:
            move(row, Status.CLOSED, by=by, now=now, reason=reason)
    return row


def reopen_month(*, month: date, by: Any, now: datetime, reason: str) -> BookMonth:
    """This will open the books of a closed month again.

    Raises: MoveNotAllowed when it is open, BookMonth.DoesNotExist when it was never closed.
    """
    with transaction.atomic():
        row = BookMonth.objects.select_for_update().get(month=month.replace(day=1))
        return move(row, Status.OPEN, by=by, now=now, reason=reason)


def closed_months(report: SalesReport) -> list[BookMonth]:
    """This will find the closed months a report's use falls in, oldest first."""
    if report.usage_start is None or report.usage_end is None:
        return []
    closed = BookMonth.objects.filter(status=Status.CLOSED, month__lt=report.usage_end)
    return list(closed.filter(month__gte=report.usage_start.replace(day=1)).order_by("month"))


def may_be_booked(report: SalesReport, now: datetime) -> bool:
    """This will give a report the month it counts in, or hold it while the books of its own are closed."""
    closed = closed_months(report)
    if closed and not report.is_late:
        if any(month.late_rule == BookMonth.LateRule.HOLD for month in closed):
            hold(report, "month_closed", {"month": str(closed[0])}, now)
            return False
        report.is_late = True
    report.is_late = bool(closed)
    report.booked_month = open_month(now.date()) if closed else (report.usage_start or now.date()).replace(day=1)
    report.save(update_fields=["is_late", "booked_month"])
    return True


def open_month(today: date) -> date:
    """This will find the first open month from this one on."""
    month = today.replace(day=1)
    closed = set(BookMonth.objects.filter(status=Status.CLOSED, month__gte=month).values_list("month", flat=True))
    while month in closed:
        month = next_month(month)
    return month


def next_month(month: date) -> date:
    """Return the first day of the month after this first day."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
