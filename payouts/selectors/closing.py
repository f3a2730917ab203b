"""Up to which day the books are closed, and what is still open before a day."""

from datetime import UTC, date, datetime, time
from typing import NamedTuple

from django.db.models import QuerySet

from claims.models import PlannedRun
from ledger.models import BooksClose
from payouts.models import BankLine, PayoutBatch, WriteOff
from payouts.selectors.access import Person, is_finance
from payouts.selectors.reconcile import reconciliation
from sales.models import SalesReport

UNFINISHED_REPORTS = ("received", "held", "parsed", "matched")
UNFINISHED_BATCHES = ("drafted", "approved", "sent")


class StillOpen(NamedTuple):
    """What nobody has finished: a code, how many, and of which currency where one matters."""

    code: str
    number: int
    currency: str = ""


def closes_for(user: Person) -> QuerySet[BooksClose]:
    """This will list the closes, newest first, for the money office; nobody else sees one."""
    found = BooksClose.objects.select_related("proposed_by", "decided_by").order_by("-id")
    return found if is_finance(user) else found.none()


def closed_until() -> date | None:
    """This will give the first day that is open: entries are dated on it or later. None while nothing is closed."""
    in_force = BooksClose.objects.filter(status=BooksClose.Status.IN_FORCE).order_by("-decided_at")
    return in_force.values_list("first_open", flat=True).first()


def still_open(first_open: date) -> list[StillOpen]:
    """This will count what of the time before a day is unfinished; it may be closed all the same."""
    before = datetime.combine(first_open, time(), tzinfo=UTC)
    reports = SalesReport.objects.filter(status__in=UNFINISHED_REPORTS)
    lines = BankLine.objects.filter(outcome=BankLine.Outcome.WAITING, value_date__lt=first_open)
    batches = PayoutBatch.objects.filter(status__in=UNFINISHED_BATCHES, drafted_at__lt=before)
    write_offs = WriteOff.objects.filter(status=WriteOff.Status.PROPOSED, proposed_at__lt=before)
    runs = PlannedRun.objects.filter(status__in=("counting", "counted"), ordered_at__lt=before)
    found = [
        StillOpen("reports", reports.filter(usage_end__lte=first_open).count()),
        StillOpen("reports_unread", reports.filter(usage_end=None, received_at__lt=before).count()),
        StillOpen("bank_lines", lines.count()),
        StillOpen("batches", batches.count()),
        StillOpen("write_offs", write_offs.count()),
        StillOpen("runs", runs.count()),
    ]
    apart = [row for row in reconciliation() if not row.agrees or row.day is None or row.day < first_open]
    return [thing for thing in found if thing.number] + [StillOpen("bank", 1, row.currency) for row in apart]
