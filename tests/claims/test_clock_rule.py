"""Deadlines are rows: shown with their source, changed by later versions only."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from claims import services
from claims.models import CaseClock, Clock, ClockSet, Holiday
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(database):
    return factories.a_colleague("head", role="supervisor")


def post(client, door, **fields):
    return client.post(reverse(f"claims:{door}"), fields)


def clock(of, **fields):
    today = timezone.now().date()
    return {
        "of": of.pk,
        "purpose": "claim_decision",
        "days": "5",
        "remind_days": "0",
        "why": "New rule.",
        "start": today,
    } | fields


def test_staff_see_each_clock_with_its_source_and_nobody_else(rita, alice, client_of):
    page = client_of(rita).get(reverse("claims:clocks"))

    assert client_of(alice).get(reverse("claims:clocks")).status_code == 404
    assert "our own rule: Assumption of the portal" in page.content.decode()
    assert "Answers of the parties of a dispute" in page.content.decode()
    assert "Set the clock" not in page.content.decode()
    russian = client_of(rita).get(reverse("claims:clocks"), headers={"Accept-Language": "ru"})
    assert "Допущение портала" in russian.content.decode()


@pytest.mark.slow
def test_a_supervisor_writes_the_next_version_and_running_clocks_go_on(alice, rita, head, client_of):
    before = factories.a_claim(alice, factories.a_holder(owner=alice))
    house = ClockSet.objects.get(code="house")

    post(client_of(head), "set_clock", **clock(house))
    after = factories.a_claim(alice, factories.a_holder(owner=alice))

    first, second = (CaseClock.objects.get(case=each.public_id) for each in (before, after))
    assert (second.due_at - second.started_at, first.due_at - first.started_at) == (
        timedelta(days=5),
        timedelta(days=14),
    )
    versions = Clock.objects.filter(purpose="claim_decision").order_by("start").values_list("days", "set_by")
    assert list(versions) == [(14, None), (5, head.pk)]
    assert "New rule." in client_of(rita).get(reverse("claims:clocks")).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [{"start": "2020-01-01"}, {"remind_days": "5"}, {"days": "0"}, {"calendar": "RU"}, {"why": ""}, {"purpose": "x"}],
)
def test_a_clock_that_makes_no_sense_is_refused(head, client_of, wrong):
    answer = post(client_of(head), "set_clock", **clock(ClockSet.objects.get(code="house"), **wrong))

    assert answer.status_code == 422
    assert Clock.objects.filter(set_by=head).count() == 0


def test_a_reviewer_changes_no_deadline_and_one_day_has_one_version(rita, head, client_of):
    house = ClockSet.objects.get(code="house")

    assert post(client_of(rita), "set_clock", **clock(house)).status_code == 422
    assert post(client_of(head), "set_clock", **clock(house)).status_code == 302
    assert post(client_of(head), "set_clock", **clock(house, days="6")).status_code == 422

    assert Clock.objects.filter(set_by=head).count() == 1


def test_a_law_with_business_days_and_its_holidays_is_set_on_the_page(alice, head, client_of):
    client, today = client_of(head), timezone.now().date()
    post(client, "set_clock_set", code="gk", name="Civil Code", basis="law", source="Article 1265, part 4")
    law = ClockSet.objects.get(code="gk")
    Clock.objects.filter(purpose="claim_decision").update(start=today + timedelta(days=99))
    post(client, "set_clock", **clock(law, is_business="on", calendar="ru", days="1"))
    for days in range(1, 11):
        post(client, "add_holiday", calendar="RU", day=today + timedelta(days=days), name="Off")

    claim = factories.a_claim(alice, factories.a_holder(owner=alice))

    due = CaseClock.objects.get(case=claim.public_id).due_at.date()
    assert due > today + timedelta(days=10)
    page = client_of(alice).get(reverse("claims:claim", kwargs={"claim_id": claim.public_id})).content.decode()
    assert "law: Article 1265, part 4" in page


def test_a_holiday_that_came_is_not_taken_back(head):
    today = timezone.now().date()
    gone = Holiday.objects.create(calendar="RU", day=today, name="Today")
    to_come = services.add_holiday(
        calendar="ru", day=today + timedelta(days=9), name="Later", by=head, now=timezone.now()
    )

    with pytest.raises(services.BadClock):
        services.remove_holiday(holiday=gone, by=head, now=timezone.now())
    services.remove_holiday(holiday=to_come, by=head, now=timezone.now())

    assert list(Holiday.objects.filter(calendar="RU")) == [gone]
    with pytest.raises(services.BadClock):
        services.add_holiday(calendar="RU", day=date(2020, 1, 1), name="Past", by=head, now=timezone.now())
