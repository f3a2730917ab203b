"""Disputes as a person may see them: their parties and the reviewers, nobody else."""

from django.db.models import QuerySet

from catalog.models import HolderMember
from claims.models import Claim, Dispute
from claims.selectors.claim import Amount
from claims.selectors.people import Person, may_review
from ledger import funding
from ledger import selectors as ledger
from ledger.chart import track_item

LIVE = (Dispute.Status.OPENED, Dispute.Status.ANSWERED)


def disputes_for(user: Person, *, mine: bool = False) -> QuerySet[Dispute]:
    """This will list the disputes somebody may see, newest first; with `mine` a reviewer too gets only the own."""
    disputes = Dispute.objects.select_related("track", "work", "territories").prefetch_related("parties__holder")
    if mine or not may_review(user):
        own = HolderMember.objects.filter(user=user.pk or 0).values("holder_id")
        disputes = disputes.filter(parties__holder__in=own).distinct()
    return disputes.order_by("-pk")


def disputes_of(claim: Claim) -> QuerySet[Dispute]:
    """This will list the disputes that lines of a claim led to."""
    return Dispute.objects.filter(parties__claim_line__claim=claim).select_related("track").distinct().order_by("pk")


def dispute_amounts(dispute: Dispute) -> list[tuple[str, Amount]]:
    """This will sum, per place, the money of the right of the track a dispute came up at, all days and territories."""
    shown = ledger.shown([track_item(dispute.track_id, dispute.right)])
    known = funding.funded({row.lot for row in shown if row.lot is not None})
    sums: dict[tuple[str, str], Amount] = {}
    for row in shown:
        amount = sums.setdefault((row.place, row.currency), Amount(row.currency))
        amount.add(*funding.split(row.amount, row.lot, row.currency, known))
    return [(place, amount) for (place, _), amount in sorted(sums.items())]
