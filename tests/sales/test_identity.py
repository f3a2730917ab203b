"""The same file, the same report, the same month again: nothing is counted twice."""

import gzip
from types import SimpleNamespace

import pytest

from ledger.models import Entry
from ledger.selectors import balance
from sales import services
from sales.models import SalesReport
from sales.pipeline import files
from sales.services import ReportNotHeld
from tests.factories import a_licensee, a_report, a_track, flat_lines

pytestmark = pytest.mark.django_db

SOLD = {"DspResourceId": "7", "Title": "x", "DisplayArtistName": "y"}


def test_the_same_file_twice_does_nothing():
    store = a_licensee()
    first = a_report(store, flat_lines(SOLD))

    again = a_report(store, flat_lines(SOLD), name="other name.csv")

    assert again == first
    assert SalesReport.objects.count() == 1
    assert Entry.objects.count() == 1


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["as text", "packed"])
def test_the_original_comes_back_byte_for_byte_however_slowly_it_came_in(now, pack):
    content = pack(flat_lines({}))
    one_by_one = (content[place : place + 1] for place in range(len(content)))

    receipt = services.receive_report(
        licensee=a_licensee(),
        stream=SimpleNamespace(read=lambda size: next(one_by_one, b"")),
        name="x",
        by=None,
        now=now,
    )

    assert receipt.file.stored.endswith(".stored-zst") == (pack is bytes)
    with files.original(receipt.file.stored) as original:
        assert original.read() == content


@pytest.mark.slow
def test_the_same_file_from_another_store_is_another_report():
    first, second = a_report(a_licensee(), flat_lines(SOLD)), a_report(a_licensee(), flat_lines(SOLD))

    assert first != second
    assert second.status == "posted"


@pytest.mark.slow
def test_another_file_about_the_same_month_is_held_for_a_person(now, frank):
    store = a_licensee()
    first = a_report(store, flat_lines(SOLD))

    second = a_report(store, flat_lines(SOLD, SOLD))

    assert (second.status, second.reason) == ("held", "same_report_other_content")
    assert second.reason_params["other"] == first.public_id
    assert Entry.objects.count() == 1


@pytest.mark.slow
def test_a_correction_takes_over_and_only_the_difference_stays(now, frank):
    track, store = a_track("x", "y"), a_licensee()
    first = a_report(store, flat_lines(SOLD))
    second = a_report(store, flat_lines(SOLD, SOLD))

    services.supersede_report(report=second, by=frank, now=now, reason="Two sales were forgotten.")

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status, second.supersedes) == ("superseded", "posted", first)
    assert str(balance(f"track:{track.pk}:phonogram:unclaimed", "USD").amount) == "0.01500000"
    assert str(balance(f"licensee:{store.pk}:receivable", "USD").amount) == "0.03000000"


@pytest.mark.slow
def test_both_can_be_right(now, frank):
    store = a_licensee()
    a_report(store, flat_lines(SOLD))
    second = a_report(store, flat_lines(SOLD, SOLD))

    services.keep_both(report=second, by=frank, now=now, reason="Sent per channel.")

    second.refresh_from_db()
    assert second.status == "posted"
    assert str(balance(f"licensee:{store.pk}:receivable", "USD").amount) == "0.04500000"


@pytest.mark.slow
def test_a_held_report_can_be_rejected(now, frank):
    store = a_licensee()
    a_report(store, flat_lines(SOLD))
    second = a_report(store, flat_lines(SOLD, SOLD))

    services.reject_report(report=second, by=frank, now=now, reason="Sent by mistake.")

    second.refresh_from_db()
    assert second.status == "rejected"
    with pytest.raises(ReportNotHeld):
        services.supersede_report(report=second, by=frank, now=now)


@pytest.mark.slow
def test_a_report_before_any_tariff_is_held_until_there_is_one(now, frank):
    from sales.models import Tariff

    store = a_licensee()
    report = a_report(store, flat_lines(SOLD, month="2004-10"))
    assert (report.status, report.reason) == ("held", "no_tariff")
    tariff = Tariff.objects.get(license__licensee=store)
    tariff.start = tariff.license.start = "2004-01-01"
    tariff.license.save()
    tariff.save()

    services.resume_report(report=report, by=frank, now=now)

    report.refresh_from_db()
    assert report.status == "posted"
