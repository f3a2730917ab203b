"""Every step of an opt-out's and a notice's life, the allowed and the refused."""

from datetime import UTC, datetime
from itertools import product

import pytest

from claims.models import OptOut, TakedownNotice
from core.workflow import MoveNotAllowed, events_of, move
from tests.factories import a_holder, a_store, a_track, an_opt_out

NOW = datetime(2007, 7, 1, tzinfo=UTC)


@pytest.fixture
def case(alice):
    """A draft."""
    return an_opt_out(alice, a_holder(owner=alice), a_track(), sent=False, now=NOW)


@pytest.fixture
def notice(case):
    """A notice to be sent."""
    return TakedownNotice.objects.create(opt_out=case, licensee=a_store(), created_at=NOW)


def walk(thing, model):
    """Try every pair of statuses on a fresh row."""
    for before, to in product(model.Status, model.Status):
        model.objects.filter(pk=thing.pk).update(status=before)
        thing.status = before
        told = events_of(thing).count()
        if to in model.MOVES[before]:
            move(thing, to, by=None, now=NOW)
            assert model.objects.get(pk=thing.pk).status == to
            assert events_of(thing).count() == told + 1
        else:
            with pytest.raises(MoveNotAllowed):
                move(thing, to, by=None, now=NOW)
            assert model.objects.get(pk=thing.pk).status == before
            assert events_of(thing).count() == told


def test_opt_out_moves(case):
    walk(case, OptOut)


def test_notice_moves(notice):
    walk(notice, TakedownNotice)


@pytest.mark.parametrize("model", [OptOut, TakedownNotice])
def test_every_status_has_its_moves_declared(model):
    assert set(model.MOVES) == set(model.Status)
