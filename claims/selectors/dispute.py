"""Disputes as a person may see them: their parties and the reviewers, nobody else."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from accounts.models import User
from catalog.models import Authority, HolderMember, RightsHolder
from catalog.rights import Right
from claims.models import Claim, Decision, Dispute, DisputeParty, DisputeVerdict, GroupAct
from claims.selectors.claim import Amount
from claims.selectors.people import Person, holders_for, in_force, is_in_force, may_review
from ledger import funding
from ledger import selectors as ledger
from ledger.chart import holder, track_item

LIVE = (Dispute.Status.OPENED, Dispute.Status.ANSWERED)


def disputes_for(user: Person, *, mine: bool = False) -> QuerySet[Dispute]:
    """This will list the disputes somebody may see, newest first; with `mine` a reviewer too gets only the own."""
    disputes = Dispute.objects.select_related("track", "work", "territories").prefetch_related("parties__holder")
    if mine or not may_review(user):
        own = HolderMember.objects.filter(user=user.pk or 0).values("holder_id")
        sides = DisputeParty.objects.filter(holder__in=own) | agent_sides(user)
        disputes = disputes.filter(pk__in=sides.values("dispute_id"))
    return disputes.order_by("-pk")


def agent_sides(user: Person) -> QuerySet[DisputeParty]:
    """This will list the parties of disputes for whom somebody's holders act as agents, under authorities in force."""
    own = HolderMember.objects.filter(user=user.pk or 0).values("holder_id")
    claims, shares = "claim_line__claim__authority__", "share__authority__"
    agent = Q(**{f"{claims}agent__in": own}) & in_force(claims)
    return DisputeParty.objects.filter(agent | Q(**{f"{shares}agent__in": own}) & in_force(shares))


def disputes_of(claim: Claim) -> QuerySet[Dispute]:
    """This will list the disputes that lines of a claim led to."""
    return Dispute.objects.filter(parties__claim_line__claim=claim).select_related("track").distinct().order_by("pk")


def own_parties(dispute: Dispute, user: Person, day: date) -> list[DisputeParty]:
    """This will list the parties of a dispute for which somebody may speak, as member or agent, on a day."""
    return list(own_parties_of([dispute], user, day).values())


def own_parties_of(disputes: Collection[Dispute], user: Person, day: date) -> dict[tuple[int, str], DisputeParty]:
    """This will find, by dispute and the holder's number, the parties of many disputes somebody may speak for.

    Two statements, however many the disputes and their parties.
    """
    own = set(holders_for(user, writing=True).values_list("pk", flat=True))
    parties = DisputeParty.objects.filter(dispute__in=disputes).select_related(
        "holder", "claim_line__claim__authority__agent", "share__authority__agent"
    )
    return {
        (party.dispute_id, party.holder.public_id): party
        for party in parties.order_by("pk")
        if any((side.merged_into_id or side.pk) in own for side in _speakers(party, day))
    }


def _speakers(party: DisputeParty, day: date) -> list[RightsHolder]:
    """Whose people may speak for a party: its own, and its agent's while the authority holds."""
    paper = paper_of(party)
    return [party.holder, *([paper.agent] if paper is not None and is_in_force(paper, day) else [])]


def rows_to_answer(disputes: QuerySet[Dispute], user: User, day: date, limit: int) -> Iterator[tuple[str, ...]]:
    """This will describe the open ones of these disputes, once per party somebody speaks for: the cells of a table."""
    found = list(disputes.filter(status__in=LIVE).order_by("group_key", "pk")[:limit])
    cases = {case.pk: case for case in found}
    for pk, number in own_parties_of(found, user, day):
        case = cases[pk]
        sides = "; ".join(f"{side.holder.public_id} {side.holder.name} {side.percent:f}" for side in case.parties.all())
        until = case.end - timedelta(days=1) if case.end else None
        days = [each.isoformat() if each else "" for each in (case.start, until)]
        due = case.deadline_at.date().isoformat() if case.deadline_at else ""
        track = f"{case.track.artist}: {case.track.title}"
        yield (case.public_id, number, track, case.right, case.territories.label, *days, sides, due)


def paper_of(party: DisputeParty) -> Authority | None:
    """This will give the authority under which an agent brought a party's claim or share."""
    if party.claim_line is not None:
        return party.claim_line.claim.authority
    return party.share.authority if party.share is not None else None


def disputes_in_group(disputes: QuerySet[Dispute], key: str) -> QuerySet[Dispute]:
    """This will list those disputes of one group that are open, oldest first."""
    return disputes.filter(group_key=key, status__in=LIVE).order_by("pk")


@dataclass(frozen=True, slots=True)
class Group:
    """Open disputes of the same parties, right and documents."""

    key: str
    right: str
    count: int
    parties: list[str]
    deadline_at: datetime | None
    first: str

    @property
    def right_label(self) -> str:
        """The right in words."""
        return str(Right(self.right).label)


def groups_of(disputes: QuerySet[Dispute]) -> QuerySet[Any, Any]:
    """This will list the groups of the open ones among these disputes, those due first."""
    rows = Dispute.objects.filter(pk__in=disputes.order_by().values("pk"), status__in=LIVE).exclude(group_key="")
    return (
        rows.values("group_key", "right")
        .annotate(n=Count("pk"), due=Min("deadline_at"), first=Min("pk"))
        .order_by("due", "first")
    )


def shown_groups(rows: Sequence[dict[str, Any]]) -> list[Group]:
    """This will give the groups of one page with the names of their parties."""
    firsts = Dispute.objects.prefetch_related("parties__holder").in_bulk([row["first"] for row in rows])
    return [
        Group(
            row["group_key"],
            row["right"],
            row["n"],
            sorted(party.holder.name for party in firsts[row["first"]].parties.all()),
            row["due"],
            firsts[row["first"]].public_id,
        )
        for row in rows
    ]


def group_acts_for(user: Person) -> QuerySet[GroupAct]:
    """This will list what a person said in whole groups of disputes, newest first."""
    return GroupAct.objects.filter(by=user.pk or 0).order_by("-pk")


def verdicts_of(dispute: Dispute) -> list[DisputeVerdict]:
    """This will list the latest verdict of each reviewer, oldest first."""
    rows = DisputeVerdict.objects.filter(dispute=dispute).select_related("by", "note").order_by("pk")
    return sorted({row.by_id: row for row in rows}.values(), key=lambda row: row.pk)


def judges_before(dispute: Dispute) -> set[int]:
    """This will name who decided a dispute before appeals opened it anew as this one."""
    found: set[int] = set()
    before = dispute.reopens
    while before is not None:
        rows = Decision.objects.filter(case=before.public_id).values_list("by_id", "proposed_by_id")
        found |= {user for pair in rows for user in pair if user is not None}
        before = before.reopens
    return found


def dispute_amounts(dispute: Dispute, *, is_party: bool = False) -> list[tuple[str, Amount]]:
    """This will sum, per place, the money of the right of the track a dispute came up at, all days and territories.

    For a party only what nobody has and what the parties have: what a holder outside has is not theirs to see.
    """
    shown = ledger.shown([track_item(dispute.track_id, dispute.right)])
    if is_party:
        owners = {"", *(holder(pk) for pk in dispute.parties.values_list("holder_id", flat=True))}
        shown = [row for row in shown if row.owner in owners]
    known = funding.funded({row.lot for row in shown if row.lot is not None})
    sums: dict[tuple[str, str], Amount] = {}
    for row in shown:
        amount = sums.setdefault((row.place, row.currency), Amount(row.currency))
        amount.add(*funding.split(row.amount, row.lot, row.currency, known))
    return [(place, amount) for (place, _), amount in sorted(sums.items())]


@dataclass(frozen=True, slots=True)
class OpenDisputes:
    """What everybody may know of disputes: how many are open, late, and since when the oldest."""

    open: int
    late: int
    oldest: datetime | None


def open_disputes_public() -> OpenDisputes:
    """This will count the open disputes and those whose time to answer or to decide has passed."""
    sums = Dispute.objects.filter(status__in=LIVE).aggregate(
        n=Count("pk"), late=Count("pk", filter=Q(escalated_at__isnull=False)), oldest=Min("opened_at")
    )
    return OpenDisputes(sums["n"], sums["late"], sums["oldest"])


def documents_shown(dispute: Dispute) -> dict[int, int]:
    """This will count, by party, the documents shown in a dispute: that there are some is for all parties to see."""
    rows = DisputeParty.objects.filter(dispute=dispute).annotate(n=Count("answers__documents", distinct=True))
    return dict(rows.values_list("pk", "n"))
