"""A store pays in another currency than it reported in: the rate is kept, nothing is lost, and ROMS earns nothing."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from core.money import Money
from ledger import selectors as ledger_facts
from payouts import selectors, services
from payouts.amounts import changed
from payouts.formats.rates import rate_on
from payouts.models import Remittance
from payouts.services import Allocation
from roms_portal.figures import published
from tests.payouts.test_note import assert_sound
from tests.payouts.world import NOW

pytestmark = pytest.mark.django_db
D = Decimal
DAY = date(2007, 7, 21)
"""A Saturday: the bank's last rate is of the day before."""


def pay(world, amount, *reports, reference="1", currency="EUR", paid_in="USD", day=DAY):
    return services.record_remittance(
        licensee=world.licensee,
        payer="Xrost",
        amount=Money(D(amount), currency),
        received_date=day,
        reference=reference,
        allocations=[Allocation(report) for report in reports],
        by=world.frank,
        now=NOW,
        paid_in=paid_in,
    )


def balance(place, currency):
    return ledger_facts.balance(place, currency).amount


def test_payment_in_euros_pays_a_report_in_dollars_at_the_rate_of_the_last_day(world, client_of):
    body = {
        "licensee": "allofmp3",
        "payer": "Xrost",
        "amount": "25.00",
        "currency": "EUR",
        "received_date": f"{DAY}",
        "reference": "1",
        "paid_in": "USD",
        "allocations": [{"report": world.may.public_id}],
    }

    answer = client_of(world.frank).post("/api/v1/remittances/", body, content_type="application/json").json()

    made = Remittance.objects.get()
    rate = rate_on(DAY, "EUR", "USD")
    assert (made.rate, made.rate_date, made.rate_source) == (rate.rate, date(2007, 7, 20), "ECB")
    assert (made.worth, made.paid_in) == (D("30.00000001"), "USD")
    assert made.changed == (D("30.00000001") / rate.rate).quantize(D("1e-8"), "ROUND_DOWN")
    assert (answer["changed"], answer["rate_date"], answer["paid_in"]) == (f"{made.changed}", "2007-07-20", "USD")
    assert selectors.outstanding([world.may.pk])[world.may.pk, "USD"] == 0
    assert selectors.unallocated(world.licensee, "EUR").amount == 25 - made.changed
    assert selectors.unallocated(world.licensee, "USD").amount == 0
    assert (balance("bank", "EUR"), balance("bank", "USD")) == (25, 0)
    assert (balance("fx_difference", "EUR"), balance("fx_difference", "USD")) == (-made.changed, made.worth)
    assert {sums.currency: sums.received for sums in published(now=NOW).currencies} == {
        "USD": made.worth,
        "EUR": 25 - made.changed,
    }
    page = client_of(world.store).get(reverse("payouts:remittances")).content.decode()
    assert "ECB" in page
    assert_sound()


@pytest.mark.slow
def test_what_does_not_reach_is_changed_whole_and_what_is_entered_again_is_the_same(world):
    first = pay(world, "10.00", world.may, world.june)

    assert (first.changed, first.worth) == (10, (10 * first.rate).quantize(D("1e-8"), "ROUND_UP"))
    assert pay(world, "10.00", world.may, world.june) == first
    with pytest.raises(services.RemittanceKnown):
        pay(world, "10.00", world.may, paid_in="")
    pay(world, "100.00", world.may, world.june, reference="2")
    assert set(selectors.outstanding([world.may.pk, world.june.pk]).values()) == {0}
    with pytest.raises(services.BadRemittance, match="no rate from EUR to BYR"):
        pay(world, "1.00", world.may, reference="3", paid_in="BYR")
    third = pay(world, "1.00", world.may, reference="4")
    assert (third.changed_to, third.allocations.count()) == (None, 0), "nothing was due any more, nothing is changed"
    assert_sound()
    for spoil in ({"rate": None}, {"changed": D(11)}, {"changed_to": "EUR"}, {"rate_source": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Remittance.objects.create(
                **{
                    "licensee": world.licensee,
                    "payer": "x",
                    "reference": "y",
                    "amount": D(10),
                    "currency": "EUR",
                    "received_date": DAY,
                    "entered_by": world.frank,
                    "entered_at": NOW,
                    "changed_to": "USD",
                    "changed": D(1),
                    "worth": D(1),
                    "rate": D(1),
                    "rate_date": DAY,
                    "rate_source": "ECB",
                }
                | spoil
            )


@given(
    amount=st.decimals(min_value="0.01", max_value="9999999", places=2),
    due=st.decimals(min_value="0.00000001", max_value="9999999", places=8),
    rate=st.decimals(min_value="0.0001", max_value="9999", places=10),
)
def test_a_change_takes_no_more_than_there_is_and_gives_the_store_what_does_not_divide(amount, due, rate):
    taken, worth = changed(amount, due, rate)

    assert 0 < taken <= amount
    assert 0 < worth <= due
    assert worth == due or taken == amount
    if taken > D("1e-8"):
        assert 0 <= worth - taken * rate < D("1e-8") * max(1, rate)
