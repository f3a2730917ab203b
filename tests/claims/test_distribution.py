"""The money rule by itself: `target`, `divide` and `difference`, without a database."""

from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.distribution import (
    WORLD,
    Contest,
    Facts,
    Leaving,
    LedgerDisagrees,
    Link,
    Part,
    Share,
    difference,
    divide,
    target,
)

RU, UA, US = 1, 2, 4
TRACK = ("track", 1)
ALICE, CHARLIE, DORA = "holder:1", "holder:2", "holder:3"
JAN, FEB, JUL = date(2006, 1, 1), date(2006, 2, 1), date(2006, 7, 1)


def part(amount: str = "31", **changed: object) -> Part:
    facts = {
        "item": "track:1:phonogram",
        "track": 1,
        "right": "phonogram",
        "lot": 10,
        "currency": "USD",
        "amount": D(amount),
        "start": JAN,
        "end": FEB,
        "territories": RU,
        "licensee": 1,
    }
    return Part(**(facts | changed))


def song(amount: str = "31", **changed: object) -> Part:
    return part(amount, **({"item": "track:1:work", "right": "work"} | changed))


def share(percent: str = "100", owner: str = ALICE, **changed: object) -> Share:
    facts = {"subject": TRACK, "right": "phonogram", "owner": owner, "percent": D(percent)}
    return Share(**(facts | changed))


def contest(*claims: tuple[str, str], **changed: object) -> Contest:
    facts = {"subject": TRACK, "right": "phonogram", "claims": tuple((owner, D(percent)) for owner, percent in claims)}
    return Contest(**(facts | changed))


def leaving(owner: str = ALICE, **changed: object) -> Leaving:
    return Leaving(**({"subject": TRACK, "right": "phonogram", "owner": owner} | changed))


def rests(what: Part, *shares: Share, **facts: object) -> dict[tuple[str, str], str]:
    """Where one Part should rest, amounts as text."""
    return {place: f"{amount.normalize():f}" for place, amount in divide(what, Facts(shares, **facts)).items()}


# Shares -----------------------------------------------------------------------------------------------------------
def test_money_without_any_share_is_unclaimed():
    assert rests(part("31")) == {("unclaimed", ""): "31"}


def test_money_of_an_unidentified_part_stays_unidentified():
    unknown = part("31", item="key:5:phonogram", track=None)

    assert rests(unknown, share()) == {("unidentified", ""): "31"}


def test_one_share_of_all_gets_all():
    assert rests(part("31"), share()) == {("payable", ALICE): "31"}


def test_shares_divide_by_percent_and_the_rest_stays_unclaimed():
    assert rests(part("31"), share("50"), share("25", CHARLIE)) == {
        ("payable", ALICE): "15.5",
        ("payable", CHARLIE): "7.75",
        ("unclaimed", ""): "7.75",
    }


def test_a_share_of_another_right_gets_nothing():
    assert rests(part("31"), share(right="performance")) == {("unclaimed", ""): "31"}


def test_who_proves_and_leaves_has_the_money_held():
    assert rests(part("31"), share("50", leaves=True), share("50", CHARLIE)) == {
        ("held", ALICE): "15.5",
        ("payable", CHARLIE): "15.5",
    }


def test_a_returned_sale_divides_like_a_sale():
    assert rests(part("-0.00000001"), share("50"), share("50", CHARLIE)) == {
        ("payable", ALICE): "-0.00000001",
        ("payable", CHARLIE): "0",
    }


# Days and territories ----------------------------------------------------------------------------------------------
def test_a_use_period_with_a_boundary_inside_is_cut_by_days():
    from_11th = share(start=date(2006, 1, 11))

    assert rests(part("31"), from_11th) == {("payable", ALICE): "21", ("unclaimed", ""): "10"}


def test_a_share_that_changes_hands_pays_each_for_his_days():
    before, after = share(end=date(2006, 1, 11)), share(owner=CHARLIE, start=date(2006, 1, 11))

    assert rests(part("31"), before, after) == {("payable", ALICE): "10", ("payable", CHARLIE): "21"}


def test_the_end_of_a_share_is_the_first_day_without_it():
    assert rests(part("31"), share(end=JAN)) == {("unclaimed", ""): "31"}
    assert rests(part("31"), share(start=FEB)) == {("unclaimed", ""): "31"}
    assert rests(part("31"), share(start=JAN, end=FEB)) == {("payable", ALICE): "31"}


def test_a_share_pays_only_in_its_territories():
    assert rests(part("31", territories=RU), share(territories=RU | UA)) == {("payable", ALICE): "31"}
    assert rests(part("31", territories=US), share(territories=RU | UA)) == {("unclaimed", ""): "31"}


def test_a_line_without_territory_is_paid_where_the_shares_are_the_same_everywhere():
    everywhere, russia = share("40"), share("60", CHARLIE, territories=RU)

    assert rests(part("100", territories=0), everywhere, russia) == {
        ("payable", ALICE): "40",
        ("unclaimed", ""): "60",
    }


def test_two_shares_that_cover_the_world_together_are_the_same_everywhere():
    russia, elsewhere = share("60", territories=RU), share("60", territories=WORLD & ~RU)

    assert rests(part("100", territories=0), russia, elsewhere) == {("payable", ALICE): "60", ("unclaimed", ""): "40"}


def test_a_holder_with_less_in_one_country_gets_the_less_where_no_country_is_said():
    russia, elsewhere = share("60", territories=RU), share("40", territories=WORLD & ~RU)

    assert rests(part("100", territories=0), russia, elsewhere) == {("payable", ALICE): "40", ("unclaimed", ""): "60"}


# Songs ------------------------------------------------------------------------------------------------------------
def test_the_song_part_of_a_track_without_a_known_work_waits_under_the_track():
    written = share(subject=("work", 7), right="work")

    assert rests(song(), written) == {("unclaimed", ""): "31"}


def test_a_medley_pays_the_writer_of_each_part():
    first, second = share(subject=("work", 7), right="work"), share("50", CHARLIE, subject=("work", 8), right="work")
    links = [Link(1, 7, D(60)), Link(1, 8, D(40))]

    assert rests(song("100"), first, second, links=links) == {
        ("payable", ALICE): "60",
        ("payable", CHARLIE): "20",
        ("unclaimed", ""): "20",
    }


def test_works_linked_above_a_hundred_percent_count_in_proportion():
    first, second = share(subject=("work", 7), right="work"), share("100", CHARLIE, subject=("work", 8), right="work")

    assert rests(song("100"), first, second, links=[Link(1, 7), Link(1, 8)]) == {
        ("payable", ALICE): "50",
        ("payable", CHARLIE): "50",
    }


# Withdrawals --------------------------------------------------------------------------------------------------------
def test_sales_after_a_withdrawal_are_kept_apart_for_the_holder_who_withdrew():
    facts = {"withdrawals": [leaving(start=date(2006, 1, 11))]}

    assert rests(part("31"), share("50"), share("50", CHARLIE), **facts) == {
        ("post_withdrawal", ALICE): "10.5",
        ("payable", ALICE): "5",
        ("payable", CHARLIE): "15.5",
    }


def test_a_withdrawal_from_one_store_leaves_the_others_alone():
    facts = {"withdrawals": [leaving(licensees=frozenset({2}))]}

    assert rests(part("31", licensee=1), share(), **facts) == {("payable", ALICE): "31"}
    assert rests(part("31", licensee=2), share(), **facts) == {("post_withdrawal", ALICE): "31"}


def test_who_leaves_the_money_leaves_that_of_sales_after_the_withdrawal_too():
    assert rests(part("31"), share(leaves=True), withdrawals=[leaving()]) == {("held", ALICE): "31"}


# Disputes -----------------------------------------------------------------------------------------------------------
def test_two_newcomers_keep_what_nobody_contests_and_the_rest_is_disputed():
    """60 / 60: each has 40 undisputed, recorded as a share at the first review."""
    granted = share("40"), share("40", CHARLIE)

    assert rests(part("100"), *granted, disputes=[contest((ALICE, "60"), (CHARLIE, "60"))]) == {
        ("disputed", ""): "20",
        ("payable", ALICE): "40",
        ("payable", CHARLIE): "40",
    }


def test_three_claims_of_60_leave_nothing_undisputed():
    three = contest((ALICE, "60"), (CHARLIE, "60"), (DORA, "60"))

    assert rests(part("100"), disputes=[three]) == {("disputed", ""): "100"}


def test_an_incumbent_keeps_being_paid_until_a_person_orders_the_hold():
    incumbent, granted = share("100"), contest((ALICE, "100"), (CHARLIE, "60"))

    assert rests(part("100"), incumbent, disputes=[granted]) == {("payable", ALICE): "100"}
    assert rests(part("100"), incumbent, disputes=[granted._replace(is_held=True)]) == {
        ("payable", ALICE): "40",
        ("disputed", ""): "60",
    }


def test_a_holder_outside_the_dispute_is_not_touched_by_it():
    outside = share("30", DORA)

    assert rests(part("100"), outside, disputes=[contest((ALICE, "50"), (CHARLIE, "50"))]) == {
        ("payable", DORA): "30",
        ("disputed", ""): "70",
    }


def test_a_dispute_holds_only_in_its_period_and_territories():
    granted, fight = share("100"), contest((ALICE, "100"), (CHARLIE, "100"), territories=UA, end=JUL, is_held=True)

    assert rests(part("100", territories=RU), granted, disputes=[fight]) == {("payable", ALICE): "100"}
    assert rests(part("100", territories=UA), granted, disputes=[fight]) == {("disputed", ""): "100"}
    assert rests(part("100", territories=UA, start=JUL, end=date(2006, 8, 1)), granted, disputes=[fight]) == {
        ("payable", ALICE): "100"
    }


# What must always be true -------------------------------------------------------------------------------------------
owners = st.sampled_from([ALICE, CHARLIE, DORA])
days = st.integers(0, 60).map(lambda n: date(2005, 12, 15) + timedelta(days=n))
masks = st.sampled_from([WORLD, RU, UA, RU | UA, WORLD & ~RU])
percents = st.integers(1, 33_333_333).map(lambda n: D(n).scaleb(-6))


@st.composite
def periods(draw: st.DrawFn) -> dict[str, date | None]:
    first, second = sorted((draw(days), draw(days)))
    return {"start": draw(st.sampled_from([None, first])), "end": draw(st.sampled_from([None, second]))}


@st.composite
def shares_of(draw: st.DrawFn) -> list[Share]:
    """Up to three shares, never above 100 % together."""
    return [
        share(
            str(draw(percents)),
            owner,
            territories=draw(masks),
            leaves=draw(st.booleans()),
            **draw(periods()),
        )
        for owner in draw(st.lists(owners, unique=True))
    ]


@st.composite
def parts_of(draw: st.DrawFn) -> list[Part]:
    return [
        part(
            str(D(draw(st.integers(-(10**12), 10**12))).scaleb(-8)),
            lot=draw(st.integers(1, 3)),
            territories=draw(st.sampled_from([0, RU, UA, US])),
            licensee=draw(st.integers(1, 2)),
            start=first,
            end=first + timedelta(days=draw(st.integers(1, 40))),
        )
        for first in draw(st.lists(days, max_size=6))
    ]


contests = st.builds(
    lambda claims, mask, held, period: contest(
        *((owner, str(percent)) for owner, percent in claims.items()), territories=mask, is_held=held, **period
    ),
    st.dictionaries(owners, st.integers(1, 100).map(D), min_size=2),
    masks,
    st.booleans(),
    periods(),
)
leavings = st.builds(
    lambda owner, mask, stores, period: leaving(owner, territories=mask, licensees=stores, **period),
    owners,
    masks,
    st.sampled_from([frozenset(), frozenset({2})]),
    periods(),
)
facts = st.tuples(shares_of(), st.lists(contests, max_size=2), st.lists(leavings, max_size=2))


def total(placed: dict) -> dict[tuple, D]:
    return {line: sum(places.values(), D(0)) for line, places in placed.items()}


def accrued(parts: list[Part]) -> dict[tuple, D]:
    sums: dict[tuple, D] = {}
    for one in parts:
        line = one.item, one.lot, one.currency
        sums[line] = sums.get(line, D(0)) + one.amount
    return sums


@pytest.mark.slow
@given(parts_of(), facts)
def test_places_sum_exactly_to_what_was_accrued(parts, known):
    placed = target(parts, *known)

    assert total(placed) == accrued(parts)


@pytest.mark.slow
@given(parts_of(), facts, st.randoms())
def test_the_order_of_sales_and_facts_does_not_matter(parts, known, random):
    placed = target(parts, *known)

    shuffled = [list(rows) for rows in (parts, *known)]
    for rows in shuffled:
        random.shuffle(rows)
    assert target(*shuffled) == placed


@pytest.mark.slow
@given(parts_of(), facts)
def test_parts_can_be_placed_in_any_number_of_pieces(parts, known):
    placed = target(parts, *known)

    pieces: dict = {}
    for one in parts:
        for line, places in target([one], *known).items():
            for place, amount in places.items():
                there = pieces.setdefault(line, {})
                there[place] = there.get(place, D(0)) + amount
    assert pieces == placed


@pytest.mark.slow
@given(st.integers(1, 10**12), percents, percents)
def test_a_larger_share_never_gets_less(units, smaller, more):
    what = part(str(D(units).scaleb(-8)), lot=1)
    other = share("33.333333", CHARLIE)

    less = divide(what, Facts([share(str(smaller)), other]))["payable", ALICE]
    much = divide(what, Facts([share(str(min(smaller + more, D("66.666667")))), other]))["payable", ALICE]
    assert much >= less


# The difference -----------------------------------------------------------------------------------------------------
LINE = ("track:1:phonogram", 10, "USD")


def stands(**amounts: str) -> dict:
    """What the ledger shows of one item: unclaimed="3", payable="4" (of alice)."""
    of_nobody = {"unclaimed", "disputed", "unidentified"}
    return {LINE: {(name, "" if name in of_nobody else ALICE): D(amount) for name, amount in amounts.items()}}


def test_an_award_moves_what_waited_to_its_holder():
    assert difference(stands(payable="7"), stands(unclaimed="7")) == stands(payable="7", unclaimed="-7")


def test_a_second_call_moves_nothing():
    assert difference(stands(payable="7"), stands(payable="7")) == {}


def test_money_already_paid_is_part_of_what_its_holder_should_have():
    assert difference(stands(payable="7"), stands(paid="5", in_payout="1", unclaimed="1")) == stands(
        payable="1", unclaimed="-1"
    )


def test_money_paid_that_should_not_have_been_becomes_recoverable():
    assert difference(stands(payable="4", unclaimed="3"), stands(paid="5", payable="2")) == stands(
        payable="-2", recoverable="-1", unclaimed="3"
    )


def test_what_comes_back_ends_the_recoverable_first():
    assert difference(stands(payable="7"), stands(paid="5", recoverable="-1", unclaimed="3")) == stands(
        payable="2", recoverable="1", unclaimed="-3"
    )


def test_a_return_before_any_payment_is_not_recoverable_but_lowers_what_is_payable():
    assert difference(stands(payable="-2"), stands(unclaimed="-2")) == stands(payable="-2", unclaimed="2")


def test_a_lot_that_fell_short_is_made_good_by_the_other_lots_of_the_item():
    """A corrected report takes 10 back and gives 9: one is recoverable, not ten."""
    old, new = LINE, ("track:1:phonogram", 11, "USD")
    shown = {old: {("paid", ALICE): D(10), ("unclaimed", ""): D(-10)}, new: {("unclaimed", ""): D(9)}}

    moves = difference({old: {}, new: {("payable", ALICE): D(9)}}, shown)

    assert moves == {
        old: {("payable", ALICE): D(-9), ("recoverable", ALICE): D(-1), ("unclaimed", ""): D(10)},
        new: {("payable", ALICE): D(9), ("unclaimed", ""): D(-9)},
    }


def test_money_of_a_matched_key_moves_to_the_track():
    key = ("key:5:phonogram", 10, "USD")

    moves = difference(stands(unclaimed="7"), {key: {("unidentified", ""): D(7)}})

    assert moves == {key: {("unidentified", ""): D(-7)}, **stands(unclaimed="7")}


def test_a_ledger_that_shows_another_sum_than_the_sales_is_left_alone():
    with pytest.raises(LedgerDisagrees):
        difference(stands(payable="7"), stands(unclaimed="6"))


def after(shown: dict, moves: dict) -> dict:
    lines = {}
    for line in shown.keys() | moves.keys():
        old, new = shown.get(line, {}), moves.get(line, {})
        summed = {place: old.get(place, D(0)) + new.get(place, D(0)) for place in old.keys() | new.keys()}
        lines[line] = {place: amount for place, amount in summed.items() if amount}
    return lines


@pytest.mark.slow
@given(parts_of(), facts, facts, st.integers(0, 100))
def test_posting_the_difference_once_is_enough_whatever_was_paid_between(parts, before, later, paid_percent):
    waiting = {line: {("unclaimed", ""): amount} for line, amount in accrued(parts).items()}
    first = after(waiting, difference(target(parts, *before), waiting))
    for places in first.values():
        for place, owner in [key for key in places if key[0] == "payable"]:
            left = (places[place, owner] * paid_percent / 100).quantize(D("0.00000001"))
            places[place, owner] -= left
            places["paid", owner] = left

    wanted = target(parts, *later)
    second = after(first, difference(wanted, first))

    assert difference(wanted, second) == {}
    assert {line: sum(places.values(), D(0)) for line, places in second.items() if places} == {
        line: amount for line, amount in accrued(parts).items() if amount or second.get(line)
    }
