"""A licence stops, and goes on again: facts only. Who may, and who is told, is decided in `claims`.

A stop is laid over the licences of a store and changes none of them: on its days no licence runs, whichever was agreed.
Every report about them is read, or read again, as sold outside the licence (`reread_for_terms`). Royalty accrues by the
terms agreed for the day, else by the last ones, and stays claimable.
"""

from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Q

from accounts.models import User
from core.workflow import MoveNotAllowed, move, record_event
from sales import selectors
from sales.models import LicenceStop, License, Licensee
from sales.services.errors import SalesError

Status = LicenceStop.Status
Kind = LicenceStop.Kind


class StopWaits(SalesError):
    """Another stop of this store waits for a second person."""

    code = "stop_waits"
    status = 409


class StoppedAlready(SalesError):
    """The store has no licence on that day as it is."""

    code = "stopped_already"
    status = 409


class SecondPersonNeeded(SalesError):
    """Who asked for it does not confirm it."""

    code = "needs_another"
    status = 403


def ask_stop(
    *, licensee: Licensee, kind: str, reason: str, source: str, start: date, by: User, now: datetime
) -> LicenceStop:
    """This will ask a second person to stop a store's licence from `start` on; a suspended store can still be ended.

    Raises: StopWaits, StoppedAlready.
    """
    with transaction.atomic():
        Licensee.objects.select_for_update(no_key=True).get(pk=licensee.pk)
        if licensee.stops.filter(status=Status.ASKED).exists():
            raise StopWaits
        if any(stop.kind == Kind.END or kind == Kind.SUSPENSION for stop in stops_on(licensee, start)):
            raise StoppedAlready
        stop = LicenceStop.objects.create(
            licensee=licensee, kind=kind, reason=reason, source=source.strip(), start=start, asked_by=by, asked_at=now
        )
        record_event(stop, "", Status.ASKED, by=by, now=now)
    return stop


def refuse_stop(*, stop: LicenceStop, by: User, now: datetime, reason: str) -> None:
    """This will not let a stop happen, in words. Raises: MoveNotAllowed, MovedMeanwhile."""
    move(stop, Status.REFUSED, by=by, now=now, reason=reason)


def confirm_stop(*, stop: LicenceStop, by: User, now: datetime) -> LicenceStop:
    """This will stop the licence and write down what the store sold or listed, one statement however much it is.

    Raises: SecondPersonNeeded, MoveNotAllowed, MovedMeanwhile.
    """
    if stop.asked_by_id == by.pk:
        raise SecondPersonNeeded
    with transaction.atomic():
        Licensee.objects.select_for_update(no_key=True).get(pk=stop.licensee_id)
        LicenceStop.objects.filter(pk=stop.pk, status=Status.ASKED).update(confirmed_by=by, confirmed_at=now)
        move(stop, Status.CONFIRMED, by=by, now=now)
        with connection.cursor() as cursor:
            cursor.execute(KEYS, {"stop": stop.pk, "store": stop.licensee_id})
            stop.key_count = cursor.rowcount
        LicenceStop.objects.filter(pk=stop.pk).update(key_count=stop.key_count)
    stop.confirmed_by, stop.confirmed_at = by, now
    return stop


KEYS = """
INSERT INTO sales_stoppedkey (stop_id, store_key_id)
SELECT %(stop)s, id FROM sales_storekey WHERE licensee_id = %(store)s
"""


def lift_stop(*, stop: LicenceStop, start: date, by: User, now: datetime, reason: str) -> bool:
    """This will end a suspension on a day: the licence holds again, its tariffs and last day as they were.

    True: the store has a licence from that day; False: none runs then, or another stop covers it.
    Raises: MoveNotAllowed, MovedMeanwhile.
    """
    if stop.kind != Kind.SUSPENSION:
        raise MoveNotAllowed(f"{stop}: ended for good")
    with transaction.atomic():
        Licensee.objects.select_for_update(no_key=True).get(pk=stop.licensee_id)
        start = max(start, stop.start)
        LicenceStop.objects.filter(pk=stop.pk, status=Status.CONFIRMED).update(end=start)
        move(stop, Status.LIFTED, by=by, now=now, reason=reason)
        return _is_licensed(stop.licensee, start)


def _is_licensed(licensee: Licensee, day: date) -> bool:
    running = License.objects.filter(Q(end=None) | Q(end__gt=day), licensee=licensee, start__lte=day)
    return running.exists() and not stops_on(licensee, day)


def follow_stops(*, today: date, now: datetime) -> int:
    """This will show a store as suspended, ended or active, as the confirmed stops say of today."""
    moved = 0
    stores = Licensee.objects.filter(stops__status__in=(Status.CONFIRMED, Status.LIFTED)).distinct().order_by("pk")
    for licensee in stores.exclude(status=Licensee.Status.ENDED):
        kinds = {stop.kind for stop in stops_on(licensee, today)}
        to = Licensee.Status.ENDED if Kind.END in kinds else None
        to = to or (Licensee.Status.SUSPENDED if kinds else Licensee.Status.ACTIVE)
        if to != licensee.status:
            move(licensee, to, by=None, now=now, reason_code="licence_stop")
            moved += 1
    return moved


def stops_on(licensee: Licensee, day: date) -> list[LicenceStop]:
    """This will list the confirmed stops by which a store has no licence on a day."""
    stops = selectors.stops_in_force(licensee.pk).filter(Q(end=None) | Q(end__gt=day), start__lte=day)
    return list(stops.order_by("start", "pk"))
