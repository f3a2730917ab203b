"""Old unmatched keys and what the catalogue has learned since: new tracks, names, codes and releases, however late.

What changed is a row (catalog.models.CatalogueChange, written by triggers), taken away in the transaction that looks
again, so nothing is forgotten when a worker dies. The keys worth looking at are found by the codes of the changed
tracks, and then asked about exactly as at intake, against the whole catalogue: late or early, the answer is the same.
The money follows at the next distribution (`claims`), which finds the keys by their mark.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import OperationalError, connection, transaction

from catalog.matching import index
from core.workflow import record_event
from sales.models import Licensee, StoreKey
from sales.pipeline import match

CHANGES_AT_ONCE = 2000
KEYS_AT_ONCE = 5000
LOCK_WAIT_SECONDS = 60


def rematch_changes(*, now: datetime, limit: int = CHANGES_AT_ONCE) -> bool:
    """This will look again at the unmatched keys that some changed tracks or releases may be; True while some are left.

    Waits until no report is being matched or posted: one that began before a track was there would miss it, and be
    missed. When that takes too long, nothing happens and True says so.
    """
    try:
        with transaction.atomic():
            _lock_stores()
            changes = _take_changes(limit)
            keys = _keys_of({track for track, _ in changes if track}, {release for _, release in changes if release})
            new, are_more = _keys_without_codes(KEYS_AT_ONCE)
            _match(sorted(keys | new), now)
            return len(changes) == limit or are_more
    except OperationalError as error:
        if "lock timeout" not in str(error):
            raise
        return True


def forget_moved_keys() -> int:
    """This will take the mark off late matched keys under which nothing rests as unidentified any more; how many."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET)
        return int(cursor.rowcount)


def _lock_stores() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_WAIT_SECONDS}s'")
    for licensee_id in Licensee.objects.order_by("pk").values_list("pk", flat=True):
        match.lock_keys(licensee_id)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = DEFAULT")


def _take_changes(limit: int) -> list[tuple[int | None, int | None]]:
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [limit])
        rows: list[tuple[int | None, int | None]] = cursor.fetchall()
        return rows


def _keys_of(tracks: Collection[int], releases: Collection[int]) -> set[int]:
    """This will find the unmatched keys that have a name, a code or a sound in common with one of these."""
    if not (tracks or releases) or not StoreKey.objects.filter(track=None, release=None).exists():
        return set()
    index.give_codes()
    asked: tuple[tuple[str, list[Any]], ...] = (
        (BY_CODES, [sorted(index.codes_of_tracks(tracks))]),
        (BY_NAME, [list(tracks), list(tracks)]),
        (BY_RELEASE, [list(releases)]),
    )
    found = set()
    with connection.cursor() as cursor:
        for statement, values in asked:
            if values[0]:
                cursor.execute(statement, values)
                found |= {pk for (pk,) in cursor.fetchall()}
    return found


def _keys_without_codes(limit: int) -> tuple[set[int], bool]:
    """This will find keys that were never asked about by this matcher, or were taken from their track; and whether more
    are left. Those a person took from their track are left to people, and not found again.
    """
    with connection.cursor() as cursor:
        cursor.execute(WITHOUT_CODES, [limit])
        rows = cursor.fetchall()
        cursor.execute(LEFT_TO_PEOPLE, [[pk for pk, by_person in rows if by_person]])
    return {pk for pk, by_person in rows if not by_person}, len(rows) == limit


def _match(keys: list[int], now: datetime) -> None:
    for start in range(0, len(keys), KEYS_AT_ONCE):
        matched = match.match_again(keys[start : start + KEYS_AT_ONCE])
        for key in StoreKey.objects.filter(pk__in=matched).order_by("pk"):
            record_event(key, "unmatched", "matched", by=None, now=now, reason_code="catalogue_learned")


TAKE = """
DELETE FROM catalog_cataloguechange WHERE id IN (
    SELECT id FROM catalog_cataloguechange ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
) RETURNING track_id, release_id
"""
_UNMATCHED = "k.track_id IS NULL AND k.release_id IS NULL"
BY_CODES = f"""
SELECT DISTINCT near.id FROM unnest(%s::integer[]) AS c (code) CROSS JOIN LATERAL (
    SELECT k.id FROM sales_storekey k WHERE k.match_codes && ARRAY[c.code] AND {_UNMATCHED} OFFSET 0
) near
"""
BY_NAME = f"""
SELECT DISTINCT k.id FROM (
    SELECT name_key FROM catalog_track WHERE id = ANY (%s)
    UNION SELECT name_key FROM catalog_trackname WHERE track_id = ANY (%s)
) n JOIN sales_storekey k ON k.name_key = n.name_key AND {_UNMATCHED}
"""
BY_RELEASE = f"""
SELECT DISTINCT k.id FROM catalog_release r JOIN sales_storekey k ON {_UNMATCHED} AND k.kind = 'release'
    AND (k.name_key = r.name_key OR (r.icpn <> '' AND ltrim(k.icpn, '0') = ltrim(r.icpn, '0')))
WHERE r.id = ANY (%s)
"""
WITHOUT_CODES = f"""
SELECT k.id, k.match_reasons @> '["corrected_by_person"]' FROM sales_storekey k
WHERE k.kind = 'track' AND {_UNMATCHED} AND k.match_codes IS NULL ORDER BY 1 LIMIT %s
"""
LEFT_TO_PEOPLE = "UPDATE sales_storekey SET match_codes = '{}' WHERE id = ANY (%s)"
FORGET = """
UPDATE sales_storekey k SET is_late = FALSE WHERE k.is_late AND NOT EXISTS (
    SELECT FROM ledger_account a JOIN ledger_accountbalance b ON b.account_id = a.id AND b.debit <> b.credit
    WHERE a.place = 'unidentified' AND a.item = ANY (ARRAY['key:' || k.id || ':phonogram',
        'key:' || k.id || ':performance', 'key:' || k.id || ':work']))
"""
