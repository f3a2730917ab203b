"""From single sales lines to what a holder reads: every figure is computed a second time here, by hand."""

import csv
import io
import re
from datetime import date
from decimal import Decimal as D
from fractions import Fraction

import pytest
from django.utils import timezone

from core.money import Money
from ledger import selectors as ledger
from payouts import selectors as money
from payouts import services as payouts
from tests import factories

pytestmark = pytest.mark.django_db

LINES = [("US", 3, "0.1373"), ("GB", 7, "0.2211"), ("GB", 5, "0.0400")]
OTHER = ("US", 100, "0.1000")
RATE, PHONOGRAM, SHARE = Fraction(15, 100), Fraction(50, 100), Fraction(60, 100)


def exactly(fraction):
    """A fraction that has at most eight decimals, as a Decimal."""
    units = fraction * 10**8
    assert units.denominator == 1, fraction
    return D(units.numerator).scaleb(-8)


def cut(fraction):
    """A fraction cut toward zero at eight decimals."""
    return D(int(fraction * 10**8)).scaleb(-8)


ROYALTY = sum((units * Fraction(price) * RATE for _, units, price in LINES), Fraction(0))
DUE = ROYALTY + OTHER[1] * Fraction(OTHER[2]) * RATE
ALICE = ROYALTY * PHONOGRAM * SHARE


@pytest.fixture
def story(alice, rita, frank):
    """A report with two tracks, and Alice's award of 60 % of the master of one of them."""
    track = factories.a_track("Группа крови", "Кино", isrc="RUA010500001")
    other = factories.a_track("Rehab", "Amy Winehouse", isrc="GBA010500002")
    licensee = factories.a_licensee()
    rows = [
        {
            "DspResourceId": name.public_id,
            "Title": name.title,
            "DisplayArtistName": name.artist,
            "ISRC": isrc,
            "Territory": territory,
            "Usages": units,
            "PriceConsumerPaidExcSalesTax": price,
            "Channel": "xrost",
        }
        for name, isrc, (territory, units, price) in [
            *((track, "RUA010500001", line) for line in LINES),
            (other, "GBA010500002", OTHER),
        ]
    ]
    report = factories.a_report(licensee, factories.flat_lines(*rows, month="2007-06"))
    label = factories.a_holder("Северный ветер", owner=alice)
    factories.an_awarded_claim(alice, label, track, reviewer=rita, percents={"owns_master": D(60)})
    return licensee, report, track, label


def pay(licensee, report, amount, frank):
    return payouts.record_remittance(
        licensee=licensee,
        payer="Xrost",
        amount=Money(D(amount), "USD"),
        received_date=date(2007, 7, 20),
        reference=f"XR-{amount}",
        allocations=[payouts.Allocation(report)],
        by=frank,
        now=timezone.now(),
    )


@pytest.mark.slow
def test_note_asks_for_exactly_fifteen_percent(story):
    _, report, _, _ = story

    (note,) = payouts.issue_amounts_due(report=report, now=timezone.now())

    assert note.amount == exactly(DUE)
    assert note.base == exactly(DUE / RATE)
    assert note.payable == D("1.83")


@pytest.mark.slow
def test_award_is_her_share_of_her_right_in_her_track(story):
    _, _, _, label = story

    (band,) = money.bands(label)

    assert (band.place, band.amount) == ("payable", exactly(ALICE))
    assert (band.received, band.waiting) == (D(0), exactly(ALICE))


@pytest.mark.slow
def test_part_payment_is_hers_pro_rata_to_the_last_digit(story, frank):
    licensee, report, _, label = story

    pay(licensee, report, "0.50", frank)

    (band,) = money.bands(label)
    assert band.received == cut(ALICE * Fraction(1, 2) / DUE)
    assert band.received + band.waiting == exactly(ALICE)


@pytest.mark.slow
def test_full_payment_makes_all_of_it_received_and_keeps_the_fraction_for_the_store(story, frank):
    licensee, report, _, label = story

    pay(licensee, report, "0.50", frank)
    pay(licensee, report, "1.33", frank)

    (band,) = money.bands(label)
    assert (band.received, band.waiting) == (exactly(ALICE), D(0))
    assert money.unallocated(licensee, "USD") == Money(exactly(Fraction("1.83") - DUE), "USD")
    totals = {row.place: row.credit - row.debit for row in ledger.totals()}
    assert totals["bank"] == D("-1.83")
    assert totals["receivable"] == 0


@pytest.mark.slow
def test_holder_follows_the_amount_down_to_the_lines(story, alice, client_of):
    _, report, _, label = story
    browser, amount = client_of(alice), f"{exactly(ALICE):f}"
    address = f"/money/{label.public_id}/"

    for step in (f"in/payable/USD/$|{address}in/", "tracks/", f"{report.public_id}/"):
        page = browser.get(address).content.decode()
        assert amount in page
        address = next(link for link in re.findall(r'href="(/money/[^"]+)"', page) if re.search(step, link))

    page = browser.get(address).content.decode()
    assert f"{exactly(ROYALTY * PHONOGRAM):f}" in page
    assert amount in page
    for territory, units, price in LINES:
        assert re.search(rf"{territory}.*?{units}.*?{price}", page, re.DOTALL)
    assert "0.1000" not in page, "a line of another track"


@pytest.mark.slow
def test_statement_says_the_same(story, alice, client_of):
    _, report, _, label = story

    answer = client_of(alice).get(f"/money/{label.public_id}/statement.csv")
    content = b"".join(answer.streaming_content).decode()

    (row,) = [row for row in csv.DictReader(io.StringIO(content)) if row["row"] == "movement"]
    assert (row["amount"], row["report"], row["isrc"]) == (f"{exactly(ALICE):f}", report.public_id, "RUA010500001")
