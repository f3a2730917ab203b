"""A person, or a rule, says which track a store's key is; its money follows at the next distribution."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from catalog.models import Release, Track
from core.workflow import record_event
from sales.models import Sale, StoreKey
from sales.pipeline import match
from sales.services.errors import KeyAlreadyMatched
from sales.services.tracklists import spread_waiting


def match_store_key(*, key: StoreKey, track: Track, by: Any, now: datetime, reasons: Sequence[str] = ()) -> StoreKey:
    """This will tie a store's key to a track, with every Sale under it however old.

    The money itself moves from unidentified with the next distribution, which finds such keys: nothing else moves
    money between places of the owed side.

    Raises: KeyAlreadyMatched.
    """
    with transaction.atomic():
        locked = _open_key(key)
        locked.track = track.merged_into or track
        _write(locked, by, now, reasons)
        Sale.objects.filter(store_key=locked, track=None).update(track=locked.track)
        return locked


def match_store_release(
    *, key: StoreKey, release: Release, by: Any, now: datetime, reasons: Sequence[str] = ()
) -> StoreKey:
    """This will tie a store's key to a release and spread the Sales under it over its tracks by the tariff's key.

    Raises: KeyAlreadyMatched.
    """
    with transaction.atomic():
        locked = _open_key(key)
        locked.release = release
        _write(locked, by, now, reasons)
        spread_waiting(key=locked)
        return locked


def _open_key(key: StoreKey) -> StoreKey:
    match.lock_keys(key.licensee_id)
    locked = StoreKey.objects.select_for_update(no_key=True).get(pk=key.pk)
    if locked.track_id is not None or locked.release_id is not None:
        raise KeyAlreadyMatched(locked.public_id)
    return locked


def _write(key: StoreKey, by: Any, now: datetime, reasons: Sequence[str]) -> None:
    key.match_method, key.match_score = "person" if by else "rule", Decimal(1)
    key.match_reasons = list(reasons)
    key.save(update_fields=["track", "release", "match_method", "match_score", "match_reasons"])
    record_event(key, "unmatched", "matched", by=by, now=now, reason_code="match_store_key")
