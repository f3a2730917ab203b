"""A statement as paper and spreadsheet: the same facts as its data file, in two languages, provable from outside."""

import io
import zipfile
from datetime import date
from decimal import Decimal

import openpyxl
import pypdfium2
import pytest
from django.core.files.storage import default_storage
from django.utils.translation import override

from core.money import Money
from ledger import services as ledger
from ledger.models import LogCheckpoint, LogLeaf
from ledger.proofs import proof_holds, prove_posting
from ledger.publishing import signer
from payouts import papers, selectors, services
from payouts.formats import statement_rows as rows
from payouts.formats.statement_csv import ALWAYS, WORDINGS, as_csv, digest
from payouts.models import WithholdingRate
from payouts.papers.words import ALWAYS_WORDS, WORDING_WORDS
from tests import factories
from tests.payouts.bank_files import camt, pain002
from tests.payouts.paying import DAY, NOW, sent, take
from tests.payouts.test_statement import choose

pytestmark = pytest.mark.django_db
D = Decimal
YEAR = {"start": date(2007, 1, 1), "end": date(2008, 1, 1)}
QUERY = {"start": "2007-01-01", "end": "2008-01-01"}


@pytest.fixture
def paid(paid_world):
    """Alice's label was paid in September, 30 % kept back, in euros."""
    WithholdingRate.objects.create(country="", start=date(2000, 1, 1), percent=30)
    batch, payment = sent(paid_world)
    take(paid_world, pain002(batch, [(payment, "ACSC", "")]))
    payment.refresh_from_db()
    paid_world.payment, paid_world.batch = payment, batch
    return paid_world


def sign():
    ledger.sequence_log()
    ledger.sign_checkpoint(signer=signer(), publish=lambda name, text: None, now=NOW)


def facts_of(world):
    return selectors.statement_facts(holder=world.label, **YEAR)


def pdf_of(world, language="en"):
    content = as_csv(facts_of(world))
    with override(language):
        return papers.statement_pdf(io.BytesIO(content), sha256=digest(content), number="STM-1", day=date(2007, 12, 31))


def text_of(pdf):
    document = pypdfium2.PdfDocument(pdf)
    try:
        text = " ".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()
    return " ".join(text.replace("\u202f", " ").replace("\u00a0", " ").split())


def test_data_file_is_read_back_as_the_facts_it_was_made_of(paid):
    paid.kino.title = "'=1+1"
    paid.kino.save()
    sign()
    facts = facts_of(paid)
    file = io.BytesIO(as_csv(facts))

    assert list(rows.movements_of(file)) == list(facts.movements)
    assert tuple(rows.payments_of(file)) == facts.payments
    assert tuple(rows.standings_of(file, "closing")) == facts.closing
    assert rows.read_head(file) == (facts.holder, facts.holder_name, *YEAR.values(), "plain", facts.checkpoint)


def test_payment_says_gross_kept_back_and_net(paid):
    (row,) = facts_of(paid).payments

    assert (row.payment, row.gross, row.tax_percent) == (paid.payment.public_id, paid.payment.gross, D(30))
    assert row.gross == row.tax + row.administration + row.net
    assert (row.paid_currency, row.rate_source) == ("EUR", paid.payment.rate_source)
    said = text_of(pdf_of(paid))
    for words in (*(f"{amount:f} USD" for amount in (row.gross, row.tax, row.net)), "30 %", f"{row.paid:.2f} EUR"):
        assert words in said, words


def test_payment_that_came_back_says_so_and_is_in_no_sum(paid):
    take(paid, camt(54, [(paid.payment, 1)], number="N-2", returned="AC04"))

    assert [row.status for row in facts_of(paid).payments] == ["returned"]
    said = text_of(pdf_of(paid))
    assert "came back" in said
    assert "Together" not in said


def test_paper_has_the_facts_in_both_languages(paid):
    english, russian = text_of(pdf_of(paid)), text_of(pdf_of(paid, "ru"))
    sha256 = digest(as_csv(facts_of(paid)))

    for said in (english, russian):
        assert "Северный ветер" in said
        assert "Группа крови" in said
        assert "AllofMP3" in said
        assert sha256[:8] in said
        assert sha256[-8:] in said
    assert "3.33333333 USD" in english
    assert "3,33333333 USD" in russian
    assert "Statement" in english
    assert "Выписка" in russian
    assert str(ALWAYS_WORDS) in english
    assert "page 1 of " in english
    assert "май 2007" in russian


def test_paper_is_the_same_bytes_for_the_same_file(paid):
    assert pdf_of(paid) == pdf_of(paid)


@pytest.mark.parametrize("choice", ["reserve", "leave"])
def test_paper_carries_the_reservation_where_it_was_chosen(world, choice):
    assert WORDINGS[choice] not in text_of(pdf_of(world))

    choose(world, choice)

    assert WORDINGS[choice] in text_of(pdf_of(world))
    with override("ru"):
        russian = str(WORDING_WORDS[choice])
    assert russian != WORDINGS[choice]
    assert russian in text_of(pdf_of(world, "ru"))


def test_words_of_papers_are_those_of_the_data_file():
    assert {code: str(text) for code, text in WORDING_WORDS.items()} == WORDINGS
    assert str(ALWAYS_WORDS) == ALWAYS


def test_statement_names_the_first_checkpoint_over_all_of_it_and_keeps_its_hash(paid):
    assert facts_of(paid).checkpoint is None
    sign()
    facts = facts_of(paid)
    before = digest(as_csv(facts))

    assert facts.checkpoint.size == LogCheckpoint.objects.get().size
    for movement in facts.movements:
        proof = prove_posting(movement.posting)
        assert proof.position == movement.leaf < facts.checkpoint.size
        assert proof_holds(proof, bytes(LogCheckpoint.objects.get().root))
    services.record_remittance(
        licensee=paid.licensee, payer="x", amount=Money(D(1), "USD"), reference="later",
        received_date=date(2007, 9, 1), allocations=[], by=paid.frank, now=NOW,
    )  # fmt: skip
    sign()
    assert LogCheckpoint.objects.count() == 2
    assert digest(as_csv(facts_of(paid))) == before, "a later checkpoint changes nothing"
    assert str(facts.checkpoint.size) in text_of(pdf_of(paid))


def test_movement_without_a_place_in_the_log_keeps_the_statement_unproved(paid):
    sign()
    take(paid, camt(54, [(paid.payment, 1)], number="N-2", returned="AC04"))

    facts = facts_of(paid)

    assert facts.checkpoint is None
    assert LogLeaf.objects.exists()
    assert {movement.leaf is None for movement in facts.movements} == {True, False}


def test_spreadsheet_has_every_amount_exactly_and_no_formula(paid):
    paid.kino.title = "=HYPERLINK(1)"
    paid.kino.save()
    content, out = as_csv(facts_of(paid)), io.BytesIO()

    papers.statement_book(io.BytesIO(content), out, sha256=digest(content))

    book = openpyxl.load_workbook(io.BytesIO(out.getvalue()))
    assert book.sheetnames == ["Statement", "Movements"]
    head, *lines = book["Movements"].iter_rows(values_only=True)
    movements = list(facts_of(paid).movements)
    assert [line[head.index("title")] for line in lines] == ["=HYPERLINK(1)"] * len(movements)
    assert {cell.data_type for row in book["Movements"].iter_rows(min_row=2) for cell in row} <= {
        "s",
        "n",
        "d",
        "inlineStr",
    }
    assert lines[0][head.index("day")].date() == movements[0].day
    sheet = zipfile.ZipFile(out).read("xl/worksheets/sheet1.xml").decode()
    for movement in movements:
        assert f"<v>{movement.amount:f}</v>" in sheet
    assert digest(content) in [row[1] for row in book["Statement"].iter_rows(values_only=True, max_col=2)]


def test_long_spreadsheet_goes_on_in_another_sheet(monkeypatch):
    from payouts.formats import xlsx

    monkeypatch.setattr(xlsx, "ROWS_MAX", 2)
    out = io.BytesIO()
    book = xlsx.Book(out)
    book.add_sheet("M", [[D("123456789.00000001")], ["a\x00<&>"], [3]], place=1, head=["n"])
    book.close()

    loaded = openpyxl.load_workbook(out)
    assert [[cell for (cell,) in sheet.values] for sheet in loaded] == [["n", 123456789.00000001, "a<&>"], ["n", 3]]
    assert b"<v>123456789.00000001</v>" in zipfile.ZipFile(out).read("xl/worksheets/sheet1.xml")


def test_long_statement_is_summed_on_paper_and_listed_in_the_data_file(paid, monkeypatch):
    monkeypatch.setattr("payouts.papers.statement.PRINTED_MAX", 1)

    said = text_of(pdf_of(paid))

    assert "they are too many to print" in said
    assert "Группа крови" not in said
    assert "Jun 2007" in said or "June 2007" in said
    assert "3.33333333 USD" in said


def test_every_form_comes_from_the_page_and_is_named(world, client_of):
    browser, base = client_of(world.alice), f"/money/{world.label.public_id}"
    page = browser.get(f"{base}/statement/", QUERY).content.decode()
    sha256 = browser.get(f"{base}/statement.csv", QUERY)["X-Content-SHA256"]

    for form, begins in (("pdf", b"%PDF-"), ("xlsx", b"PK")):
        assert f"{base}/statement.{form}?start=2007-01-01&amp;end=2008-01-01" in page
        answer = browser.get(f"{base}/statement.{form}", QUERY)
        assert answer.getvalue().startswith(begins)
        assert answer["X-Content-SHA256"] == sha256
        assert f".{form}" in answer["Content-Disposition"]
    assert "Выписка" in text_of(browser.get(f"{base}/statement.pdf", QUERY | {"lang": "ru"}).getvalue())
    assert browser.get(f"{base}/statement.exe", QUERY).status_code == 404
    assert browser.get(f"{base}/statement.pdf", {"start": "x"}).status_code == 404


def test_kept_statement_is_drawn_from_its_own_bytes_for_ever(paid, client_of):
    kept = services.keep_statement(holder=paid.label, by=paid.alice, now=NOW, **YEAR)
    browser, base = client_of(paid.alice), f"/money/{paid.label.public_id}/statements/{kept.public_id}"
    before = {form: browser.get(f"{base}.{form}").getvalue() for form in ("pdf", "xlsx", "csv")}

    take(paid, camt(54, [(paid.payment, 1)], number="N-2", returned="AC04"), NOW + DAY)
    paid.kino.title = "Another title"
    paid.kino.save()

    assert {form: browser.get(f"{base}.{form}").getvalue() for form in before} == before
    assert digest(before["csv"]) == kept.sha256
    assert kept.public_id in text_of(before["pdf"])
    assert f"{base}.pdf" in browser.get(f"/money/{paid.label.public_id}/").content.decode()
    default_storage.delete(kept.stored)


def test_statement_of_nothing_is_a_paper_too(world, client_of):
    empty = client_of(world.alice).get(
        f"/money/{world.label.public_id}/statement.pdf", {"start": "2001-01-01", "end": "2002-01-01"}
    )

    assert "Nothing moved in this period." in text_of(empty.getvalue())


def test_claim_under_reservation_has_its_certificate(world, client_of, rita):
    holder = factories.a_holder("Осенний лист", owner=world.alice, reader=world.bob)
    claim = factories.an_awarded_claim(world.alice, holder, world.star, reviewer=rita, choice="reserve")
    address = f"/money/claims/{claim.public_id}/certificate.pdf"

    english = text_of(client_of(world.alice).get(address).content)
    russian = text_of(client_of(world.bob).get(address, {"lang": "ru"}).content)

    for words in ("Certificate of reservation", claim.public_id, "Звезда", WORDINGS["reserve"], "100 %"):
        assert words in english, words
    assert claim.attestation.text.text.splitlines()[0] in english
    assert claim.attestation.text.sha256[:8] in english
    assert "Осенний лист" in russian
    assert "Свидетельство об оговорке" in russian
    assert address in client_of(world.alice).get(f"/claims/{claim.public_id}/").content.decode()
    assert client_of(world.stranger).get(address).status_code == 404


def test_certificate_says_the_exact_money_received_and_not(world, client_of, rita):
    claim = factories.an_awarded_claim(
        world.alice, factories.a_holder(owner=world.alice), world.star, reviewer=rita, choice="leave"
    )

    said = text_of(client_of(world.alice).get(f"/money/claims/{claim.public_id}/certificate.pdf").content)

    assert "Certificate of rights proved and money left" in said
    assert "20.00000000 USD 0.00000000 USD 20.00000000 USD" in said


@pytest.mark.parametrize("terms", [{"choice": "pay"}, {"choice": "reserve", "filed": False}])
def test_other_claims_and_drafts_have_no_certificate(world, client_of, terms):
    claim = factories.a_claim(world.alice, factories.a_holder(owner=world.alice), world.star, **terms)

    assert client_of(world.alice).get(f"/money/claims/{claim.public_id}/certificate.pdf").status_code == 404


def test_yearly_tax_certificate_sums_what_was_kept_back(paid, client_of):
    browser, base = client_of(paid.alice), f"/money/{paid.label.public_id}/tax/"

    said = text_of(browser.get(f"{base}2007.pdf").content)

    (row,) = selectors.tax_years(paid.label)
    assert "Certificate of tax kept back" in said
    assert paid.payment.public_id in said
    for amount in (row.gross, row.tax, row.net):
        assert said.count(f"{amount:f} USD") == 2, "as a sum and at the payment"
    assert "Удостоверение об удержанном налоге" in text_of(browser.get(f"{base}2007.pdf", {"lang": "ru"}).content)
    assert f"{base}2007.pdf" in browser.get(base).content.decode()
    assert browser.get(f"{base}2006.pdf").status_code == 404


def test_statements_are_kept_and_fetched_over_json_too(paid, client_of):
    browser = client_of(paid.alice)
    asked = {"holder": paid.label.public_id} | QUERY

    kept = browser.post("/api/v1/statements/kept/", asked, content_type="application/json")

    assert kept.status_code == 201
    body = browser.get("/api/v1/statements/kept/", {"holder": paid.label.public_id}).json()
    assert [row["sha256"] for row in body["results"]] == [kept.json()["sha256"]]
    for form, begins in (("pdf", b"%PDF-"), ("xlsx", b"PK"), ("csv", b"row,")):
        answer = browser.get(f"/api/v1/statements/kept/{kept.json()['id']}/{form}/")
        assert answer.getvalue().startswith(begins)
    assert browser.get(f"/api/v1/statements/kept/{kept.json()['id']}/exe/").status_code == 404
    assert client_of(paid.frank).post("/api/v1/statements/kept/", asked).status_code == 403
