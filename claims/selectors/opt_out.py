"""Who sees which opt-outs, what stands about their tracks, and what the public reads of them."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Max, Prefetch, Q, QuerySet

from catalog.models import RightsShare, TrackIsrc, TrackWork, Withdrawal
from claims.models import Dispute, OptOut, OptOutLine
from claims.selectors.people import Person, may_review, seen_holders

Status = OptOut.Status
WAITING = (Status.REQUESTED, Status.UNDER_REVIEW, Status.EVIDENCE_REQUESTED)
OPEN_DISPUTES = (Dispute.Status.OPENED, Dispute.Status.ANSWERED)


def opt_outs_for(user: Person, *, mine: bool = False) -> QuerySet[OptOut]:
    """This will list the opt-outs somebody may see, newest first: a reviewer all but drafts, others their holders'.

    `mine`: only those of the person's own holders, also for a reviewer.
    """
    opt_outs = OptOut.objects.select_related("holder", "authority__agent", "territories", "created_by", "decided_by")
    opt_outs = opt_outs.order_by("-pk")
    if not user.is_authenticated:
        return opt_outs.none()
    seen = seen_holders(user)
    return opt_outs.filter(seen | ~Q(status=Status.DRAFT) if may_review(user) and not mine else seen)


def opt_out_lines(opt_out: OptOut) -> QuerySet[OptOutLine]:
    """This will give the rows in the order they were typed, with their tracks, codes and withdrawals."""
    isrcs = Prefetch("track__isrcs", queryset=TrackIsrc.objects.order_by("isrc"))
    lines = OptOutLine.objects.filter(opt_out=opt_out).select_related("track")
    return lines.prefetch_related(isrcs, "withdrawals").order_by("row_no")


def last_row(opt_out: OptOut) -> int:
    """This will give the number of the last row of an opt-out."""
    return opt_out.lines.aggregate(last=Max("row_no"))["last"] or 0


def open_rows(opt_out: OptOut, said: Mapping[int, str]) -> dict[int, str]:
    """This will turn what is said of row numbers into what is said of the open lines that have them."""
    rows = opt_out.lines.filter(outcome=OptOutLine.Outcome.PENDING, row_no__in=said)
    return {pk: said[row_no] for pk, row_no in rows.values_list("pk", "row_no")}


# What stands about the tracks, for who reviews them ------------------------------------------------------------------
@dataclass(slots=True)
class Standing:
    """What is recorded about one track today, for the rights an opt-out names."""

    own: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    others: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    other_holders: set[int] = field(default_factory=set)
    disputed: bool = False
    out: set[str] = field(default_factory=set)
    works: set[int] = field(default_factory=set)


def standings(opt_out: OptOut, tracks: Collection[int], day: date) -> dict[int, Standing]:
    """This will read, in five statements, what stands about some tracks of an opt-out on a day."""
    found = {track: Standing() for track in tracks}
    plays: dict[int, set[int]] = defaultdict(set)
    for track, work in TrackWork.objects.filter(track__in=tracks).values_list("track_id", "work_id"):
        found[track].works.add(work)
        plays[work].add(track)
    subject = Q(track__in=tracks) | Q(work__in=plays)
    holds = Q(right__in=opt_out.rights) & (Q(end=None) | Q(end__gt=day)) & subject
    shares = RightsShare.objects.filter(holds).filter(Q(start=None) | Q(start__lte=day))
    for track, work, right, holder, percent in shares.values_list(
        "track_id", "work_id", "right", "holder_id", "percent"
    ):
        for one in [track] if track else plays[work]:
            _add_share(found[one], right, holder, percent, opt_out)
    _mark_disputed(found, plays, opt_out)
    _mark_out(found, plays, holds & Q(start__lte=max(day, opt_out.start or day)), opt_out)
    return found


def _add_share(standing: Standing, right: str, holder: int, percent: Decimal, opt_out: OptOut) -> None:
    if holder == opt_out.holder_id:
        standing.own[right] += percent
    else:
        standing.others[right] += percent
        standing.other_holders.add(holder)


def _mark_disputed(found: dict[int, Standing], plays: dict[int, set[int]], opt_out: OptOut) -> None:
    open_ones = Dispute.objects.filter(right__in=opt_out.rights, status__in=OPEN_DISPUTES)
    for track, work in open_ones.filter(Q(track__in=found) | Q(work__in=plays)).values_list("track_id", "work_id"):
        for one in plays[work] if work in plays else {track} & found.keys():
            found[one].disputed = True


def _mark_out(found: dict[int, Standing], plays: dict[int, set[int]], holds: Q, opt_out: OptOut) -> None:
    """A right is out already when this holder withdrew it, as early, from these stores and places, without an end."""
    stores = set(opt_out.licensees.values_list("pk", flat=True))
    bits = opt_out.territories.bits
    own = Withdrawal.objects.filter(holds, holder=opt_out.holder_id, end=None)
    for track, work, right, licensees, excepted, covered in own.values_list(
        "track_id", "work_id", "right", "licensee_ids", "except_licensee_ids", "territories__bits"
    ):
        wide_enough = (not licensees or (stores and stores <= set(licensees))) and (
            not excepted or (stores and not stores & set(excepted))
        )
        if wide_enough and covered & bits == bits:
            for one in [track] if track else plays[work]:
                found[one].out.add(right)
