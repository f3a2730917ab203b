"""Posting where money should rest: reads the facts, asks `claims.distribution`, posts the difference.

Run twice, late, or by two workers at once it ends the same: the tracks' rows are locked in the order of their ids, so
the second sees what the first posted, and what is already right is no difference.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from catalog.models import Track
from claims import distribution as rule
from claims import selectors
from claims.models import ComplianceCheck, DistributionRun
from ledger import services as ledger
from ledger.chart import Place, key_item, owed, track_item
from ledger.recipes import Kind, Lines, credit, pack
from sales import services as sales
from sales.models import SalesReport

TRACKS_PER_BATCH = 500
RUNS_BESIDE_MAX = 50


@dataclass(frozen=True, slots=True)
class Distributed:
    """What a call posted; nothing when the ledger already showed what it should."""

    tracks: int
    entries: int = 0
    postings: int = 0


def distribute(*, track_ids: Collection[int], event: str, now: datetime, key_ids: Collection[int] = ()) -> Distributed:
    """This will post, for all money of these tracks (and keys without a track), where it should rest minus where it is.

    What rests under a track that was merged moves to the one it is part of, with it.

    `event` says what it was for (part of the entries' keys). Locks the tracks in the order of their ids until the
    caller's commit; tracks that share money of a late matched store key are done along. One call is one transaction:
    the caller gives batches (`TRACKS_PER_BATCH`).

    Raises: claims.distribution.LedgerDisagrees.
    """
    with transaction.atomic():
        tracks, items, moves = _moves(track_ids, key_ids)
        if not moves:
            return Distributed(len(tracks))
        span = f"{tracks[0]}-{tracks[-1]}" if tracks else f"key:{min(key_ids)}"
        state = f"distribution:{event}:{span}:{selectors.last_posting(items)}"
        rows = (
            row
            for number, lines in enumerate(pack(_groups(moves)))
            for row in ledger.staged(f"{state}:{number}", Kind.DISTRIBUTION, lines)
        )
        posted = ledger.post_entries(event_at=now, rows=rows, batch=f"distribution:{event}")
        return Distributed(len(tracks), posted.entries, posted.postings)


def preview(*, track_ids: Collection[int]) -> rule.Placed:
    """This will say what `distribute` would post for these tracks now, and change nothing.

    It asks the same rule under the same locks and undoes what that wrote. Raises: claims.distribution.LedgerDisagrees.
    """
    with transaction.atomic():
        _tracks, _items, moves = _moves(track_ids, ())
        transaction.set_rollback(True)
    return moves


def _moves(track_ids: Collection[int], key_ids: Collection[int]) -> tuple[list[int], list[str], rule.Placed]:
    """This will lock and read what money of these tracks is about: the tracks, their items, and what has to move."""
    tracks, keys, merged = _lock(set(track_ids), set(key_ids))
    sales.cut_use_periods(track_ids=tracks)
    items = [track_item(track, right) for track in tracks for right in selectors.RIGHTS]
    items += [key_item(key, right) for key in sorted(keys) for right in selectors.RIGHTS]
    facts = selectors.facts_of(tracks)
    wanted = rule.place(selectors.parts_of(tracks, facts), facts)
    if keys:
        wanted |= rule.place(selectors.unidentified_parts(keys), facts)
    homes = {track_item(a, right): track_item(b, right) for a, b in merged.items() for right in selectors.RIGHTS}
    shown = selectors.shown_of(items)
    owners = selectors.merged_owners({owner for places in shown.values() for _, owner in places if owner})
    return tracks, items, rule.difference(wanted, shown, homes, owners)


def _lock(track_ids: set[int], key_ids: set[int]) -> tuple[list[int], set[int], dict[int, int]]:
    """This will lock the tracks, and those that share money with one of them, in one order.

    They share money with the tracks they are part of or that are part of them (returned too), and with those that a
    late matched store key is about.
    """
    tracks, keys = track_ids, key_ids | selectors.late_keys(track_ids)
    while True:
        merged = selectors.merged_tracks(tracks)
        more = ({*merged, *merged.values()} | (selectors.tracks_of_keys(keys) if keys else set())) - tracks
        if not more:
            break
        tracks = tracks | more
        keys = keys | selectors.late_keys(tracks)
    locked = Track.objects.select_for_update(no_key=True).filter(pk__in=tracks).order_by("pk")
    return list(locked.values_list("pk", flat=True)), keys, merged


def _groups(moves: rule.Placed) -> Iterator[Lines]:
    """This will give the moves as groups of lines that each balance: one per item, lot and currency.

    Money that changes its item (a store's key became a track) balances only with its counterpart: such lines of one
    lot and currency stay together.
    """
    crossing: dict[tuple[int, str], Lines] = {}
    for (item, lot, currency), places in moves.items():
        lines = [
            credit(owed(item, Place(place), currency, owner), amount, lot) for (place, owner), amount in places.items()
        ]
        if sum(places.values(), Decimal(0)):
            crossing.setdefault((lot, currency), []).extend(lines)
        else:
            yield lines
    yield from crossing.values()


# Runs: many tracks, in batches that record how far they came ----------------------------------------------------------
def plan_run(*, cause: DistributionRun.Cause, object_id: int, now: datetime) -> DistributionRun:
    """This will note that money may have to move because of this; starts again what was done before.

    What is another track now is also held against the withdrawals again (`claims.services.compliance`).
    """
    run, _created = DistributionRun.objects.update_or_create(
        cause=cause,
        object_id=object_id,
        defaults={"due_at": now, "last_track": 0, "tracks_done": 0, "finished_at": None},
    )
    if cause == DistributionRun.Cause.MATCH:
        due = ComplianceCheck.objects.filter(report__sales__store_key=object_id, is_due=False)
        ComplianceCheck.objects.filter(pk__in=due.values("pk")).update(is_due=True)
    return run


def plan_due_runs(*, now: datetime, limit: int = 1000) -> list[int]:
    """This will note a run for every posted report and late matched store key without one; return all runs due."""
    reports = SalesReport.objects.filter(status=SalesReport.Status.POSTED)
    known = DistributionRun.objects.filter(cause=DistributionRun.Cause.REPORT).values("object_id")
    for report_id in reports.exclude(pk__in=known).order_by("pk").values_list("pk", flat=True)[:limit]:
        plan_run(cause=DistributionRun.Cause.REPORT, object_id=report_id, now=now)
    for report_id in selectors.superseded_unmoved():
        plan_run(cause=DistributionRun.Cause.REPORT, object_id=report_id, now=now)
    sales.forget_moved_keys()
    for key_id in selectors.matched_keys_unmoved(limit):
        plan_run(cause=DistributionRun.Cause.MATCH, object_id=key_id, now=now)
    due = DistributionRun.objects.filter(finished_at=None).order_by("due_at", "pk")
    return list(due.values_list("pk", flat=True)[:limit])


def continue_run(*, run_id: int, now: datetime, tracks: int = TRACKS_PER_BATCH) -> bool:
    """This will do the next batch of a run and write down how far it came, in one transaction.

    All money of a track is placed at once, so the runs of other reports that have come equally far go along: reports
    that arrive together cost one pass over their tracks. Returns True while something is left. A run another worker is
    busy with is left alone (False: it will go on).
    """
    with transaction.atomic():
        due = DistributionRun.objects.select_for_update(skip_locked=True).filter(pk=run_id, finished_at=None)
        run = due.first()
        if run is None:
            return False
        runs = [run, *_beside(run)]
        batch = selectors.tracks_due(runs, tracks)
        if batch:
            distribute(track_ids=batch, event=f"{run.cause}:{run.object_id}", now=now)
        for each in runs:
            if batch:
                each.last_track = batch[-1]
                each.tracks_done += len(batch)
            if len(batch) < tracks:
                each.finished_at = now
            each.save(update_fields=["last_track", "tracks_done", "finished_at"])
        return run.finished_at is None


def _beside(run: DistributionRun) -> list[DistributionRun]:
    """This will lock the runs of other reports that came as far as this one, if nobody is busy with them."""
    if run.cause != DistributionRun.Cause.REPORT:
        return []
    due = DistributionRun.objects.select_for_update(skip_locked=True).filter(cause=run.cause, finished_at=None)
    return list(due.filter(last_track=run.last_track).exclude(pk=run.pk).order_by("pk")[:RUNS_BESIDE_MAX])
