"""The amount-due note as a document: how it was reached, how it is taxed, what it corrects; and the tax stores pay."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pypdfium2
import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from core.money import Money
from ledger import selectors as ledger_facts
from ledger.verify import verify
from payouts import papers, selectors, services
from payouts.models import AmountDue, VatRule, WriteOff
from payouts.selectors import Open
from payouts.services import Allocation
from sales import services as sales
from sales.models import Tariff
from tests.factories import a_licensee, a_report, flat_lines
from tests.payouts.paying import staff
from tests.payouts.world import NOW

pytestmark = pytest.mark.django_db
D = Decimal
SOLD = {"DspResourceId": "7", "Title": "x", "DisplayArtistName": "y", "NetRevenue": "0.10"}
LAW = "Art. 146 of the Tax Code"


@pytest.fixture
def shop(db, store):
    """A store whose tariff takes 2.5 % and 1.5 % off its net revenue."""
    off = [{"code": "processor", "percent": "2.5"}, {"code": "refunds", "percent": "1.5"}]
    return a_licensee("shop", member=store, base="net_after_processor_fees", deductions=off)


def taxed(licensee, percent="18", **more):
    rule = {"start": date(2004, 1, 1), "treatment": "standard", "country": "RU", "law": LAW} | more
    return VatRule.objects.create(licensee=licensee, percent=D(percent), **rule)


def noted(report):
    (note,) = services.issue_amounts_due(report=report, now=NOW)
    return note


def pay(licensee, amount, report, by, reference="1"):
    return services.record_remittance(
        licensee=licensee,
        payer="Xrost",
        amount=Money(D(amount), "USD"),
        received_date=NOW.date(),
        reference=reference,
        allocations=[Allocation(report)],
        by=by,
        now=NOW,
    )


def text_of(pdf):
    document = pypdfium2.PdfDocument(pdf)
    try:
        text = " ".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()
    return " ".join(text.replace("\u202f", " ").replace("\u00a0", " ").split())


def assert_sound():
    further = {"payments": selectors.payments_against_ledger, "tax": selectors.tax_against_ledger}
    report = verify(further=further)
    assert report.ok, report


def test_note_shows_how_it_was_reached_and_taxed_on_page_paper_and_json(shop, frank, store, stranger, client_of):
    taxed(shop)
    note = noted(a_report(shop, flat_lines(SOLD | {"NetRevenue": "10.00"})))

    assert (note.base, note.amount, note.vat, note.payable) == (D("9.6"), D("1.44"), D("0.26"), D("1.70"))
    page = client_of(store).get(reverse("payouts:note", args=[note.number])).content.decode()
    for words in ("10.00", "processor", "2.5\u00a0%", "9.60", "15\u00a0%", "version 1", LAW, "18\u00a0%", note.number):
        assert words in page, words
    pdf = client_of(frank).get(reverse("payouts:note_pdf", args=[note.number]) + "?lang=ru")
    paper = text_of(pdf.content)
    for words in (note.number, "10,00 USD", "9,60 USD", "1,44 USD", "0,26 USD", "1,70 USD", LAW, "18 %", "Shop"):
        assert words in paper, words
    found = client_of(store).get(reverse("api-amount-due", args=[note.number])).json()
    (working,) = found["workings"]
    assert [row["amount"] for row in working["deductions"]] == ["0.25000000", "0.15000000"]
    assert (working["gross"], working["base"], working["royalty"]) == ("10.00000000", "9.60000000", "1.44000000")
    assert (found["vat_rule"]["law"], found["vat"], found["kind"]) == (LAW, "0.26000000", "amount_due")
    assert found["payment_reference"] == note.number
    assert note.number in found["payment_words"]
    assert client_of(stranger).get(reverse("api-amount-due", args=[note.number])).status_code == 404


def test_tax_that_a_store_pays_is_the_tax_office_s_and_funds_nothing(shop, frank):
    taxed(shop)
    report = a_report(shop, flat_lines(SOLD | {"NetRevenue": "10.00"}))
    note = noted(report)

    first = pay(shop, "0.85", report, frank)

    (part,) = first.allocations.all()
    assert (part.amount, part.vat) == (D("0.85"), D("0.13"))
    assert ledger_facts.funding([report.pk])[0].received == D("0.72")
    assert selectors.open_amounts([report.pk])[report.pk, "USD"] == Open(D("0.72"), D("0.13"))
    pay(shop, "1.00", report, frank, "2")
    assert ledger_facts.funding([report.pk])[0].received == note.amount
    assert ledger_facts.balance("tax_owed", "USD").amount == note.vat
    assert selectors.unallocated(shop, "USD").amount == D("0.15")
    (row,) = selectors.due_rows([note])
    assert (row.received, row.outstanding) == (D("1.70"), 0)
    assert_sound()


@pytest.mark.slow
def test_credit_note_gives_back_royalty_and_tax_and_names_the_note_it_corrects(shop, frank, client_of):
    rule = taxed(shop)
    first = noted(a_report(shop, flat_lines(SOLD | {"NetRevenue": "10.00"})))
    taxed(shop, "20", start=date(2006, 12, 1))
    less = a_report(shop, flat_lines(SOLD | {"NetRevenue": "6.00"}))
    sales.supersede_report(report=less, by=frank, now=NOW, reason="The store says so.")

    credit = noted(less)

    assert credit.is_credit
    assert (credit.corrects, credit.vat_rule) == (first, rule)
    assert (credit.amount, credit.vat, credit.payable) == (D("-0.576"), D("-0.10"), D("-0.67"))
    assert (credit.number, credit.base) == ("SHOP-00002", D("-3.84"))
    paper = text_of(papers.note_pdf(selectors.note_facts(credit)))
    for words in ("Credit note", "Corrects the note SHOP-00001", "Asked for by the note SHOP-00001", "−0.67 USD"):
        assert words in paper, words
    assert "Write on the transfer" not in paper
    page = client_of(frank).get(reverse("payouts:note", args=[first.number])).content.decode()
    assert f"Corrected by {credit.number}" in page
    assert [row.what for row in selectors.account_of(shop)] == ["note", "credit_note"]
    assert_sound()


@pytest.mark.slow
def test_rules_are_dated_and_never_change_and_what_they_say_stays_on_the_note(shop):
    free = taxed(
        shop, "0", treatment="reverse_charge", country="DE", words="Steuerschuldnerschaft des Leistungsempfängers"
    )
    note = noted(a_report(shop, flat_lines(SOLD)))

    assert (note.vat, note.vat_rule) == (0, free)
    assert "Reverse charge" in (paper := text_of(papers.note_pdf(selectors.note_facts(note))))
    assert "Steuerschuldnerschaft des Leistungsempfängers" in paper
    with override("ru"):
        assert "Обратное начисление" in text_of(papers.note_pdf(selectors.note_facts(note)))
    for change in (VatRule.objects.filter(pk=free.pk).update, AmountDue.objects.filter(pk=note.pk).update):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            change(id=7)
    for wrong in ({"percent": "0"}, {"percent": "5", "treatment": "exempt"}, {"law": ""}, {"country": "de"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            taxed(shop, **{"start": date(2008, 1, 1)} | wrong)
    taxed(shop, start=date(2007, 7, 1), end=date(2007, 7, 2))
    assert selectors.vat_rule_on(shop, date(2007, 7, 1)).treatment == "standard"
    assert selectors.vat_rule_on(shop, date(2007, 7, 2)) is None


@pytest.mark.slow
def test_two_tariffs_in_one_report_are_shown_one_by_one(shop):
    old = Tariff.objects.get(license__licensee=shop)
    Tariff.objects.filter(pk=old.pk).update(end=date(2006, 10, 16))
    new = Tariff.objects.create(license=old.license, rate="0.20", base="net_revenue", start=date(2006, 10, 16))
    for split in old.splits.all():
        new.splits.create(right=split.right, percent=split.percent)
    days = [SOLD | {"UsagePeriod": "", "SaleDate": day} for day in ("2006-10-02", "2006-10-20")]

    note = noted(a_report(shop, flat_lines(*days)))

    rows = [(row.version, row.rate_percent, row.gross, row.royalty) for row in selectors.note_facts(note).workings]
    assert rows == [(1, 15, D("0.10"), D("0.0144")), (2, 20, D("0.10"), D("0.02"))]
    assert note.amount == D("0.0344")


@pytest.mark.slow
def test_written_off_debt_owes_no_tax_any_more(shop, frank):
    taxed(shop)
    report = a_report(shop, flat_lines(SOLD | {"NetRevenue": "10.00"}))
    note = noted(report)
    pay(shop, "0.85", report, frank)

    made = services.propose_write_off(report=report, currency="USD", reason="Insolvent.", by=frank, now=NOW)
    services.decide_write_off(write_off=made, approve=True, by=staff("fiona", "finance"), now=NOW)

    assert WriteOff.objects.get().vat == D("0.13")
    assert selectors.open_amounts([report.pk])[report.pk, "USD"] == Open()
    assert selectors.account_of(shop)[-1].balance == 0
    (row,) = selectors.due_rows([note])
    assert (row.received, row.outstanding) == (D("0.85"), 0)
    assert_sound()


@given(
    royalty=st.decimals(min_value="0.00000001", max_value="99999999", places=8),
    percent=st.decimals(min_value="0.01", max_value="40", places=2),
    payments=st.lists(st.decimals(min_value="0.01", max_value="9999", places=2), max_size=8),
)
def test_payments_split_into_royalty_and_tax_without_losing_or_overpaying_either(royalty, percent, payments):
    due = Open(royalty, services.vat_on(royalty, VatRule(percent=percent), "USD"))
    for payment in [*payments, due.total]:
        paid = min(payment, due.total)
        tax = due.vat_in(paid)
        assert 0 <= tax <= due.vat
        assert paid - tax <= due.royalty
        if paid < due.total:
            exact = Fraction(paid) * Fraction(due.vat) / Fraction(due.total)
            assert 0 <= exact - Fraction(tax) < Fraction(1, 10**8), "in proportion, cut"
        due = Open(due.royalty - (paid - tax), due.vat - tax)
    assert due == Open()
