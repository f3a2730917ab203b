"""Why what is payable to a holder is not paid yet, for the holder to read: the reasons a batch leaves it out by."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from catalog.models import RightsHolder
from core.money import Money
from payouts.selectors.balance import Band
from payouts.selectors.batch import unfit
from payouts.selectors.terms import minimum_on


class Wait(NamedTuple):
    """One reason, a code of `payouts.reasons`; `minimum` where too little has gathered."""

    code: str
    minimum: Money | None = None


def waits_of(holder: RightsHolder, found: Collection[Band], now: datetime) -> list[Wait]:
    """This will say why nothing, or nothing in a currency, of these balances would be paid now. It decides no payout.

    Before tax, deductions and what is set off: a batch may leave out what is just above the minimum here.
    """
    payable = [band for band in found if band.place == "payable" and band.amount > 0]
    if not payable:
        return []
    waits = [Wait(code) for code in unfit([holder.pk], now).values()]
    if any(band.received <= 0 for band in payable):
        waits.append(Wait("unfunded"))
    for band in payable:
        minimum = minimum_on(band.currency, now.date())
        if band.amount < minimum:
            waits.append(Wait("below_minimum", Money(minimum, band.currency)))
    return waits
