"""Payout batches: who may see them, who stands in whose way, and what one comes to."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.db import connection
from django.db.models import Count, Q, QuerySet, Sum

from catalog import selectors as catalog
from catalog.models import RightsHolder
from claims import selectors as claims
from claims.models import Claim, Decision, Dispute, DisputeVerdict
from payouts.models import Payment, PayoutBatch, PayoutHold
from payouts.selectors.access import Person, holders_for, is_finance
from payouts.selectors.payee import payees_in_force

Status = Payment.Status


def batches_for(user: Person) -> QuerySet[PayoutBatch]:
    """This will list the batches, newest first, for the money office; nobody else sees one."""
    found = PayoutBatch.objects.select_related("drafted_by", "approved_by").order_by("-id")
    return found if is_finance(user) else found.none()


def payments_for(user: Person) -> QuerySet[Payment]:
    """This will list payments, newest first: those of the person's holders that were decided on; all for finance.

    A draft is the house's own matter until another person approved it.
    """
    found = Payment.objects.select_related("batch", "holder", "payee").order_by("-id")
    if is_finance(user):
        return found
    told = [Status.APPROVED, Status.SENT, Status.SETTLED, Status.RETURNED, Status.REFUSED]
    return found.filter(holder__in=holders_for(user), status__in=told)


class BatchSum(NamedTuple):
    """How many payments of one state a batch has, and what they come to."""

    status: str
    label: str
    payments: int
    gross: Decimal
    net: Decimal


def batch_sums(batch: PayoutBatch) -> list[BatchSum]:
    """This will add up a batch by the state of its payments."""
    rows = batch.payments.values("status").annotate(n=Count("pk"), gross=Sum("gross"), net=Sum("net"))
    found = {row["status"]: row for row in rows}
    return [
        BatchSum(state.value, str(state.label), found[state]["n"], found[state]["gross"], found[state]["net"])
        for state in Status
        if state in found
    ]


def paid_sums(batch: PayoutBatch) -> list[tuple[str, int, Decimal]]:
    """This will add up what goes to the bank, per currency it is paid in: (currency, payments, amount)."""
    live = batch.payments.exclude(status__in=[Status.LEFT_OUT, Status.DROPPED])
    rows = live.values("paid_currency").annotate(n=Count("pk"), total=Sum("paid")).order_by("paid_currency")
    return [(row["paid_currency"], row["n"], row["total"]) for row in rows]


def left_out_reasons(batch: PayoutBatch) -> list[tuple[str, int, Decimal]]:
    """This will say why holders with money get none: (code, how many, what is carried over)."""
    rows = batch.payments.filter(status__in=[Status.LEFT_OUT, Status.DROPPED]).values("reason")
    found = rows.annotate(n=Count("pk"), total=Sum("available")).order_by("reason")
    return [(row["reason"], row["n"], row["total"]) for row in found]


def holders_paid(batch: PayoutBatch) -> QuerySet[Payment, int]:
    """This will name the holders a batch pays."""
    return batch.payments.filter(status__in=Payment.OPEN).values_list("holder_id", flat=True)


def acts_for_any(user: Person, holder_ids: Iterable[int]) -> bool:
    """This will tell whether a person belongs to one of these holders, in any role, or ever did."""
    return catalog.has_belonged(user, holder_ids)


def decided_for_any(user: Person, holder_ids: Iterable[int] | QuerySet[Payment, int]) -> bool:
    """This will tell whether a person decided a claim or a dispute of one of these holders, alone or as one of two.

    A claim of an agent for one of them counts as its own.
    """
    me = user.pk or 0
    of_these = Claim.objects.filter(Q(holder_id__in=holder_ids) | Q(authority__principal_id__in=holder_ids))
    sided = Dispute.objects.filter(parties__holder_id__in=holder_ids)
    mine = Decision.objects.filter(Q(by=me) | Q(proposed_by=me))
    return (
        of_these.filter(decided_by=me).exists()
        or mine.filter(Q(case__in=of_these.values("public_id")) | Q(case__in=sided.values("public_id"))).exists()
        or DisputeVerdict.objects.filter(by=me, dispute__in=sided).exists()
    )


def unfit(holder_ids: Collection[int], now: datetime) -> dict[int, str]:
    """This will say which of these holders cannot be paid now, and the code of why."""
    found: dict[int, str] = {}
    for holder_id in PayoutHold.objects.filter(holder__in=holder_ids, lifted_at=None).values_list("holder", flat=True):
        found[holder_id] = "suspended"
    holders = RightsHolder.objects.filter(pk__in=holder_ids)
    bad = holders.exclude(status=RightsHolder.Status.VERIFIED) | holders.filter(merged_into__isnull=False)
    for holder_id in bad.values_list("pk", flat=True):
        found.setdefault(holder_id, "not_verified")
    for holder_id, code in payees_in_force(holder_ids, now)[1].items():
        found.setdefault(holder_id, code)
    for stop in claims.payout_stops(holder_ids, now):
        found.setdefault(stop.holder_id, stop.code)
    return found


def payees_that_failed(payee_ids: Collection[int]) -> set[int]:
    """This will find the accounts whose last payment came back or was refused by the bank."""
    last: dict[int, str] = {}
    ended = Payment.objects.filter(payee__in=payee_ids, status__in=[Status.SETTLED, Status.RETURNED, Status.REFUSED])
    for payee_id, status in ended.order_by("pk").values_list("payee_id", "status"):
        last[payee_id] = status
    return {payee_id for payee_id, status in last.items() if status != Status.SETTLED}


class PostedLine(NamedTuple):
    """One posting of a payment's entries."""

    entry_key: str
    kind: str
    address: str
    currency: str
    place: str
    owner: str
    item: str
    lot: int | None
    debit: Decimal
    credit: Decimal


def lines_of_payments(
    batch: PayoutBatch, payment_ids: Collection[str], kinds: Collection[str] = ()
) -> dict[str, list[PostedLine]]:
    """This will read what was posted for some payments of a batch, by their public ids, corrections left out."""
    found: dict[str, list[PostedLine]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT split_part(e.idempotency_key, ':', 2), e.idempotency_key, e.kind, a.address, a.currency, a.place,"
            " a.owner, a.item, p.lot, p.debit, p.credit FROM ledger_entry e JOIN ledger_posting p ON p.entry_id = e.id"
            " JOIN ledger_account a ON a.id = p.account_id WHERE e.batch = %s"
            " AND split_part(e.idempotency_key, ':', 2) = ANY(%s)"
            " AND split_part(e.idempotency_key, ':', 1) <> 'undo' AND (%s OR e.kind = ANY(%s)) ORDER BY p.id",
            [batch.tag, list(payment_ids), not kinds, list(kinds)],
        )
        for payment_id, *rest in cursor.fetchall():
            found[payment_id].append(PostedLine(*rest))
    return found
