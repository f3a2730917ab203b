"""Work on reports, stage by stage, by whoever gets the lease."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from time import monotonic

from django.db import DatabaseError
from django.db.models import Count, F, Q

from sales.models import SalesReport
from sales.services.errors import NoSpace
from sales.services.lease import take_lease
from sales.services.limits import DEFAULT, Limits
from sales.services.stages import STAGES, run_stage


def process_report(
    *, report_id: int, worker: str, now: datetime, limits: Limits = DEFAULT, seconds: float = float("inf")
) -> bool:
    """This will take a report through its stages; True when `seconds` were over and a stage is left to do.

    Does nothing (False) while another worker holds the lease, or when a file is still missing.

    Raises: LeaseLost, NoSpace (the report says so, and is tried again).
    """
    if report_id not in due_reports(report_id=report_id):
        return False
    lease = take_lease(report_id, worker, limits.lease_seconds)
    if lease is None:
        return False
    began = monotonic()
    try:
        while run_stage(lease=lease, limits=limits, now=now):
            if monotonic() - began > seconds:
                return True
    except NoSpace:
        with suppress(DatabaseError):  # it may be the database's disk
            lease.say(NoSpace.code)
        raise
    finally:
        lease.release()
    return False


def due_reports(*, report_id: int | None = None, limit: int = 100) -> list[int]:
    """This will find reports with a stage to do whose files are all in, oldest first, whoever works on them."""
    reports = SalesReport.objects.filter(status__in=STAGES).annotate(files_in=Count("files"))
    if report_id is not None:
        reports = reports.filter(pk=report_id)
    return list(reports.filter(files_in=F("file_count")).order_by("pk").values_list("pk", flat=True)[:limit])


def sweep_reports(*, hurry: Callable[[int], object], now: datetime) -> int:
    """This will hurry every report that is due and that nobody works on."""
    free = SalesReport.objects.filter(Q(lease_until=None) | Q(lease_until__lt=now), pk__in=due_reports())
    ids = list(free.values_list("pk", flat=True))
    for report_id in ids:
        hurry(report_id)
    return len(ids)
