"""What is kept back for tax: by an accepted certificate and the dated rate, booked, and summed year by year."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction

from core.workflow import MoveNotAllowed
from ledger import selectors as ledger_facts
from payouts import selectors, services
from payouts.models import TaxResidence, WithholdingRate
from tests.payouts.bank_files import camt, pain002
from tests.payouts.paying import DAY, NOW, draft, sent, take

pytestmark = pytest.mark.django_db
D = Decimal
PDF = b"%PDF-1.4\nA certificate of residence.\n%%EOF"


@pytest.fixture
def world(paid_world):
    """Who has shown nothing pays 30 %, a German resident 15 %, from July 2007 on 5 %."""
    for country, start, percent in (("", 2000, 30), ("DE", 2000, 15), ("DE", 2008, 5)):
        WithholdingRate.objects.create(country=country, start=date(start, 1, 1), percent=percent)
    return paid_world


def show(world, country="DE", start=date(2007, 1, 1), end=date(2009, 1, 1)):
    return services.show_tax_residence(
        holder=world.label, country=country, start=start, end=end, name="c.pdf", content=PDF, by=world.alice, now=NOW
    )


def accept(world, residence, by=None, **how):
    by = by or world.frank
    return services.decide_tax_residence(residence=residence, accept=True, by=by, now=NOW, **how)


def percent(world, day=date(2007, 9, 3)):
    return selectors.tax_percents([world.label.pk], day)[world.label.pk]


def test_rate_follows_the_accepted_certificate_and_its_days(world):
    residence = show(world)
    assert show(world) == residence
    assert percent(world) == 30, "shown is not accepted"

    accept(world, residence)

    assert percent(world) == 15
    assert percent(world, date(2008, 5, 1)) == 5, "the rate of the day"
    assert percent(world, date(2009, 1, 1)) == 30, "the certificate has ended"


def test_country_without_a_rate_is_taxed_as_if_nothing_was_shown(world):
    accept(world, show(world, country="FR"))

    assert percent(world) == 30


def test_tax_is_kept_back_booked_and_on_the_year_s_sums(world, client_of):
    accept(world, show(world))
    batch, payment = sent(world)
    take(world, pain002(batch, [(payment, "ACSC", "")]))
    payment.refresh_from_db()

    cut = (payment.gross * 15 / 100).quantize(D("1e-8"), "ROUND_DOWN")
    assert (payment.tax_percent, payment.tax) == (15, cut)
    assert payment.gross == payment.net + payment.tax
    assert ledger_facts.balance("tax_owed", "USD").amount == cut
    (year,) = selectors.tax_years(world.label)
    assert (year.year, year.gross, year.tax, year.net) == (2007, payment.gross, cut, payment.net)
    page = client_of(world.alice).get(f"/money/{world.label.public_id}/tax/").content.decode()
    assert f"{cut:f}"[:4] in page

    take(world, camt(54, [(payment, 1)], number="N-2", returned="AC04"))
    assert ledger_facts.balance("tax_owed", "USD").amount == 0
    assert selectors.tax_years(world.label) == []


def test_certificate_changes_later_payments_only(world):
    before = draft(world).payments.get()

    accept(world, show(world))

    before.refresh_from_db()
    assert before.tax_percent == 30
    services.discard_batch(batch=before.batch, by=world.frank, now=NOW)
    assert draft(world, NOW + DAY).payments.get().tax_percent == 15


def test_two_persons_and_never_the_holder_s_own(world, alice, bob, rita):
    residence = show(world)
    for somebody in (alice, bob, rita):
        with pytest.raises(services.NotFinance):
            accept(world, residence, by=somebody)
    with pytest.raises(IntegrityError, match="decided_by_another"), transaction.atomic():
        TaxResidence.objects.filter(pk=residence.pk).update(decided_by=alice)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        TaxResidence.objects.filter(pk=residence.pk).update(country="US")
    accept(world, residence)
    with pytest.raises(MoveNotAllowed):
        accept(world, residence)


@pytest.mark.parametrize("wrong", [{"country": "XX"}, {"end": date(2007, 1, 1)}])
def test_certificate_of_no_country_or_no_day_is_refused(world, wrong):
    with pytest.raises(services.BadResidence):
        show(world, **wrong)


def test_certificate_goes_from_the_holder_s_page_to_finance(world, client_of, bob, stranger):
    address = f"/money/{world.label.public_id}/tax/"
    file = SimpleUploadedFile("certificate.pdf", PDF)
    sent_form = {"country": "de", "start": "2007-01-01", "end": "2009-01-01", "file": file}
    assert client_of(bob).post(address, sent_form).status_code == 404
    file.seek(0)
    assert client_of(world.alice).post(address, sent_form).status_code == 302
    residence = TaxResidence.objects.get()

    assert world.label.name in client_of(world.frank).get("/finance/payees/").content.decode()
    shown = client_of(world.frank).get(f"{address}{residence.public_id}/document/")
    assert (shown.status_code, shown.content) == (200, PDF)
    assert client_of(stranger).get(f"{address}{residence.public_id}/document/").status_code == 404
    decide = f"{address}{residence.public_id}/decide/"
    assert client_of(world.alice).post(decide, {"decision": "accept"}).status_code == 404
    client_of(world.frank).post(decide, {"decision": "refuse"})
    assert TaxResidence.objects.get().status == "proposed", "a refusal says why"
    client_of(world.frank).post(decide, {"decision": "refuse", "reason": "It is of another person."})
    assert "another person" in client_of(bob).get(address).content.decode()
