"""Who may send no opt-outs for a time, and who reads of it."""

from datetime import date

from django.db.models import Q, QuerySet

from catalog.models import HolderMember
from claims.models import SenderSuspension
from claims.selectors.people import Person, may_review

Status = SenderSuspension.Status
HOLDING = (Status.IN_FORCE, Status.APPEALED, Status.UPHELD)


def suspensions_in_force(day: date) -> QuerySet[SenderSuspension]:
    """This will list the suspensions that stop opt-outs on a day; an appeal lifts none."""
    return SenderSuspension.objects.filter(Q(until=None) | Q(until__gt=day), status__in=HOLDING)


def suspensions_for(user: Person) -> QuerySet[SenderSuspension]:
    """This will list the suspensions somebody may see, newest first: reviewers all, others their holders'."""
    found = SenderSuspension.objects.select_related("holder", "words", "appeal_words", "by").order_by("-pk")
    if may_review(user):
        return found
    mine = HolderMember.objects.filter(user=user.pk or 0).values("holder")
    return found.filter(Q(holder__in=mine) | Q(holder__merged_into__in=mine))
