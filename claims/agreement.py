"""When the sides of a dispute agree: pure.

Each side asks for a percent, perhaps only in some days. They agree when all of them accept the same split, or when, on
every day, what they ask for together is no more than there is. Saying nothing is no agreement to anything: a silent
side asks for what it came with.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

ZERO = Decimal(0)


class Side(NamedTuple):
    """One side: what it asks for, in which days, and the split of all sides that it accepts (by holder)."""

    holder: int
    asks: Decimal
    start: date | None = None
    end: date | None = None
    split: Mapping[int, Decimal] | None = None


class Stretch(NamedTuple):
    """Days in which each side (by holder) has this percent."""

    start: date | None
    end: date | None
    percents: Mapping[int, Decimal]


Room = Callable[[date | None, date | None], Decimal]
"""What holders outside the dispute leave of 100 % in some days."""


def agreed(sides: Sequence[Side], start: date | None, end: date | None, room: Room) -> list[Stretch]:
    """This will say what the sides agree on for the days from `start` to `end`; an empty list: they do not."""
    splits = [dict(side.split) if side.split is not None else None for side in sides]
    if splits[0] is not None and all(split == splits[0] for split in splits):
        stretches = [Stretch(start, end, splits[0])]
    else:
        bounds = {day for side in sides for day in (side.start, side.end) if day is not None}
        inside = sorted(day for day in bounds if (start is None or start < day) and (end is None or day < end))
        stretches = [
            Stretch(first, after, {side.holder: _asked(side, first, after) for side in sides})
            for first, after in pairwise([start, *inside, end])
        ]
    fits = all(sum(each.percents.values(), ZERO) <= room(each.start, each.end) for each in stretches)
    return _joined(stretches) if fits else []


def _asked(side: Side, first: date | None, after: date | None) -> Decimal:
    begun = side.start is None or (first is not None and side.start <= first)
    lasts = side.end is None or (after is not None and after <= side.end)
    return side.asks if begun and lasts else ZERO


def _joined(stretches: Sequence[Stretch]) -> list[Stretch]:
    joined: list[Stretch] = []
    for each in stretches:
        if joined and joined[-1].percents == each.percents:
            joined[-1] = joined[-1]._replace(end=each.end)
        else:
            joined.append(each)
    return joined
