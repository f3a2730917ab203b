"""Published figures: dated facts, counted once a day, never overwritten; and what a journalist finds with them."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.utils import DatabaseError
from django.test import Client
from django.utils import timezone

from claims import services as claims
from ledger import chart, recipes
from ledger import services as ledger
from register import services
from register.figures import DEFINITIONS
from register.models import Figure
from tests import factories
from tests.lockstep import both

NOW = datetime(2007, 6, 20, 12, tzinfo=UTC)
DAY = date(2007, 6, 20)


def latest(code, part="", day=DAY):
    return Figure.objects.filter(code=code, part=part, day=day).order_by("-pk").values_list("value", flat=True).first()


def page(path, **headers):
    answer = Client().get(path, headers=headers)
    assert answer.status_code == 200, path
    return answer.content.decode()


def line(html):
    """The words of a page, without markup, in one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


# Recording ----------------------------------------------------------------------------------------------------------
def test_an_empty_portal_publishes_zeros_and_says_what_is_unknown(db):
    store = factories.a_licensee("allofmp3")

    services.record_figures(now=NOW)

    assert latest("opt-outs-granted") == latest("tracks-sold") == 0
    assert Figure.objects.filter(code="catalogue-size", part=store.code).get().value is None
    assert latest("days-oldest", "claim") is None
    assert "unknown" in line(page("/figures/catalogue-size/"))


def test_recording_again_or_at_once_publishes_nothing_twice(committed_db):
    factories.a_licensee("allofmp3")

    outcomes = both([NOW, NOW], *[lambda now: services.record_figures(now=now)] * 3)

    assert {word for tried in outcomes for word in tried} == {"done"}
    keys = list(Figure.objects.values_list("code", "part", "day"))
    assert len(keys) == len(set(keys))
    assert services.record_figures(now=NOW + timedelta(hours=1)) == 0
    assert services.record_day(now=NOW) == 0


def test_each_day_has_its_own_value_but_what_stays_unknown_is_said_once(db):
    factories.a_licensee("allofmp3")
    for days in range(3):
        assert services.record_day(now=NOW + timedelta(days=days)) > 0

    assert Figure.objects.filter(code="opt-outs-granted").count() == 3
    assert Figure.objects.filter(code="catalogue-size").count() == 1


@pytest.mark.slow
def test_a_corrected_month_keeps_the_old_value_and_shows_both(db):
    factories.a_sale(units=100, UsagePeriod="2006-10", Channel="visa")
    services.record_figures(now=NOW)
    factories.a_sale(units=50, UsagePeriod="2006-10", Channel="visa")
    services.record_figures(now=NOW + timedelta(days=1))

    month = Figure.objects.filter(code="units", part="USD visa", day=date(2006, 10, 1))
    assert list(month.order_by("pk").values_list("value", flat=True)) == [100, 150]
    shown = page("/figures/units/2006-10-01/")
    assert "150" in shown
    assert re.search(r"<del>\s*100\s*</del>", shown)


@pytest.mark.slow
def test_a_month_of_which_nothing_is_left_becomes_zero(db):
    from sales.models import SalesReport

    sale = factories.a_sale(units=100, UsagePeriod="2006-10", Channel="visa")
    services.record_figures(now=NOW)
    SalesReport.objects.filter(pk=sale.report_id).update(status="superseded")

    services.record_figures(now=NOW + timedelta(days=1))

    assert latest("units", "USD visa", date(2006, 10, 1)) == 0
    assert latest("tracks-sold", day=DAY + timedelta(days=1)) == 0


def test_a_published_value_cannot_be_changed(db):
    services.record_figures(now=NOW)

    for statement in ("UPDATE register_figure SET value = 1", "DELETE FROM register_figure"):
        with pytest.raises(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SAVEPOINT tried")
            try:
                cursor.execute(statement)
            finally:
                cursor.execute("ROLLBACK TO SAVEPOINT tried")


# What is counted ----------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_the_loss_of_the_cards_and_the_rise_of_xrost_are_seen(db):
    store, sold = factories.a_licensee("allofmp3"), {"DspResourceId": "T1", "ISRC": "RUA010500001"}
    factories.a_track("Song", isrc="RUA010500001")
    factories.a_report(store, factories.flat_lines(sold | {"Usages": 900, "Channel": "visa"}, month="2006-09"))
    fallen, risen = {"Usages": 100, "Channel": "visa"}, {"Usages": 400, "Channel": "xrost"}
    factories.a_report(store, factories.flat_lines(sold | fallen, sold | risen, month="2006-10"))
    services.record_figures(now=NOW)

    assert latest("sales", "USD visa", date(2006, 9, 1)) == Decimal("90")
    assert latest("sales", "USD visa", date(2006, 10, 1)) == Decimal("10")
    assert latest("sales", "USD xrost", date(2006, 10, 1)) == Decimal("40")
    shown = page("/figures/sales/")
    assert "<svg" in shown
    for words in ("visa", "xrost", "2006-09", "2006-10"):
        assert words in shown
    assert latest("tracks-sold") == 1


@pytest.mark.slow
def test_money_adds_up_and_payments_are_split_by_country_but_of_nobody_alone(db):
    store = factories.a_licensee("allofmp3")
    track = factories.a_track()
    sale = factories.a_sale(track, units=1000, licensee=store)
    item = chart.track_item(track.pk, "phonogram")

    def move(key, amount, holder):
        owner = chart.holder(holder.pk)
        unclaimed, payable = chart.Place.UNCLAIMED, chart.Place.PAYABLE
        deltas = [
            recipes.Delta(item, unclaimed, "", "USD", sale.report_id, -amount),
            recipes.Delta(item, payable, owner, "USD", sale.report_id, amount),
        ]
        parts = [recipes.Part(item, sale.report_id, amount)]
        for kind, lines in (
            ("distribution", recipes.distribution(deltas)),
            ("payout", recipes.payout(owner=owner, currency="USD", parts=parts)),
            ("settlement", recipes.settlement(owner=owner, currency="USD", parts=parts)),
        ):
            ledger.post_entry(idempotency_key=f"{key}_{kind}", kind=kind, event_at=NOW, postings=lines)
        paid = recipes.disbursement(owner=owner, currency="USD", net=amount)
        ledger.post_entry(idempotency_key=f"{key}_out", kind="disbursement", event_at=NOW, postings=paid)

    for number in range(3):
        assert not Figure.objects.filter(code="claimed").exists()
        move(f"home{number}", Decimal(1), factories.a_holder(country="RU"))
        services.record_figures(now=NOW)
    assert (latest("claimed", "USD"), latest("unclaimed", "USD")) == (3, 12)
    assert (latest("paid-russia", "USD"), latest("paid-abroad", "USD")) == (3, 0)

    for number in range(3):
        services.record_figures(now=NOW)
        assert (latest("paid-russia", "USD"), latest("paid-abroad", "USD")) == (3, 0)
        move(f"abroad{number}", Decimal("0.5"), factories.a_holder(country="DE"))
    services.record_figures(now=NOW)

    assert latest("accrued", "USD") == 15
    assert (latest("claimed", "USD"), latest("unclaimed", "USD")) == (Decimal("4.5"), Decimal("10.5"))
    assert (latest("paid-russia", "USD"), latest("paid-abroad", "USD")) == (3, Decimal("1.5"))


@pytest.mark.slow
def test_one_holder_who_moves_after_a_published_value_is_read_from_no_value(committed_db):
    store = factories.a_licensee("allofmp3")
    track = factories.a_track()
    sale = factories.a_sale(track, units=1000, licensee=store)
    item = chart.track_item(track.pk, "phonogram")

    def takes(name, amount):
        unclaimed, payable, owner = chart.Place.UNCLAIMED, chart.Place.PAYABLE, chart.holder(factories.a_holder().pk)
        moves = [
            recipes.Delta(item, unclaimed, "", "USD", sale.report_id, -amount),
            recipes.Delta(item, payable, owner, "USD", sale.report_id, amount),
        ]
        lines = recipes.distribution(moves)
        ledger.post_entry(idempotency_key=name, kind="distribution", event_at=NOW, postings=lines)

    def published():
        services.record_figures(now=timezone.now())
        values = Figure.objects.filter(code__in=("claimed", "unclaimed"), part="USD").order_by("pk")
        return [(row.code, row.value) for row in values]

    for number in range(3):
        takes(f"first{number}", Decimal(1))
    first = [("claimed", 3), ("unclaimed", 12)]
    assert published() == first
    takes("lone", Decimal("4.25"))
    assert published() == first
    shown = line(page("/figures/claimed/")) + line(page("/figures/unclaimed/"))
    assert "7.25" not in shown
    assert "4.25" not in shown
    for number in range(2):
        takes(f"later{number}", Decimal("0.5"))
    assert published() == [*first, ("claimed", Decimal("8.25")), ("unclaimed", Decimal("6.75"))]


@pytest.mark.slow
def test_petitions_their_median_and_the_oldest_case(alice, rita):
    label = factories.a_holder(owner=alice)
    for days in (10, 4, 2):
        sent = NOW - timedelta(days=days)
        case = factories.an_opt_out(alice, label, factories.a_track(), now=sent)
        claims.grant_opt_out(opt_out=case, by=rita, now=NOW)
    factories.an_opt_out(alice, label, factories.a_track(), now=NOW - timedelta(days=30))

    services.record_figures(now=NOW)

    assert (latest("petitions-answered", "opt_out"), latest("petitions-waiting", "opt_out")) == (3, 1)
    assert (latest("days-to-answer", "opt_out"), latest("days-oldest", "opt_out")) == (4, 30)
    assert latest("days-goal", "opt_out") > 0
    assert (latest("opt-outs-requested"), latest("opt-outs-waiting"), latest("opt-outs-effective")) == (4, 1, 3)
    assert latest("tracks-out") == 3


# Pages --------------------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_every_figure_has_a_page_with_definition_citation_and_table_beside_the_chart(db):
    factories.a_licensee("allofmp3")
    factories.a_sale(units=1000, UsagePeriod="2006-10", Channel="visa")
    for days in range(2):
        services.record_figures(now=NOW + timedelta(days=days))

    listed = page("/figures/dated/")
    for code, figure in DEFINITIONS.items():
        assert f'href="/figures/{code}/"' in listed
        shown = page(f"/figures/{code}/")
        assert str(figure.means) in line(shown).replace("&#x27;", "'")
        assert f"/figures/{code}/" in shown.split("To cite it")[1]
        assert "style=" not in shown
        if "<svg viewBox" in shown:
            assert "<table" in shown
    assert "Published" in page("/figures/accrued/2007-06-20/")
    assert "Nothing was published about this day" in page("/figures/accrued/2001-01-01/")
    for wrong in ("/figures/nothing/", "/figures/accrued/yesterday/", "/figures/accrued/?before=x"):
        assert Client().get(wrong).status_code == 404


def test_pages_speak_russian_and_any_cache_may_keep_them(db):
    services.record_figures(now=NOW)

    assert "Удовлетворено отзывов" in page("/figures/dated/?lang=ru")
    answer = Client().get("/figures/opt-outs-granted/")
    assert "Cookie" not in answer.get("Vary", "")
    again = Client().get("/figures/opt-outs-granted/", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304


def test_pages_take_the_same_statements_however_many_values(db, django_assert_num_queries):
    for days in range(30):
        Figure.objects.create(code="tracks-sold", day=DAY + timedelta(days=days), value=days, recorded_at=NOW)

    with django_assert_num_queries(4):
        page("/figures/tracks-sold/")


def test_many_values_are_paged_by_day(db):
    rows = [Figure(code="tracks-sold", day=DAY - timedelta(days=n), value=n, recorded_at=NOW) for n in range(450)]
    Figure.objects.bulk_create(rows)

    seen, here = 0, "/figures/tracks-sold/"
    while here:
        shown = page(here)
        seen += len(re.findall(r'<th scope="row"', shown))
        further = re.search(r'rel="next" href="([^"]+)"', shown)
        here = f"/figures/tracks-sold/{further[1]}" if further else ""

    assert seen == 450


def test_the_register_shows_the_published_counts_with_their_day(db):
    services.record_figures(now=NOW)

    shown = line(page("/register/"))
    assert "Opt-outs granted 0 20 Jun 2007" in shown


# A journalist checks "no entity has opted out" ------------------------------------------------------------------------
def test_a_journalist_checks_no_opt_out_on_a_day_and_can_cite_it(alice, rita, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    label = factories.a_holder("Secret Label", owner=alice)
    case = factories.an_opt_out(alice, label, factories.a_track(), now=NOW)
    claims.grant_opt_out(opt_out=case, by=rita, now=NOW + timedelta(days=2))
    factories.in_register(now=NOW + timedelta(days=2))
    services.record_figures(now=NOW + timedelta(days=2))
    services.publish_day(now=NOW + timedelta(days=2))

    client = Client()
    asked = client.get("/figures/opt-outs-on/", {"day": "2007-06-19"})
    assert asked.url == "/figures/opt-outs-on/2007-06-19/"
    before = client.get(asked.url).content.decode()
    assert "By the end of 19 Jun 2007 nobody had opted out, and nobody had asked to." in line(before)
    assert 'data-granted="0"' in before
    assert "/figures/opt-outs-on/2007-06-19/" in before.split("To cite it")[1]

    between = line(page("/figures/opt-outs-on/2007-06-21/"))
    assert "no opt-out had been granted, but some had been requested" in between
    after = page("/figures/opt-outs-on/2007-06-22/")
    assert "By the end of 22 Jun 2007 1 opt-out had been granted." in line(after)
    assert "Published then" in line(after)
    assert "Secret" not in before + between + after

    entries = re.search(r'href="(/register/\?end=[^"]+)"', after)[1].replace("&amp;", "&")
    assert case.public_id in page(entries)
    rows = list(csv.DictReader(io.StringIO(client.get("/open-data/2007-06-22/figures.csv").getvalue().decode())))
    assert {row["value"] for row in rows if row["figure"] == "opt-outs-granted"} == {"1"}


def test_a_day_to_come_has_no_answer_and_words_are_no_day(db):
    for day in ("2999-01-01", "yesterday", "2007-13-40"):
        assert Client().get(f"/figures/opt-outs-on/{day}/").status_code == 404
    assert Client().get("/figures/opt-outs-on/?day=soon").status_code == 404
    assert Client().get("/figures/opt-outs-on/").url == "/figures/dated/"


def test_the_command_publishes_at_once(db):
    out = io.StringIO()
    call_command("record_figures", stdout=out)

    assert "values published" in out.getvalue()
    assert Figure.objects.exists()
