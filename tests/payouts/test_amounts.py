"""What leaves of an amount: nothing is created, nothing lost, and only coins leave."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import Money, minor_places
from ledger.funding import Paid, free, part
from ledger.recipes import Part
from payouts.amounts import Terms, amounts, take, without

D = Decimal
MONEY = st.decimals(min_value=0, max_value=10**9, places=8, allow_nan=False)
PERCENT = st.decimals(min_value=0, max_value=40, places=4)
RATE = st.decimals(min_value=D("0.0001"), max_value=10_000, places=10)


@given(
    available=MONEY,
    overpaid=MONEY,
    tax=PERCENT,
    administration=PERCENT,
    set_off=PERCENT,
    rate=st.none() | RATE,
    back=st.just(D(0)) | st.decimals(min_value=-100, max_value=10**6, places=8),
)
def test_gross_is_whole_and_only_coins_leave(available, overpaid, tax, administration, set_off, rate, back):
    terms = Terms(D("0.01"), tax, administration, set_off)
    to = "USD" if rate is None else "JPY"

    found = amounts(Money(available, "USD"), overpaid, terms, to, rate, back)

    if found is None:
        return
    assert found.gross + found.tax_back == found.net + found.tax + found.administration
    assert min(back, 0) <= found.tax_back <= max(back, 0)
    assert found.gross + found.set_off <= available
    assert found.set_off <= overpaid
    assert found.set_off <= available * set_off / 100
    assert min(found[:-1]) >= 0
    assert found.paid == round(found.paid, minor_places(to))
    assert found.tax <= found.gross * tax / 100
    if rate is None:
        assert found.paid == found.net
        assert available - found.set_off - found.gross < D("0.01")
    else:
        cost = Fraction(found.paid) / Fraction(rate)
        assert found.net >= cost, "what is bought costs no more than was taken"
        assert Fraction(found.net) - Fraction(cost) < Fraction(4, 10**8), (
            "and nothing of a conversion stays with the house"
        )


@given(
    amounts_=st.lists(st.decimals(min_value=-100, max_value=1000, places=8), min_size=1, max_size=12),
    cut=st.integers(min_value=0, max_value=100),
)
def test_parts_taken_and_left_are_the_parts(amounts_, cut):
    parts = [Part(f"track:{n}:work", n % 3, amount) for n, amount in enumerate(amounts_) if amount]
    total = sum((one.amount for one in parts), D(0))
    if total <= 0:
        return
    wanted = (total * cut / 100).quantize(D("1e-8"))

    taken = take(parts, wanted)

    assert sum((one.amount for one in taken), D(0)) == wanted
    assert sum((one.amount for one in without(parts, taken)), D(0)) == total - wanted
    assert taken == take(reversed(parts), wanted), "the order the parts come in does not matter"


def test_more_than_there_is_cannot_be_taken():
    with pytest.raises(ValueError, match="missing"):
        take([Part("track:1:work", 1, D(1))], D("1.00000001"))


@given(
    accrued=st.decimals(min_value=D("0.01"), max_value=10**6, places=8),
    shares=st.lists(st.integers(min_value=0, max_value=100), min_size=1, max_size=6),
    paid_percent=st.lists(st.integers(min_value=0, max_value=100), min_size=1, max_size=5),
)
def test_paid_in_instalments_a_holder_gets_the_received_part_and_never_more(accrued, shares, paid_percent):
    """Whatever the store pays when, what has left is the received part of all, cut."""
    gone = D(0)
    for percent in sorted(paid_percent):
        received = (accrued * percent / 100).quantize(D("1e-8"))
        paid = Paid(received, accrued) if received < accrued else Paid(D(1), D(1))

        gone += free(accrued - gone, gone, paid)

        assert gone == part(accrued, paid)
        assert free(accrued - gone, gone, paid) == 0, "asked again, nothing more"


def test_smaller_than_the_minimum_is_not_paid_and_not_set_off():
    assert amounts(Money(D("9.99"), "USD"), D(5), Terms(D(10)), "USD", None) is None
    assert amounts(Money(D("10.00"), "USD"), D(5), Terms(D(10), set_off=D(50)), "USD", None) is None


def test_figures_of_a_payment_in_another_currency_by_hand():
    """100.00000001 USD, 20 % tax, 10 % administration, 0.9 EUR for a dollar: 70 USD are 63.00 EUR."""
    found = amounts(Money(D("100.00000001"), "USD"), D(0), Terms(D(1), D(20), D(10)), "EUR", D("0.9"))

    assert found == (D(0), D("100.00000000"), D("20.00000000"), D("10.00000000"), D("70.00000000"), D("63.00"), 0)
