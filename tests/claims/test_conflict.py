"""How a claim is cut where others have or claim something: without a database."""

from datetime import date
from decimal import Decimal as D

from claims.conflict import Piece, Rest, Stake, cut, outside
from claims.distribution import WORLD

RU, UA = 1, 2
ALICE, CHARLIE, DORA = 1, 2, 3
Y2006, Y2007 = date(2006, 1, 1), date(2007, 1, 1)


def test_a_claim_nobody_meets_is_one_free_piece():
    assert cut(ALICE, WORLD, None, None, []) == [Piece(WORLD, None, None, (), D(0))]


def test_only_the_territory_that_overlaps_conflicts():
    pieces = cut(ALICE, RU | UA, None, None, [Stake(CHARLIE, D(60), RU)])

    assert {(piece.territories, piece.conflicts(D(60)), piece.grant(D(60))) for piece in pieces} == {
        (RU, True, D(40)),
        (UA, False, D(60)),
    }


def test_only_the_days_that_overlap_conflict():
    pieces = cut(ALICE, WORLD, None, None, [Stake(CHARLIE, D(60), start=Y2006, end=Y2007)])

    assert [(piece.start, piece.end, piece.room) for piece in pieces] == [
        (None, Y2006, D(100)),
        (Y2006, Y2007, D(40)),
        (Y2007, None, D(100)),
    ]


def test_days_with_the_same_neighbours_are_one_piece():
    stakes = [Stake(CHARLIE, D(60), end=Y2006), Stake(CHARLIE, D(60), start=Y2006)]

    assert cut(ALICE, WORLD, None, None, stakes) == [Piece(WORLD, None, None, ((CHARLIE, D(60)),), D(0))]


def test_what_is_only_claimed_in_a_dispute_counts_like_a_share():
    stakes = [Stake(CHARLIE, D(40)), Stake(CHARLIE, D(60), is_share=False), Stake(DORA, D(10))]

    (piece,) = cut(ALICE, WORLD, None, None, stakes)

    assert piece.others == ((CHARLIE, D(60)), (DORA, D(10)))
    assert piece.grant(D(60)) == D(30)


def test_what_the_holder_has_already_is_not_granted_twice():
    (piece,) = cut(ALICE, WORLD, None, None, [Stake(ALICE, D(50))])

    assert piece.grant(D(60)) == D(10)
    assert not piece.conflicts(D(60))


def test_cutting_out_of_a_share_leaves_the_days_and_territories_around():
    left = outside(Stake(ALICE, D(60), RU | UA, None, Y2007), RU, Y2006, Y2007)

    assert left == [Rest(RU | UA, None, Y2006), Rest(UA, Y2006, Y2007)]
