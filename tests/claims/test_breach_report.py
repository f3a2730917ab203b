"""The breach report as a paper: what a lawyer reads, in both languages, and only what the reader may see."""

from datetime import UTC, date, datetime
from hashlib import sha256

import pypdfium2
import pytest

from claims import services
from claims.models import ComplianceFinding
from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2007, 9, 1, 12, tzinfo=UTC)


def text_of(pdf):
    """What stands on the paper, in one line."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        text = " ".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()
    return " ".join(text.replace("\u202f", " ").replace("\u00a0", " ").split())


@pytest.fixture
def breach(alice, bob):
    """What a store sold of a track of Alice's label after it had to be gone."""
    shop, track = factories.a_licensee("shop"), factories.a_track("Группа крови", "Кино", isrc="RUABC0600001")
    label = factories.a_holder("Example Label", owner=alice, reader=bob)
    factories.a_withdrawal(track, label, start=date(2007, 7, 1))
    sold = factories.a_sale(track, units=100, UsagePeriod="2007-08", licensee=shop)
    services.check_report(report_id=sold.report_id, now=NOW)
    return ComplianceFinding.objects.get()


def test_the_paper_says_what_the_table_says_and_names_its_hash(breach, alice, bob, client_of):
    table = b"".join(client_of(alice).get("/compliance/breaches.csv?kind=breach"))
    answer = client_of(bob).get("/compliance/breaches.pdf?kind=breach")

    said = text_of(answer.content)
    assert answer["Content-Type"] == "application/pdf"
    for words in (breach.public_id, "Группа крови", "RUABC0600001", "2007-08-01 – 2007-09-01", "Breach report", "0.75"):
        assert words in said
    assert sha256(table).hexdigest() in said.replace(" ", "")


@pytest.mark.slow
def test_the_paper_speaks_russian(breach, alice, client_of):
    answer = client_of(alice).get("/compliance/breaches.pdf", headers={"accept-language": "ru"})

    assert "Отчёт о нарушениях" in text_of(answer.content)


@pytest.mark.slow
def test_nobody_reads_of_others_and_nothing_found_is_a_paper_too(breach, stranger, client_of):
    said = text_of(client_of(stranger).get("/compliance/breaches.pdf").content)

    assert "FND-" not in said
    assert "Breach report" in said
