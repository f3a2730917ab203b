"""The house's own money: what the bank took and paid, tax paid on, and books that agree with the bank, or do not."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from core.money import Money
from ledger import selectors as ledger_facts
from payouts import selectors, services
from payouts.models import BankBalance, BankFile, HouseBooking, WithholdingRate
from tests.payouts.bank_files import NS, pain002
from tests.payouts.paying import DAY, NOW, sent, take

pytestmark = pytest.mark.django_db
D = Decimal


def book(world, kind="bank_charge", amount="2.50", day=date(2007, 9, 2), reference="F-1", by=None, currency="USD"):
    return services.book_house(
        kind=kind, amount=Money(D(amount), currency), day=day, reference=reference, by=by or world.frank, now=NOW
    )


def closing(amount, day="2007-09-02", number="C-1", side="CRDT", currency="USD"):
    return (
        f'<Document xmlns="{NS}:camt.053.001.08"><BkToCstmrStmt><GrpHdr><MsgId>{number}</MsgId></GrpHdr><Stmt><Bal>'
        f'<Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="{currency}">{amount}</Amt>'
        f"<CdtDbtInd>{side}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal></Stmt></BkToCstmrStmt></Document>"
    ).encode()


def balance(place):
    return ledger_facts.balance(place, "USD").amount


@pytest.mark.parametrize(
    ("kind", "place", "moved"),
    [("bank_charge", "bank_charges", "-2.50"), ("interest", "interest", "2.50"), ("opening", "opening", "2.50")],
)
def test_booking_moves_the_bank_and_its_account(paid_world, kind, place, moved):
    before = balance("bank")

    book(paid_world, kind)

    assert balance("bank") - before == D(moved)
    assert balance(place) == D("2.50")


def test_tax_kept_back_is_paid_on_and_no_more_than_that(paid_world):
    WithholdingRate.objects.create(country="", start=date(2000, 1, 1), percent=30)
    batch, payment = sent(paid_world)
    take(paid_world, pain002(batch, [(payment, "ACSC", "")]))
    kept = balance("tax_owed")

    book(paid_world, "tax_payment", "2.99", reference="T-1")

    assert balance("tax_owed") == kept - D("2.99")
    with pytest.raises(services.BadBooking, match="More tax"):
        book(paid_world, "tax_payment", "2.99", reference="T-2")
    assert balance("tax_owed") == kept - D("2.99")
    assert HouseBooking.objects.count() == 1


def test_same_reference_is_booked_once_and_with_other_figures_refused(paid_world):
    first = book(paid_world)

    assert book(paid_world, reference=" f-1 ") == first
    with pytest.raises(services.BookingKnown):
        book(paid_world, amount="2.51")
    assert balance("bank_charges") == D("2.50")
    book(paid_world, "opening", reference="O-1")
    with pytest.raises(services.BookingKnown, match="opening"):
        book(paid_world, "opening", reference="O-2")


@pytest.mark.parametrize(
    "wrong", [{"amount": "2.501"}, {"amount": "0"}, {"amount": "-1"}, {"reference": " "}, {"day": date(2030, 1, 1)}]
)
def test_what_no_bank_books_is_refused(paid_world, wrong):
    with pytest.raises(services.BadBooking):
        book(paid_world, **wrong)


def test_only_finance_books_and_nobody_changes_a_booking(paid_world, alice, rita):
    for person in (alice, rita):
        with pytest.raises(services.NotFinance):
            book(paid_world, by=person)
    made = book(paid_world)
    with pytest.raises(DatabaseError), transaction.atomic():
        HouseBooking.objects.filter(pk=made.pk).update(amount=3)


def test_books_agree_with_the_bank_to_the_last_digit_or_say_since_when_not(paid_world):
    (unknown,) = selectors.reconciliation()
    assert (unknown.day, unknown.agrees) == (None, False), "the bank has told nothing"

    take(paid_world, closing("30.01", "2007-08-31"))
    (row,) = selectors.reconciliation()
    assert (row.day, row.agrees, row.since) == (date(2007, 8, 31), True, None)

    take(paid_world, closing("27.51", "2007-09-02", number="C-2"))
    take(paid_world, closing("27.51", "2007-09-03", number="C-3"))
    (row,) = selectors.reconciliation()
    assert (row.day, row.difference, row.since) == (date(2007, 9, 3), D("-2.50"), date(2007, 9, 2))

    book(paid_world)
    (row,) = selectors.reconciliation()
    assert (row.day, row.agrees, row.since) == (date(2007, 9, 3), True, None)


def test_last_word_of_the_bank_about_a_day_counts(paid_world):
    for number, amount in enumerate(("1.00", "30.01")):
        file = BankFile.objects.create(
            kind="camt.053", message_id=f"N-{number}", sha256=f"{number}" * 64, taken_by=paid_world.frank, taken_at=NOW
        )
        BankBalance.objects.create(file=file, currency="USD", day=date(2007, 9, 1), amount=D(amount))

    assert selectors.reconciliation()[0].agrees


def test_pages_of_the_house_and_the_public_word_about_the_bank(paid_world, client_of, client, stranger):
    browser = client_of(paid_world.frank)
    form = {"kind": "bank_charge", "amount": "2.50", "currency": "USD", "day": "2007-09-02", "reference": "F-9"}

    assert "not reconciled" in client.get("/figures/").content.decode()
    assert browser.post("/finance/house/", form).status_code == 302
    take(paid_world, closing("27.51"), NOW + DAY)

    page = browser.get("/finance/house/").content.decode()
    assert "F-9" in page
    assert 'value="2.50' in page
    for shown in (page, client.get("/figures/").content.decode()):
        assert "not reconciled" not in shown
        assert "to the bank on" in shown
    assert browser.post("/finance/house/", form | {"amount": "3"}).status_code == 422
    assert client_of(stranger).get("/finance/house/").status_code == 404
    assert client_of(paid_world.alice).post("/finance/house/", form).status_code == 404
