"""A share or withdrawal that begins inside a use period divides its money by the dates of the lines, later as well."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from claims import services as claims
from ledger.selectors import balance
from sales import services
from sales.models import Sale
from tests.factories import a_holder, a_licensee, a_report, a_share, a_track, a_withdrawal, a_work, flat_lines

pytestmark = pytest.mark.django_db

SOLD = {"DspResourceId": "T1", "Title": "Song", "DisplayArtistName": "Kino", "UsagePeriod": ""}
BY_DAY = [
    SOLD | {"SaleDate": "2006-10-03", "Usages": 5},
    SOLD | {"SaleDate": "2006-10-03", "Usages": 1, "Territory": "RU"},
    SOLD | {"SaleDate": "2006-10-20", "Usages": 2, "PriceConsumerPaidExcSalesTax": "0.30"},
]
COLUMNS = ("territory", "use_start", "use_end", "units", "base", "royalty_phonogram", "cut_by")
OCTOBER = date(2006, 10, 1), date(2006, 11, 1)
MIDDLE = date(2006, 10, 16)


def sales(report):
    return list(Sale.objects.filter(report=report).order_by("territory", "use_start").values_list(*COLUMNS))


def distribute(track, event="test"):
    return claims.distribute(track_ids=[track.pk], event=event, now=timezone.now())


def payable(track, holder, right="phonogram"):
    return balance(f"track:{track.pk}:{right}:payable:holder:{holder.pk}", "USD").amount


def test_a_boundary_known_before_cuts_by_the_dates_of_the_lines():
    track = a_track("Song")
    a_share(track, end=MIDDLE)

    report = a_report(content=flat_lines(*BY_DAY))

    assert sales(report) == [
        ("RU", OCTOBER[0], MIDDLE, 1, Decimal("0.10"), Decimal("0.0075"), "lines"),
        ("US", OCTOBER[0], MIDDLE, 5, Decimal("0.50"), Decimal("0.0375"), "lines"),
        ("US", MIDDLE, OCTOBER[1], 2, Decimal("0.60"), Decimal("0.045"), "lines"),
    ]


def test_a_boundary_known_after_posting_moves_money_by_the_dates_of_the_lines():
    track, old, new = a_track("Song"), a_holder(), a_holder()
    report = a_report(content=flat_lines(*BY_DAY))
    before = sales(report)
    a_share(track, old, end=MIDDLE)
    a_share(track, new, start=MIDDLE)

    distribute(track)

    assert [row[1:3] for row in before] == [OCTOBER, OCTOBER]
    assert [row[1:4] for row in sales(report)] == [
        (OCTOBER[0], MIDDLE, 1),
        (OCTOBER[0], MIDDLE, 5),
        (MIDDLE, OCTOBER[1], 2),
    ]
    assert (payable(track, old), payable(track, new)) == (Decimal("0.045"), Decimal("0.045"))


@pytest.mark.slow
def test_cutting_again_changes_nothing_and_a_finer_boundary_cuts_finer():
    track = a_track("Song")
    report = a_report(content=flat_lines(*BY_DAY))
    a_withdrawal(track, start=MIDDLE)
    assert services.cut_use_periods(track_ids=[track.pk]) == 2
    cut = sales(report)

    assert services.cut_use_periods(track_ids=[track.pk]) == 0
    assert sales(report) == cut
    a_withdrawal(track, start=date(2006, 10, 20))
    services.cut_use_periods(track_ids=[track.pk])

    assert [row[1:4] for row in sales(report) if row[0] == "US"] == [
        (OCTOBER[0], MIDDLE, 5),
        (date(2006, 10, 20), OCTOBER[1], 2),
    ]


@pytest.mark.slow
def test_lines_without_dates_are_cut_by_days_and_said_to_be():
    track = a_track("Song")
    a_share(track, start=date(2006, 10, 11))

    report = a_report(content=flat_lines({"Title": "Song", "DisplayArtistName": "Kino", "Usages": 31}))

    assert sales(report) == [
        ("US", OCTOBER[0], date(2006, 10, 11), 10, Decimal("1.0"), Decimal("0.075"), "days"),
        ("US", date(2006, 10, 11), OCTOBER[1], 21, Decimal("2.1"), Decimal("0.1575"), "days"),
    ]


@pytest.mark.slow
def test_a_work_that_changes_hands_cuts_the_tracks_that_play_it():
    track = a_track("Song")
    work, old, new = a_work("Song", track), a_holder(), a_holder()
    a_report(content=flat_lines(*BY_DAY))
    a_share(work, old, end=MIDDLE)
    a_share(work, new, start=MIDDLE)

    distribute(track)

    assert payable(track, old, "work") == payable(track, new, "work") == Decimal("0.027")


@pytest.mark.slow
def test_parts_with_digits_to_spare_sum_to_the_whole():
    track = a_track("Song")
    lines = [
        SOLD | {"SaleDate": f"2006-10-{day:02}", "PriceConsumerPaidExcSalesTax": f"0.{day:02}3333{day}", "Usages": 3}
        for day in range(1, 31)
    ]
    report = a_report(a_licensee(rate="0.152137"), flat_lines(*lines))
    whole = Sale.objects.get(report=report)
    for day in (4, 9, 21, 22):
        a_share(track, percent=1, start=date(2006, 10, day))

    distribute(track)

    parts = Sale.objects.filter(report=report)
    assert parts.count() == 5
    for name in ("units", "line_count", "base", "royalty", "royalty_phonogram", "royalty_performance", "royalty_work"):
        assert sum(getattr(part, name) for part in parts) == getattr(whole, name)


def test_returns_that_outweigh_a_stretch_are_cut_by_days():
    track = a_track("Song")
    a_share(track, start=MIDDLE)
    lines = [
        SOLD | {"SaleDate": "2006-10-03", "Usages": 9},
        SOLD | {"SaleDate": "2006-10-20", "Usages": 0, "Returns": 3},
    ]

    report = a_report(content=flat_lines(*lines))

    found = sales(report)
    assert {row[6] for row in found} == {"days"}
    assert sum(row[4] for row in found) == Decimal("0.60")
