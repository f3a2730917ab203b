"""A correction posts the difference, under the lot of the first report; every earlier version stays reachable."""

from decimal import Decimal

import pytest
from django.utils import timezone

from core.money import Money
from ledger.models import Entry
from ledger.selectors import balance, funding, shown
from payouts import selectors as money_office
from payouts import services as office
from sales import services
from sales.models import Sale, SalesReport, Tariff
from sales.services import ReportNotHeld, ReportNotInForce
from tests.factories import a_licensee, a_report, a_share, a_track, flat_lines

pytestmark = pytest.mark.django_db
D = Decimal
SOLD = {"DspResourceId": "7", "Title": "x", "DisplayArtistName": "y"}
OTHER = {"DspResourceId": "8", "Title": "z", "DisplayArtistName": "y"}


@pytest.fixture
def shop(db):
    return a_licensee("shop")


def supersede(report, by, now):
    services.supersede_report(report=report, by=by, now=now, reason="The store says so.")
    report.refresh_from_db()
    return report


def owed(store):
    return balance(f"licensee:{store.pk}:receivable", "USD").amount


def posted_of(report):
    return [posting for entry in Entry.objects.filter(batch=report.public_id) for posting in entry.postings.all()]


@pytest.mark.slow
def test_the_difference_is_shown_before_anything_is_posted(shop):
    a_report(shop, flat_lines(SOLD, OTHER))
    held = a_report(shop, flat_lines(SOLD, SOLD))

    (row,) = held.difference["currencies"]

    assert held.status == "held"
    assert (row["before"], row["after"], row["difference"], row["items"]) == (
        "0.03000000",
        "0.03000000",
        "0.00000000",
        2,
    )
    assert {(line["name"], line["difference"]) for line in held.difference["largest"]} == {
        ("y - x", "0.01500000"),
        ("y - z", "-0.01500000"),
    }
    assert Entry.objects.count() == 1


@pytest.mark.slow
def test_only_the_difference_is_posted_and_only_for_what_changed(shop, frank, now):
    first = a_report(shop, flat_lines(SOLD, OTHER))
    second = supersede(a_report(shop, flat_lines(SOLD, SOLD, OTHER)), frank, now)

    moved = posted_of(second)

    assert {posting.lot for posting in moved} == {first.pk}
    assert sorted(posting.debit or -posting.credit for posting in moved) == [
        D("-0.00750000"),
        D("-0.00450000"),
        D("-0.00300000"),
        D("0.01500000"),
    ]
    assert owed(shop) == D("0.045")


@pytest.mark.slow
def test_corrections_make_a_chain_of_which_one_is_in_force(shop, frank, now):
    first = a_report(shop, flat_lines(SOLD))
    second = supersede(a_report(shop, flat_lines(SOLD, SOLD)), frank, now)
    third = supersede(a_report(shop, flat_lines(OTHER)), frank, now)

    first.refresh_from_db()
    second.refresh_from_db()
    assert [first.status, second.status, third.status] == ["superseded", "superseded", "posted"]
    assert (third.supersedes, third.lot_number) == (second, first.pk)
    assert Sale.objects.filter(report=first).count() == Sale.objects.filter(report=second).count() == 1
    assert owed(shop) == D("0.015")
    assert first.reason_params == {"by": second.public_id}


@pytest.mark.slow
def test_two_corrections_held_at_once_follow_each_other(shop, frank, now):
    a_report(shop, flat_lines(SOLD))
    second = a_report(shop, flat_lines(SOLD, SOLD))
    third = a_report(shop, flat_lines(SOLD, SOLD, SOLD))

    supersede(second, frank, now)
    supersede(third, frank, now)

    assert (third.status, third.reason_params["other"]) == ("held", second.public_id)  # the difference is another now
    assert third.difference["currencies"][0]["difference"] == "0.01500000"
    supersede(third, frank, now)
    assert (third.status, owed(shop)) == ("posted", D("0.045"))


@pytest.mark.slow
def test_a_month_can_become_less_than_nothing(shop, frank, now):
    a_report(shop, flat_lines(SOLD | {"Usages": 3}))
    returned = SOLD | {"Usages": 1, "Returns": 4}
    second = supersede(a_report(shop, flat_lines(returned)), frank, now)

    assert second.totals.get().units == -3
    assert owed(shop) == D("-0.045")
    (note,) = office.issue_amounts_due(report=second, now=now)
    assert note.amount == D("-0.045")


@pytest.mark.slow
def test_a_match_made_in_between_is_no_difference(shop, frank, now):
    first = a_report(shop, flat_lines(SOLD))
    track = a_track("other name", "somebody")
    services.match_store_key(key=first.sales.get().store_key, track=track, by=frank, now=now)

    second = supersede(a_report(shop, flat_lines(SOLD, OTHER)), frank, now)

    assert {posting.account.item.partition(":")[0] for posting in posted_of(second)} == {"", "key"}


@pytest.mark.slow
def test_what_the_store_paid_for_stays_paid(shop, frank, now):
    first = a_report(shop, flat_lines(SOLD | {"Usages": 100}))
    (note,) = office.issue_amounts_due(report=first, now=now)
    office.record_remittance(
        licensee=shop,
        payer="Xrost",
        amount=Money(D("1.50"), "USD"),
        received_date=now.date(),
        reference="1",
        allocations=[office.Allocation(first)],
        by=frank,
        now=now,
    )

    second = supersede(a_report(shop, flat_lines(SOLD | {"Usages": 102})), frank, now)
    (more,) = office.issue_amounts_due(report=second, now=now)

    assert (note.amount, more.amount) == (D("1.5"), D("0.03"))
    assert money_office.outstanding([first.pk])[first.pk, "USD"] == D("0.03")
    rows = {row.note: (row.received, row.outstanding) for row in money_office.due_rows([note, more])}
    assert rows == {note: (D("1.5"), D(0)), more: (D(0), D("0.03"))}
    assert funding([first.pk])[0].received == D("1.5")
    assert not money_office.reports_without_note().exists()


@pytest.mark.slow
def test_money_of_holders_follows_a_correction(shop, frank, now):
    from claims import services as claims

    track = a_track("x", "y")
    share = a_share(track)
    a_report(shop, flat_lines(SOLD | {"Usages": 3}))
    claims.distribute(track_ids=[track.pk], event="first", now=now)

    supersede(a_report(shop, flat_lines(SOLD)), frank, now)
    claims.distribute(track_ids=[track.pk], event="second", now=now)

    rests = {(row.place, row.owner): row.amount for row in shown([f"track:{track.pk}:phonogram"])}
    assert rests == {("payable", f"holder:{share.holder_id}"): D("0.0075")}


@pytest.mark.slow
def test_the_same_lines_under_another_number_are_held_not_posted(shop, frank, now):
    first = a_report(shop, flat_lines(SOLD, OTHER))

    again = a_report(shop, flat_lines(OTHER, SOLD).replace(b"\t", b";"), name="copy.csv")

    assert (again.status, again.reason, again.reason_params["other"]) == ("held", "same_content", first.public_id)
    assert Entry.objects.count() == 1
    with pytest.raises(ReportNotHeld):
        services.supersede_report(report=again, by=frank, now=now)
    services.keep_both(report=again, by=frank, now=now, reason="Two days sold the same.")
    again.refresh_from_db()
    assert (again.status, owed(shop)) == ("posted", D("0.06"))


@pytest.mark.slow
def test_reading_again_posts_what_a_new_tariff_changes(shop, frank, now):
    first = a_report(shop, flat_lines(SOLD))
    Tariff.objects.filter(license__licensee=shop).update(rate=D("0.20"))

    made = services.reprocess_report(report=first, by=frank, now=now, reason="The tariff was entered wrong.")
    made.refresh_from_db()

    assert (made.status, made.reason) == ("held", "confirm_difference")
    assert services.reprocess_report(report=first, by=frank, now=now) == made
    supersede(made, frank, now)
    first.refresh_from_db()
    assert (first.status, made.status, owed(shop)) == ("superseded", "posted", D("0.02"))
    assert made.files.get().copy_of == first.files.get()
    with pytest.raises(ReportNotInForce):
        services.reprocess_report(report=first, by=frank, now=now)


@pytest.mark.slow
def test_reading_again_without_a_change_ends_by_itself(shop, frank, now):
    first = a_report(shop, flat_lines(SOLD))

    made = services.reprocess_report(report=first, by=frank, now=now)

    made.refresh_from_db()
    first.refresh_from_db()
    assert (made.status, made.reason, first.status) == ("rejected", "nothing_changed", "posted")
    assert Entry.objects.count() == 1


@pytest.mark.slow
def test_the_same_file_of_a_reread_report_is_still_the_same_file(shop, frank, now):
    first = a_report(shop, flat_lines(SOLD))
    Tariff.objects.filter(license__licensee=shop).update(rate=D("0.20"))
    services.reprocess_report(report=first, by=frank, now=timezone.now())

    assert a_report(shop, flat_lines(SOLD)) == first
    assert SalesReport.objects.count() == 2
