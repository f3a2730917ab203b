"""A correction file holds only the rejected lines; mended and sent back they are added once, as a supplement."""

import csv
import io
from decimal import Decimal

import pytest

from ledger.selectors import balance
from sales import services
from sales.models import SalesReport
from sales.pipeline import lookup, rejected
from tests.factories import a_licensee, a_report, flat_lines
from tests.sales.test_dsr import sales_of, the_month_in_blocks, the_month_in_wide_lines

pytestmark = pytest.mark.django_db
D = Decimal
GOOD = {"DspResourceId": "7", "Title": "x", "DisplayArtistName": "y"}
BAD = GOOD | {"Usages": "two"}
WORSE = GOOD | {"Currency": "DM"}


@pytest.fixture
def shop(db):
    return a_licensee("shop")


def correction_file(report):
    content = io.BytesIO()
    name = rejected.write_correction_file(report, content)
    return name, content.getvalue()


def owed(store):
    return balance(f"licensee:{store.pk}:receivable", "USD").amount


def test_only_rejected_lines_are_in_it_each_with_its_reason(shop):
    report = a_report(shop, flat_lines(GOOD, BAD, GOOD, WORSE))

    name, content = correction_file(report)

    head, *rows = csv.reader(io.StringIO(content.decode()), delimiter="\t")
    assert name == "report.rejected.tsv"
    assert head[-2:] == [f"Supplement to {report.public_id}", "What is wrong"]
    assert [row[-2] for row in rows] == ["1:3", "1:5"]
    assert rows[0][-1].startswith("Usages: two. This is no number.")
    assert head[:-2] == flat_lines(GOOD).decode().split("\n")[0].split("\t")


@pytest.mark.slow
def test_mended_lines_are_added_and_nothing_is_counted_twice(shop):
    first = a_report(shop, flat_lines(GOOD, BAD, WORSE))
    _, content = correction_file(first)

    made = a_report(shop, content.replace(b"two", b"2"), name="mended.tsv")

    first.refresh_from_db()
    assert (made.status, made.kind, first.status) == ("posted", "supplement", "superseded")
    assert (made.lines_read, made.lines_accepted, made.lines_rejected) == (3, 2, 1)
    assert owed(shop) == D("0.045")
    assert a_report(shop, content.replace(b"two", b"2"), name="again.tsv") == made
    assert owed(shop) == D("0.045")
    assert [line.line_no for line in lookup.lines_of(made, track_id=made.sales.get().track_id or 0)] == []


@pytest.mark.slow
def test_what_is_still_wrong_can_be_mended_next(shop):
    first = a_report(shop, flat_lines(GOOD, BAD, WORSE))
    made = a_report(shop, correction_file(first)[1].replace(b"two", b"2"))

    _, content = correction_file(made)
    last = a_report(shop, content.replace(b"\tDM\t", b"\tUSD\t"))

    assert [line.split("\t")[-2] for line in content.decode().splitlines()[1:]] == ["2:3"]
    assert (last.lines_read, last.lines_rejected, owed(shop)) == (3, 0, D("0.06"))
    assert last.lot_number == first.pk


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda text, _: text.replace("1:3", "1:2"), "supplement_line_not_rejected"),
        (lambda text, _: text.replace("1:4", "1:3"), "supplement_line_twice"),
        (lambda text, _: text.replace("1:4", ""), "supplement_stray_line"),
        (lambda text, _: text.splitlines()[0] + "\n", "supplement_empty"),
        (
            lambda text, _: "\t".join(reversed(text.splitlines()[0].split("\t")[:-2])) + text[text.index("\tSupp") :],
            "supplement_other_layout",
        ),
        (lambda text, report: text.replace(report.public_id, "RPT-00000000000"), "supplement_unknown"),
        (lambda text, report: text.replace(report.public_id, "RPT-0000"), "supplement_unknown"),
    ],
)
def test_a_mended_file_that_does_not_fit_is_refused_whole(shop, change, code):
    report = a_report(shop, flat_lines(GOOD, BAD, WORSE))
    text = correction_file(report)[1].decode()

    with pytest.raises(services.SupplementRefused) as refused:
        a_report(shop, change(text, report).encode())

    assert refused.value.code == code
    assert SalesReport.objects.count() == 1


@pytest.mark.slow
def test_a_replaced_report_is_mended_in_its_successor(shop):
    first = a_report(shop, flat_lines(GOOD, BAD, WORSE))
    _, content = correction_file(first)
    made = a_report(shop, content.replace(b"two", b"2"))

    with pytest.raises(services.SupplementRefused) as refused:
        a_report(shop, content.replace(b"\tDM\t", b"\tUSD\t"))

    assert refused.value.code == "supplement_outdated"
    assert refused.value.params["other"] == made.public_id


def test_another_store_cannot_mend_it(shop):
    report = a_report(shop, flat_lines(GOOD, BAD))

    with pytest.raises(services.SupplementRefused):
        a_report(a_licensee("other"), correction_file(report)[1])


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_it_comes_in_the_layout_that_was_sent(shop, suffix, tmp_path):
    import openpyxl

    lines = flat_lines(GOOD, BAD | {"Title": '=HYPERLINK("x"), "quoted"'}).decode()
    rows = list(csv.reader(io.StringIO(lines), delimiter="\t", quoting=csv.QUOTE_NONE))
    sent = io.StringIO()
    csv.writer(sent).writerows(rows)
    content = sent.getvalue().encode()
    if suffix == "xlsx":
        book, packed = openpyxl.Workbook(), io.BytesIO()
        for row in rows:
            book.active.append(row)
        book.save(packed)
        content = packed.getvalue()
    report = a_report(shop, content, name=f"october.{suffix}")

    name, back = correction_file(report)
    if suffix == "xlsx":
        book, packed = openpyxl.load_workbook(io.BytesIO(back)), io.BytesIO()
        page = book.worksheets[0]
        assert page.max_row == 2
        assert "f" not in {cell.data_type for row in page.iter_rows() for cell in row}  # no formula
        for cell in page[2]:
            cell.value = 2 if cell.value == "two" else cell.value
        book.save(packed)
        back = packed.getvalue()
    made = a_report(shop, back.replace(b"two", b"2"), name=name)

    assert name == f"october.rejected.{suffix}"
    assert (made.status, made.lines_rejected, owed(shop)) == ("posted", 0, D("0.045"))


@pytest.mark.slow
@pytest.mark.parametrize("month", [the_month_in_blocks, the_month_in_wide_lines], ids=["blocks", "single-record"])
def test_mended_lines_of_a_dsr_end_as_if_they_had_been_right_at_once(month):
    shop, other = (a_licensee(base="net_revenue", fallbacks=()) for _ in range(2))
    whole = a_report(other, month())
    lines = month().split(b"\n")
    place, line = [(at, one) for at, one in enumerate(lines) if one[:2] in (b"SU", b"SR")][-2]
    cells = line.split(b"\t")
    usages = 8 if line.startswith(b"SU") else 36
    right, cells[usages] = cells[usages], b"many"
    lines[place] = b"\t".join(cells)
    first = a_report(shop, b"\n".join(lines), name="october.tsv")
    assert (first.status, first.lines_rejected) == ("posted", 1)

    name, content = correction_file(first)
    made = a_report(shop, content.replace(b"\tmany", b"\t" + right), name=name)

    assert content.startswith(b"HEAD\tdsrf/1.1/1.4.1/1.3")
    assert b"# Supplement to " + first.public_id.encode() in content
    assert f"# 1:{place + 1} Usages: many.".encode() in content
    assert (made.status, made.kind, made.lines_rejected) == ("posted", "supplement", 0)
    assert made.lines_read == whole.lines_read
    assert sales_of(made) == sales_of(whole)
    assert owed(shop) == owed(other)
    assert not made.footer_faults
