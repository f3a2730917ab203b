"""Who works on a report: a lease in its row, never the broker, with a number that fences off whoever lost it.

Taking the lease raises `fence`; every write of a stage first locks the row and compares. A worker that was thought dead
and wakes up finds another number and writes nothing. All times are the database's, so clocks of hosts do not matter.
"""

from dataclasses import dataclass, field
from time import monotonic

from django.db import connection

from sales.models import SalesReport
from sales.services.errors import LeaseLost

BEAT_SECONDS = 1.0


@dataclass(slots=True)
class Lease:
    """The right to work on one report until it runs out; `beat` prolongs it and says how far the work is."""

    report_id: int
    worker: str
    fence: int
    seconds: float
    _beaten: float = field(default=0.0)

    def beat(self, stage: str, percent: int) -> None:
        """This will prolong the lease and write the progress, at most once a second.

        Raises: LeaseLost.
        """
        if monotonic() - self._beaten < BEAT_SECONDS:
            return
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE sales_salesreport SET lease_until = clock_timestamp() + %s * interval '1 second', stage = %s,"
                " progress_percent = %s WHERE id = %s AND fence = %s",
                [self.seconds, stage, max(0, min(100, percent)), self.report_id, self.fence],
            )
            if cursor.rowcount != 1:
                raise LeaseLost(f"report {self.report_id}")
        self._beaten = monotonic()

    def say(self, stage: str) -> None:
        """This will write what the work is at, if the report is still ours."""
        SalesReport.objects.filter(pk=self.report_id, fence=self.fence).update(stage=stage)

    def hold(self) -> SalesReport:
        """This will lock the report's row until the commit and give the report as it is.

        Raises: LeaseLost when another worker has taken over.
        """
        report = SalesReport.objects.select_for_update(no_key=True).get(pk=self.report_id)
        if report.fence != self.fence:
            raise LeaseLost(f"report {self.report_id}")
        return report

    def release(self) -> None:
        """This will give the report free at once, if it is still ours."""
        SalesReport.objects.filter(pk=self.report_id, fence=self.fence).update(leased_by="", lease_until=None)


def take_lease(report_id: int, worker: str, seconds: float) -> Lease | None:
    """This will take the lease, or return None while another worker has it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE sales_salesreport SET leased_by = %s, fence = fence + 1,"
            " lease_until = clock_timestamp() + %s * interval '1 second'"
            " WHERE id = (SELECT id FROM sales_salesreport WHERE id = %s"
            " AND (lease_until IS NULL OR lease_until < clock_timestamp()) FOR NO KEY UPDATE SKIP LOCKED)"
            " RETURNING fence",
            [worker[:100], seconds, report_id],
        )
        row = cursor.fetchone()
    return Lease(report_id, worker, row[0], seconds) if row else None
