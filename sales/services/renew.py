"""Writes anew what is derived from names, after a rule of catalog.names or catalog.matching changed."""

from typing import Any

from catalog.matching.index import give_codes
from catalog.models import Track, TrackName
from catalog.names import name_key
from sales.models import StoreKey

ROWS_AT_ONCE = 5000


def renew_names() -> tuple[int, int]:
    """This will write name keys and match codes anew, and have all unmatched store keys looked at again by the sweep.

    In batches, beside everything else; safe to repeat. Returns how many keys changed, and how many names have codes.
    """
    unmatched = StoreKey.objects.filter(track=None, release=None)
    changed = sum(map(_renew, (Track.objects.all(), TrackName.objects.all(), unmatched)))
    StoreKey.objects.filter(track=None, release=None, kind=StoreKey.Kind.TRACK).update(match_codes=None)
    return changed, give_codes(anew=True)


def _renew(names: Any) -> int:
    changed, last = 0, 0
    while rows := list(names.filter(pk__gt=last).only("title", "artist", "name_key").order_by("pk")[:ROWS_AT_ONCE]):
        last = rows[-1].pk
        stale = [row for row in rows if row.name_key != name_key(row.title, row.artist)]
        for row in stale:
            row.name_key = name_key(row.title, row.artist)
        changed += names.bulk_update(stale, ["name_key"], batch_size=1000) if stale else 0
    return changed
