"""Keys and Sales that change their track or release: with a merge and its undoing, and where a match was wrong.

Only what was sold of what changes here. The money follows at the distribution the caller does in the same transaction.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from catalog import services as catalog
from catalog.models import Merge, Release, ReleaseTrack, Track, TrackIsrc, TrackName
from core.workflow import record_event
from sales.models import MatchRejection, Sale, StoreKey
from sales.pipeline import match
from sales.services import tracklists, use_periods
from sales.services.errors import NotAReleaseKey, NotATrackKey

PERSON = "person"


def follow_merge(*, merge: Merge) -> int:
    """This will give the target the source's keys and Sales; Sales that lie under a release's key are remembered.

    Waits until no report of the stores concerned is being posted. Returns how many keys moved.
    """
    source, target = merge.source_track_id, merge.target_track_id
    assert source is not None
    with transaction.atomic():
        lock_stores([source, target or 0])
        moved = catalog.move_rows(merge=merge, rows=StoreKey.objects.filter(track=source), track=target)
        Sale.objects.filter(track=source, store_key__track=target).update(track=target)
        catalog.move_rows(merge=merge, rows=Sale.objects.filter(track=source), track=target)
        return moved


def leave_merge(*, merge: Merge, family: Sequence[int]) -> None:
    """This will give the source its keys and Sales back after a merge ended: also what was sold under them since.

    Keys that a rule matched since by a code or name only the source has are the source's; what a person matched stays.
    """
    source = merge.source_track_id
    assert source is not None
    with transaction.atomic():
        lock_stores([*family, source])
        there: dict[str, Any] = {"merge": merge, "field": "track_id", "source": source, "family": family}
        keys = catalog.return_rows(model=StoreKey, **there)
        keys += _matched_since(merge, source, family)
        Sale.objects.filter(store_key__in=keys, track__in=family).update(track=source)
        catalog.return_rows(model=Sale, **there)
        _return_release_sales(merge, source, family[0])


def rematch_keys(
    *, keys: Iterable[StoreKey], track: Track | None, by: Any, now: datetime, reason: str = ""
) -> set[int]:
    """This will tie keys of tracks to another track, or to none, with every Sale under them; the tracks concerned.

    The former track stays readable in the key's history. Raises: NotATrackKey.
    """
    track = track and (track.merged_into or track)
    concerned = {track.pk} if track else set()
    with transaction.atomic():
        for licensee in sorted({key.licensee_id for key in keys}):
            match.lock_keys(licensee)
        for key in sorted(keys, key=lambda key: key.pk):
            locked = (
                StoreKey.objects.select_for_update(no_key=True, of=("self",)).select_related("track").get(pk=key.pk)
            )
            if locked.kind != StoreKey.Kind.TRACK:
                raise NotATrackKey(locked.public_id)
            concerned |= {locked.track.pk} if locked.track else set()
            _tie(locked, track, by, now, reason)
            Sale.objects.filter(store_key=locked).update(track=track)
    return concerned


def rematch_release_keys(
    *, keys: Iterable[StoreKey], release: Release | None, by: Any, now: datetime, reason: str = ""
) -> set[int]:
    """This will tie keys of releases to another release, or to none, and divide their Sales anew; tracks concerned.

    Where the tracks of the release are unknown, or there is no release, the Sales wait whole. The former release stays
    readable in the key's history. Raises: NotAReleaseKey.
    """
    concerned = set()
    with transaction.atomic():
        for licensee in sorted({key.licensee_id for key in keys}):
            match.lock_keys(licensee)
        for key in sorted(keys, key=lambda key: key.pk):
            rows = StoreKey.objects.select_for_update(no_key=True, of=("self",)).select_related("release")
            locked = rows.get(pk=key.pk)
            if locked.kind != StoreKey.Kind.RELEASE:
                raise NotAReleaseKey(locked.public_id)
            _tie(locked, release, by, now, reason)
            concerned |= tracklists.spread_again(key=locked)
    return concerned


def _tie(key: StoreKey, to: Track | Release | None, by: Any, now: datetime, reason: str) -> None:
    """This will give a key another track (a release's key another release), and write down the former one."""
    field = str(key.kind)
    before = getattr(key, field)
    setattr(key, field, to)
    key.match_method, key.match_score = (PERSON, Decimal(1)) if to else ("", None)
    key.match_reasons = ["corrected_by_person"] if to else []
    key.match_codes = None
    key.save(update_fields=[field, "match_method", "match_score", "match_reasons", "match_codes"])
    _remember(key, field, before, by, now)
    names = [each.public_id if each else "" for each in (before, to)]
    record_event(key, *names, by=by, now=now, reason=reason, reason_code="rematched")


def _remember(key: StoreKey, field: str, before: Track | Release | None, by: Any, now: datetime) -> None:
    """This will keep the matcher from tying the key to what it was once more by itself."""
    to = getattr(key, field)
    if before is not None and before != to:
        said = {"rejected_by": by, "rejected_at": now}
        MatchRejection.objects.get_or_create(store_key=key, **{field: before}, defaults=said)
    if to is not None:
        MatchRejection.objects.filter(store_key=key, **{field: to}).delete()


def join_use_periods(*, track_ids: Collection[int]) -> int:
    """This will put Sales together again that were cut where facts of these tracks begin or end, and count the parts.

    After a merge is undone not all of these days cut any more; those that do cut again at the next distribution.
    """
    days = use_periods.bounds_of(track_ids)
    with transaction.atomic():
        parts = Sale.objects.select_for_update(of=("self",)).filter(track__in=track_ids).exclude(cut_by="")
        joined, gone = use_periods.joined(parts.order_by("use_start", "pk"), days)
        Sale.objects.filter(pk__in=gone).delete()
        Sale.objects.bulk_create(joined, batch_size=2000)
    return len(gone)


def late_merged_sales(*, limit: int = 200) -> list[Merge]:
    """This will find merges whose source was sold since, by a report that was read before and posted after it."""
    keys = StoreKey.objects.filter(track=OuterRef("source_track"))
    sales = Sale.objects.filter(track=OuterRef("source_track"))
    standing = Merge.objects.filter(ended_at=None, source_track__isnull=False)
    return list(standing.filter(Exists(keys) | Exists(sales)).order_by("pk")[:limit])


def lock_stores(track_ids: Collection[int]) -> None:
    """This will make the posting of reports wait, of all stores that sell one of these tracks."""
    sellers = StoreKey.objects.filter(Q(track__in=track_ids) | Q(release__places__track__in=track_ids))
    for licensee in sorted(set(sellers.values_list("licensee_id", flat=True))):
        match.lock_keys(licensee)


def _matched_since(merge: Merge, source: int, family: Sequence[int]) -> list[int]:
    """This will give back keys first seen since the merge that only the source's codes or names explain."""
    mine, others = _evidence([source]), _evidence([track for track in family if track != source])
    rows = StoreKey.objects.filter(track__in=family, first_seen_at__gte=merge.merged_at).exclude(match_method=PERSON)
    found = [key.pk for key in rows.order_by("pk") if _explains(mine, key) and not _explains(others, key)]
    StoreKey.objects.filter(pk__in=found).update(track=source)
    return found


def _evidence(tracks: Sequence[int]) -> set[str]:
    codes = TrackIsrc.objects.filter(track__in=tracks).values_list("isrc", flat=True)
    own = Track.objects.filter(pk__in=tracks).values_list("name_key", flat=True)
    names = TrackName.objects.filter(track__in=tracks).values_list("name_key", flat=True)
    return {*codes, *own, *names}


def _explains(evidence: set[str], key: StoreKey) -> bool:
    return key.isrc in evidence or key.name_key in evidence


def _return_release_sales(merge: Merge, source: int, target: int) -> None:
    """This will give the source its part of what was sold since with the releases it stands on again."""
    releases = ReleaseTrack.objects.filter(track=source).values("release")
    same = ("report", "store_key", "tariff", "territory", "channel", "currency", "use_start")
    mine = Sale.objects.filter(track=source, **{name: OuterRef(name) for name in same})
    since = Sale.objects.filter(track=target, store_key__release__in=releases).exclude(Exists(mine))
    for sale in since.select_related("tariff", "store_key").order_by("pk"):
        weights = tracklists.weights_of(sale.store_key.release_id or 0)[sale.tariff.release_key]
        both = [(track, weight) for track, weight in weights if track in (source, target)]
        fresh = tracklists.spread(sale, both)
        sale.delete()
        Sale.objects.bulk_create(fresh)
