"""Appeals as a person may see them, and groups of claims that can be decided at once."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Sum

from accounts.models import User
from catalog.models import HolderMember
from claims.models import Appeal, Appealed, Claim, ClaimLine, CounterNotice, Decision, Dispute, OptOut
from claims.selectors.claim import OPEN
from claims.selectors.dispute import agent_sides
from claims.selectors.people import Person, in_force, may_review
from claims.selectors.queue import to_take

REFUSED = (ClaimLine.Outcome.REJECTED, ClaimLine.Outcome.REDUCED)


def appeals_for(user: Person) -> QuerySet[Appeal]:
    """This will list the appeals somebody may see: reviewers all, others those of their holders."""
    appeals = Appeal.objects.select_related(
        "holder",
        "claim__holder",
        "claim__authority",
        "opt_out__holder",
        "opt_out__authority",
        "dispute__track",
        "counter__opt_out__authority",
        "reopened",
        "reopened_opt_out",
    )
    if may_review(user):
        return appeals.order_by("-pk")
    mine = HolderMember.objects.filter(user=user.pk or 0).values("holder_id")
    agent = Q(claim__authority__agent__in=mine) & in_force("claim__authority__")
    agent |= Q(opt_out__authority__agent__in=mine) & in_force("opt_out__authority__")
    agent |= Q(counter__opt_out__authority__agent__in=mine) & in_force("counter__opt_out__authority__")
    sides = agent_sides(user).filter(dispute=OuterRef("dispute"), holder=OuterRef("holder"))
    agent |= Q(Exists(sides))
    return appeals.filter(Q(holder__in=mine) | agent).order_by("-pk")


def makers_of(appeal: Appeal) -> set[int]:
    """This will name who made the case an appeal is about: of a dispute, the claims of its parties."""
    case = appeal.case
    if isinstance(case, Dispute):
        claims = Claim.objects.filter(lines__disputes__dispute=case)
        return set(claims.values_list("created_by_id", flat=True))
    if isinstance(case, CounterNotice):
        return {case.filed_by_id, case.opt_out.created_by_id}
    return {case.created_by_id}


def sides(appeal: Appeal) -> set[int]:
    """This will name the holders whose members do not decide an appeal: the parties and their agents."""
    case = appeal.case
    if isinstance(case, Dispute):
        columns = ("holder_id", "claim_line__claim__authority__agent", "share__authority__agent")
        return {holder for row in case.parties.values_list(*columns) for holder in row if holder}
    if isinstance(case, CounterNotice):
        other, case = case.holder_id, case.opt_out
        return {appeal.holder_id, *([other] if other else []), *([case.authority.agent_id] if case.authority else [])}
    return {appeal.holder_id, *([case.authority.agent_id] if case.authority else [])}


def decisions_of(case: str) -> QuerySet[Decision]:
    """This will list what was decided in a case, newest first."""
    return (
        Decision.objects.filter(case=case)
        .select_related("by", "proposed_by", "note", "undoes", "batch")
        .order_by("-pk")
    )


def may_be_appealed(case: Appealed) -> bool:
    """This will tell whether something of a decided case was refused. What an appeal reopened is not appealed again.

    Against a sender of an opt-out: a contest or a counter-notice was accepted, and tracks came back by it.
    """
    if isinstance(case, CounterNotice):
        grounds = (CounterNotice.Ground.NOT_THE_OWNER, CounterNotice.Ground.USC_512)
        return case.status == CounterNotice.Status.ACCEPTED and case.ground in grounds
    if isinstance(case, Dispute):
        return case.status == Dispute.Status.DECIDED and case.reopens_id is None
    if isinstance(case, OptOut):
        return case.status == OptOut.Status.REFUSED
    ended = case.status in (Claim.Status.REJECTED, Claim.Status.AWARDED, Claim.Status.REVOKED)
    again = Appeal.objects.filter(reopened=case).exists()
    return ended and not again and case.lines.filter(outcome__in=REFUSED).exists()


def claim_groups(user: User, now: datetime) -> QuerySet[Any, Any]:
    """This will list groups of two or more claims a reviewer may decide at once, largest first."""
    items = to_take(user, now, kind="claim").exclude(group_key="").order_by()
    groups = items.values("group_key").annotate(n=Count("pk"), lines=Sum("line_count"), title=Max("title"))
    return groups.filter(n__gt=1).order_by("-n", "group_key")


def claims_of_group(user: User, key: str, now: datetime) -> QuerySet[Claim]:
    """This will list the claims of one group that a reviewer may decide, oldest first."""
    items = to_take(user, now, kind="claim").filter(group_key=key)
    claims = Claim.objects.filter(pk__in=items.values("object_id"), status__in=OPEN)
    return claims.select_related("holder", "authority").order_by("filed_at", "pk")


def lines_of_claims(claims: Collection[Claim]) -> QuerySet[ClaimLine]:
    """This will list the lines of several claims together."""
    lines = ClaimLine.objects.filter(claim__in=claims).select_related("claim", "track", "territories")
    return lines.order_by("claim__filed_at", "claim_id", "track_id", "right")
