"""Corrections of what is what, with the money that hangs on it: merge, undo a merge, match a key to another track.

Each is one transaction: the catalogue changes, keys and Sales follow, and one distribution moves the money. A preview
is the act itself, rolled back. Above a value a second person does it; nobody does it about a holder of his own.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import User
from catalog import services as catalog
from catalog.models import Merge, Release, RightsHolder, Track, Work
from claims import selectors
from claims.models import Correction, CorrectionKey, DistributionRun, TakedownNotice
from claims.selectors.correction import MoneyMove, Preview
from claims.services import merge as parts
from claims.services import takedown
from claims.services.distribution import continue_run, distribute, plan_run
from claims.services.errors import DecidesOwnCase, NeedsAnother, NotAReviewer, NothingToCorrect, WordsNeeded
from claims.services.moves import move
from claims.services.queue import touch
from core.money import Money
from core.workflow import record_event
from sales import services as sales
from sales.models import StoreKey

Kind, Status = Correction.Kind, Correction.Status
BATCHES_AT_ONCE = 20


class _Preview(Exception):
    """Carries what an act would do out of the transaction that is rolled back."""

    def __init__(self, found: Preview) -> None:
        self.found = found


# What can be corrected ------------------------------------------------------------------------------------------------
def merge_of(source: Track | Work | RightsHolder, target: Track | Work | RightsHolder) -> Correction:
    """This will make (not yet write) the correction that makes `source` part of `target`."""
    if isinstance(source, Track) and isinstance(target, Track):
        return Correction(kind=Kind.MERGE_TRACKS, source_track=source, target_track=target)
    if isinstance(source, RightsHolder) and isinstance(target, RightsHolder):
        return Correction(kind=Kind.MERGE_HOLDERS, source_holder=source, target_holder=target)
    assert isinstance(source, Work)
    assert isinstance(target, Work)
    return Correction(kind=Kind.MERGE_WORKS, source_work=source, target_work=target)


def undoing_of(merge: Merge) -> Correction:
    """This will make (not yet write) the correction that undoes a merge."""
    return Correction(
        kind=Kind.UNDO_MERGE,
        merge=merge,
        source_track=merge.source_track,
        target_track=merge.target_track,
        source_work=merge.source_work,
        target_work=merge.target_work,
        source_holder=merge.source_holder,
        target_holder=merge.target_holder,
    )


def rematch_of(track: Track | None, isrcs: Sequence[str] = ()) -> Correction:
    """This will make (not yet write) the correction that ties keys to a track, or to none.

    `isrcs` go with them: where one track was two, later sales of the code are the other's.
    """
    return Correction(kind=Kind.MOVE_KEYS, target_track=track, isrcs=list(isrcs) if track else [])


def rematch_release_of(release: Release | None) -> Correction:
    """This will make (not yet write) the correction that ties keys of releases to another release, or to none."""
    return Correction(kind=Kind.MOVE_RELEASE, target_release=release)


def preview_correction(*, correction: Correction, keys: Sequence[StoreKey] = (), by: User, now: datetime) -> Preview:
    """This will say what a correction would do, by doing it and undoing it at once.

    Raises: NotAReviewer, DecidesOwnCase, NothingToCorrect, catalog's refusals.
    """
    keys = _fresh(keys)
    _require(by, correction, keys)
    try:
        with transaction.atomic():
            tracks = selectors.tracks_concerned(correction, keys)
            before = selectors.places_of(tracks, keys)
            draft = _written(correction, keys, by, now)
            united = selectors.what_unites(draft)
            told = [notice.licensee.name for notice in _act(draft, by, now)]
            tracks = tracks | selectors.tracks_concerned(draft, keys)
            after = selectors.places_of(tracks, keys)
            conflicts = selectors.conflicts_opened(draft)
            raise _Preview(Preview(united, MoneyMove.between(before, after), conflicts, draft.needs_second, told))
    except _Preview as done:
        return done.found


def ask_correction(
    *, correction: Correction, keys: Sequence[StoreKey] = (), by: User, now: datetime, reason: str
) -> Correction:
    """This will do a correction, or ask a second person for it where the money is above the limit.

    Raises: NotAReviewer, DecidesOwnCase, WordsNeeded, NothingToCorrect, catalog's refusals.
    """
    keys = _fresh(keys)
    _require(by, correction, keys)
    if not reason.strip():
        raise WordsNeeded
    with transaction.atomic():
        correction = _written(correction, keys, by, now)
        record_event(correction, "", Status.ASKED, by=by, now=now, reason=reason)
        touch(correction, now)
        if not correction.needs_second:
            _do(correction, by, now, "")
    return correction


def confirm_correction(*, correction: Correction, by: User, now: datetime, reason: str = "") -> Correction:
    """This will do what another person asked for. Raises: NeedsAnother, NotAReviewer, DecidesOwnCase."""
    keys = [row.store_key for row in correction.keys.select_related("store_key")]
    _require(by, correction, keys)
    if by.pk == correction.asked_by_id:
        raise NeedsAnother
    with transaction.atomic():
        correction = Correction.objects.select_for_update(of=("self",)).get(pk=correction.pk)
        _do(correction, by, now, reason)
    return correction


def refuse_correction(*, correction: Correction, by: User, now: datetime, reason: str) -> Correction:
    """This will refuse what another person asked for, or take one's own back. Raises: NotAReviewer, WordsNeeded."""
    if not selectors.may_review(by):
        raise NotAReviewer
    own = by.pk == correction.asked_by_id
    if not own and not reason.strip():
        raise WordsNeeded
    return move(correction, Status.RETRACTED if own else Status.REFUSED, by=by, now=now, reason=reason)


def follow_late_merges(*, now: datetime) -> int:
    """This will bring after what was posted under a merged track by a report that was being read at the merge."""
    late = sales.late_merged_sales()
    for merge in late:
        with transaction.atomic():
            sales.follow_merge(merge=merge)
            distribute(track_ids=parts.track_ids(merge), event=f"merge:{merge.public_id}", now=now)
    return len(late)


def follow_tracklists(*, now: datetime, also_changed: bool = True, limit: int = 200) -> int:
    """This will divide release sales whose list of tracks became known, or has changed, and move their money."""
    due = sales.keys_waiting(limit) + (sales.keys_changed(limit) if also_changed else [])
    count = 0
    for key in StoreKey.objects.filter(pk__in=due).order_by("pk"):
        with transaction.atomic():
            tracks = sales.spread_again(key=key)
            distribute(track_ids=tracks, key_ids=[key.pk], event=f"tracklist:{key.pk}", now=now)
        count += 1
    return count


# How ----------------------------------------------------------------------------------------------------------------
def _fresh(keys: Sequence[StoreKey]) -> list[StoreKey]:
    return list(StoreKey.objects.filter(pk__in=[key.pk for key in keys]).order_by("pk"))


def _require(by: User, correction: Correction, keys: Sequence[StoreKey]) -> None:
    if not selectors.may_review(by):
        raise NotAReviewer
    changed = {
        Kind.MOVE_KEYS: any(key.track_id != correction.target_track_id for key in keys),
        Kind.MOVE_RELEASE: any(key.release_id != correction.target_release_id for key in keys),
    }
    if not changed.get(Kind(correction.kind), True):
        raise NothingToCorrect
    parties = {pk for pk in (correction.source_holder_id, correction.target_holder_id) if pk is not None}
    if selectors.is_member(by, parties):
        raise DecidesOwnCase
    if selectors.is_member(by, selectors.holders_concerned(selectors.tracks_concerned(correction, keys))):
        raise DecidesOwnCase


def _written(correction: Correction, keys: Sequence[StoreKey], by: User, now: datetime) -> Correction:
    """This will write a correction that was only described so far, with the money it is about."""
    money = selectors.money_concerned(correction, keys)
    correction.pk = None
    correction.money = [[currency, str(amount)] for currency, amount in sorted(money.items())]
    sums = [Money(abs(amount), currency) for currency, amount in money.items()]
    correction.needs_second = selectors.rules_on(now.date()).is_above("correction_money", sums)
    correction.asked_by, correction.asked_at = by, now
    correction.save()
    rows = [
        CorrectionKey(correction=correction, store_key=key, from_track_id=key.track_id, from_release_id=key.release_id)
        for key in keys
    ]
    CorrectionKey.objects.bulk_create(rows)
    return correction


def _do(correction: Correction, by: User, now: datetime, reason: str) -> None:
    correction.done_by, correction.done_at = by, now
    correction.save(update_fields=["done_by", "done_at"])
    _act(correction, by, now)
    move(correction, Status.DONE, by=by, now=now, reason=reason)


def _act(correction: Correction, by: User, now: datetime) -> list[TakedownNotice]:
    """This will change the catalogue, let keys and Sales follow, move the money, and tell stores what is out now.

    Returns the notices about keys that belong to a track that is out since.
    """
    kind = Kind(correction.kind)
    if kind == Kind.MOVE_KEYS:
        _rematch(correction, by, now)
    elif kind == Kind.MOVE_RELEASE:
        _rematch_release(correction, by, now)
    elif kind == Kind.UNDO_MERGE:
        assert correction.merge is not None
        tracks = parts.undo(correction.merge, by, now)
        _move_money(tracks, correction, now)
    else:
        merge = parts.merge(correction, by, now)
        correction.merge = merge
        correction.save(update_fields=["merge"])
        _move_money(parts.track_ids(merge), correction, now)
    if correction.source_holder_id is not None:
        return []
    concerned = selectors.tracks_concerned(correction, [])
    return takedown.tell_further_keys(now=now, track_ids=concerned)


def _rematch_release(correction: Correction, by: User, now: datetime) -> None:
    keys = _keys_of(correction)
    tracks = sales.rematch_release_keys(
        keys=keys, release=correction.target_release, by=by, now=now, reason=correction.public_id
    )
    distribute(track_ids=tracks, key_ids=[key.pk for key in keys], event=f"correction:{correction.public_id}", now=now)


def _keys_of(correction: Correction) -> list[StoreKey]:
    return [row.store_key for row in correction.keys.select_related("store_key").order_by("store_key")]


def _rematch(correction: Correction, by: User, now: datetime) -> None:
    keys = _keys_of(correction)
    if correction.isrcs and correction.target_track is not None:
        sources = [key.track_id for key in keys if key.track_id is not None]
        catalog.hand_over_isrcs(
            source_ids=sources, target=correction.target_track, isrcs=correction.isrcs, by=by, now=now
        )
    tracks = sales.rematch_keys(
        keys=keys, track=correction.target_track, by=by, now=now, reason=f"{correction.public_id}"
    )
    distribute(track_ids=tracks, key_ids=[key.pk for key in keys], event=f"correction:{correction.public_id}", now=now)


def _move_money(track_ids: Collection[int], correction: Correction, now: datetime) -> None:
    """This will move the money of two tracks by one entry; of all tracks that play a work as far as time allows."""
    if correction.source_track_id is not None:
        distribute(track_ids=track_ids, event=f"correction:{correction.public_id}", now=now)
        return
    run = plan_run(cause=DistributionRun.Cause.CORRECTION, object_id=correction.pk, now=now)
    for _ in range(BATCHES_AT_ONCE):
        if not continue_run(run_id=run.pk, now=now):
            return
