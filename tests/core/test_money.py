"""Money never loses a digit, and what is split sums to what it was."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import (
    CurrencyMismatch,
    Money,
    NothingToAllocateTo,
    TooManyDecimals,
    allocate,
    check_decimals,
    round_for_payout,
)

units = st.integers(-(10**18), 10**18)
weights = st.lists(
    st.decimals(min_value=0, max_value=10**9, allow_nan=False, allow_infinity=False, places=6), min_size=1, max_size=30
)


def exact(amount: int) -> Decimal:
    return Decimal(amount).scaleb(-8)


def pairs(parts):
    return [(key, weight) for key, weight in enumerate(parts)]


def by_definition(total: Decimal, parts):
    """The rule of `allocate` again, in fractions and without its shortcuts."""
    whole = sum(Fraction(weight) for _, weight in parts)
    shares = {key: abs(Fraction(total)) * 10**8 * Fraction(weight) / whole for key, weight in parts}
    floors = {key: int(share) for key, share in shares.items()}
    missing = int(abs(Fraction(total)) * 10**8) - sum(floors.values())
    for key in sorted(shares, key=lambda key: (floors[key] - shares[key], key))[:missing]:
        floors[key] += 1
    return {key: exact(value) * (-1 if total < 0 else 1) for key, value in floors.items()}


@given(units, weights)
def test_allocate_gives_parts_that_sum_to_the_whole(total, parts):
    if not any(parts):
        return

    shares = allocate(exact(total), pairs(parts))

    assert sum(shares.values()) == exact(total)
    assert all(check_decimals(share) == share for share in shares.values())


@given(units, weights)
def test_allocate_follows_its_definition_to_the_last_digit(total, parts):
    if not any(parts):
        return

    assert allocate(exact(total), pairs(parts)) == by_definition(exact(total), pairs(parts))


@given(units, weights, st.randoms())
def test_allocate_does_not_depend_on_the_order(total, parts, random):
    if not any(parts):
        return
    shuffled = pairs(parts)
    random.shuffle(shuffled)

    assert allocate(exact(total), shuffled) == allocate(exact(total), pairs(parts))


@given(units, weights)
def test_allocate_turns_every_sign_for_a_negative_total(total, parts):
    if not any(parts):
        return

    turned = allocate(exact(-total), pairs(parts))

    assert turned == {key: -share for key, share in allocate(exact(total), pairs(parts)).items()}


def test_allocate_breaks_ties_by_ascending_key():
    third = allocate(Decimal("0.00000002"), [("c", Decimal(1)), ("a", Decimal(1)), ("b", Decimal(1))])

    assert third == {"c": 0, "a": Decimal("0.00000001"), "b": Decimal("0.00000001")}


def test_allocate_gives_nothing_to_a_weight_of_zero():
    assert allocate(Decimal("0.00000005"), [(1, Decimal(0)), (2, Decimal(7)), (3, Decimal(3))])[1] == 0


def test_allocate_at_other_places():
    assert allocate(Decimal(100), [(1, Decimal(1)), (2, Decimal(2))], places=0) == {1: 33, 2: 67}


@pytest.mark.parametrize("parts", [[], [(1, Decimal(0))]])
def test_allocate_refuses_money_for_nobody(parts):
    assert sum(allocate(Decimal(0), parts).values()) == 0
    with pytest.raises(NothingToAllocateTo):
        allocate(Decimal(1), parts)


def test_allocate_refuses_what_it_could_not_divide_exactly():
    with pytest.raises(TooManyDecimals):
        allocate(Decimal("0.000000001"), [(1, Decimal(1))])
    with pytest.raises(ValueError, match="twice"):
        allocate(Decimal(1), [(1, Decimal(1)), (1, Decimal(1))])
    with pytest.raises(ValueError, match="weight"):
        allocate(Decimal(1), [(1, Decimal(-1)), (2, Decimal(3))])


@pytest.mark.parametrize("amount", ["0.000000001", "NaN", "Infinity", "1e-9"])
def test_money_refuses_what_it_cannot_hold(amount):
    with pytest.raises(TooManyDecimals):
        Money(Decimal(amount), "USD")


def test_money_takes_trailing_zeros_and_large_amounts():
    assert Money(Decimal("1.000000000000"), "USD") == Money(Decimal(1), "USD")
    assert (Money(Decimal("9999999999999999.99999999"), "RUB") + Money(exact(1), "RUB")).amount == 10**16


def test_money_of_two_currencies_does_not_meet():
    with pytest.raises(CurrencyMismatch):
        Money(Decimal(1), "USD") + Money(Decimal(1), "RUB")
    with pytest.raises(CurrencyMismatch):
        assert Money(Decimal(1), "USD") < Money(Decimal(1), "RUB")
    for currency in ("usd", "US", "U5D", "USD\n"):
        with pytest.raises(ValueError, match="currency"):
            Money(Decimal(1), currency)


@given(units)
def test_round_for_payout_never_pays_more_and_keeps_the_rest(amount):
    money = Money(exact(amount), "USD")

    leaves, stays = round_for_payout(money)

    assert leaves + stays == money
    assert check_decimals(leaves.amount, 2) == leaves.amount
    assert abs(leaves.amount) <= abs(money.amount)
    assert abs(stays.amount) < Decimal("0.01")


def test_round_for_payout_knows_currencies_without_coins():
    for currency in ("JPY", "XAF", "RWF"):
        assert round_for_payout(Money(Decimal("10.99"), currency))[0] == Money(Decimal(10), currency)
    assert round_for_payout(Money(Decimal("10.9999"), "OMR"))[0] == Money(Decimal("10.999"), "OMR")
