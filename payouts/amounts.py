"""How much of what is payable leaves the house, and as what: pure arithmetic, the only place where money is rounded.

1. An overpayment is set off first, at most a given part of what is available per run.
2. Of the rest whole coins are paid; what is below a coin stays the holder's and is there again at the next run.
3. Tax and the administration deduction are kept back from the gross, cut toward zero. Tax of an earlier payment that
   is given back is added to the net, nothing is kept of it.
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
    """gross + tax_back = net + tax + administration; `paid` is net, or what it comes to in the currency paid."""

    set_off: Decimal
    gross: Decimal
    tax: Decimal
    administration: Decimal
    net: Decimal
    paid: Decimal
    tax_back: Decimal


def amounts(
    available: Money,
    overpaid: Decimal,
    terms: Terms,
    paid_currency: str,
    rate: Decimal | None,
    tax_back: Decimal = ZERO,
) -> Amounts | None:
    """Return what is paid of an amount and of tax to be given back, or None when it is too little to pay."""
    set_off = min(overpaid, percent_of(available.amount, terms.set_off, PLACES))
    left = max(available.amount - set_off, ZERO)
    if left + tax_back < terms.minimum or left + tax_back <= 0:
        return None
    if rate is None:
        places = minor_places(available.currency)
        gross = round_for_payout(Money(left, available.currency))[0].amount
        back = tax_back.quantize(Decimal(1).scaleb(-places), context=_CUT)
        tax, administration, rest = _kept_back(gross, terms, places)
        paid = rest + back
    else:
        gross, back, paid = _changed(left, tax_back, terms, rate, minor_places(paid_currency))
        tax, administration, rest = _kept_back(gross, terms, PLACES)
    net = rest + back
    return Amounts(set_off, gross, tax, administration, net, paid, back) if net > 0 and paid > 0 else None


def _kept_back(gross: Decimal, terms: Terms, places: int) -> tuple[Decimal, Decimal, Decimal]:
    """Return tax, administration and net of a gross; they sum to it."""
    tax, administration = percent_of(gross, terms.tax, places), percent_of(gross, terms.administration, places)
    return tax, administration, gross - tax - administration


def _changed(
    left: Decimal, tax_back: Decimal, terms: Terms, rate: Decimal, places: int
) -> tuple[Decimal, Decimal, Decimal]:
    """Return the gross and the tax given back to take, and the coins of the other currency their net buys: the most.

    Tax given back goes first: nothing is kept of it.
    """
    net_most = max(_kept_back(left, terms, PLACES)[2] + tax_back, ZERO)
    coins = _CUT.multiply(net_most, rate).quantize(Decimal(1).scaleb(-places), context=_CUT)
    net_needed = _UP.divide(coins, rate).quantize(UNIT, context=_UP)
    stays = 100 - terms.tax - terms.administration
    back = min(tax_back, net_needed)
    gross = _UP.divide(_UP.multiply(net_needed - back, Decimal(100)), stays).quantize(UNIT, context=_UP)
    return min(gross, left), back, coins


def changed(amount: Decimal, due: Decimal, rate: Decimal) -> tuple[Decimal, Decimal]:
    """Return how much of a store's payment is changed to pay `due` of another currency, and what that comes to.

    As much as is due, as far as the money reaches; what does not divide at 1e-8 goes to the store.
    """
    reach = _UP.multiply(amount, rate).quantize(UNIT, context=_UP)
    if reach <= due:
        return amount, reach
    return min(amount, max(UNIT, _CUT.divide(due, rate).quantize(UNIT, context=_CUT))), due


def percent_of(amount: Decimal, percent: Decimal, places: int) -> Decimal:
    """Return what is kept back of an amount: cut toward zero, never below."""
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
