"""A tariff or a licence that begins or ends inside a use period cuts it there, also when that is known only later."""

from datetime import date
from decimal import ROUND_HALF_UP
from decimal import Decimal as D

import pytest

from catalog.models import Release, ReleaseTrack
from catalog.territories import resolve
from ledger.models import Entry, Posting
from ledger.selectors import balance
from sales import services
from sales.models import License, Sale, SalesReport, Tariff, TariffSplit
from tests.factories import a_licensee, a_report, a_track, flat_lines

pytestmark = pytest.mark.django_db

START, MIDDLE, END = date(2006, 10, 1), date(2006, 10, 16), date(2006, 11, 1)
SOLD = {"DspResourceId": "T1", "Title": "Song", "DisplayArtistName": "Kino", "UsagePeriod": ""}
BY_DAY = [
    SOLD | {"SaleDate": "2006-10-03", "Usages": 5},
    SOLD | {"SaleDate": "2006-10-15 23:59:00", "Usages": 1},
    SOLD | {"SaleDate": "2006-10-16", "Usages": 2, "PriceConsumerPaidExcSalesTax": "0.30"},
]
WHOLE = {"DspResourceId": "T1", "Title": "Song", "DisplayArtistName": "Kino", "Usages": 31}
COLUMNS = ("use_start", "use_end", "units", "base", "royalty", "is_outside_license", "cut_by")


@pytest.fixture
def shop():
    return a_licensee()


def new_terms(shop, start=MIDDLE, rate="0.20", split=(40, 30, 30), **fields):
    """The tariff in force ends, another begins."""
    old = Tariff.objects.filter(license__licensee=shop).latest("pk")
    Tariff.objects.filter(pk=old.pk).update(end=start)
    new = Tariff.objects.create(license=old.license, rate=rate, base=old.base, start=start, **fields)
    for right, percent in zip(("phonogram", "performance", "work"), split, strict=False):
        TariffSplit.objects.create(tariff=new, right=right, percent=percent)
    return new


def sales(report):
    return list(Sale.objects.filter(report=report).order_by("use_start", "track").values_list(*COLUMNS))


def owed(shop):
    return balance(f"licensee:{shop.pk}:receivable", "USD").amount


def reread(report, now):
    """What the sweep makes of a posted report: its successor, taken as far as it goes."""
    made = services.reread_for_terms(now=now)
    for one in made:
        one.refresh_from_db()
    report.refresh_from_db()
    return made


def test_lines_with_dates_owe_by_the_tariff_of_their_day(shop):
    new = new_terms(shop)

    report = a_report(shop, flat_lines(*BY_DAY))

    assert sales(report) == [
        (START, MIDDLE, 6, D("0.60"), D("0.09"), False, "lines"),
        (MIDDLE, END, 2, D("0.60"), D("0.12"), False, "lines"),
    ]
    last = Sale.objects.get(report=report, use_start=MIDDLE)
    assert (last.tariff, last.royalty_phonogram, last.royalty_performance) == (new, D("0.048"), D("0.036"))
    assert owed(shop) == report.totals.get().royalty == D("0.21")


@pytest.mark.slow
def test_lines_without_dates_are_divided_by_days_and_said_to_be(shop):
    new_terms(shop, start=date(2006, 10, 11))

    report = a_report(shop, flat_lines(WHOLE, WHOLE | {"Usages": 0, "Returns": 1}))

    assert sales(report) == [
        (START, date(2006, 10, 11), 10, D("0.96774194"), D("0.14516129"), False, "days"),
        (date(2006, 10, 11), END, 20, D("2.03225806"), D("0.40645161"), False, "days"),
    ]
    assert sum(row[3] for row in sales(report)) == report.totals.get().base == D("3.00")
    assert report.lines_accepted == sum(sale.line_count for sale in Sale.objects.filter(report=report)) == 2


def test_dated_and_undated_lines_of_one_thing_come_together(shop):
    new_terms(shop)

    report = a_report(shop, flat_lines(*BY_DAY, WHOLE))

    assert [(row[2], row[6]) for row in sales(report)] == [(21, "days"), (18, "days")]
    assert sum(row[3] for row in sales(report)) == D("4.30")


def test_a_tariff_that_begins_with_the_month_cuts_nothing(shop):
    new_terms(shop, start=END)

    report = a_report(shop, flat_lines(*BY_DAY))

    assert [row[6] for row in sales(report)] == [""]


def test_the_end_of_a_licence_leaves_the_rest_of_the_month_outside(shop):
    License.objects.filter(licensee=shop).update(end=MIDDLE)

    report = a_report(shop, flat_lines(*BY_DAY))

    assert [(row[1], row[4], row[5]) for row in sales(report)] == [(MIDDLE, D("0.09"), False), (END, D("0.09"), True)]


@pytest.mark.slow
def test_the_parts_of_both_tariffs_sum_to_the_last_digit(shop):
    new_terms(shop, rate="0.17", fallbacks=["net_revenue"])
    lines = [
        SOLD | {"SaleDate": f"2006-10-{day:02}", "PriceConsumerPaidExcSalesTax": f"0.{day:02}33333", "Usages": 3}
        for day in range(1, 31)
    ]

    one, other = a_report(shop, flat_lines(*lines)), a_report(a_licensee(), flat_lines(*lines))

    total, whole = one.totals.get(), other.totals.get()
    early, late = Sale.objects.filter(report=one).order_by("use_start")
    assert total.base == whole.base == early.base + late.base
    due = [
        (base * D(rate)).quantize(D("1e-8"), ROUND_HALF_UP)
        for base, rate in ((early.base, "0.15"), (late.base, "0.17"))
    ]
    assert [early.royalty, late.royalty] == due
    assert owed(shop) == early.royalty + late.royalty


@pytest.mark.slow
def test_a_release_is_spread_by_the_key_of_each_tariff(shop):
    tracks = [a_track(f"Part {n}", duration_seconds=seconds) for n, seconds in ((1, 100), (2, 300))]
    release = Release.objects.create(title="Album", artist="Kino", name_key="x", icpn="4600000000017")
    for place, track in enumerate(tracks, 1):
        ReleaseTrack.objects.create(release=release, track=track, sequence=place)
    new_terms(shop, release_key="duration")
    album = {"DspReleaseId": "A1", "ICPN": "4600000000017", "ReleaseTitle": "Album", "Title": "", "UsagePeriod": ""}
    album |= {"DspResourceId": "", "DisplayArtistName": "", "PriceConsumerPaidExcSalesTax": "8.00"}

    report = a_report(shop, flat_lines(album | {"SaleDate": "2006-10-02"}, album | {"SaleDate": "2006-10-30"}))

    assert [row[3] for row in sales(report)] == [D(4), D(4), D(2), D(6)]


# Known later --------------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_terms_known_after_posting_are_held_with_the_difference_and_then_posted(shop, frank, now):
    report = a_report(shop, flat_lines(*BY_DAY))
    assert reread(report, now) == []
    new_terms(shop)

    (made,) = reread(report, now)

    assert (made.status, made.reason, report.status) == ("held", "terms_changed", "posted")
    assert made.difference["currencies"][0]["difference"] == "0.03000000"
    assert owed(shop) == D("0.18")
    assert reread(report, now) == []  # one is waiting
    services.supersede_report(report=made, by=frank, now=now)
    made.refresh_from_db()
    assert (made.status, owed(shop)) == ("posted", D("0.21"))
    assert [(row[2], row[6]) for row in sales(made)] == [(6, "lines"), (2, "lines")]
    assert {posting.lot for posting in Posting.objects.all()} == {report.pk}
    assert reread(made, now) == []


@pytest.mark.slow
def test_terms_a_person_refused_are_not_asked_about_again_until_they_change(shop, frank, now):
    report = a_report(shop, flat_lines(*BY_DAY))
    new = new_terms(shop)
    (made,) = reread(report, now)
    services.reject_report(report=made, by=frank, now=now, reason="The store was promised the old rate.")

    assert reread(report, now) == []
    Tariff.objects.filter(pk=new.pk).update(rate=D("0.16"))

    assert [one.status for one in reread(report, now)] == ["held"]
    assert owed(shop) == D("0.18")


@pytest.mark.slow
def test_a_licence_that_ended_earlier_cuts_by_itself_as_no_money_moves(shop, now):
    report = a_report(shop, flat_lines(*BY_DAY))
    entries = Entry.objects.count()
    License.objects.filter(licensee=shop).update(end=MIDDLE)

    (made,) = reread(report, now)

    assert (made.status, report.status, Entry.objects.count()) == ("posted", "superseded", entries)
    assert [(row[0], row[5]) for row in sales(made)] == [(START, False), (MIDDLE, True)]
    assert reread(made, now) == []


@pytest.mark.slow
def test_territories_that_change_are_flagged_anew(shop, now):
    report = a_report(shop, flat_lines(SOLD | {"UsagePeriod": "2006-10"}))
    License.objects.filter(licensee=shop).update(territories=resolve(["RU"]))

    (made,) = reread(report, now)

    assert made.status == "posted"
    assert [sale.is_outside_license for sale in made.sales.all()] == [True]


@pytest.mark.slow
def test_the_same_content_is_known_though_the_terms_cut_it_otherwise(shop, now):
    report = a_report(shop, flat_lines(*BY_DAY))
    new_terms(shop)

    again = a_report(shop, flat_lines(*BY_DAY, {"Title": "", "DspResourceId": "", "Usages": "none"}))

    assert (again.status, again.reason) == ("held", "same_content")
    assert again.content_sha256 == report.content_sha256


@pytest.mark.slow
def test_a_tariff_without_a_whole_split_holds_a_report_and_starts_nothing(shop, now):
    posted = a_report(shop, flat_lines(*BY_DAY))
    new = new_terms(shop, start=date(2006, 10, 20), split=(40, 30))

    held = a_report(shop, flat_lines(SOLD | {"UsagePeriod": "2006-12"}))

    assert reread(posted, now) == []
    assert (held.status, held.reason) == ("held", "bad_tariff")
    TariffSplit.objects.create(tariff=new, right="work", percent=30)
    services.resume_report(report=held, by=None, now=now)
    assert SalesReport.objects.get(pk=held.pk).status == "posted"
