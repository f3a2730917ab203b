"""Recipes: whatever the facts, the lines balance, have one side each, and turn round with their amounts."""

from collections import defaultdict
from decimal import Decimal
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import chart, recipes
from ledger.chart import Place
from ledger.recipes import Delta, Part, UnbalancedRecipe

amounts = st.integers(-(10**12), 10**12).map(lambda n: Decimal(n).scaleb(-8))
positive = st.integers(1, 10**12).map(lambda n: Decimal(n).scaleb(-8))
items = st.builds(chart.track_item, st.integers(1, 9), st.sampled_from(["phonogram", "performance", "work"]))
store_items = st.builds(chart.key_item, st.integers(1, 9), st.just("work"))
lots = st.integers(1, 5)
parts = st.lists(st.builds(Part, items | store_items, lots, amounts), max_size=8)
holder_parts = st.lists(st.builds(Part, items, lots, amounts), max_size=8)
OWNER = "holder:4"

RECIPES = {
    "accrual": st.builds(partial(recipes.accrual, licensee_id=1, currency="USD"), parts=parts),
    "write_off": st.builds(partial(recipes.write_off, licensee_id=1, currency="USD", lot=1), amount=amounts),
    "rounding": st.builds(partial(recipes.rounding, licensee_id=1, currency="USD", lot=1), amount=amounts),
    "payout": st.builds(partial(recipes.payout, owner=OWNER, currency="USD"), parts=holder_parts),
    "settlement": st.builds(partial(recipes.settlement, owner=OWNER, currency="USD"), parts=holder_parts),
    "set_off": holder_parts.map(
        lambda p: recipes.set_off(owner=OWNER, currency="USD", earned=p, overpaid=list(reversed(p)))
    ),
    "disbursement": st.builds(
        partial(recipes.disbursement, owner=OWNER, currency="USD"),
        net=amounts,
        tax=amounts,
        administration=amounts,
        back=amounts,
    ),
    "paid_before": st.builds(
        partial(recipes.paid_before, owner=OWNER, currency="USD"), parts=holder_parts, from_bank=st.booleans()
    ),
    "remittance": st.builds(partial(recipes.remittance, licensee_id=1, currency="USD"), amount=amounts),
    "funding": st.builds(
        partial(recipes.funding, licensee_id=1, currency="USD"), lots=st.lists(st.tuples(lots, amounts), max_size=5)
    ),
    "vat": st.builds(
        partial(recipes.vat, licensee_id=1, currency="USD"), lots=st.lists(st.tuples(lots, amounts), max_size=5)
    ),
    "exchange": st.builds(
        partial(recipes.exchange, licensee_id=1),
        paid=st.tuples(st.just("RUB"), positive),
        worth=st.tuples(st.just("EUR"), positive),
    ),
    "refund": st.builds(partial(recipes.refund, licensee_id=1, currency="USD"), amount=amounts),
    "tax_payment": st.builds(partial(recipes.tax_payment, currency="USD"), amount=amounts),
    "tax_back": st.builds(partial(recipes.tax_back, owner=OWNER, currency="USD"), amount=amounts),
    "bank_charge": st.builds(partial(recipes.bank_charge, currency="USD"), amount=amounts),
    "interest": st.builds(partial(recipes.interest, currency="USD"), amount=amounts),
    "opening": st.builds(partial(recipes.opening, currency="USD"), amount=amounts),
    "exchange_result": st.builds(
        recipes.exchange_result, st.lists(st.tuples(st.sampled_from(["RUB", "EUR"]), amounts), min_size=1, max_size=2)
    ),
    "conversion": st.builds(
        recipes.conversion, sold=st.tuples(st.just("RUB"), positive), bought=st.tuples(st.just("EUR"), positive)
    ),
}


def balance(lines):
    sums = defaultdict(Decimal)
    for line in lines:
        sums[line.account.currency] += line.debit - line.credit
    return {currency: amount for currency, amount in sums.items() if amount}


@given(st.one_of(*RECIPES.values()))
def test_recipe_balances_with_one_side_on_each_line(lines):
    assert balance(lines) == {}
    assert all(min(line.debit, line.credit) == 0 < max(line.debit, line.credit) for line in lines)
    assert all(line.account.place in chart.PLACES for line in lines)


@given(st.one_of(*RECIPES.values()))
def test_recipe_and_its_inverse_leave_every_account_as_it_was(lines):
    sums = defaultdict(Decimal)
    for line in [*lines, *recipes.inverse(lines)]:
        sums[line.account, line.lot] += line.debit - line.credit

    assert not any(sums.values())
    assert recipes.inverse(recipes.inverse(lines)) == lines


def test_every_kind_of_entry_has_a_recipe():
    assert {kind.value for kind in recipes.Kind} == set(RECIPES) | {"distribution"}


@given(parts)
def test_negative_accrual_is_the_accrual_with_its_sides_turned(some):
    turned = recipes.accrual(licensee_id=1, currency="USD", parts=[p._replace(amount=-p.amount) for p in some])

    assert turned == recipes.inverse(recipes.accrual(licensee_id=1, currency="USD", parts=some))


def test_accrual_rests_unclaimed_or_unidentified():
    track, key = Part("track:1:work", 7, Decimal(2)), Part("key:3:work", 7, Decimal(1))

    lines = recipes.accrual(licensee_id=5, currency="USD", parts=[track, key])

    assert [(line.account.address, line.debit, line.credit, line.lot) for line in lines] == [
        ("licensee:5:receivable", 3, 0, 7),
        ("track:1:work:unclaimed", 0, 2, 7),
        ("key:3:work:unidentified", 0, 1, 7),
    ]


@given(items, lots, st.lists(st.tuples(st.sampled_from(sorted(chart.OWED)), amounts), max_size=6))
def test_distribution_balances_whatever_moves_within_an_item(item, lot, moves):
    deltas = [Delta(item, p, OWNER if p in chart.OF_A_HOLDER else "", "USD", lot, amount) for p, amount in moves]
    rest = -sum((amount for _, amount in moves), Decimal(0))

    lines = recipes.distribution([*deltas, Delta(item, Place.UNCLAIMED, "", "USD", lot, rest)])

    assert balance(lines) == {}


@pytest.mark.parametrize(
    "other",
    [
        Delta("track:2:work", Place.DISPUTED, "", "USD", 1, Decimal(1)),
        Delta("track:1:work", Place.DISPUTED, "", "USD", 2, Decimal(1)),
        Delta("track:1:work", Place.DISPUTED, "", "EUR", 1, Decimal(1)),
        Delta("track:1:work", Place.DISPUTED, "", "USD", 1, Decimal(2)),
    ],
)
def test_distribution_refuses_to_move_money_between_items_lots_or_currencies(other):
    with pytest.raises(UnbalancedRecipe):
        recipes.distribution([Delta("track:1:work", Place.UNCLAIMED, "", "USD", 1, Decimal(-1)), other])


def test_set_off_refuses_unequal_sums():
    one, two = Part("track:1:work", 1, Decimal(1)), Part("track:2:work", 1, Decimal(2))

    with pytest.raises(UnbalancedRecipe):
        recipes.set_off(owner=OWNER, currency="USD", earned=[one], overpaid=[two])


@given(st.lists(st.integers(2, 6), max_size=20))
def test_pack_keeps_groups_whole_and_in_order(sizes):
    line = recipes.debit(chart.receivable(1, "USD"), Decimal(1))
    groups = [[line._replace(lot=number)] * size for number, size in enumerate(sizes)]

    packed = list(recipes.pack(groups, limit=7))

    assert [line for entry in packed for line in entry] == [line for group in groups for line in group]
    assert all(2 <= len(entry) <= 7 for entry in packed)


def test_pack_refuses_a_group_that_fits_nowhere():
    with pytest.raises(UnbalancedRecipe):
        list(recipes.pack([[recipes.debit(chart.receivable(1, "USD"), Decimal(1))] * 8], limit=7))
