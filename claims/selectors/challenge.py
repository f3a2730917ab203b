"""Challenge windows: what the public sees of them, who may object, and why a holder is not paid yet."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from catalog.models import HolderMember, HolderName, RightsHolder
from catalog.names import artist_key
from claims.models import ChallengeWindow, Claim, ClaimLine, Objection
from claims.selectors.people import Person, may_review
from ledger.chart import Place, holder
from ledger.models import AccountBalance

WON = (ClaimLine.Outcome.ACCEPTED, ClaimLine.Outcome.REDUCED, ClaimLine.Outcome.DISPUTED)
NAMES_MAX = 200


@dataclass(frozen=True, slots=True)
class PayoutStop:
    """Why a holder is not paid: `code` (window_open, objection_open, objection_accepted), until when, which case."""

    holder_id: int
    code: str
    case: str
    until: datetime | None = None


def payout_stops(holder_ids: Collection[int], now: datetime) -> list[PayoutStop]:
    """This will say why these holders may not be paid now; a holder without a stop may be. It decides no payout."""
    windows = ChallengeWindow.objects.filter(holder__in=holder_ids).exclude(claim__status=Claim.Status.REVOKED)
    stops = [
        PayoutStop(window.holder_id, "window_open", window.public_id, window.closes_at)
        for window in windows.filter(closes_at__gt=now).order_by("pk")
    ]
    blocking = Objection.objects.filter(
        window__in=windows, status__in=(Objection.Status.FILED, Objection.Status.ACCEPTED)
    )
    for found in blocking.select_related("window").order_by("pk"):
        code = "objection_accepted" if found.status == Objection.Status.ACCEPTED else "objection_open"
        stops.append(PayoutStop(found.window.holder_id, code, found.public_id))
    return stops


def was_paid(holder_id: int) -> bool:
    """This will tell whether a holder ever got money from us."""
    paid = AccountBalance.objects.filter(
        account__place__in=(Place.PAID, Place.IN_PAYOUT), account__owner=holder(holder_id)
    )
    return paid.exclude(credit=0).exists()


def open_windows(now: datetime) -> QuerySet[ChallengeWindow]:
    """This will list the windows that are open, those that close first on top; for everybody."""
    live = ChallengeWindow.objects.filter(closes_at__gt=now).exclude(claim__status=Claim.Status.REVOKED)
    return live.order_by("closes_at", "pk")


def window_lines(window: ChallengeWindow) -> QuerySet[ClaimLine]:
    """This will list what a window is about: track and right, and nothing of who claims it."""
    lines = ClaimLine.objects.filter(claim=window.claim_id, outcome__in=WON)
    return lines.select_related("track", "territories").order_by("track__artist", "track__title", "pk")


def objections_for(user: Person) -> QuerySet[Objection]:
    """This will list the objections somebody may see: reviewers all, others their holders' own."""
    found = Objection.objects.select_related("window__claim", "holder").order_by("-pk")
    if may_review(user):
        return found
    return found.filter(holder__in=HolderMember.objects.filter(user=user.pk or 0).values("holder_id"))


def similar_holders(window: ChallengeWindow) -> list[int]:
    """This will find other holders whose name is that of an artist or label of the works, in any script."""
    names = window_lines(window).order_by().values_list("track__artist", "track__label").distinct()[:NAMES_MAX]
    keys = {artist_key(name) for pair in names for name in pair if name} - {""}
    named = HolderName.objects.filter(name_key__in=keys).values("holder_id")
    found = RightsHolder.objects.filter(Q(name_key__in=keys) | Q(pk__in=named)).exclude(pk=window.holder_id)
    return list(found.order_by("pk").values_list("pk", flat=True)[:NAMES_MAX])
