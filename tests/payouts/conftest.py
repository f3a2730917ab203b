"""The money world and the people in it."""

from types import SimpleNamespace

import pytest

from tests import factories
from tests.payouts.paying import DAY, NOW, fund, staff
from tests.payouts.world import a_money_world


@pytest.fixture
def world(alice, bob, frank, store, stranger):
    """A store with two posted reports, and a label with an award out of both."""
    people = {"alice": alice, "bob": bob, "frank": frank, "store": store, "stranger": stranger}
    return SimpleNamespace(**vars(a_money_world(alice, bob, store)), **people)


@pytest.fixture
def sue(database):
    """A second person of the money office, who reviews too."""
    return staff("sue", "supervisor")


@pytest.fixture
def paid_world(alice, bob, frank, store, sue):
    """Alice's label has 10.00000001 USD payable out of May, paid by the store in full, and an account in euros."""
    found = a_money_world(alice, bob, store)
    fund(found.licensee, found.may, "30.01", frank)
    factories.a_payee(found.label, by=alice, second=frank, now=NOW - 30 * DAY)
    type(found.label).objects.filter(pk=found.label.pk).update(status="verified")
    return SimpleNamespace(**vars(found), alice=alice, frank=frank, sue=sue)
