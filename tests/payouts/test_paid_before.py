"""Who was paid before the portal, or outside it, is not paid twice: two persons, a document, and what it covers."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction

from claims import services as cases
from claims.models import PaidBefore
from core.money import Money
from ledger import selectors as ledger_facts
from ledger.verify import verify
from payouts import selectors, services
from tests import factories
from tests.payouts.paying import NOW, D, approve, draft, fund, places
from tests.payouts.world import award, posted_report

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\nA receipt.\n%%EOF"


def record(world, usd, **how):
    facts = {"holder": world.label, "start": None, "end": None, "track": None, "from_bank": False, "by": world.frank}
    facts |= {"amount": Money(D(usd), "USD"), "paid_on": date(2007, 8, 1), "reference": "receipt 1"}
    return cases.record_paid_before(**facts | {"name": "r.pdf", "content": PDF, "now": NOW} | how)


def accept(world, payment, **how):
    return cases.decide_paid_before(payment=payment, **{"accept": True, "by": world.sue, "now": NOW} | how)


def balance(address, currency="USD"):
    return ledger_facts.balance(address, currency).amount


def is_sound():
    report = verify(further={"payments": selectors.payments_against_ledger})
    assert report.ok, report.checks[-1]


def test_what_was_paid_before_is_not_paid_again(paid_world, client_of):
    world, files = paid_world, SimpleUploadedFile("r.pdf", PDF)
    form = {"holder": world.label.public_id, "amount": "4.00", "currency": "USD", "paid_on": "2007-08-01"}
    form |= {"reference": "receipt 1", "file": files}
    assert client_of(world.frank).post("/finance/paid-before/", form).status_code == 302
    payment = PaidBefore.objects.get()
    assert places(world.label)["payable"] == D("10.00000001"), "nothing before another person has looked"
    assert client_of(world.alice).get("/finance/paid-before/").status_code == 404
    shown = client_of(world.sue).get(f"/finance/paid-before/{payment.public_id}/document/")
    assert (shown.status_code, shown.content) == (200, PDF)

    client_of(world.frank).post(f"/finance/paid-before/{payment.public_id}/decide/", {"decision": "accept"})
    assert PaidBefore.objects.get().status == "proposed", "never the same person"
    client_of(world.sue).post(f"/finance/paid-before/{payment.public_id}/decide/", {"decision": "accept"})

    assert PaidBefore.objects.get().status == "accepted"
    assert (places(world.label)["payable"], places(world.label)["paid"]) == (D("6.00000001"), D("4"))
    assert (balance("opening"), balance(f"holder:{world.label.pk}:paid_out")) == (D("4"), D("4"))
    assert draft(world).payments.get().available == D("6.00000001")
    assert "receipt 1" in client_of(world.sue).get("/finance/paid-before/").content.decode()
    page = client_of(world.alice).get(f"/money/{world.label.public_id}/statement/?start=2007-01-01&end=2030-01-01")
    assert "Paid before the portal or outside it" in page.content.decode()
    is_sound()


def test_more_than_has_come_in_covers_what_comes_later(paid_world):
    world = paid_world
    accept(world, record(world, "12.00"))
    with pytest.raises(services.NothingToPay):
        draft(world)
    july = posted_report(world.licensee, date(2007, 7, 1), {(world.kino, "phonogram"): D("5")})
    fund(world.licensee, july, "5", world.frank)
    award(world.label, world.kino, "phonogram", july, D("5"))

    batch = draft(world)

    assert batch.payments.get().available == D("3.00000001")
    assert places(world.label)["paid"] == D("12")
    approve(world, batch)
    is_sound()


@pytest.mark.slow
def test_claim_of_what_was_paid_before_says_so(paid_world):
    world = paid_world
    payment = record(world, "4.00", track=world.star)
    before = factories.a_claim(world.alice, world.label, world.star)
    assert before.checks.get(name="duplicate").reason != "paid_before"
    accept(world, payment)

    found = cases.run_check(check_id=before.checks.get(name="duplicate").pk, now=NOW)

    assert (found.result, found.reason) == ("warned", "paid_before")
    assert found.params["claims"] == payment.public_id


@pytest.mark.slow
def test_only_the_track_and_the_whole_reports_of_the_time_it_was_for(paid_world):
    world = paid_world
    award(world.label, world.star, "phonogram", world.may, D("20"))
    accept(world, record(world, "7.00", track=world.star, start=date(2007, 6, 1), reference="of June"))
    assert "paid" not in places(world.label), "the report is of May"

    accept(world, record(world, "30.00", track=world.star, end=date(2007, 6, 1), reference="to May"))

    assert places(world.label)["paid"] == D("20")
    assert places(world.label)["payable"] == D("10.00000001"), "the other track's"
    is_sound()


@pytest.mark.slow
def test_what_left_our_own_account_is_covered_at_once_or_not_accepted(paid_world):
    world = paid_world
    before = balance("bank")
    with pytest.raises(cases.BadPaidBefore):
        accept(world, record(world, "11.00", from_bank=True))
    assert balance("bank") == before

    accept(world, record(world, "10.00", from_bank=True, reference="receipt 2"))

    assert balance("bank") == before - D("10.00")
    is_sound()


@pytest.mark.slow
def test_accepted_while_a_batch_is_drafted_it_stops_the_payment(paid_world):
    world = paid_world
    batch = draft(world)
    accept(world, record(world, "10.00"))

    approve(world, batch)

    assert batch.payments.get().reason == "less_available"
    is_sound()


@pytest.mark.slow
def test_money_that_comes_in_after_the_draft_is_covered_before_it_is_paid(paid_world):
    world = paid_world
    accept(world, record(world, "5.00", start=date(2007, 7, 1)))
    batch = draft(world)
    july = posted_report(world.licensee, date(2007, 7, 1), {(world.kino, "phonogram"): D("5")})
    fund(world.licensee, july, "5", world.frank)
    award(world.label, world.kino, "phonogram", july, D("5"))

    approve(world, batch)

    assert places(world.label)["paid"] == D("5")
    assert places(world.label)["in_payout"] == batch.payments.get().gross
    is_sound()


@pytest.mark.slow
def test_record_is_of_two_neutral_persons_and_never_changed(paid_world, rita):
    world = paid_world
    payment = record(world, "1.00")
    for somebody, refused in ((world.frank, cases.DecidesOwnCase), (rita, cases.NotMoneyOffice)):
        with pytest.raises(refused):
            accept(world, payment, by=somebody)
    with pytest.raises(cases.BadPaidBefore, match="recorded before"):
        record(world, "2.00", reference="Receipt  1")
    with pytest.raises(cases.BadPaidBefore):
        accept(world, payment, accept=False)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        PaidBefore.objects.update(amount=2)
    with pytest.raises(IntegrityError, match="decided_by_another"), transaction.atomic():
        PaidBefore.objects.update(decided_by=world.frank)
    accept(world, payment, accept=False, reason="It was another's.")
    assert "paid" not in places(world.label)
    accept(world, record(world, "1.00"))
    assert places(world.label)["paid"] == D("1")


@pytest.mark.slow
@pytest.mark.parametrize("wrong", [{"amount": Money(D(0), "USD")}, {"reference": " "}, {"paid_on": date(2030, 1, 1)}])
def test_record_without_amount_reference_or_day_is_refused(paid_world, wrong):
    with pytest.raises(cases.BadPaidBefore):
        record(paid_world, "1.00", **wrong)
