"""Sales of a release over its tracks, however late the list of tracks becomes known, and again when it changes.

Each Sale is divided by the key of the tariff it was reckoned with: the same for every track, or by playing time (where
one track's is unknown all weigh the same, as at posting). Base and every right's part are divided exactly; units are
the release's own in every row.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from catalog.models import ReleaseTrack
from core.money import allocate
from sales.models import Sale, StoreKey, Tariff
from sales.pipeline import match
from sales.services import use_periods

PARTS = ("royalty_performance", "royalty_phonogram", "royalty_work")
AMOUNTS = ("base", *PARTS)
KEPT = (
    "report_id",
    "store_key_id",
    "tariff_id",
    "sold_as",
    "territory",
    "is_outside_license",
    "use_start",
    "use_end",
    "channel",
    "currency",
    "line_count",
    "units",
    "base_name",
    "cut_by",
)
Weights = list[tuple[int, Decimal]]


def spread_waiting(*, key: StoreKey) -> int:
    """This will divide the Sales that wait under a release's key over the release's tracks, and say how many they were.

    Nothing happens while the list of tracks is unknown. The money follows at the next distribution.
    """
    assert key.release_id is not None
    with transaction.atomic():
        match.lock_keys(key.licensee_id)
        waiting = list(Sale.objects.filter(store_key=key, track=None).select_related("tariff").order_by("pk"))
        weights = weights_of(key.release_id)
        if not waiting or not weights:
            return 0
        _replace(waiting, waiting, weights)
        return len(waiting)


def spread_again(*, key: StoreKey) -> set[int]:
    """This will divide all Sales of a release's key anew by the list of tracks as it is; tracks before and after.

    The rows of one Sale are put together first, the stretches of its period too: what is divided is what was sold, to
    the last digit. Without a list of tracks (or a release) it waits whole.
    """
    with transaction.atomic():
        match.lock_keys(key.licensee_id)
        parts = list(Sale.objects.filter(store_key=key).select_related("tariff").order_by("pk"))
        weights = weights_of(key.release_id)
        if not parts:
            return set()
        before = {part.track_id for part in parts if part.track_id is not None}
        after = {track for rows in weights.values() for track, _ in rows}
        whole, gone = use_periods.joined([part for part in parts if part.cut_by], use_periods.bounds_of(before))
        used = set(gone)
        _replace(parts, _whole([*whole, *(part for part in parts if part.pk not in used)]), weights)
        return before | after


def weights_of(release_id: int | None) -> dict[str, Weights]:
    """This will weigh the tracks of a release by each key a tariff may have; empty without a list of tracks."""
    places: dict[int, list[int | None]] = defaultdict(list)
    for place in ReleaseTrack.objects.filter(release=release_id).select_related("track"):
        places[place.track.merged_into_id or place.track_id].append(place.track.duration_seconds)
    equal = [(track, Decimal(len(seconds))) for track, seconds in sorted(places.items())]
    known = all(seconds for track in places.values() for seconds in track)
    timed = [(track, Decimal(sum(filter(None, seconds)))) for track, seconds in sorted(places.items())]
    if not places:
        return {}
    return {Tariff.ReleaseKey.EQUAL: equal, Tariff.ReleaseKey.DURATION: timed if known else equal}


def spread(sale: Sale, weights: Weights) -> list[Sale]:
    """This will divide one Sale over tracks: base and each right's part, exactly."""
    shares = {name: allocate(getattr(sale, name), weights) for name in AMOUNTS}
    return [
        Sale(
            track_id=track,
            royalty=sum((shares[name][track] for name in PARTS), Decimal(0)),
            **{name: getattr(sale, name) for name in KEPT},
            **{name: shares[name][track] for name in shares},
        )
        for track, _ in weights
    ]


def keys_waiting(limit: int = 500) -> list[int]:
    """This will find release keys whose Sales wait although the list of tracks is known by now."""
    return _ids(WAITING, limit)


def keys_changed(limit: int = 500) -> list[int]:
    """This will find release keys whose Sales are divided over other tracks than the release has now."""
    return _ids(CHANGED, limit)


WAITING = """
SELECT k.id FROM sales_storekey k
WHERE k.release_id IS NOT NULL
    AND EXISTS (SELECT FROM catalog_releasetrack p WHERE p.release_id = k.release_id)
    AND EXISTS (SELECT FROM sales_sale s WHERE s.store_key_id = k.id AND s.track_id IS NULL)
ORDER BY 1 LIMIT %s
"""
CHANGED = """
SELECT k.id FROM sales_storekey k
JOIN LATERAL (
    SELECT array_agg(DISTINCT s.track_id ORDER BY s.track_id) AS tracks FROM sales_sale s
    WHERE s.store_key_id = k.id AND s.track_id IS NOT NULL
) sold ON sold.tracks IS NOT NULL
JOIN LATERAL (
    SELECT array_agg(DISTINCT coalesce(t.merged_into_id, t.id) ORDER BY coalesce(t.merged_into_id, t.id)) AS tracks
    FROM catalog_releasetrack p JOIN catalog_track t ON t.id = p.track_id WHERE p.release_id = k.release_id
) listed ON listed.tracks IS NOT NULL
WHERE k.release_id IS NOT NULL AND sold.tracks <> listed.tracks ORDER BY 1 LIMIT %s
"""


def _ids(sql: str, limit: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [limit])
        return [pk for (pk,) in cursor.fetchall()]


def _replace(old: Sequence[Sale], whole: Iterable[Sale], weights: dict[str, Weights]) -> None:
    fresh = [part for sale in whole for part in (spread(sale, weights[sale.tariff.release_key]) if weights else [sale])]
    Sale.objects.filter(pk__in=[sale.pk for sale in old]).delete()
    Sale.objects.bulk_create(fresh, batch_size=2000)


def _whole(parts: Iterable[Sale]) -> list[Sale]:
    """This will put the rows of each Sale together: amounts are summed, units and lines are those of any row."""
    groups: dict[tuple[Any, ...], list[Sale]] = defaultdict(list)
    for part in parts:
        same = (getattr(part, name) for name in KEPT if name not in ("units", "line_count", "cut_by"))
        groups[tuple(same)].append(part)
    return [_one(group) for group in groups.values()]


def _one(group: Sequence[Sale]) -> Sale:
    sums = {name: sum((getattr(part, name) for part in group), Decimal(0)) for name in (*AMOUNTS, "royalty")}
    largest = max(group, key=lambda part: (part.line_count, part.units))
    return Sale(**{name: getattr(largest, name) for name in KEPT}, **sums)
