"""The public register of withdrawals: what is out, where and since when. Never who asked for it."""

from datetime import date

from django.db.models import Q, QuerySet

from catalog.models import TrackWork, Withdrawal

PUBLIC_FIELDS = (
    *("public_id", "right", "track", "work", "territories"),
    *("licensee_ids", "except_licensee_ids", "start", "end"),
)


def public_withdrawals(*, day: date | None = None) -> QuerySet[Withdrawal]:
    """This will list withdrawals, newest first, of all days or in force on one; only the public columns are read."""
    rows = Withdrawal.objects.select_related("track", "work", "territories").only(
        *(name for name in PUBLIC_FIELDS if name not in ("track", "work", "territories")),
        "track__public_id",
        "track__title",
        "track__artist",
        "work__public_id",
        "work__title",
        "territories__label",
    )
    if day is not None:
        rows = in_force(rows, day)
    return rows.order_by("-start", "-pk")


def in_force(rows: QuerySet[Withdrawal], day: date) -> QuerySet[Withdrawal]:
    """This will keep the withdrawals in force on a day."""
    return rows.filter(Q(end=None) | Q(end__gt=day), start__lte=day)


def withdrawals_of_track(rows: QuerySet[Withdrawal], public_id: str) -> QuerySet[Withdrawal]:
    """This will keep the withdrawals that bear on a track, itself or through a work it plays."""
    works = TrackWork.objects.filter(track__public_id=public_id).values("work_id")
    return rows.filter(Q(track__public_id=public_id) | Q(work_id__in=works))
