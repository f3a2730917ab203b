"""What a store has to report by when, what came, and reminders that go out once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.urls import reverse

from sales import selectors, services, tasks
from sales.models import ReportingRule, ReportReminder, SalesReport
from tests.factories import a_licensee, a_report, flat_lines

pytestmark = pytest.mark.django_db
TODAY = date(2007, 1, 20)
NOW = datetime(2007, 1, 20, 8, tzinfo=UTC)
SOLD = {"DspResourceId": "7", "Title": "x", "DisplayArtistName": "y"}


@pytest.fixture
def shop(store):
    licensee = a_licensee("shop", member=store)
    licensee.notice_email = "reports@example.org"
    licensee.save()
    ReportingRule.objects.create(license=licensee.licenses.get(), start=date(2006, 9, 1), days=15)
    return licensee


def states(shop, today=TODAY):
    return {f"{row.month:%Y-%m}": row.state for row in selectors.calendar_of(shop, today)}


def received(shop, month, day):
    report = a_report(shop, flat_lines(SOLD, month=month))
    SalesReport.objects.filter(pk=report.pk).update(received_at=datetime(*day, 12, tzinfo=UTC))
    return report


@pytest.mark.slow
def test_each_month_is_in_time_late_missing_or_not_due(shop):
    received(shop, "2006-09", (2006, 10, 16))
    received(shop, "2006-10", (2006, 11, 17))

    assert states(shop) == {"2006-09": "received", "2006-10": "late", "2006-11": "missing", "2006-12": "missing"}
    assert states(shop, date(2007, 1, 16))["2006-12"] == "waiting"


@pytest.mark.slow
def test_a_correction_does_not_make_a_month_late(shop, frank, now):
    received(shop, "2006-09", (2006, 10, 1))
    second = a_report(shop, flat_lines(SOLD, SOLD, month="2006-09"))
    services.supersede_report(report=second, by=frank, now=now)

    assert states(shop)["2006-09"] == "received"


@pytest.mark.slow
def test_a_held_report_is_neither_here_nor_missing(shop):
    report = received(shop, "2006-11", (2006, 12, 1))
    SalesReport.objects.filter(pk=report.pk).update(status="held")

    assert states(shop)["2006-11"] == "held"


def test_nothing_is_expected_without_a_rule_or_after_it(shop):
    ReportingRule.objects.update(end=date(2006, 11, 1))

    assert list(states(shop)) == ["2006-10", "2006-09"]
    assert selectors.calendar_of(a_licensee("other"), TODAY) == []


@pytest.mark.slow
def test_each_reminder_goes_out_once(shop):
    received(shop, "2006-09", (2006, 10, 1))
    received(shop, "2006-10", (2006, 11, 1))
    received(shop, "2006-12", (2007, 1, 1))

    for _ in range(2):
        for reminder in services.plan_reminders(now=NOW):
            tasks.send_reminder(reminder_id=reminder)

    (message,) = mail.outbox
    assert message.to == ["reports@example.org"]
    assert message.subject == "Sales report for November 2006 is missing"
    assert reverse("sales:calendar") in message.body
    later = services.plan_reminders(now=NOW + timedelta(days=10))
    assert [row.days_late for row in ReportReminder.objects.filter(pk__in=later, month="2006-11-01")] == []
    assert services.plan_reminders(now=NOW + timedelta(days=30))


def test_a_reminder_that_failed_is_due_again(shop):
    (*_, reminder) = services.plan_reminders(now=NOW)

    def fails(message):
        raise ConnectionError

    assert not services.send_reminder(reminder_id=reminder, now=NOW, address=str, send=fails)
    assert services.send_reminder(reminder_id=reminder, now=NOW, address=str, send=lambda message: message)
    assert not services.send_reminder(reminder_id=reminder, now=NOW, address=str, send=fails)


def test_a_store_sees_its_own_calendar_staff_see_all(client_of, store, rita, shop):
    other = a_licensee("other")
    page = reverse("sales:calendar")

    assert "Calendar of reports: Shop" in client_of(store).get(page).content.decode()
    assert client_of(store).get(page, {"store": other.code}).status_code == 404
    assert "Other" in client_of(rita).get(page).content.decode()
    assert "Nothing is expected" in client_of(rita).get(page, {"store": "other"}).content.decode()
    told = client_of(store).get("/api/v1/stores/shop/calendar/").json()
    assert told[-1]["month"] == "2006-09-01"
    assert client_of(store).get("/api/v1/stores/other/calendar/").status_code == 404
