"""Which part of an amount the store has really paid. Pure arithmetic over `ledger.selectors.funding`.

A payment funds its report pro rata over all lines, so the received part of an amount is amount x paid / accrued of its
lot, cut toward zero at 8 decimals; the rest is reported but unpaid. The two always sum to the amount, and nothing is
ever shown as received that was not: what cutting leaves below 1e-8 per amount counts as unpaid until the lot is paid
in full, when every amount is received to its last digit.
"""

from collections.abc import Iterable, Mapping
from decimal import ROUND_DOWN, Context, Decimal
from typing import NamedTuple

from core.money import PLACES
from ledger import selectors
from ledger.recipes import Kind

_WIDE = Context(prec=100, rounding=ROUND_DOWN)


class Paid(NamedTuple):
    """How much of a lot is paid: `received` of `accrued`, both above zero, received at most accrued."""

    received: Decimal
    accrued: Decimal


LEAVING = frozenset({Kind.PAYOUT, Kind.SETTLEMENT, Kind.SET_OFF, Kind.PAID_BEFORE})
"""Only received money is paid out; what was paid before is shown as received, as all that is paid."""

FULL = Paid(Decimal(1), Decimal(1))
Key = tuple[int | None, str]


def funded(lots: Iterable[int]) -> dict[Key, Paid]:
    """Tell how much of each (lot, currency) is paid. A lot that came to nothing or less owes nothing: it is paid.

    One whose lines cancel out never reached the store's debt and is left out; whoever asks takes it as FULL.
    """
    found: dict[Key, Paid] = {}
    asked = sorted(set(lots))
    for lot, currency, accrued, received, _, rounded in selectors.funding(asked) if asked else ():
        paid = max(Decimal(0), received + rounded)
        found[lot, currency] = Paid(paid, accrued) if paid < accrued else FULL
    return found


def part(amount: Decimal, paid: Paid) -> Decimal:
    """Return the received part of an amount, exact to 8 decimals, cut toward zero."""
    if paid.received == paid.accrued:
        return amount
    units = _WIDE.divide_int(_WIDE.scaleb(_WIDE.multiply(amount, paid.received), PLACES), paid.accrued)
    return _WIDE.scaleb(units, -PLACES)


def free(payable: Decimal, gone: Decimal, paid: Paid) -> Decimal:
    """Return what can leave of a payable amount: the received part of all that was ever payable, less what has left.

    `gone` is what is in payout or paid of the same money. Never more than is payable; below zero a correction shows.
    """
    return min(payable, max(Decimal(0), part(payable + gone, paid) - gone))


def free_sql(payable: str, gone: str, received: str, accrued: str) -> str:
    """Return the SQL expression (PostgreSQL) that equals `free`."""
    return f"least({payable}, greatest(0, {received_sql(f'{payable} + {gone}', received, accrued)} - ({gone})))"


def split(amount: Decimal, lot: int | None, currency: str, known: Mapping[Key, Paid]) -> tuple[Decimal, Decimal]:
    """Return (received, not yet received) of an amount out of a lot that `known` was made for.

    Money without a lot was always received.
    """
    if lot is None:
        return amount, Decimal(0)
    received = part(amount, known.get((lot, currency), FULL))
    return received, amount - received


def split_move(
    kind: str, amount: Decimal, lot: int | None, currency: str, known: Mapping[Key, Paid]
) -> tuple[Decimal, Decimal]:
    """Return (received, not yet received) of a movement: what was paid out or set off had been received."""
    return (amount, Decimal(0)) if kind in LEAVING else split(amount, lot, currency, known)


def received_sql(amount: str, received: str, accrued: str) -> str:
    """Return the SQL expression (PostgreSQL) that equals `part`, from SQL expressions of its three numbers."""
    return f"(div(({amount}) * ({received}) * 1e{PLACES}, {accrued}) * 1e-{PLACES})"
