"""A store's licence stops by two people: what leaves, what is found in later reports, and that no money is lost."""

from datetime import UTC, date, datetime
from decimal import Decimal as D

import pytest
from django.urls import reverse

from claims import selectors, services
from claims.models import ComplianceFinding, StoreMessage
from core.workflow import MoveNotAllowed
from sales import selectors as sales_read
from sales import services as sales
from sales.models import LicenceStop, License, Licensee, Tariff
from tests import factories
from tests.flows.test_opt_out import distribute, resting

NOW = datetime(2007, 5, 10, 9, tzinfo=UTC)
JUNE = date(2007, 6, 1)
SOURCE = "Moscow court, order 17 of 3 May 2007"


@pytest.fixture
def shop(store):
    """A licensed store."""
    return factories.a_licensee("allofmp3", member=store)


@pytest.fixture
def second(stranger):
    """A second reviewer."""
    stranger.role = "reviewer"
    stranger.save()
    return stranger


def stopped(shop, rita, second, *, kind="end", start=JUNE, now=NOW):
    """Two people stop the licence."""
    said = {"kind": kind, "reason": "regulator", "source": SOURCE, "start": start}
    stop = services.ask_licence_stop(licensee=shop, **said, by=rita, now=now)
    return services.confirm_licence_stop(stop=stop, by=second, now=now)


def status_of(shop):
    return Licensee.objects.get(pk=shop.pk).status


def test_it_takes_two_and_the_whole_catalogue_leaves_in_one_act(shop, store, rita, frank, alice, second):
    for number in range(3):
        factories.a_store_key(factories.a_track(), shop, f"T{number}")
    said = {"kind": "end", "reason": "regulator", "source": SOURCE, "start": JUNE}
    for user in (frank, alice, store):
        with pytest.raises(services.NotAReviewer):
            services.ask_licence_stop(licensee=shop, **said, by=user, now=NOW)
    with pytest.raises(services.WordsNeeded):
        services.ask_licence_stop(licensee=shop, **said | {"source": " "}, by=rita, now=NOW)
    stop = services.ask_licence_stop(licensee=shop, **said, by=rita, now=NOW)
    with pytest.raises(sales.StopWaits):
        services.ask_licence_stop(licensee=shop, **said, by=second, now=NOW)
    with pytest.raises(sales.SecondPersonNeeded):
        services.confirm_licence_stop(stop=stop, by=rita, now=NOW)

    services.confirm_licence_stop(stop=stop, by=second, now=NOW)

    assert (stop.key_count, stop.keys.count()) == (3, 3)
    assert License.objects.get().end is None
    assert status_of(shop) == "active"
    sales.follow_stops(today=JUNE, now=NOW)
    assert status_of(shop) == "ended"
    told = StoreMessage.objects.get(channel="workspace")
    assert (told.kind, told.data["start"], told.data["titles"]) == ("licence.stopped", "2007-06-01", 3)
    with pytest.raises(sales.StoppedAlready):
        services.ask_licence_stop(licensee=shop, **said, by=rita, now=NOW)


def test_who_belongs_to_the_store_does_not_decide(shop, rita, second):
    shop.members.create(user=second)
    said = {"kind": "end", "reason": "regulator", "source": SOURCE, "start": JUNE}
    stop = services.ask_licence_stop(licensee=shop, **said, by=rita, now=NOW)

    with pytest.raises(services.DecidesOwnCase):
        services.confirm_licence_stop(stop=stop, by=second, now=NOW)


def test_writing_down_the_catalogue_takes_one_statement(shop, rita, second, django_assert_max_num_queries):
    factories.a_store_key(factories.a_track(), shop)
    stop = sales.ask_stop(licensee=shop, kind="end", reason="other", source="x", start=JUNE, by=rita, now=NOW)

    with django_assert_max_num_queries(12):
        sales.confirm_stop(stop=stop, by=second, now=NOW)


@pytest.mark.slow
def test_what_is_sold_later_is_a_finding_and_its_money_claimable(shop, alice, rita, second):
    track = factories.a_track("Zvezda", isrc="RUA010500001")
    stopped(shop, rita, second)
    before = factories.a_sale(track, units=100, UsagePeriod="2007-05", licensee=shop)
    later = factories.a_sale(track, units=10, UsagePeriod="2007-06", licensee=shop)

    assert services.check_report(report_id=before.report_id, now=NOW).unlicensed == 0
    assert services.check_report(report_id=later.report_id, now=NOW).unlicensed == 1
    found = ComplianceFinding.objects.get()
    assert (found.kind, found.track, found.units, found.royalty) == ("unlicensed", None, 10, D("0.15"))
    assert later.is_outside_license
    assert StoreMessage.objects.filter(kind="compliance.found_in_report").exists()

    label = factories.a_holder(owner=alice)
    factories.an_awarded_claim(alice, label, track, reviewer=rita)
    distribute()
    assert resting(track) == {("payable", f"holder:{label.pk}"): "0.825"}
    services.confirm_finding(finding=found, by=rita, now=NOW, reason="Sold after the order.")


@pytest.mark.slow
def test_what_was_sold_without_a_licence_is_read_over_json_too(shop, rita, second, client_of):
    stopped(shop, rita, second)
    later = factories.a_sale(units=10, UsagePeriod="2007-06", licensee=shop)
    services.check_report(report_id=later.report_id, now=NOW)

    (found,) = client_of(rita).get("/api/v1/compliance-findings/").json()["results"]

    assert (found["kind"], found["track"], found["title"], found["units"]) == ("unlicensed", None, None, 10)


def test_reports_posted_before_it_was_known_are_looked_at_again(shop, rita, second):
    later = factories.a_sale(units=10, UsagePeriod="2007-06", licensee=shop)
    services.check_report(report_id=later.report_id, now=NOW)

    stopped(shop, rita, second)

    assert later.report_id in selectors.reports_to_check()
    assert services.check_report(report_id=later.report_id, now=NOW).unlicensed == 1


@pytest.mark.slow
def test_a_month_that_reaches_over_the_day_is_asked_about(shop, rita, second):
    stopped(shop, rita, second, start=date(2007, 6, 16))
    line = {"DspResourceId": "T1", "Title": "Song", "Usages": 30, "UsagePeriod": "2007-06"}
    report = factories.a_report(shop, factories.flat_lines(line))

    services.check_report(report_id=report.pk, now=NOW)

    found = ComplianceFinding.objects.get()
    assert (found.status, found.units, found.use_start) == ("asked", 15, JUNE)


def test_a_lifted_suspension_leaves_tariffs_and_last_day_of_the_licence_as_they_were(shop, rita, second):
    license = License.objects.get()
    License.objects.update(end=date(2007, 12, 1))
    for start, rate in (("2007-06-01", "0.20"), ("2007-07-01", "0.25")):
        Tariff.objects.filter(end=None).update(end=start)
        later = Tariff.objects.create(license=license, rate=rate, base="consumer_price_ex_tax", start=start)
        later.splits.create(right="phonogram", percent=100)
    stop = stopped(shop, rita, second, kind="suspension", start=NOW.date())
    assert status_of(shop) == "suspended"
    with pytest.raises(services.WordsNeeded):
        services.lift_licence_stop(stop=stop, start=JUNE, reason=" ", by=rita, now=NOW)

    services.lift_licence_stop(stop=stop, start=JUNE, reason="The court let it go on.", by=rita, now=NOW)

    sales.follow_stops(today=JUNE, now=NOW)
    assert status_of(shop) == "active"
    assert StoreMessage.objects.filter(kind="licence.resumed").count() == 1
    outside = {}
    for month in ("2007-06", "2007-07", "2007-12"):
        sold = factories.a_sale(units=1, UsagePeriod=month, licensee=shop)
        assert services.check_report(report_id=sold.report_id, now=NOW).unlicensed == 0
        outside[month] = (sold.tariff.rate, sold.is_outside_license)
    assert outside == {"2007-06": (D("0.2"), False), "2007-07": (D("0.25"), False), "2007-12": (D("0.25"), True)}


@pytest.mark.slow
@pytest.mark.parametrize(("day", "told"), [(date(2007, 5, 20), 1), (JUNE, 0)])
def test_a_suspension_lifted_before_the_end_for_good_licenses_no_longer_than_that(shop, rita, second, day, told):
    stopped(shop, rita, second)
    stop = stopped(shop, rita, second, kind="suspension", start=NOW.date())

    services.lift_licence_stop(stop=stop, start=day, reason="The court let it go on.", by=rita, now=NOW)

    later = factories.a_sale(units=1, UsagePeriod="2007-06", licensee=shop)
    assert later.is_outside_license
    assert StoreMessage.objects.filter(kind=StoreMessage.Kind.LICENCE_RESUMED).count() == told


def test_a_suspended_store_is_ended_for_good_afterwards_and_a_sale_counts_once(shop, rita, second, client):
    suspended = stopped(shop, rita, second, kind="suspension", start=NOW.date())
    said = {"reason": "regulator", "source": SOURCE, "start": JUNE, "by": rita, "now": NOW}
    with pytest.raises(sales.StoppedAlready):
        services.ask_licence_stop(licensee=shop, kind="suspension", **said)

    stopped(shop, rita, second)

    later = factories.a_sale(units=10, UsagePeriod="2007-06", licensee=shop)
    assert later.is_outside_license
    assert services.check_report(report_id=later.report_id, now=NOW).unlicensed == 1
    assert ComplianceFinding.objects.get().units == 10
    sales.follow_stops(today=JUNE, now=NOW)
    assert status_of(shop) == "ended"
    services.lift_licence_stop(stop=suspended, start=date(2007, 7, 1), reason="It fell away.", by=rita, now=NOW)
    assert not StoreMessage.objects.filter(kind=StoreMessage.Kind.LICENCE_RESUMED).exists()
    sold = factories.a_sale(units=1, UsagePeriod="2007-07", licensee=shop)
    assert sold.is_outside_license
    assert "Ended for good" in client.get(reverse("claims:store", args=[shop.public_id])).content.decode()


def test_a_licence_that_begins_after_the_stop_is_stopped_too(shop, rita, second):
    old = License.objects.get()
    License.objects.update(end=date(2007, 6, 20))
    new = License.objects.create(licensee=shop, territories=old.territories, start=date(2007, 7, 1))
    tariff = Tariff.objects.create(license=new, rate="0.20", base="consumer_price_ex_tax", start=new.start)
    tariff.splits.create(right="work", percent=100)

    stopped(shop, rita, second)

    later = factories.a_sale(units=10, UsagePeriod="2007-07", licensee=shop)
    assert later.is_outside_license
    assert services.check_report(report_id=later.report_id, now=NOW).unlicensed == 1


@pytest.mark.slow
def test_a_month_without_a_licence_is_not_waited_for(shop, rita, second):
    License.objects.get().reporting_rules.create(start=date(2007, 1, 1), days=10)
    stop = stopped(shop, rita, second, kind="suspension", start=NOW.date())
    services.lift_licence_stop(stop=stop, start=date(2007, 8, 1), reason="It fell away.", by=rita, now=NOW)

    months = [row.month.month for row in sales_read.calendar_of(shop, date(2007, 10, 1))]

    assert months == [9, 8, 5, 4, 3, 2, 1]


def test_an_end_is_never_lifted_and_a_lifted_one_not_again(shop, rita, second):
    stop = stopped(shop, rita, second)

    with pytest.raises(MoveNotAllowed):
        services.lift_licence_stop(stop=stop, start=JUNE, reason="Please.", by=rita, now=NOW)
    assert LicenceStop.objects.get().status == "confirmed"


def test_new_opt_outs_tell_a_store_without_a_licence_nothing(shop, alice, rita, second):
    stopped(shop, rita, second, start=NOW.date())
    case = factories.an_opt_out(alice, factories.a_holder(owner=alice), factories.a_track(), now=NOW)

    case = services.grant_opt_out(opt_out=case, by=rita, now=NOW)

    assert not case.notices.exists()


def test_everybody_reads_the_countdown_and_staff_stops_it_on_the_page(shop, store, rita, second, client, client_of):
    factories.a_store_key(factories.a_track("Zvezda"), shop, "T1")
    page = reverse("claims:store", args=[shop.public_id])
    said = {"kind": "end", "reason": "regulator", "source": SOURCE, "start": "2099-06-01"}
    assert "Stop the licence" not in client.get(page).content.decode()

    ask = reverse("claims:ask_stop", args=[shop.public_id])
    assert client_of(rita).post(ask, said | {"source": ""}).status_code == 422
    client_of(rita).post(ask, said)
    assert SOURCE not in client.get(page).content.decode()
    stop = LicenceStop.objects.get()
    decide = reverse("claims:decide_stop", args=[shop.public_id, stop.public_id])
    client_of(rita).post(decide, {"act": "confirm"})
    stop.refresh_from_db()
    assert stop.status == "asked"
    client_of(second).post(decide, {"act": "confirm"})

    shown = client.get(page).content.decode()
    assert SOURCE in shown
    assert "Days left" in shown
    assert "can be claimed for ever" in shown
    titles = reverse("claims:stop_file", args=[shop.public_id, stop.public_id])
    assert "T1,Kino,Zvezda" in b"".join(client_of(store).get(titles).streaming_content).decode()
    assert shop.name in client.get(reverse("claims:stores")).content.decode()


def test_a_stop_is_refused_in_words(shop, rita, second, client_of):
    said = {"kind": "end", "reason": "regulator", "source": SOURCE, "start": JUNE}
    stop = services.ask_licence_stop(licensee=shop, **said, by=rita, now=NOW)
    decide = reverse("claims:decide_stop", args=[shop.public_id, stop.public_id])

    assert client_of(second).post(decide, {"text": ""}).status_code == 422
    client_of(second).post(decide, {"text": "No such order."})

    stop.refresh_from_db()
    assert stop.status == "refused"
    assert sales.stops_on(shop, JUNE) == []
