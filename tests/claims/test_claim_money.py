"""What waits for a whole claim equals what waits for its lines, however much of it the stores have paid."""

from collections import Counter
from decimal import Decimal as D

import pytest
from django.utils import timezone

from claims import selectors
from ledger import recipes
from ledger import services as ledger
from tests import factories


def funded(sale, amount):
    """The store has paid so much of a report."""
    store, lot = sale.report.licensee_id, sale.report_id
    posts = {
        "remittance": recipes.remittance(licensee_id=store, currency="USD", amount=amount),
        "funding": recipes.funding(licensee_id=store, currency="USD", lots=[(lot, amount)]),
    }
    for kind, lines in posts.items():
        ledger.post_entry(kind=kind, idempotency_key=f"{kind}:{lot}", event_at=timezone.now(), postings=lines)


def summed(rows, side):
    found = Counter()
    for row in rows:
        for amount in row[side]:
            found[amount.currency, "received"] += amount.received
            found[amount.currency, "unpaid"] += amount.unpaid
    return found


@pytest.mark.django_db
def test_the_sums_of_a_claim_are_those_of_its_lines(alice, rita):
    label, sales = factories.a_holder(owner=alice), [factories.a_sale(units=units) for units in (7, 11, 13)]
    tracks = [sale.track for sale in sales]
    funded(sales[0], sales[0].royalty)
    funded(sales[1], D("0.05"))
    claim = factories.a_reviewed_claim(alice, label, *tracks, reviewer=rita, percents={"owns_master": D("33.333333")})

    amounts, lines = selectors.claim_amounts(claim), selectors.with_amounts(claim, selectors.lines_of(claim))

    (waiting,) = amounts.waiting
    assert summed([(None, amounts.waiting)], 1) == summed(lines, 1)
    assert (waiting.received, amounts.yours) == (D("0.01749999") + D("0.00833333"), [])
