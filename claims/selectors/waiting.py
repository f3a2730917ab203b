"""How much waits for whoever owns a track: open to everybody in bands, exact only for those who proved something.

Bands say the order of size and no more, so nobody can shop for the best paid track. Money received from the store and
money reported but not yet paid are apart everywhere.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from catalog.rights import Right
from claims.models import ClaimLine
from claims.selectors.claim import ZERO, Amount
from ledger import funding
from ledger import selectors as ledger
from ledger.chart import Place, track_item

BANDS = tuple(Decimal(step) for step in ("0.01", "1", "10", "100", "1000", "10000"))
WAITING = (Place.UNCLAIMED, Place.DISPUTED)


class Band(NamedTuple):
    """Between `low` (inclusive) and `high`; `low` None: less than the lowest step; `high` None: no upper end."""

    currency: str
    low: Decimal | None
    high: Decimal | None


@dataclass(slots=True)
class Waiting:
    """What waits for one track, per right and currency."""

    track_id: int
    by_right: dict[str, dict[str, Amount]] = field(default_factory=dict)

    def add(self, other: "Waiting") -> None:
        """This will add what waits for another track."""
        for right, amounts in other.by_right.items():
            mine = self.by_right.setdefault(right, {})
            for currency, amount in amounts.items():
                mine.setdefault(currency, Amount(currency)).add(amount.received, amount.unpaid)

    @property
    def amounts(self) -> list[Amount]:
        """All rights together, exact: for those who may see it."""
        sums: dict[str, Amount] = {}
        for amounts in self.by_right.values():
            for currency, amount in amounts.items():
                sums.setdefault(currency, Amount(currency)).add(amount.received, amount.unpaid)
        return [sums[currency] for currency in sorted(sums)]

    @property
    def bands(self) -> tuple[Band, ...]:
        """The order of size of everything reported, for everybody."""
        return tuple(band(amount.received + amount.unpaid, amount.currency) for amount in self.amounts)

    @property
    def received_bands(self) -> tuple[Band, ...]:
        """The order of size of what ROMS has received."""
        return tuple(band(amount.received, amount.currency) for amount in self.amounts)

    @property
    def rights(self) -> list[tuple[str, list[Band]]]:
        """Per right, in the words of `catalog.rights`, the order of size."""
        return [
            (str(Right(right).label), [band(each.received + each.unpaid, each.currency) for each in amounts.values()])
            for right, amounts in self.by_right.items()
        ]


def band(amount: Decimal, currency: str) -> Band:
    """This will find the band an amount lies in."""
    below = [step for step in BANDS if step <= amount]
    above = [step for step in BANDS if step > amount]
    return Band(currency, below[-1] if below else None, above[0] if above else None)


def in_bands(
    rows: Iterable[tuple[ClaimLine, list[Amount], list[Amount]]],
) -> list[tuple[ClaimLine, list[Band], list[Amount]]]:
    """This will give what waits for lines of a draft in bands: exact figures are for claims that were signed."""
    return [
        (line, [band(each.received + each.unpaid, each.currency) for each in waiting], yours)
        for line, waiting, yours in rows
    ]


def waiting_for_tracks(track_ids: Sequence[int]) -> dict[int, Waiting]:
    """This will sum what nobody has yet of each track: unclaimed and disputed, received and unpaid apart."""
    owners = {track_item(track, right): (track, right) for track in track_ids for right in Right.values}
    shown = [row for row in ledger.shown(list(owners)) if row.place in WAITING]
    known = funding.funded({row.lot for row in shown if row.lot is not None})
    found = {track: Waiting(track) for track in track_ids}
    for row in shown:
        track, right = owners[row.item]
        received, unpaid = funding.split(row.amount, row.lot, row.currency, known)
        amounts = found[track].by_right.setdefault(right, {})
        amounts.setdefault(row.currency, Amount(row.currency, ZERO, ZERO)).add(received, unpaid)
    return found
