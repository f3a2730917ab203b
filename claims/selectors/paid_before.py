"""What was paid to holders before the portal or outside it, and how much of it is covered by money that came in."""

from collections.abc import Collection
from decimal import Decimal

from django.db import connection
from django.db.models import Q, QuerySet

from catalog.models import RightsHolder
from claims.models import Claim, PaidBefore
from claims.selectors.people import Person
from claims.selectors.planned_run import may_order_runs
from ledger import chart
from ledger.recipes import Part

ZERO = Decimal(0)
IN_SCOPE = """
SELECT a.item, p.lot, sum(p.credit - p.debit) FROM ledger_account a JOIN ledger_posting p ON p.account_id = a.id
LEFT JOIN sales_salesreport r ON r.id = p.lot
WHERE a.place = 'payable' AND a.owner = %(owner)s AND a.currency = %(currency)s AND starts_with(a.item, %(item)s)
    AND (%(start)s::date IS NULL OR r.usage_start >= %(start)s) AND (%(end)s::date IS NULL OR r.usage_end <= %(end)s)
GROUP BY a.item, p.lot HAVING sum(p.credit - p.debit) > 0 ORDER BY a.item, p.lot
"""


def paid_before_for(user: Person) -> QuerySet[PaidBefore]:
    """This will list what was paid before, newest first, for the money office; nobody else sees another's."""
    found = PaidBefore.objects.select_related("holder", "track", "document", "proposed_by", "decided_by").order_by(
        "-id"
    )
    return found if may_order_runs(user) else found.none()


def paid_before_of(holder: RightsHolder) -> QuerySet[PaidBefore]:
    """This will list the accepted ones of a holder, newest first."""
    return PaidBefore.objects.filter(holder=holder, status=PaidBefore.Status.ACCEPTED).order_by("-paid_on", "-id")


def paid_before_in(claim: Claim) -> list[str]:
    """This will name payments made before to who claims, or whom it claims for, in what a claim is about."""
    holders = {claim.holder_id, *([claim.authority.principal_id] if claim.authority is not None else [])}
    here = Q(track=None) | Q(track__in=claim.lines.values("track_id"))
    found = PaidBefore.objects.filter(here, holder__in=holders, status=PaidBefore.Status.ACCEPTED)
    return list(found.order_by("pk").values_list("public_id", flat=True))


def covered(payments: Collection[PaidBefore]) -> dict[int, Decimal]:
    """This will say how much of each has met payable money so far, by row number."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.batch, sum(p.debit - p.credit) FROM ledger_entry e JOIN ledger_posting p ON p.entry_id = e.id"
            " JOIN ledger_account a ON a.id = p.account_id WHERE e.batch = ANY(%s) AND e.batch <> ''"
            " AND a.place = 'paid_out' GROUP BY 1",
            [[one.tag for one in payments]],
        )
        sums = dict(cursor.fetchall())
    return {one.pk: sums.get(one.tag, ZERO) for one in payments}


def payable_in_scope(payment: PaidBefore) -> list[Part]:
    """This will give what is payable to the holder in the scope: of whole reports about days inside the period."""
    item = f"track:{payment.track_id}:" if payment.track_id else ""
    owner = chart.holder(payment.holder_id)
    asked = {"owner": owner, "currency": payment.currency, "item": item, "start": payment.start, "end": payment.end}
    with connection.cursor() as cursor:
        cursor.execute(IN_SCOPE, asked)
        return [Part(*row) for row in cursor.fetchall()]
