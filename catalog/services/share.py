"""Writes and shortens shares. Whether they fit is the database's word, not ours."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import F, QuerySet

from accounts.models import User
from catalog.models import RightsHolder, RightsShare
from catalog.services.errors import EndsWrongly
from catalog.services.limits import limits_explained
from core.models import Event
from core.workflow import record_event

SHARES_PER_STATEMENT = 20_000


def record_share(*, share: RightsShare) -> RightsShare:
    """This will write one share. Raises: ShareLimitExceeded."""
    return record_shares(shares=[share])[0]


def record_shares(*, shares: Sequence[RightsShare]) -> list[RightsShare]:
    """This will write shares, all or none, and return them in the order given.

    Locks the rows of their tracks and works, in id order within a statement of 20,000 and between statements too, until
    the caller's commit. Raises: ShareLimitExceeded.
    """
    ordered = sorted(shares, key=lambda share: (share.track_id or 0, share.work_id or 0))
    with limits_explained():
        RightsShare.objects.bulk_create(ordered, batch_size=SHARES_PER_STATEMENT)
    return list(shares)


def end_share(*, share: RightsShare, end: date, by: User | None, now: datetime, reason: str = "") -> RightsShare:
    """This will shorten a share to `end`, the first day on which it no longer holds.

    With its own start it holds on no day from then on; for a share since ever that is `date.min`. Raises: EndsWrongly.
    """
    with limits_explained():
        current = RightsShare.objects.select_for_update(of=("self",)).get(pk=share.pk)
        _check_end(current.start, current.end, end)
        start = end if current.start is None and end == date.min else current.start
        RightsShare.objects.filter(pk=current.pk).update(start=start, end=end)
        record_event(current, "", "ended", by=by, now=now, reason=reason)
    share.start, share.end = start, end
    return share


def hand_over_shares(
    *, shares: QuerySet[RightsShare], to: RightsHolder, day: date, choice: str, source: str, now: datetime
) -> int:
    """This will end these shares before `day` and give the same to another holder from then; returns how many.

    What begins on or after the day is handed over whole. Two statements end them, one per 20,000 writes the new ones.
    The caller holds the tracks' locks. Raises: ShareLimitExceeded.
    """
    found = list(shares.select_for_update(of=("self",)).order_by("pk"))
    with limits_explained():
        rows = RightsShare.objects.filter(pk__in=[share.pk for share in found])
        rows.filter(start__gte=day).update(end=F("start"))
        rows.exclude(start__gte=day).update(end=day)
        Event.objects.bulk_create(
            [
                Event(noun=RightsShare._meta.label, object_id=share.pk, to_status="ended", at=now, reason_code=source)
                for share in found
            ],
            batch_size=SHARES_PER_STATEMENT,
        )
    record_shares(
        shares=[
            RightsShare(
                holder=to,
                right=share.right,
                track_id=share.track_id,
                work_id=share.work_id,
                percent=share.percent,
                territories_id=share.territories_id,
                start=day if share.start is None else max(share.start, day),
                end=share.end,
                choice=choice,
                source=source,
            )
            for share in found
        ]
    )
    return len(found)


def _check_end(start: date | None, before: date | None, end: date) -> None:
    if (start is not None and end < start) or (before is not None and end > before):
        raise EndsWrongly
