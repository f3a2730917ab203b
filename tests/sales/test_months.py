"""A closed month: what comes in about it afterwards is decided by finance, or counts in the open month as late."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from core.workflow import MoveNotAllowed, events_of
from ledger.models import Entry
from sales import services
from sales.models import BookMonth
from tests.factories import a_licensee, a_report, flat_lines

pytestmark = pytest.mark.django_db
OCTOBER = date(2006, 10, 1)
SOLD = {"DspResourceId": "7", "Title": "x", "DisplayArtistName": "y"}


@pytest.fixture
def shop(db):
    return a_licensee("shop")


def test_a_report_about_an_open_month_counts_in_it(shop):
    report = a_report(shop, flat_lines(SOLD))

    assert (report.status, report.booked_month, report.is_late) == ("posted", OCTOBER, False)


@pytest.mark.slow
def test_a_report_about_a_closed_month_waits_for_finance(shop, frank, now):
    services.close_month(month=OCTOBER, by=frank, now=now)

    report = a_report(shop, flat_lines(SOLD))

    assert (report.status, report.reason, report.reason_params) == ("held", "month_closed", {"month": "2006-10"})
    assert not Entry.objects.exists()
    services.decide_report(report=report, decision="take_late", by=frank, now=now, reason="Sent late.")
    report.refresh_from_db()
    assert (report.status, report.is_late, report.booked_month) == ("posted", True, now.date().replace(day=1))
    assert BookMonth.objects.get().status == "closed"


@pytest.mark.slow
def test_finance_can_open_the_month_again_with_a_reason(shop, frank, now):
    services.close_month(month=OCTOBER, by=frank, now=now)
    report = a_report(shop, flat_lines(SOLD))

    services.decide_report(report=report, decision="reopen_month", by=frank, now=now, reason="A store was forgotten.")

    report.refresh_from_db()
    month = BookMonth.objects.get()
    assert (report.status, report.is_late, report.booked_month, month.status) == ("posted", False, OCTOBER, "open")
    assert events_of(month).last().note.text == "A store was forgotten."
    with pytest.raises(MoveNotAllowed):
        services.reopen_month(month=OCTOBER, by=frank, now=now, reason="Again.")


def test_late_reports_can_be_taken_by_rule(shop, frank, now):
    services.close_month(month=OCTOBER, by=frank, now=now, late_rule="take")

    report = a_report(shop, flat_lines(SOLD))

    assert (report.status, report.is_late, report.booked_month) == ("posted", True, now.date().replace(day=1))


@pytest.mark.slow
def test_a_correction_of_a_closed_month_waits_twice(shop, frank, now):
    a_report(shop, flat_lines(SOLD))
    services.close_month(month=OCTOBER, by=frank, now=now)
    second = a_report(shop, flat_lines(SOLD, SOLD))

    services.decide_report(report=second, decision="supersede", by=frank, now=now, reason="One was missing.")
    second.refresh_from_db()
    assert (second.status, second.reason) == ("held", "month_closed")
    services.decide_report(report=second, decision="take_late", by=frank, now=now, reason="It is late.")

    second.refresh_from_db()
    assert (second.status, second.is_late) == ("posted", True)


def test_a_month_that_is_not_over_stays_open(frank, now):
    with pytest.raises(services.MonthNotOver):
        services.close_month(month=now.date(), by=frank, now=now)


def test_finance_closes_and_opens_months_on_a_page(client_of, frank, rita):
    client, page = client_of(frank), reverse("sales:months")
    again = reverse("sales:reopen_month", args=["2006-10"])

    assert client_of(rita).get(page).status_code == 404
    assert client.post(page, {"month": "2006-10", "late_rule": "hold"}).status_code == 302
    assert "October 2006" in client.get(page).content.decode()
    assert client.post(page, {"month": "2999-10", "late_rule": "hold"}).status_code == 422
    assert client.post(again, {}).status_code == 422
    assert client.post(again, {"reason": "A mistake."}).status_code == 302
    assert BookMonth.objects.get().status == "open"
    assert client.post(again, {"reason": "A mistake."}).status_code == 422


@pytest.mark.slow
def test_the_command_shows_the_difference_and_decides(shop, frank, capsys):
    a_report(shop, flat_lines(SOLD))
    held = a_report(shop, flat_lines(SOLD, SOLD))

    call_command("decide_report", held.public_id)
    assert "USD: 0.01500000 -> 0.03000000 (0.01500000)" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("decide_report", held.public_id, "supersede", by="store@example.org", reason="x")
    with pytest.raises(CommandError):
        call_command("decide_report", held.public_id, "take_late", by=frank.email, reason="x")
    call_command("decide_report", held.public_id, "supersede", by=frank.email, reason="One was missing.")
    held.refresh_from_db()
    assert held.status == "posted"
    call_command("decide_report", held.public_id, "reprocess", by=frank.email, reason="To see.", json=True)
    assert '"status": "rejected"' in capsys.readouterr().out
