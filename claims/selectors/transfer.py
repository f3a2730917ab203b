"""Transfers of catalogues as a person may see them, and what one would hand over."""

from datetime import date
from typing import NamedTuple

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from catalog.models import HolderMember, RightsShare, Track, TrackWork, Withdrawal
from claims.models import CatalogueTransfer, Dispute
from claims.selectors.dispute import LIVE
from claims.selectors.people import Person, may_review


def transfers_for(user: Person) -> QuerySet[CatalogueTransfer]:
    """This will list the transfers somebody may see, newest first: a reviewer all, others those of their holders."""
    transfers = CatalogueTransfer.objects.select_related("giver", "taker").order_by("-pk")
    if may_review(user):
        return transfers
    mine = HolderMember.objects.filter(user=user.pk or 0).values("holder_id")
    return transfers.filter(Q(giver__in=mine) | Q(taker__in=mine))


def shares_to_transfer(transfer: CatalogueTransfer) -> QuerySet[RightsShare]:
    """This will list the giver's shares that a transfer is about: those that hold on or after its day."""
    shares = RightsShare.objects.filter(holder=transfer.giver_id, right__in=transfer.rights)
    shares = shares.filter(Q(end=None) | Q(end__gt=transfer.start)).exclude(start=F("end")).order_by("pk")
    tracks = list(transfer.tracks.values_list("pk", flat=True)) if transfer.pk else []
    if tracks:
        works = TrackWork.objects.filter(track__in=tracks).values("work_id")
        shares = shares.filter(Q(track__in=tracks) | Q(work__in=works))
    return shares


class Scope(NamedTuple):
    """How much a transfer is about."""

    shares: int
    tracks: int


def scope_of(transfer: CatalogueTransfer) -> Scope:
    """This will count the shares a transfer would hand over, and the recordings and songs they are of."""
    shares = shares_to_transfer(transfer).order_by()
    return Scope(shares.count(), shares.values("track", "work").distinct().count())


def sees_scope(user: Person, transfer: CatalogueTransfer) -> bool:
    """This will tell whether somebody may read how much it is about: the taker only where the giver offered it."""
    offered = transfer.giver_by_id is not None
    return offered or may_review(user) or transfer.giver.members.filter(user=user.pk or 0).exists()


def disputes_of_transfer(transfer: CatalogueTransfer) -> QuerySet[Dispute]:
    """This will list the giver's open disputes about what a transfer would hand over."""
    shares = shares_to_transfer(transfer).order_by()
    about = Q(work=None, track__in=shares.values("track_id")) | Q(work__in=shares.values("work_id"))
    return Dispute.objects.filter(about, right__in=transfer.rights, status__in=LIVE, parties__holder=transfer.giver_id)


def tracks_to_transfer(transfer: CatalogueTransfer) -> QuerySet[Track]:
    """This will list the tracks whose shares, or whose songs' shares, a transfer would hand over."""
    return _tracks_of(shares_to_transfer(transfer).order_by())


def tracks_of_transfer(transfer_id: int) -> QuerySet[Track]:
    """This will list the tracks whose money a transfer moves."""
    source = CatalogueTransfer.objects.filter(pk=transfer_id).values("public_id")
    return _tracks_of(RightsShare.objects.filter(source__in=source))


def passed_on(transfer: CatalogueTransfer, day: date) -> QuerySet[Withdrawal]:
    """This will list what those who had a catalogue before took out and is, from a day, its taker's to bring back.

    It is where the taker has on that day what this transfer handed over, and who withdrew it has no share in it. Also
    what the giver had got by an earlier transfer, however many hands it went through.
    """
    if transfer.status != CatalogueTransfer.Status.DONE:
        return Withdrawal.objects.none()
    had = _shares_of_withdrawal().filter(
        source=transfer.public_id, holder__in=[transfer.taker_id, transfer.taker.merged_into_id or 0]
    )
    has = _live(had, day)
    senders = Q(holder=transfer.giver_id)
    for earlier in _earlier(transfer):
        senders |= Q(Exists(_shares_of_withdrawal().filter(source=earlier.public_id)), holder=earlier.giver_id)
    own = _live(_shares_of_withdrawal().filter(holder=OuterRef("holder")), day)
    found = Withdrawal.objects.filter(senders, Exists(has), ~Exists(own), right__in=transfer.rights)
    return found.exclude(start=F("end"))


def _shares_of_withdrawal() -> QuerySet[RightsShare]:
    same = Q(track=OuterRef("track")) | Q(work=OuterRef("work"))
    return RightsShare.objects.filter(same, right=OuterRef("right"))


def _live(shares: QuerySet[RightsShare], day: date) -> QuerySet[RightsShare]:
    return shares.filter(Q(start=None) | Q(start__lte=day), Q(end=None) | Q(end__gt=day))


def _earlier(transfer: CatalogueTransfer) -> list[CatalogueTransfer]:
    """The transfers by which the giver, and who gave to the giver, had got something before."""
    found: dict[int, CatalogueTransfer] = {}
    ahead = [transfer]
    while ahead:
        one = ahead.pop()
        before = CatalogueTransfer.objects.filter(
            taker=one.giver_id, status=CatalogueTransfer.Status.DONE, done_at__lte=one.done_at
        ).exclude(pk__in=[transfer.pk, *found])
        for each in before.order_by("pk"):
            found[each.pk] = each
            ahead.append(each)
    return list(found.values())


def _tracks_of(shares: QuerySet[RightsShare]) -> QuerySet[Track]:
    plays = TrackWork.objects.filter(work__in=shares.filter(work__isnull=False).values("work_id"))
    return Track.objects.filter(
        Q(pk__in=shares.filter(track__isnull=False).values("track_id")) | Q(pk__in=plays.values("track_id"))
    )
