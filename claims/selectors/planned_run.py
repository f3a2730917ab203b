"""Runs ordered by the money office: what they would move, and what they moved."""

from decimal import Decimal
from typing import NamedTuple

from django.db import connection
from django.db.models import QuerySet, Sum

from accounts.models import User
from catalog.models import RightsHolder
from claims.models import DistributionRun, PlannedRun, PlannedTotal
from claims.selectors.people import Person

ZERO = Decimal(0)


def may_order_runs(user: Person) -> bool:
    """This will tell whether the person is of the money office."""
    return isinstance(user, User) and user.is_active and user.role in {User.Role.FINANCE, User.Role.SUPERVISOR}


def planned_runs_for(user: Person) -> QuerySet[PlannedRun]:
    """This will list the ordered runs, newest first, for the money office; nobody else sees one."""
    found = PlannedRun.objects.select_related("licensee", "ordered_by", "approved_by").order_by("-id")
    return found if may_order_runs(user) else found.none()


def counting_runs() -> list[int]:
    """This will find the runs that are not counted to the end."""
    return list(
        PlannedRun.objects.filter(status=PlannedRun.Status.COUNTING).order_by("pk").values_list("pk", flat=True)
    )


def posting_of(run: PlannedRun) -> DistributionRun | None:
    """This will find how far the posting of an approved run has come."""
    return DistributionRun.objects.filter(cause=DistributionRun.Cause.RUN, object_id=run.pk).first()


def automatic_runs() -> QuerySet[DistributionRun]:
    """This will list what was distributed by itself, because something happened: newest first."""
    return DistributionRun.objects.exclude(cause=DistributionRun.Cause.RUN).order_by("-due_at", "-pk")


class RunTotal(NamedTuple):
    """What a run moves into (above zero) or out of a place of an owner: as counted, and as posted so far."""

    owner: str
    holder: RightsHolder | None
    place: str
    currency: str
    counted: Decimal
    posted: Decimal


POSTED = """
SELECT a.owner, a.place, a.currency, sum(p.credit - p.debit)
FROM ledger_entry e JOIN ledger_posting p ON p.entry_id = e.id JOIN ledger_account a ON a.id = p.account_id
WHERE e.batch = %s GROUP BY 1, 2, 3
"""


def run_totals(run: PlannedRun) -> list[RunTotal]:
    """This will put beside what a run was counted to move what it has posted, per owner, place and currency.

    Nobody's places first, then holders, the largest amounts first. Places where both come to nothing are left out.
    """
    counted = {(row.owner, row.place, row.currency): row.amount for row in PlannedTotal.objects.filter(run=run)}
    posted: dict[tuple[str, str, str], Decimal] = {}
    if run.status == PlannedRun.Status.APPROVED:
        with connection.cursor() as cursor:
            cursor.execute(POSTED, [f"distribution:run:{run.pk}"])
            posted = {(owner, place, currency): amount for owner, place, currency, amount in cursor.fetchall()}
    keys = [key for key in {**counted, **posted} if counted.get(key) or posted.get(key)]
    holders = RightsHolder.objects.in_bulk({int(owner.split(":")[1]) for owner, *_ in keys if owner})
    found = [
        RunTotal(
            owner,
            holders.get(int(owner.split(":")[1])) if owner else None,
            place,
            currency,
            counted.get((owner, place, currency), ZERO),
            posted.get((owner, place, currency), ZERO),
        )
        for owner, place, currency in keys
    ]
    return sorted(found, key=lambda row: (bool(row.owner), -abs(row.counted or row.posted), row.owner, row.place))


def run_sums(run: PlannedRun) -> list[tuple[str, str, Decimal]]:
    """This will add up what a run was counted to move per place and currency: (place, currency, amount)."""
    rows = PlannedTotal.objects.filter(run=run).values("place", "currency").annotate(total=Sum("amount"))
    return [(row["place"], row["currency"], row["total"]) for row in rows.order_by("currency", "place") if row["total"]]
