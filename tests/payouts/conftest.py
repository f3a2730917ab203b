"""The money world and the people in it."""

from types import SimpleNamespace

import pytest

from tests.payouts.world import a_money_world


@pytest.fixture
def world(alice, bob, frank, store, stranger):
    """A store with two posted reports, and a label with an award out of both."""
    people = {"alice": alice, "bob": bob, "frank": frank, "store": store, "stranger": stranger}
    return SimpleNamespace(**vars(a_money_world(alice, bob, store)), **people)
