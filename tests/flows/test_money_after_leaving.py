"""A store goes on selling what a holder took out: the money is kept apart until the holder, and only he, asks."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from catalog.models import RightsShare
from claims import services
from claims.models import MoneyRequest
from core.ids import new_public_id
from tests import factories
from tests.flows.test_opt_out import distribute, resting

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(alice, bob, rita):
    """Alice's label left on 1 July 2007; June and July were sold: 7.50 and 0.75 USD of royalty for the recording."""
    store, track = factories.a_licensee(), factories.a_track("Zvezda", isrc="RUA010500001")
    label = factories.a_holder("Alice Records", owner=alice, reader=bob)
    factories.an_awarded_claim(alice, label, track, reviewer=rita)
    factories.a_withdrawal(track, label, start=date(2007, 7, 1))
    factories.a_sale(track, units=1000, UsagePeriod="2007-06", licensee=store)
    factories.a_sale(track, units=100, UsagePeriod="2007-07", licensee=store)
    distribute()
    return label, track, store


@pytest.mark.slow
def test_the_holder_asks_and_it_becomes_payable_once(story, alice):
    label, track, _store = story
    owner = f"holder:{label.pk}"
    assert resting(track) == {("payable", owner): "7.5", ("post_withdrawal", owner): "0.75"}

    first = services.ask_for_money(holder=label, by=alice, now=timezone.now())
    again = services.ask_for_money(holder=label, by=alice, now=timezone.now())
    distribute()

    assert first == again
    assert resting(track) == {("payable", owner): "8.25"}


@pytest.mark.slow
def test_what_is_sold_after_the_question_is_kept_apart_again(story, alice):
    label, track, store = story
    owner = f"holder:{label.pk}"
    services.ask_for_money(holder=label, by=alice, now=datetime(2007, 8, 1, 9, tzinfo=UTC))
    distribute()

    factories.a_sale(track, units=10, UsagePeriod="2007-08", licensee=store)
    distribute()

    assert resting(track) == {("payable", owner): "8.25", ("post_withdrawal", owner): "0.075"}


@pytest.mark.slow
def test_money_that_was_proved_and_left_stays_held_whatever_is_asked(story, alice):
    label, track, _store = story
    owner = f"holder:{label.pk}"
    services.ask_for_money(holder=label, by=alice, now=timezone.now())
    share = RightsShare.objects.get(holder=label)
    RightsShare.objects.filter(pk=share.pk).update(start=date(2000, 1, 1), end=date(2000, 1, 1))
    share.pk, share.public_id, share.choice = None, new_public_id("SHR"), RightsShare.Choice.LEAVE
    share.save(force_insert=True)
    services.distribute(track_ids=[track.pk], event="test", now=timezone.now())

    assert resting(track) == {("held", owner): "8.25"}


@pytest.mark.slow
def test_nobody_else_asks(story, alice, bob, rita, frank, stranger, client_of):
    label, _track, _store = story

    for person in (bob, rita, frank, stranger):
        with pytest.raises(services.MayNotWrite):
            services.ask_for_money(holder=label, by=person, now=timezone.now())
        answer = client_of(person).post(
            "/api/v1/money-requests/", {"holder": label.public_id}, content_type="application/json"
        )
        assert answer.status_code in (403, 404)

    assert not MoneyRequest.objects.exists()
    for person in (bob, frank):  # they see the money, not the button
        page = client_of(person).get(reverse("payouts:holder_balance", args=[label.public_id])).content.decode()
        assert 'data-place="post_withdrawal"' in page
        assert "Ask for this money" not in page


@pytest.mark.slow
def test_page_and_api_ask_alike(story, alice, client_of):
    label, track, _store = story
    page = client_of(alice).get(reverse("payouts:holder_balance", args=[label.public_id]))
    assert "Sold after your opt-out" in page.content.decode()

    answer = client_of(alice).post(reverse("payouts:ask_for_money", args=[label.public_id]), follow=True)
    twin = client_of(alice).post(
        "/api/v1/money-requests/", {"holder": label.public_id}, content_type="application/json"
    )
    distribute()

    assert "Asked for." in answer.content.decode()
    assert twin.status_code == 201
    assert twin.json()["before"] == MoneyRequest.objects.get().before.isoformat()
    assert resting(track) == {("payable", f"holder:{label.pk}"): "8.25"}


def test_nothing_kept_apart_is_nothing_to_ask_for(alice, client_of):
    label = factories.a_holder(owner=alice)

    answer = client_of(alice).post(
        "/api/v1/money-requests/", {"holder": label.public_id}, content_type="application/json"
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_kept_apart")
