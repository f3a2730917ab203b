"""Which agent collects the money of which shares, on which days and where."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import F, Q, QuerySet

from catalog.models import Authority, HolderMember, RightsHolder, RightsShare, Track, TrackWork
from catalog.rights import Right
from catalog.selectors.holder import Person
from claims import distribution as rule
from claims.conflict import Rest, Stake, outside
from claims.selectors.people import may_review
from core.money import Money
from ledger import selectors as ledger
from ledger.chart import Place, holder, track_item

Status = Authority.Status
COLLECTED = (Place.PAYABLE, Place.IN_PAYOUT, Place.PAID)


class Collector(NamedTuple):
    """An authority to collect, as the money rule needs it; `tracks` empty: all of the principal's."""

    authority: int
    agent: int
    rights: frozenset[str]
    territories: int
    tracks: frozenset[int]
    start: date | None
    end: date | None
    is_exclusive: bool
    depth: int


class Owned(NamedTuple):
    """What the money rule reads of a share, besides the share itself."""

    holder: int
    authority: int | None
    track: int | None


def collectors_of(holder_ids: Collection[int]) -> dict[int, list[Collector]]:
    """This will read who collects for these holders, the last in a chain of agents first.

    Authorities that have ended count too: what was used while they held stays with the agent.
    """
    found: dict[int, list[Collector]] = defaultdict(list)
    papers = Authority.objects.filter(
        principal__in=holder_ids, purposes__contains=[Authority.Purpose.COLLECT], status=Status.GRANTED
    ).exclude(start=F("end"))
    for paper in papers.select_related("territories", "parent").prefetch_related("tracks").order_by("pk"):
        tracks = frozenset(track.pk for track in paper.tracks.all())
        found[paper.principal_id].append(
            Collector(
                paper.pk,
                paper.agent_id,
                frozenset(paper.rights),
                paper.territories.bits,
                tracks,
                paper.start,
                paper.end,
                paper.is_exclusive,
                paper.depth,
            )
        )
    for papers_of in found.values():
        papers_of.sort(key=lambda each: (-each.depth, each.authority))
    return found


def directed(share: rule.Share, owned: Owned, collectors: Collection[Collector]) -> Iterator[rule.Share]:
    """This will cut a share where its money goes to another: to an agent for some days and places, else to the owner.

    An agent collects what was claimed under its authority; what the owner claimed itself, only if it is the only agent.
    """
    rests = [Rest(share.territories, share.start, share.end)]
    for each in collectors:
        if not _reaches(each, share, owned):
            continue
        left: list[Rest] = []
        for rest in rests:
            start = max((day for day in (rest.start, each.start) if day is not None), default=None)
            end = min((day for day in (rest.end, each.end) if day is not None), default=None)
            common = rest.territories & each.territories
            if not common or (start is not None and end is not None and end <= start):
                left.append(rest)
                continue
            yield share._replace(territories=common, start=start, end=end, payee=holder(each.agent))
            stake = Stake(owned.holder, share.percent, rest.territories, rest.start, rest.end)
            left += outside(stake, common, start, end)
        rests = left
    for rest in rests:
        yield share._replace(territories=rest.territories, start=rest.start, end=rest.end)


def _reaches(each: Collector, share: rule.Share, owned: Owned) -> bool:
    is_own = owned.authority == each.authority
    if share.right not in each.rights or not (is_own or each.is_exclusive):
        return False
    return is_own or not each.tracks or owned.track in each.tracks


def sides_of(paper: Authority) -> list[RightsHolder]:
    """This will list who may end an authority: the principal, the agent, and the agent that granted it."""
    return [paper.principal, paper.agent, *([paper.parent.agent] if paper.parent else [])]


# What people see ------------------------------------------------------------------------------------------------------
def authorities_for(user: Person) -> QuerySet[Authority]:
    """This will list the authorities a person may see, newest first: given or held by own holders; a reviewer all."""
    papers = Authority.objects.select_related("principal", "agent", "territories", "parent__agent").order_by("-pk")
    if not user.is_authenticated or may_review(user):
        return papers if user.is_authenticated else papers.none()
    mine = HolderMember.objects.filter(user=user.pk or 0).values("holder_id")
    return papers.filter(Q(principal__in=mine) | Q(agent__in=mine) | Q(parent__agent__in=mine))


def authorities_asked() -> QuerySet[Authority]:
    """This will list what agents have asked for and nobody has decided, oldest first."""
    return Authority.objects.filter(status=Status.ASKED).select_related("principal", "agent").order_by("pk")


def tracks_under(paper: Authority) -> QuerySet[Track]:
    """This will list the tracks whose money an authority may move: those the principal has shares of."""
    shares = RightsShare.objects.filter(holder=paper.principal_id, right__in=paper.rights).exclude(start=F("end"))
    plays = TrackWork.objects.filter(work__in=shares.filter(work__isnull=False).values("work_id"))
    return Track.objects.filter(
        Q(pk__in=shares.filter(track__isnull=False).values("track_id")) | Q(pk__in=plays.values("track_id"))
    )


def collected_under(paper: Authority) -> list[Money]:
    """This will sum what an authority's agent can be paid, or was paid, for the principal's tracks."""
    items = [track_item(track, right) for track in tracks_under(paper).values_list("pk", flat=True) for right in Right]
    sums: dict[str, Decimal] = defaultdict(Decimal)
    agent = holder(paper.agent_id)
    for row in ledger.shown(items):
        if row.owner == agent and row.place in COLLECTED:
            sums[row.currency] += row.amount
    return [Money(amount, currency) for currency, amount in sorted(sums.items())]
