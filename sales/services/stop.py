"""A licence stops, and goes on again: facts only. Who may, and who is told, is decided in `claims`.

The licence's own end is set with it, so that every report about a time after it is read, or read again, as sold outside
the licence (`reread_for_terms`). Royalty accrues by the last terms all the same, and stays claimable.
"""

from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Q

from accounts.models import User
from core.workflow import MoveNotAllowed, move, record_event
from sales.models import LicenceStop, License, Licensee, Tariff, TariffSplit
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
    """This will ask a second person to stop a store's licence from `start` on. Raises: StopWaits, StoppedAlready."""
    with transaction.atomic():
        Licensee.objects.select_for_update(no_key=True).get(pk=licensee.pk)
        if licensee.stops.filter(status=Status.ASKED).exists():
            raise StopWaits
        if stops_on(licensee, start):
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
        running = License.objects.filter(Q(end=None) | Q(end__gt=stop.start), licensee=stop.licensee_id)
        running.filter(start__lt=stop.start).update(end=stop.start)
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


def lift_stop(*, stop: LicenceStop, start: date, by: User, now: datetime, reason: str) -> License | None:
    """This will license a suspended store again from a day on, by the terms it had; None: it had no licence.

    The licence that ended is not touched: a further one begins, and lasts no longer than until the store's licence ends
    for good, where that is confirmed. Raises: MoveNotAllowed, MovedMeanwhile.
    """
    if stop.kind != Kind.SUSPENSION:
        raise MoveNotAllowed(f"{stop}: ended for good")
    with transaction.atomic():
        Licensee.objects.select_for_update(no_key=True).get(pk=stop.licensee_id)
        start = max(start, stop.start)
        LicenceStop.objects.filter(pk=stop.pk, status=Status.CONFIRMED).update(end=start)
        move(stop, Status.LIFTED, by=by, now=now, reason=reason)
        old = License.objects.filter(licensee=stop.licensee_id, end=stop.start).order_by("-start", "-pk").first()
        ends = LicenceStop.objects.filter(licensee=stop.licensee_id, kind=Kind.END, status=Status.CONFIRMED)
        until = ends.order_by("start").values_list("start", flat=True).first()
        if old is None or (until is not None and until <= start):
            return None
        return _again(old, start, until)


def _again(old: License, start: date, end: date | None) -> License:
    tariff = old.tariffs.filter(Q(end=None) | Q(end__gt=old.start)).order_by("-start", "-pk").first()
    again = License.objects.create(licensee=old.licensee, territories=old.territories, start=start, end=end)
    if tariff is not None:
        splits = list(tariff.splits.all())
        copy = Tariff.objects.get(pk=tariff.pk)
        copy.pk, copy.license, copy.start, copy.end = None, again, start, None
        copy.save(force_insert=True)
        for split in splits:
            TariffSplit.objects.create(
                tariff=copy, right=split.right, percent=split.percent, is_assumption=split.is_assumption
            )
    return again


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
    confirmed = licensee.stops.filter(status__in=(Status.CONFIRMED, Status.LIFTED), start__lte=day)
    return list(confirmed.filter(Q(end=None) | Q(end__gt=day)).order_by("start", "pk"))
