"""What is owed does not depend on the order of lines, the size of blocks or the number of threads; it sums exactly."""

import io
import random
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from catalog.models import Release
from catalog.territories import resolve
from ledger.models import Entry, Posting
from ledger.selectors import balance
from sales import services
from sales.models import Sale, StoreKey, Tariff
from tests.factories import a_licensee, a_report, a_store_key, a_track, flat_lines

pytestmark = pytest.mark.django_db
PARTS = ("royalty_phonogram", "royalty_performance", "royalty_work")
COLUMNS = ("store_key__key", "territory", "channel", "currency", "units", "base", "royalty", *PARTS)


def import_with(content, **limits):
    """One report in a store of its own, with these limits; what it came to, as plain figures."""
    store = a_licensee(base="net_revenue", rate="0.152137")
    chosen = services.Limits(**limits)
    receipt = services.receive_report(
        licensee=store, stream=io.BytesIO(content), name="r", by=None, now=timezone.now(), limits=chosen
    )
    report = receipt.report
    services.process_report(report_id=report.pk, worker="test", now=timezone.now(), limits=chosen)
    report.refresh_from_db()
    assert report.status == "posted"
    sales = sorted(Sale.objects.filter(report=report).values_list(*COLUMNS))
    postings = Posting.objects.filter(lot=report.pk, account__item__startswith="track:")
    return sales, sorted(postings.values_list("account__address", "debit", "credit")), report


@pytest.mark.slow
def test_order_blocks_and_threads_change_nothing(settings):
    settings.CELERY_TASK_ALWAYS_EAGER = False  # the limits under test must be ours
    for number in range(40):
        a_track(f"Song {number}", "y", isrc=f"RUA01060{number:04}")
    draw = random.Random(7)
    lines = [
        {
            "DspResourceId": f"T{number % 40}",
            "ISRC": f"RUA01060{number % 40:04}",
            "Title": f"Song {number % 40}",
            "DisplayArtistName": "y",
            "Territory": draw.choice(["RU", "US", ""]),
            "Channel": draw.choice(["visa", "MasterCard", ""]),
            "NetRevenue": f"{draw.randrange(1, 9999)}e-6" if number == 13 else f"0.{draw.randrange(1, 99999):07}",
            "Currency": draw.choice(["USD", "RUB"]),
        }
        for number in range(400)
    ]
    shuffled = draw.sample(lines, len(lines))

    plain = import_with(flat_lines(*lines), engine_threads=1)
    other = import_with(flat_lines(*shuffled), engine_threads=8, block_bytes=2000)

    assert plain[0] == other[0]
    assert plain[1] == other[1]
    assert (plain[2].lines_accepted, plain[2].lines_rejected) == (399, 1)
    for total in plain[2].totals.all():
        owed = (total.base * Decimal("0.152137")).quantize(Decimal("1e-8"))
        assert abs(total.royalty - owed) <= Decimal("1e-8")
        assert total.royalty == sum(sale[6] for sale in plain[0] if sale[3] == total.currency)
    assert all(sale[6] == sum(sale[7:]) for sale in plain[0])


def test_an_entry_is_cut_where_the_limit_says(settings):
    settings.CELERY_TASK_ALWAYS_EAGER = False
    for number in range(7):
        a_track(f"Song {number}", "y")
    lines = flat_lines(*({"Title": f"Song {number}", "DisplayArtistName": "y", "NetRevenue": 1} for number in range(7)))

    *_, report = import_with(lines, items_per_entry=3)

    keys = Entry.objects.filter(batch=report.public_id).order_by("idempotency_key")
    assert [entry.idempotency_key for entry in keys] == [f"accrual:{report.public_id}:USD:{n}" for n in range(3)]


def test_a_fortune_is_divided_to_the_last_digit_beside_a_trifle():
    prices = ("9999999999", "0.0000004")
    lines = ({"Title": price, "PriceConsumerPaidExcSalesTax": price} for price in prices)

    report = a_report(content=flat_lines(*lines))

    royalties = Sale.objects.filter(report=report).order_by("royalty").values_list("royalty", flat=True)
    assert list(royalties) == [Decimal("0.00000006"), Decimal("1499999999.85")]
    assert balance(f"licensee:{report.licensee_id}:receivable", "USD").amount == sum(royalties)


@pytest.mark.slow
def test_more_returned_than_sold_owes_less():
    track, store = a_track("x", "y"), a_licensee()
    sold = {"Title": "x", "DisplayArtistName": "y"}
    a_report(store, flat_lines(sold | {"Usages": 5}))

    a_report(store, flat_lines(sold | {"Usages": 1, "Returns": 3}, month="2006-11"))

    assert balance(f"track:{track.pk}:phonogram:unclaimed", "USD").amount == Decimal("0.0225")
    assert balance(f"licensee:{store.pk}:receivable", "USD").amount == Decimal("0.045")


@pytest.mark.slow
def test_a_base_with_deductions_is_what_they_leave():
    store = a_licensee(base="net_after_processor_fees", deductions=[{"code": "processor", "percent": "2.5"}])

    report = a_report(store, flat_lines({"Title": "x", "NetRevenue": "0.10"}))

    sale = Sale.objects.get(report=report)
    assert (sale.base, sale.base_name) == (Decimal("0.0975"), "net_after_processor_fees")
    assert sale.royalty == Decimal("0.014625")


def test_the_fallback_counts_where_the_named_base_lacks():
    store = a_licensee(base="net_revenue", fallbacks=("consumer_price_ex_tax",))

    report = a_report(store, flat_lines({"Title": "x", "NetRevenue": "0.05"}, {"Title": "z", "NetRevenue": ""}))

    found = dict(Sale.objects.filter(report=report).values_list("store_key__title", "base_name"))
    assert found == {"x": "net_revenue", "z": "consumer_price_ex_tax"}


def test_each_month_owes_by_the_tariff_in_force():
    store = a_licensee()
    old = Tariff.objects.get(license__licensee=store)
    Tariff.objects.filter(pk=old.pk).update(end=date(2006, 11, 1))
    new = Tariff.objects.create(license=old.license, rate="0.20", base=old.base, start=date(2006, 11, 1))
    for split in old.splits.all():
        new.splits.create(right=split.right, percent=split.percent)

    days = [{"Title": "x", "UsagePeriod": "", "SaleDate": day} for day in ("2006-10-31", "2006-11-01", "01.11.2006")]
    report = a_report(store, flat_lines(*days))

    found = list(Sale.objects.filter(report=report).order_by("use_start").values_list("use_start", "units", "royalty"))
    assert found == [(date(2006, 10, 1), 1, Decimal("0.015")), (date(2006, 11, 1), 2, Decimal("0.04"))]


@pytest.mark.slow
def test_sales_outside_the_licence_accrue_and_are_flagged():
    store = a_licensee(territories=resolve(["RU", "UA"]))

    report = a_report(store, flat_lines(*({"Title": "x", "Territory": code} for code in ("RU", "US", "", "Worldwide"))))

    found = sorted(Sale.objects.filter(report=report).values_list("territory", "is_outside_license", "units"))
    assert found == [("", False, 2), ("RU", False, 1), ("US", True, 1)]


@pytest.mark.slow
def test_sales_after_the_end_of_the_licence_accrue_by_its_last_terms():
    store = a_licensee()
    store.licenses.update(end=date(2006, 1, 1))

    sale = Sale.objects.get(report=a_report(store, flat_lines({"Title": "x"})))

    assert (sale.is_outside_license, sale.royalty) == (True, Decimal("0.015"))


@pytest.mark.slow
@pytest.mark.parametrize("reference", ["report_id", "store_key_id", "tariff_id", "track_id"])
def test_a_sale_refers_only_to_what_is_there(reference):
    sale = Sale.objects.get(report=a_report())

    with pytest.raises(IntegrityError, match="does not exist"), transaction.atomic():
        Sale.objects.filter(pk=sale.pk).update(**{reference: 10**12})


def test_what_a_sale_refers_to_stays():
    sale = Sale.objects.get(report=a_report())

    for parent in (sale.store_key, sale.tariff):
        refused = pytest.raises(ProgrammingError, match="permission denied")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {parent._meta.db_table} WHERE id = %s", [parent.pk])


@pytest.mark.parametrize("reference", ["licensee_id", "track_id", "release_id"])
def test_a_store_key_refers_only_to_what_is_there_and_that_stays(reference):
    key = a_store_key(a_track(), a_licensee())
    release = Release.objects.create(title="Album", name_key="album|")
    StoreKey.objects.filter(pk=key.pk).update(release=release)

    with pytest.raises(IntegrityError, match="a store key refers to"), transaction.atomic():
        StoreKey.objects.filter(pk=key.pk).update(**{reference: 10**12})
    parent = {"licensee_id": key.licensee, "track_id": key.track, "release_id": release}[reference]
    refused = pytest.raises(ProgrammingError, match="permission denied")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {parent._meta.db_table} WHERE id = %s", [parent.pk])
