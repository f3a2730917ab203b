"""Who owns what of some tracks, and what is withdrawn: one query for any number of tracks.

The right in the song is looked up through the works a track plays: a share of a work counts for its part of the track,
in the days both hold.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from catalog.rights import Right
from catalog.territories import WORLD
from core.periods import Period

RIGHTS = tuple(Right.values)


@dataclass(frozen=True, slots=True)
class ShareOn:
    """A share as it bears on one track; `percent` is of the track, the work's part taken into account."""

    track_id: int
    right: str
    holder_id: int
    percent: Decimal
    start: date | None
    end: date | None
    choice: str
    authority_id: int | None
    share_id: int
    territories: int


@dataclass(frozen=True, slots=True)
class WithdrawalOn:
    """A withdrawal as it bears on one track; no `licensee_ids` means every store."""

    track_id: int
    right: str
    holder_id: int
    start: date
    end: date | None
    licensee_ids: list[int]
    withdrawal_id: int
    except_licensee_ids: list[int]
    territories: int

    def reaches(self, licensee_id: int) -> bool:
        """This will tell whether the track is out of this store by it."""
        named = not self.licensee_ids or licensee_id in self.licensee_ids
        return named and licensee_id not in self.except_licensee_ids


_SHARES = """
SELECT s.track_id, s."right", s.holder_id, s.percent, s.start, s."end", s.choice, s.authority_id, s.id, t.bits
FROM catalog_rightsshare s JOIN catalog_territoryset t ON t.id = s.territories_id
WHERE s.track_id = ANY(%(tracks)s) AND s."right" = ANY(%(rights)s)
    AND (s.start IS NULL OR s."end" IS NULL OR s.start < s."end")
UNION ALL
SELECT p.track_id, s."right", s.holder_id, s.percent * p.percent / 100, greatest(s.start, p.start),
    least(s."end", p."end"), s.choice, s.authority_id, s.id, t.bits
FROM catalog_trackwork p JOIN catalog_rightsshare s ON s.work_id = p.work_id
JOIN catalog_territoryset t ON t.id = s.territories_id
WHERE p.track_id = ANY(%(tracks)s) AND s."right" = ANY(%(rights)s)
    AND coalesce(greatest(s.start, p.start), '-infinity') < coalesce(least(s."end", p."end"), 'infinity')
ORDER BY 1, 2, 9
"""
_WITHDRAWALS = """
SELECT w.track_id, w."right", w.holder_id, w.start, w."end", w.licensee_ids, w.id,
    w.except_licensee_ids, t.bits
FROM catalog_withdrawal w JOIN catalog_territoryset t ON t.id = w.territories_id
WHERE w.track_id = ANY(%(tracks)s) AND w."right" = ANY(%(rights)s) AND (w."end" IS NULL OR w.start < w."end")
UNION ALL
SELECT p.track_id, w."right", w.holder_id, greatest(w.start, p.start), least(w."end", p."end"), w.licensee_ids,
    w.id, w.except_licensee_ids, t.bits
FROM catalog_trackwork p JOIN catalog_withdrawal w ON w.work_id = p.work_id
JOIN catalog_territoryset t ON t.id = w.territories_id
WHERE p.track_id = ANY(%(tracks)s) AND w."right" = ANY(%(rights)s)
    AND greatest(w.start, p.start) < coalesce(least(w."end", p."end"), 'infinity')
ORDER BY 1, 2, 7
"""


def shares_for_tracks(track_ids: Collection[int], rights: Sequence[str] = RIGHTS) -> list[ShareOn]:
    """This will return every share that bears on these tracks, by track, right and share."""
    return [ShareOn(*row) for row in _rows(_SHARES, track_ids, rights)]


def withdrawals_for_tracks(track_ids: Collection[int], rights: Sequence[str] = RIGHTS) -> list[WithdrawalOn]:
    """This will return every withdrawal that bears on these tracks, by track, right and withdrawal."""
    return [WithdrawalOn(*row) for row in _rows(_WITHDRAWALS, track_ids, rights)]


def owners_on(
    track_ids: Collection[int], right: str, day: date, territories: int = WORLD
) -> Mapping[int, list[ShareOn]]:
    """This will return, per track, the shares of one right that hold on a day anywhere in some territories."""
    owners: dict[int, list[ShareOn]] = defaultdict(list)
    for share in shares_for_tracks(track_ids, [right]):
        if share.territories & territories and Period(share.start, share.end).contains(day):
            owners[share.track_id].append(share)
    return owners


def _rows(sql: str, track_ids: Collection[int], rights: Sequence[str]) -> Iterator[list[Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"tracks": sorted(track_ids), "rights": list(rights)})
        for *row, bits in cursor.fetchall():
            yield [*row, int(bits, 2)]
