"""Runs ordered by a person: counted without posting anything, approved by another, posted by `distribution`."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from claims import selectors
from claims.distribution import Placed
from claims.models import DistributionRun, PlannedRun, PlannedTotal
from claims.services.distribution import TRACKS_PER_BATCH, plan_run, preview
from claims.services.errors import NotMoneyOffice, OrderedThemselves
from claims.tasks import count_planned_run, distribute, hurry
from core.workflow import move, record_event
from sales.models import Licensee

Totals = dict[tuple[str, str, str], Decimal]
"""What moves, by owner, place and currency."""


def order_run(*, licensee: Licensee | None, by: User, now: datetime) -> PlannedRun:
    """This will order a run over the money of one store, or of all; it is counted at once. Raises: NotMoneyOffice."""
    if not selectors.may_order_runs(by):
        raise NotMoneyOffice
    with transaction.atomic():
        run = PlannedRun.objects.create(licensee=licensee, ordered_by=by, ordered_at=now)
        record_event(run, "", run.status, by=by, now=now)
        hurry(count_planned_run, run_id=run.pk)
    return run


def counting_runs() -> list[int]:
    """This will find the runs that are not counted to the end, whoever was at it."""
    return selectors.counting_runs()


def count_run(*, run_id: int, now: datetime, tracks: int = TRACKS_PER_BATCH) -> bool:
    """This will count the next tracks of a run and write down how far it came, in one transaction.

    Returns True while something is left. A run another worker is busy with, or that was discarded, is left alone.
    Raises: claims.distribution.LedgerDisagrees.
    """
    with transaction.atomic():
        due = PlannedRun.objects.select_for_update(skip_locked=True).filter(pk=run_id)
        run = due.filter(status=PlannedRun.Status.COUNTING).first()
        if run is None:
            return False
        left = selectors.tracks_of_run(run).filter(pk__gt=run.last_track).order_by("pk")
        batch = list(left.values_list("pk", flat=True)[:tracks])
        if batch:
            _add(run, _totals(preview(track_ids=batch)))
            run.last_track, run.tracks_counted = batch[-1], run.tracks_counted + len(batch)
            run.save(update_fields=["last_track", "tracks_counted"])
        if len(batch) < tracks:
            move(run, PlannedRun.Status.COUNTED, by=None, now=now)
        return run.status == PlannedRun.Status.COUNTING


def _totals(moves: Placed) -> Totals:
    sums: Totals = defaultdict(Decimal)
    for (_item, _lot, currency), places in moves.items():
        for (place, owner), amount in places.items():
            sums[owner, place, currency] += amount
    return sums


def _add(run: PlannedRun, sums: Mapping[tuple[str, str, str], Decimal]) -> None:
    """Add to what was counted before; the caller has the run's row."""
    known = {
        (total.owner, total.place, total.currency): total
        for total in PlannedTotal.objects.filter(run=run, owner__in={owner for owner, *_ in sums})
    }
    for key, total in known.items():
        total.amount += sums.get(key, Decimal(0))
    PlannedTotal.objects.bulk_update(known.values(), ["amount"], batch_size=1000)
    PlannedTotal.objects.bulk_create(
        [
            PlannedTotal(run=run, owner=owner, place=place, currency=currency, amount=amount)
            for (owner, place, currency), amount in sums.items()
            if (owner, place, currency) not in known
        ],
        batch_size=1000,
    )


def approve_run(*, run: PlannedRun, by: User, now: datetime) -> PlannedRun:
    """This will let a counted run be posted, as a second person.

    What is posted is what should stand then, so a change since the count is posted along.

    Raises: NotMoneyOffice, OrderedThemselves, MoveNotAllowed, MovedMeanwhile.
    """
    if not selectors.may_order_runs(by):
        raise NotMoneyOffice
    if run.ordered_by_id == by.pk:
        raise OrderedThemselves
    with transaction.atomic():
        PlannedRun.objects.filter(pk=run.pk, status=PlannedRun.Status.COUNTED).update(approved_by=by, approved_at=now)
        move(run, PlannedRun.Status.APPROVED, by=by, now=now)
        posting = plan_run(cause=DistributionRun.Cause.RUN, object_id=run.pk, now=now)
        hurry(distribute, run_id=posting.pk)
    run.refresh_from_db()
    return run


def discard_run(*, run: PlannedRun, by: User, now: datetime) -> PlannedRun:
    """This will give up a run that was not approved. Raises: NotMoneyOffice, MoveNotAllowed, MovedMeanwhile."""
    if not selectors.may_order_runs(by):
        raise NotMoneyOffice
    return move(run, PlannedRun.Status.DISCARDED, by=by, now=now)
