"""Papers: PDF files set from facts. What a reader, a screen reader and an archive need, and what a name must not do."""

from datetime import date
from decimal import Decimal

import pypdfium2
import pytest
from django.utils.translation import override

from core import papers

DAY = date(2007, 7, 2)
D = Decimal


ROWS = [("a", D("0.00000001"))]


def sample(*texts, rows=ROWS, **changes):
    table = papers.Table(head=["What", "How much"], rows=rows, widths=(1, 0), right=(1,))
    parts = [*(papers.Text(text) for text in texts), table]
    return papers.sheet(parts, **{"title": "Sample", "number": "SMP-1", "day": DAY} | changes)


def pages_of(pdf):
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


def test_paper_has_its_text_in_cyrillic_and_latin():
    (page,) = pages_of(sample("Кино, «Группа крови»", "Kino", title="Выписка"))

    for text in ("Кино, «Группа крови»", "Kino", "Выписка", "SMP-1", "0.00000001"):
        assert text in page


def test_pages_are_numbered_in_the_language_of_the_reader():
    rows = [(f"row {number}", D(number)) for number in range(120)]

    english = pages_of(sample(rows=rows))
    with override("ru"):
        russian = pages_of(sample(rows=rows))

    assert [f"page {number} of {len(english)}" in page for number, page in enumerate(english, 1)] == [True] * 3
    assert "стр. 2 из 3" in russian[1]
    assert all("How much" in page for page in english), "a table says its head on every page"


def test_same_facts_are_the_same_bytes_and_another_day_is_not():
    assert sample("text") == sample("text")
    assert sample("text") != sample("text", day=date(2007, 7, 3))


def test_paper_is_tagged_and_fit_for_an_archive():
    pdf = sample("text")

    assert b"/StructTreeRoot" in pdf
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in pdf


@pytest.mark.parametrize("name", ['#read("/etc/passwd")', "*bold* = _x_ $1$ `raw`", "\\u{41}", "<label> @ref"])
def test_what_stands_in_a_name_stays_text(name):
    (page,) = pages_of(sample(name))

    assert name in page


def test_other_scripts_are_written_in_latin_letters_in_brackets():
    (page,) = pages_of(sample("日本 (live)", "Rock\u202egnp.exe", "Ким\nЦой"))

    assert "[RiBen] (live)" in page
    assert "Rockgnp.exe" in page
    assert "Ким Цой" in page


def test_every_letter_the_fonts_are_said_to_have_can_be_set():
    bounds = [part.split("-") for part in papers._RANGES.split()]
    letters = "".join(chr(code) for bound in bounds for code in range(int(bound[0], 16), int(bound[-1], 16) + 1))

    sample(papers.printable(letters))

    assert papers.printable("Ё ё № ₽ € ½ — “q” Ω Հ ა") == "Ё ё № ₽ € ½ — “q” Ω Հ ა"


@pytest.mark.parametrize("template", ["../core/papers", "/etc/passwd", "nothing", "house.typ", ""])
def test_only_templates_of_the_folder_are_set(template):
    with pytest.raises(papers.PaperFailed):
        papers.render(template, {}, title="x", number="x", day=DAY)


def test_facts_that_do_not_fit_are_told():
    with pytest.raises(papers.PaperFailed):
        papers.render("sheet", {}, title="x", number="x", day=DAY)
    with pytest.raises(papers.PaperFailed, match="float"):
        sample(rows=[("a", 0.1)])
