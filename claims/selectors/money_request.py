"""Money of sales after a withdrawal: what is kept apart of a holder, and since when it was asked for."""

from collections.abc import Collection
from datetime import date

from django.db.models import Max, Q, QuerySet

from catalog.models import RightsHolder, Track, TrackWork, Withdrawal
from claims.models import MoneyRequest
from core.money import Money
from ledger import selectors as ledger
from ledger.chart import Place
from ledger.chart import holder as owner_of


def kept_apart(holder: RightsHolder) -> list[Money]:
    """This will sum, per currency, what rests as sold after the holder's withdrawal."""
    rows = ledger.holder_balances(owner_of(holder.pk))
    return [Money(row.amount, row.currency) for row in rows if row.place == Place.POST_WITHDRAWAL and row.amount]


def money_requests_of(holder: RightsHolder) -> QuerySet[MoneyRequest]:
    """This will list when the holder asked for such money, newest first."""
    return MoneyRequest.objects.filter(holder=holder).select_related("asked_by").order_by("-before")


def asked_before(holder_ids: Collection[int]) -> dict[int, date]:
    """This will say of each holder that asked up to which day its withdrawals keep nothing apart."""
    asked = MoneyRequest.objects.filter(holder__in=holder_ids).values("holder_id").annotate(day=Max("before"))
    return dict(asked.values_list("holder_id", "day"))


def tracks_of_request(request_id: int) -> QuerySet[Track]:
    """This will list the tracks that the holder of a request withdrew, itself or by their songs."""
    left = Withdrawal.objects.filter(holder__money_requests=request_id)
    songs = TrackWork.objects.filter(work__in=left.filter(work__isnull=False).values("work_id")).values("track_id")
    return Track.objects.filter(Q(pk__in=left.filter(track__isnull=False).values("track_id")) | Q(pk__in=songs))
