"""How a claimed share fits beside what others have or claim: pure.

A claim is cut into pieces, stretches of days in sets of territories, within which nothing changes. In each piece:
where all fit into 100 % the claim is free; else it conflicts, only there, and only what nobody else says is his,
max(0, 100 - sum of all others), can be granted at once.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from claims.distribution import WORLD

HUNDRED = Decimal(100)
ZERO = Decimal(0)


class Stake(NamedTuple):
    """What one holder has (an accepted share), or says it has (an open dispute), of the same subject and right."""

    owner: int
    percent: Decimal
    territories: int = WORLD
    start: date | None = None
    end: date | None = None
    is_share: bool = True


class Piece(NamedTuple):
    """Days and territories in which nothing changes, what each other holder has or claims there, and the own share."""

    territories: int
    start: date | None
    end: date | None
    others: tuple[tuple[int, Decimal], ...]
    own: Decimal

    @property
    def room(self) -> Decimal:
        """What the others leave of 100 %."""
        return max(ZERO, HUNDRED - sum((percent for _, percent in self.others), ZERO))

    def conflicts_without(self, kin: Collection[int], percent: Decimal) -> bool:
        """Tell whether it would exceed what the others leave who are neither principal nor agent of the holder."""
        return percent + sum((part for who, part in self.others if who not in kin), ZERO) > HUNDRED

    def conflicts(self, percent: Decimal) -> bool:
        """Tell whether a share of `percent` would exceed what the others leave."""
        return percent > self.room

    def grant(self, percent: Decimal) -> Decimal:
        """How much can be recorded at once, beyond what the holder has already."""
        return max(ZERO, min(percent, self.room) - self.own)


def cut(owner: int, territories: int, start: date | None, end: date | None, stakes: Iterable[Stake]) -> list[Piece]:
    """This will cut what `owner` claims into pieces, neighbours that are alike put together again."""
    near = [stake for stake in stakes if stake.territories & territories and _meets(stake, start, end)]
    bounds = {day for stake in near for day in (stake.start, stake.end) if day is not None}
    inside = sorted(day for day in bounds if (start is None or start < day) and (end is None or day < end))
    pieces: list[Piece] = []
    for first, after in pairwise([start, *inside, end]):
        now = [stake for stake in near if _meets(stake, first, after)]
        for mask, (others, own) in _cells(owner, territories, now).items():
            pieces.append(Piece(mask, first, after, others, own))
    return _joined(pieces)


def _cells(
    owner: int, territories: int, stakes: Sequence[Stake]
) -> Mapping[int, tuple[tuple[tuple[int, Decimal], ...], Decimal]]:
    cells = [territories]
    for stake in stakes:
        cells = [part for cell in cells for part in (cell & stake.territories, cell & ~stake.territories) if part]
    alike: dict[tuple[tuple[tuple[int, Decimal], ...], Decimal], int] = {}
    for cell in cells:
        standing = _stand([stake for stake in stakes if stake.territories & cell])
        own = sum((s.percent for s in stakes if s.is_share and s.owner == owner and s.territories & cell), ZERO)
        key = tuple(sorted((who, percent) for who, percent in standing.items() if who != owner)), own
        alike[key] = alike.get(key, 0) | cell
    return {mask: key for key, mask in alike.items()}


def _stand(stakes: Sequence[Stake]) -> dict[int, Decimal]:
    """Shares of one holder add up; of a share and a claim to the same, the larger counts."""
    shares: dict[int, Decimal] = {}
    claims: dict[int, Decimal] = {}
    for stake in stakes:
        if stake.is_share:
            shares[stake.owner] = shares.get(stake.owner, ZERO) + stake.percent
        else:
            claims[stake.owner] = max(claims.get(stake.owner, ZERO), stake.percent)
    return {owner: max(shares.get(owner, ZERO), claims.get(owner, ZERO)) for owner in shares.keys() | claims.keys()}


def _joined(pieces: list[Piece]) -> list[Piece]:
    """Put pieces that follow each other and are otherwise the same together."""
    joined: list[Piece] = []
    for piece in pieces:
        for index, before in enumerate(joined):
            if (
                before.end is not None
                and before._replace(start=piece.start, end=piece.end) == piece
                and before.end == piece.start
            ):
                joined[index] = before._replace(end=piece.end)
                break
        else:
            joined.append(piece)
    return joined


def _meets(stake: Stake, start: date | None, end: date | None) -> bool:
    return (stake.end is None or start is None or start < stake.end) and (
        stake.start is None or end is None or stake.start < end
    )


class Rest(NamedTuple):
    """What is left of a share outside some days and territories."""

    territories: int
    start: date | None
    end: date | None


def outside(share: Stake | Rest, territories: int, start: date | None, end: date | None) -> list[Rest]:
    """This will cut days and territories out of a share and give what is left, in up to three pieces."""
    left: list[Rest] = []
    if start is not None and (share.start is None or share.start < start):
        left.append(Rest(share.territories, share.start, start))
    if end is not None and (share.end is None or end < share.end):
        left.append(Rest(share.territories, end, share.end))
    if beside := share.territories & ~territories:
        first = max((day for day in (share.start, start) if day is not None), default=None)
        after = min((day for day in (share.end, end) if day is not None), default=None)
        left.append(Rest(beside, first, after))
    return left


def common(share: Stake | Rest, territories: int, start: date | None, end: date | None) -> Rest | None:
    """This will give the days and territories two have in common; None where they do not meet."""
    both = share.territories & territories
    first = max((day for day in (share.start, start) if day is not None), default=None)
    after = min((day for day in (share.end, end) if day is not None), default=None)
    if not both or (first is not None and after is not None and after <= first):
        return None
    return Rest(both, first, after)
