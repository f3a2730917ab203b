"""How much of what is payable leaves the house, and as what: pure arithmetic, the only place where money is rounded.

1. An overpayment is set off first, at most a given part of what is available per run.
2. Of the rest whole coins are paid; what is below a coin stays the holder's and is there again at the next run.
3. Tax and the administration deduction are kept back from the gross, cut toward zero.
4. In another currency the net is changed at the recorded rate and cut to whole coins of that currency; no more of the
   holder's money is taken than those coins cost, so nothing of a conversion stays with the house.
"""

from collections.abc import Iterable, Sequence
from decimal import ROUND_CEILING, ROUND_DOWN, Context, Decimal
from typing import NamedTuple

from core.money import PLACES, UNIT, Money, minor_places, round_for_payout
from ledger.recipes import Part

ZERO = Decimal(0)
_CUT = Context(prec=100, rounding=ROUND_DOWN)
_UP = Context(prec=100, rounding=ROUND_CEILING)


class Terms(NamedTuple):
    """What is kept back of a holder's money, in percent, and what must have gathered."""

    minimum: Decimal
    tax: Decimal = ZERO
    administration: Decimal = ZERO
    set_off: Decimal = ZERO


class Amounts(NamedTuple):
    """gross = net + tax + administration; `paid` is net, or what it comes to in the currency paid."""

    set_off: Decimal
    gross: Decimal
    tax: Decimal
    administration: Decimal
    net: Decimal
    paid: Decimal


def amounts(
    available: Money, overpaid: Decimal, terms: Terms, paid_currency: str, rate: Decimal | None
) -> Amounts | None:
    """Return what is paid of an amount, or None when it is too little to pay."""
    set_off = min(overpaid, _percent(available.amount, terms.set_off, PLACES))
    left = available.amount - set_off
    if left < terms.minimum or left <= 0:
        return None
    if rate is None:
        gross = round_for_payout(Money(left, available.currency))[0].amount
        found = _kept_back(gross, terms, minor_places(available.currency))
        paid = found[2]
    else:
        gross, paid = _changed(left, terms, rate, minor_places(paid_currency))
        found = _kept_back(gross, terms, PLACES)
    tax, administration, net = found
    return Amounts(set_off, gross, tax, administration, net, paid) if net > 0 and paid > 0 else None


def _kept_back(gross: Decimal, terms: Terms, places: int) -> tuple[Decimal, Decimal, Decimal]:
    """Return tax, administration and net of a gross; they sum to it."""
    tax, administration = _percent(gross, terms.tax, places), _percent(gross, terms.administration, places)
    return tax, administration, gross - tax - administration


def _changed(left: Decimal, terms: Terms, rate: Decimal, places: int) -> tuple[Decimal, Decimal]:
    """Return the gross to take and the coins of the other currency that its net buys: as many as `left` allows."""
    net_most = _kept_back(left, terms, PLACES)[2]
    coins = _CUT.multiply(net_most, rate).quantize(Decimal(1).scaleb(-places), context=_CUT)
    net_needed = _UP.divide(coins, rate).quantize(UNIT, context=_UP)
    stays = 100 - terms.tax - terms.administration
    gross = _UP.divide(_UP.multiply(net_needed, Decimal(100)), stays).quantize(UNIT, context=_UP)
    return min(gross, left), coins


def _percent(amount: Decimal, percent: Decimal, places: int) -> Decimal:
    share = _CUT.divide(_CUT.multiply(amount, percent), Decimal(100))
    return max(ZERO, share.quantize(Decimal(1).scaleb(-places), context=_CUT))


def take(parts: Iterable[Part], amount: Decimal) -> list[Part]:
    """Choose parts that come to `amount`, in a fixed order, the last one cut; what is below zero is always taken along.

    Raises: ValueError when the parts come to less.
    """
    ordered = sorted(parts, key=lambda part: (part.item, part.lot or 0))
    below = [part for part in ordered if part.amount < 0]
    wanted = amount - sum((part.amount for part in below), ZERO)
    taken: list[Part] = list(below)
    for part in ordered:
        if part.amount > 0 and wanted > 0:
            cut = min(part.amount, wanted)
            taken.append(part._replace(amount=cut))
            wanted -= cut
    if wanted > 0:
        raise ValueError(f"{wanted} are missing")
    return taken


def without(parts: Iterable[Part], taken: Sequence[Part]) -> list[Part]:
    """Return what is left of the parts when others were taken from them."""
    gone = {(part.item, part.lot): part.amount for part in taken}
    left = [part._replace(amount=part.amount - gone.get((part.item, part.lot), ZERO)) for part in parts]
    return [part for part in left if part.amount]
