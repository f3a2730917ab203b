"""Notes of what is due, and payments put to reports."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from core.money import Money
from ledger import chart, recipes
from ledger import selectors as ledger_facts
from ledger import services as ledger
from ledger.funding import Paid, funded, part, split
from payouts import selectors, services
from payouts.models import AmountDue, Remittance
from payouts.services import Allocation
from sales.models import LicenseeMember
from tests.payouts.world import NOW, award, posted_report

pytestmark = pytest.mark.django_db
D = Decimal


def pay(world, amount, *allocations, reference="XR-1", payer="Xrost", by=None, currency="USD"):
    return services.record_remittance(
        licensee=world.licensee,
        payer=payer,
        amount=Money(D(amount), currency),
        received_date=date(2007, 7, 20),
        reference=reference,
        allocations=allocations,
        by=by or world.frank,
        now=NOW,
    )


def test_note_is_numbered_and_covers_the_accrual(world):
    (may,) = services.issue_amounts_due(report=world.may, now=NOW)
    (june,) = services.issue_amounts_due(report=world.june, now=NOW)

    assert (may.number, june.number) == ("ALLOFMP3-00001", "ALLOFMP3-00002")
    assert (may.amount, may.payable) == (D("30.00000001"), D("30.01"))
    assert june.payable == D("3.34")
    assert may.due_date == date(2007, 8, 1)


def test_note_is_issued_once(world):
    first = services.issue_amounts_due(report=world.may, now=NOW)

    assert services.issue_amounts_due(report=world.may, now=NOW) == first
    assert AmountDue.objects.count() == 1
    assert list(selectors.reports_without_note()) == [world.june]


def test_payment_funds_its_report_and_keeps_the_rest_as_credit(world):
    remittance = pay(world, "30.01", Allocation(world.may))

    assert remittance.allocations.get().amount == D("30.00000001")
    assert selectors.outstanding([world.may.pk, world.june.pk]) == {
        (world.may.pk, "USD"): D(0),
        (world.june.pk, "USD"): D("3.33333333"),
    }
    assert selectors.unallocated(world.licensee, "USD") == Money(D("0.00999999"), "USD")
    assert ledger_facts.balance("bank", "USD") == Money(D("30.01"), "USD")


def test_payment_of_one_report_does_not_fund_another(world):
    pay(world, "30.01", Allocation(world.may))

    bands = {band.place: band for band in selectors.bands(world.label)}
    assert (bands["payable"].received, bands["payable"].waiting) == (D("10.00000001"), D(0))
    assert (bands["held"].received, bands["held"].waiting) == (D(0), D("3.33333333"))


def test_partly_paid_report_funds_all_lines_pro_rata_and_never_too_much(world):
    pay(world, "10.00", Allocation(world.may))

    (payable,) = [band for band in selectors.bands(world.label) if band.place == "payable"]
    assert payable.received == D("3.33333333")
    assert payable.received + payable.waiting == D("10.00000001")


def test_instalments_complete_a_report(world):
    pay(world, "10.00", Allocation(world.may), reference="1")
    pay(world, "20.01", Allocation(world.may), reference="2")

    assert selectors.outstanding([world.may.pk])[world.may.pk, "USD"] == 0
    assert Remittance.objects.count() == 2


def test_one_payment_pays_several_reports_in_the_order_given(world):
    remittance = pay(world, "31.00", Allocation(world.may), Allocation(world.june))

    parts = {allocation.report_id: allocation.amount for allocation in remittance.allocations.all()}
    assert parts == {world.may.pk: D("30.00000001"), world.june.pk: D("0.99999999")}


def test_same_payment_entered_again_changes_nothing(world):
    first = pay(world, "30.01", Allocation(world.may))

    assert pay(world, "30.01", Allocation(world.may)) == first
    assert ledger_facts.balance("bank", "USD") == Money(D("30.01"), "USD")


def test_same_reference_with_other_figures_is_refused(world):
    pay(world, "30.01", Allocation(world.may))

    with pytest.raises(services.RemittanceKnown):
        pay(world, "40.01", Allocation(world.may))


@pytest.mark.parametrize(("payer", "reference"), [("XROST", "XR-1"), ("Xrost", "xr-1"), (" Xrost ", "XR-1  ")])
def test_same_payment_spelled_otherwise_is_not_taken_twice(world, payer, reference):
    first = pay(world, "30.01", Allocation(world.may))

    assert pay(world, "30.01", Allocation(world.may), payer=payer, reference=reference) == first
    assert ledger_facts.balance("bank", "USD") == Money(D("30.01"), "USD")


def test_same_payment_for_other_reports_is_refused_and_not_passed_over(world):
    pay(world, "50.00", Allocation(world.may))

    for other in ([Allocation(world.june)], [Allocation(world.may), Allocation(world.june)], []):
        with pytest.raises(services.RemittanceKnown):
            pay(world, "50.00", *other)
    with pytest.raises(services.RemittanceKnown):
        pay(world, "50.00", Allocation(world.may, D("29.00")))
    assert selectors.outstanding([world.june.pk])[world.june.pk, "USD"] == D("3.33333333")


def test_same_payment_is_known_again_though_its_money_did_not_reach_every_report(world):
    used_up = pay(world, "30.00", Allocation(world.may), Allocation(world.june), reference="1")
    last = pay(world, "3.34", Allocation(world.may), Allocation(world.june), reference="2")

    assert pay(world, "30.00", Allocation(world.may), Allocation(world.june), reference="1") == used_up
    assert pay(world, "3.34", Allocation(world.may), Allocation(world.june), reference="2") == last


def test_report_that_was_overpaid_takes_nothing_more(world):
    pay(world, "3.34", Allocation(world.june))
    ledger.post_entry(
        kind=recipes.Kind.ACCRUAL,
        idempotency_key="corrected",
        event_at=NOW,
        postings=recipes.accrual(
            licensee_id=world.licensee.pk,
            currency="USD",
            parts=[recipes.Part(chart.track_item(world.kino.pk, "phonogram"), world.june.pk, D(-1))],
        ),
    )

    remittance = pay(world, "30.00", Allocation(world.june), Allocation(world.may), reference="2")

    assert [part.report_id for part in remittance.allocations.all()] == [world.may.pk]
    with pytest.raises(services.MoreThanDue, match=r"still owes -1\.00000000 USD"):
        pay(world, "1", Allocation(world.june, D("0.5")), reference="3")


def test_nobody_enters_payments_of_a_store_they_act_for(world):
    LicenseeMember.objects.create(licensee=world.licensee, user=world.frank)

    with pytest.raises(services.OwnStore):
        pay(world, "30.01", Allocation(world.may))


@pytest.mark.parametrize("table", ["amountdue", "remittance", "remittanceallocation", "statement"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_documents_are_never_changed(world, table, statement):
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(f"payouts_{table}"))


def test_names_on_a_transfer_can_be_blanked(world):
    remittance = pay(world, "30.01", Allocation(world.may))

    Remittance.objects.filter(pk=remittance.pk).update(payer="")
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Remittance.objects.filter(pk=remittance.pk).update(amount=D(1))


@pytest.mark.parametrize("amount", ["0", "-1", "1.001"])
def test_payment_must_be_whole_coins_above_zero(world, amount):
    with pytest.raises(services.BadRemittance):
        pay(world, amount)


def test_payment_cannot_name_a_report_twice(world):
    with pytest.raises(services.BadRemittance):
        pay(world, "5", Allocation(world.may, D(1)), Allocation(world.may, D(1)))


def test_payment_cannot_put_more_to_a_report_than_is_due_or_was_paid(world):
    with pytest.raises(services.MoreThanDue):
        pay(world, "50", Allocation(world.june, D("3.34")))
    with pytest.raises(services.MoreThanDue):
        pay(world, "2", Allocation(world.june, D("3")))
    assert not Remittance.objects.exists()


def test_payment_in_another_currency_funds_nothing(world):
    pay(world, "30.00", Allocation(world.may), currency="EUR")

    assert selectors.outstanding([world.may.pk])[world.may.pk, "USD"] == D("30.00000001")
    assert selectors.unallocated(world.licensee, "EUR") == Money(D("30.00"), "EUR")


def test_only_finance_enters_payments(world, alice, rita):
    for person in (alice, rita):
        with pytest.raises(services.NotFinance):
            pay(world, "1", by=person)


def test_report_of_another_store_is_refused(world):
    from sales.models import Licensee

    other = Licensee.objects.create(code="other", name="Other")
    report = posted_report(other, date(2007, 4, 1), {(world.star, "phonogram"): D(1)})
    with pytest.raises(services.BadRemittance):
        pay(world, "1", Allocation(report))


def test_report_that_came_to_nothing_counts_as_paid(world):
    report = posted_report(
        world.licensee, date(2007, 4, 1), {(world.kino, "phonogram"): D(2), (world.star, "phonogram"): D(-2)}
    )

    award(world.label, world.kino, "phonogram", report, D(2))

    assert split(D(2), report.pk, "USD", funded([report.pk])) == (D(2), D(0))
    (payable,) = [band for band in selectors.bands(world.label) if band.place == "payable"]
    assert (payable.amount, payable.received) == (D("12.00000001"), D(2))
    assert services.issue_amounts_due(report=report, now=NOW) == []


def test_part_is_exact_and_cut_toward_zero():
    third = Paid(D(1), D(3))

    assert part(D("10"), third) == D("3.33333333")
    assert part(D("-10"), third) == D("-3.33333333")
    assert part(D("99999999999999.99999999"), Paid(D(3), D(3))) == D("99999999999999.99999999")
