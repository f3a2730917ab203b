"""Exact money: amounts are Decimals that are multiples of 1e-8, and travel with their currency.

Nothing here rounds by accident. An amount with more than eight decimals is refused; a whole is split only by
`allocate`, whose parts sum to the whole; rounding to the coin happens once, in `round_for_payout`, when money leaves.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Context, Decimal, Inexact, InvalidOperation
from typing import Any, TypeVar

PLACES = 8
UNIT = Decimal(1).scaleb(-PLACES)
_COINS = {
    0: "BIF BYR CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
MINOR_PLACES = {currency: places for places, currencies in _COINS.items() for currency in currencies.split()}
"""Decimals of a currency's smallest coin where they are not two: ISO 4217, list one, column "minor unit"."""
K = TypeVar("K", bound=Any)  # keys must have an order
_EXACT = Context(prec=100, traps=[Inexact, InvalidOperation])  # raises rather than lose a digit
_CUT = Context(prec=100, rounding=ROUND_DOWN)


class TooManyDecimals(ValueError):
    """An amount is finer than 1e-8 (or is no finite number), so storing it would change it."""


class CurrencyMismatch(ValueError):
    """Two amounts of different currencies met in one calculation."""


class NothingToAllocateTo(ValueError):
    """An amount other than zero should be split, but no weight is above zero."""


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount of one currency: `Money(Decimal("1.50"), "USD")`."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        check_decimals(self.amount)
        if not re.fullmatch("[A-Z]{3}", self.currency):
            raise ValueError(f"not a currency code: {self.currency!r}")

    def __str__(self) -> str:
        return f"{self.amount:f} {self.currency}"

    def __bool__(self) -> bool:
        return bool(self.amount)

    def __neg__(self) -> "Money":
        return Money(_EXACT.minus(self.amount), self.currency)

    def __add__(self, other: "Money") -> "Money":
        return Money(_EXACT.add(self.amount, self._same(other)), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(_EXACT.subtract(self.amount, self._same(other)), self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.amount <= self._same(other)

    def _same(self, other: "Money") -> Decimal:
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency}")
        return other.amount


def check_decimals(amount: Decimal, places: int = PLACES) -> Decimal:
    """Return `amount` itself if it is a multiple of 10**-places.

    Raises: TooManyDecimals.
    """
    exponent = amount.as_tuple().exponent
    if not isinstance(exponent, int) or (exponent < -places and amount != _cut(amount, places)):
        raise TooManyDecimals(str(amount))
    return amount


def allocate(total: Decimal, weights: Sequence[tuple[K, Decimal]], places: int = PLACES) -> dict[K, Decimal]:
    """Split `total` by `weights` into exact multiples of 10**-places whose sum is `total`: the largest-remainder rule.

    With W the sum of the weights and u = 10**-places:

    1. the exact share of a key is |total| * weight / W;
    2. each key first gets its exact share cut down to a multiple of u;
    3. the n units of u still missing go, one each, to the n keys whose cut-off remainders are largest; equal remainders
       are ordered by ascending key;
    4. a negative total is the split of |total| with every sign turned.

    Remainders are compared exactly, as integers (|total|/u * weight) mod W, never as rounded quotients. A key of weight
    zero has no remainder and so always gets zero. The result depends on the set of pairs, not on their order; the
    returned dict keeps the order given.

    Raises: TooManyDecimals (total is no multiple of u), NothingToAllocateTo (no weight above zero, but a total other
    than zero), ValueError (a negative weight, a key given twice).
    """
    check_decimals(total, places)
    if len({key for key, _ in weights}) != len(weights):
        raise ValueError("a key was given twice")
    parts = _whole_numbers([weight for _, weight in weights])
    whole = sum(parts)
    units = int(_EXACT.scaleb(abs(total), places))
    if not whole:
        if units:
            raise NothingToAllocateTo(str(total))
        return {key: Decimal(0) for key, _ in weights}
    shares = [divmod(units * part, whole) for part in parts]
    missing = units - sum(share for share, _ in shares)
    by_remainder = sorted(range(len(shares)), key=lambda i: (-shares[i][1], weights[i][0]))
    favoured = set(by_remainder[:missing])
    sign = -1 if total < 0 else 1
    return {
        key: _EXACT.scaleb(Decimal(sign * (shares[i][0] + (i in favoured))), -places)
        for i, (key, _) in enumerate(weights)
    }


def _whole_numbers(weights: Sequence[Decimal]) -> list[int]:
    """Scale weights to integers of the same proportions."""
    if any(not weight.is_finite() or weight < 0 for weight in weights):
        raise ValueError("a weight must be a finite number, zero or more")
    exponents = [exponent for weight in weights if isinstance(exponent := weight.as_tuple().exponent, int)]
    scale = -min([0, *exponents])
    return [int(_EXACT.scaleb(weight, scale)) for weight in weights]


def minor_places(currency: str) -> int:
    """Return how many decimals the smallest coin of a currency has."""
    return MINOR_PLACES.get(currency, 2)


def round_for_payout(money: Money) -> tuple[Money, Money]:
    """Cut an amount down to whole coins of its currency; return what leaves and what stays the holder's.

    Always toward zero, so never more leaves than is owed. The two parts sum to the amount.
    """
    leaves = Money(_cut(money.amount, minor_places(money.currency)), money.currency)
    return leaves, money - leaves


def _cut(amount: Decimal, places: int) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-places), context=_CUT)
