"""A certificate after the tax was kept back: the holder gets what was too much, or the paper to ask for it with."""

from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import ROUND_DOWN

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core.money import Money
from ledger import selectors as ledger_facts
from ledger.verify import verify
from payouts import selectors, services
from payouts.models import Payment, TaxCorrection, TaxResidence, WithholdingRate
from tests import factories
from tests.payouts.bank_files import camt, pain002
from tests.payouts.paying import DAY, NOW, D, approve, draft, fund, places, send, sent, take
from tests.payouts.test_statement_forms import text_of
from tests.payouts.world import award, posted_report

pytestmark = pytest.mark.django_db
LATER = datetime(2008, 3, 3, 9, tzinfo=UTC)
RATES = {"": 30, "DE": 15, "AT": 10, "NL": 5}


@pytest.fixture
def world(paid_world):
    """Who has shown nothing pays 30 %; paid in dollars."""
    for country, percent in RATES.items():
        WithholdingRate.objects.create(country=country, start=date(2000, 1, 1), percent=percent)
    dollars(paid_world, NOW - 20 * DAY)
    return paid_world


def dollars(world, now):
    factories.a_payee(world.label, by=world.alice, second=world.frank, now=now, scheme="us")


def show(world, country="DE", start=date(2007, 1, 1), end=date(2008, 1, 1), now=LATER):
    residence = services.show_tax_residence(
        holder=world.label, country=country, start=start, end=end, by=world.alice, now=now,
        name="c.pdf", content=f"%PDF-1.4\n{country} {start} {now}\n%%EOF".encode(),
    )  # fmt: skip
    return services.decide_tax_residence(residence=residence, accept=True, by=world.frank, now=now)


def settled(world, now=NOW, number="S-1"):
    batch, payment = sent(world, now)
    take(world, pain002(batch, [(payment, "ACSC", "")], number=number), now)
    payment.refresh_from_db()
    return payment


def held(place, owner="", currency="USD"):
    return ledger_facts.balance(f"{owner}:{place}" if owner else place, currency).amount


def pay_the_office(world, amount, now, reference="office"):
    return services.book_house(
        kind="tax_payment", amount=Money(amount, "USD"), day=now.date(), reference=reference, by=world.frank, now=now
    )


def is_sound():
    report = verify(further={"payments": selectors.payments_against_ledger})
    assert report.ok, report.checks[-1]


def test_tax_still_in_the_house_goes_back_with_the_next_payment(world, client_of):
    payment = settled(world)
    assert (payment.gross, payment.tax, payment.net) == (D("10.00"), D("3.00"), D("7.00"))
    owner, before = f"holder:{world.label.pk}", f"/money/{world.label.public_id}/tax/2007.pdf"

    show(world)

    assert (held("tax_back", owner), held("tax_owed")) == (D("1.50"), D("1.50"))
    batch = draft(world, LATER)
    approve(world, batch, LATER)
    send(world, batch, LATER)
    second = batch.payments.get()
    assert (second.gross, second.tax_back, second.net, second.tax) == (0, D("1.50"), D("1.50"), 0)
    take(world, pain002(batch, [(second, "ACSC", "")], number="S-2"), LATER)
    assert (held("tax_back", owner), held("bank")) == (0, D("30.01") - D("8.50"))
    is_sound()

    page = client_of(world.alice).get(f"/money/{world.label.public_id}/tax/").content.decode()
    assert "1.50" in page
    assert "edition=1" in page
    corrected, old = (text_of(client_of(world.alice).get(where).content) for where in (before, f"{before}?edition=1"))
    assert "corrected; it replaces edition 1" in corrected
    assert "8.50" in corrected
    assert "7.00" in old
    assert "replaced on" in old
    assert client_of(world.alice).get(f"{before}?edition=9").status_code == 404


def test_tax_already_at_the_office_is_for_the_holder_to_ask_back(world, client_of):
    payment = settled(world)
    pay_the_office(world, D("2.00"), NOW)

    show(world)

    (made,) = TaxCorrection.objects.all()
    assert (made.payment, made.given_back, made.ask_back) == (payment, D("1.00"), D("0.50"))
    assert held("tax_owed") == 0
    paper = client_of(world.alice).get(f"/money/{world.label.public_id}/tax/2007.pdf")
    assert "Kept back too much and paid to the tax office" in text_of(paper.content)
    assert "0.50" in text_of(paper.content)
    is_sound()


@pytest.mark.slow
def test_certificate_accepted_while_the_payment_is_at_the_bank_counts_too(world):
    batch, payment = sent(world)
    show(world, now=NOW)
    assert not TaxCorrection.objects.exists()

    take(world, pain002(batch, [(payment, "ACSC", "")]))

    assert TaxCorrection.objects.get().given_back == D("1.50")
    is_sound()


@pytest.mark.slow
def test_payment_that_comes_back_takes_what_was_given_back_with_it(world):
    payment = settled(world)
    show(world)
    owner = f"holder:{world.label.pk}"
    settled(world, LATER, "S-2")

    take(world, camt(54, [(payment, 1)], number="N-1", returned="AC04"), LATER + DAY)

    assert held("tax_back", owner) == -D("1.50")
    dollars(world, LATER + DAY)
    last = settled(world, LATER + 40 * DAY, "S-3")
    assert (last.gross, last.tax, last.tax_back, last.net) == (D("10.00"), D("3.00"), -D("1.50"), D("5.50"))
    assert held("tax_back", owner) == 0
    is_sound()


# Any order -----------------------------------------------------------------------------------------------------------
EVENTS = ("earn", "earn", "pay", "pay", "return", "office", "DE", "AT", "NL", "send", "answer")


class Undone(Exception):
    """Ends an example: everything it did is rolled back."""


def happen(world, event, n):
    now = NOW + 30 * n * DAY
    first = date(now.year, 1, 1)
    match event:
        case "earn":
            month = date(2009 + n // 12, n % 12 + 1, 1)
            report = posted_report(world.licensee, month, {(world.kino, "phonogram"): D("7.77777777") * (n + 1)})
            award(world.label, world.kino, "phonogram", report, D("7.77777777") * (n + 1))
            fund(world.licensee, report, D("7.78") * (n + 1), world.frank)
        case "pay":
            settled(world, now, f"S-{n}")
        case "send":
            sent(world, now)
        case "answer":
            payment = Payment.objects.filter(status="sent").latest("pk")
            take(world, pain002(payment.batch, [(payment, "ACSC", "")], number=f"A-{n}"), now)
        case "return":
            payment = Payment.objects.filter(status="settled").order_by("pk").first()
            take(world, camt(54, [(payment, 1)], number=f"N-{n}", returned="AC04"), now)
            if n % 2:
                dollars(world, now)
            else:
                factories.a_payee(world.label, by=world.alice, second=world.frank, now=now)
        case "office":
            owed = held("tax_owed") * n / 16
            pay_the_office(world, owed.quantize(D("0.01"), rounding=ROUND_DOWN), now, f"office {n}")
        case country:
            show(world, country, start=first, end=date(now.year + 1, 1, 1), now=now)


def right_tax(world, payment):
    """The tax of one payment straight from the certificates: the last to begin that holds on the day of the draft."""
    day = payment.batch.drafted_at.date()
    shown = TaxResidence.objects.filter(start__lte=day, end__gt=day).order_by("start", "pk").last()
    step = D("0.01") if payment.paid_currency == "USD" else D("1e-8")
    due = (payment.gross * RATES[shown.country if shown else ""] / 100).quantize(step, rounding=ROUND_DOWN)
    return min(due, payment.tax)


def check(world):
    paid, too_much = list(Payment.objects.filter(status="settled").select_related("batch")), D(0)
    for payment in paid:
        made = payment.tax_corrections.all()
        corrected = sum((one.given_back + one.ask_back for one in made), D(0))
        assert corrected == payment.tax - right_tax(world, payment)
        assert sum((one.given_back for one in made), D(0)) >= 0
        assert sum((one.ask_back for one in made), D(0)) >= 0
        too_much += sum((one.given_back for one in made), D(0))
    got = sum((one.net for one in paid), D(0))
    owed = held("tax_back", f"holder:{world.label.pk}")
    assert got + owed == sum((one.gross - one.tax for one in paid), D(0)) + too_much
    assert places(world.label).get("paid", D(0)) == sum((one.gross for one in paid), D(0))
    is_sound()


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=st.lists(st.sampled_from(EVENTS), min_size=4, max_size=14))
@example(events=["pay", "DE", "pay", "return", "earn", "pay", "NL", "pay"])
@example(events=["pay", "earn", "pay", "office", "NL", "AT", "pay", "return", "pay"])
def test_any_order_of_payments_returns_and_certificates_is_the_straight_line(world, events):
    refused = (services.NothingToPay, Payment.DoesNotExist, services.BadBooking, AttributeError)
    with suppress(Undone), transaction.atomic():
        for n, event in enumerate(events):
            with suppress(*refused), transaction.atomic():
                happen(world, event, n)
            check(world)
        raise Undone
