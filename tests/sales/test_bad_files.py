"""Every wrong file gets a message that says what is wrong and what to do; the original is kept; nothing is posted."""

import gzip
import io
import zipfile

import openpyxl
import pytest
import zstandard
from django.utils import timezone

from ledger.models import Entry
from sales import messages, services
from sales.models import LineFault, ReportFile, Sale
from sales.pipeline import files
from tests.factories import a_licensee, a_report, flat_lines

pytestmark = pytest.mark.django_db

HEAD = ["HEAD", "dsrf/1.1/1.4.1/1.3", "BasicAudioProfile", "1.3", "M1", "2006-11-03T07:59:30Z", "1", "1"]
HEAD += ["2006-10-01", "2006-10-31", "PADPIDA0000000000X", "Store"]


def a_workbook(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def with_doctype(content):
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(changed, "w") as target:
        for part in source.infolist():
            data = source.read(part)
            if part.filename == "xl/workbook.xml":
                data = b'<!DOCTYPE x [<!ENTITY a "b">]>' + data
            target.writestr(part, data)
    return changed.getvalue()


def a_zip_bomb():
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("xl/workbook.xml", b"<workbook/>")
        target.writestr("xl/worksheets/sheet1.xml", b" " * (20 << 20))
    return bomb.getvalue()


def dsr(**cells):
    head = list(HEAD)
    for name, text in cells.items():
        head[{"profile": 2, "version": 3, "message": 4, "start": 8}[name]] = text
    return ("\t".join(head) + "\nFOOT\t2\t2\t0\t0\t0\n").encode()


def columns():
    return ["UsagePeriod", "Title", "DisplayArtistName", "Usages", "PriceConsumerPaidExcSalesTax", "Currency"]


WRONG_FILES = {
    "empty": (b"", "empty_file", ""),
    "only blank lines": (b"\n\n  \n", "empty_file", ""),
    "truncated gzip": (gzip.compress(flat_lines({"Title": "x" * 9000}))[:60], "cut_short", "too early"),
    "damaged gzip": (gzip.compress(b"x" * 100)[:10] + b"garbage garbage garbage", "damaged", "gz"),
    "damaged zstd": (zstandard.compress(b"x" * 100)[:6] + b"garbage garbage", "damaged", "zst"),
    "zip bomb": (a_zip_bomb(), "unpacks_too_large", ""),
    "gzip bomb": (gzip.compress(flat_lines({"Title": "x"}) + b"0\n" * (10 << 20)), "unpacks_too_large", ""),
    "zeros": (bytes(1 << 20), "not_text", ""),
    "zeros packed": (gzip.compress(bytes(1 << 20)), "not_text", ""),
    "zip of something else": (a_zip_bomb().replace(b"xl/workbook.xml", b"xl/workbxxk.xml"), "zip_is_no_workbook", ""),
    "old excel": (b"\xd0\xcf\x11\xe0" + bytes(600), "old_excel", ""),
    "doctype in a workbook": (with_doctype(a_workbook(columns())), "xml_doctype", "xl/workbook.xml"),
    "other profile": (dsr(profile="AudioVisualProfile"), "profile_of_films", "AudioVisualProfile"),
    "unknown profile": (dsr(profile="Nonsense"), "profile_unknown", "Nonsense"),
    "other version": (dsr(version="9.9"), "profile_version_not_supported", "9.9"),
    "no message id": (dsr(message=""), "head_cell_empty", "MessageId"),
    "bad date in HEAD": (dsr(start="31.10.2006"), "head_cell_wrong", "31.10.2006"),
    "a line without end": (flat_lines({"Title": "x"}) + b"x" * (2 << 20), "line_too_long", "Line 3 "),
    "html": (b"<html><body>Login</body></html>", "unknown_format", "<html>"),
    "noise": (bytes(range(128, 256)) * 400 + b"\n", "wrong_encoding", ""),
}


@pytest.mark.parametrize(("content", "code", "words"), WRONG_FILES.values(), ids=WRONG_FILES.keys())
def test_a_wrong_file_is_refused_in_words_and_kept(content, code, words):
    report = a_report(content=content, name="september.csv")

    assert (report.status, report.reason) == ("rejected", code)
    fault, remedy = messages.of_report(report.reason, report.reason_params)
    assert fault.startswith("september.csv: ")
    assert words in fault
    assert "?" not in fault
    assert remedy
    file = report.files.get()
    with files.original(file.stored) as original:
        assert original.read() == content
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    "content",
    [b"Title\tArtist\tUsages\nx\ty\t1\n", b"Title\tTitle\tUsages\tCurrency\nx\ty\t1\tUSD\n"],
    ids=["missing columns", "column twice"],
)
def test_a_table_that_is_nearly_ours_waits_for_a_mapping(content):
    report = a_report(content=content)

    assert (report.status, report.reason) == ("held", "needs_mapping")
    assert not Entry.objects.exists()


@pytest.mark.slow
def test_a_file_that_breaks_off_after_its_beginning_is_refused():
    content = gzip.compress(flat_lines(*({"Title": f"{n:x}" * 40, "DisplayArtistName": n} for n in range(30_000))))

    report = a_report(content=content[: len(content) - 2000])

    assert (report.status, report.reason) == ("rejected", "cut_short")
    assert not Sale.objects.exists()


def test_an_upload_above_the_limit_is_refused_before_anything_is_kept():
    with pytest.raises(services.UploadTooLarge):
        services.receive_report(
            licensee=a_licensee(),
            stream=io.BytesIO(bytes(2000)),
            name="big.csv",
            by=None,
            now=timezone.now(),
            limits=services.Limits(upload_bytes=1000),
        )

    assert not ReportFile.objects.exists()


@pytest.mark.slow
def test_a_workbook_named_csv_is_read_for_what_it_is():
    content = a_workbook(columns(), ["2006-10", "Кукушка", "Кино", 2, 0.1, "USD"])

    report = a_report(content=content, name="september.csv")

    assert report.status == "posted"
    assert str(Sale.objects.get().base) == "0.20000000"


ENCODINGS = {
    "utf-8 with BOM": "utf-8-sig",
    "utf-16": "utf-16",
    "utf-16 little endian without BOM": "utf-16-le",
    "windows-1251": "cp1251",
}


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ENCODINGS.values(), ids=ENCODINGS.keys())
def test_a_report_in_another_encoding_is_read(encoding):
    lines = flat_lines(*({"Title": f"Звезда по имени Солнце {n}", "DisplayArtistName": "Кино"} for n in range(20)))

    report = a_report(content=lines.decode().encode(encoding))

    assert (report.status, report.lines_accepted) == ("posted", 20)
    assert Sale.objects.filter(store_key__title="Звезда по имени Солнце 7", store_key__artist="Кино").count() == 1


@pytest.mark.slow
@pytest.mark.parametrize("packing", [gzip.compress, zstandard.compress], ids=["gz", "zst"])
def test_a_packed_report_is_read(packing):
    report = a_report(content=packing(flat_lines({"Title": "x", "DisplayArtistName": "y"})), name="plain.tsv")

    assert report.status == "posted"


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["\r\n", "\r"], ids=["CRLF", "CR"])
def test_a_report_with_other_line_ends_is_read(ending):
    lines = flat_lines({"Title": "x", "DisplayArtistName": "y"}, {"Title": "z", "DisplayArtistName": "y"})

    report = a_report(content=lines.decode().replace("\n", ending).encode())

    assert (report.status, report.lines_accepted) == ("posted", 2)


@pytest.mark.slow
def test_quoted_csv_with_line_ends_inside_quotes_keeps_its_line_numbers():
    content = b"UsagePeriod;Title;DisplayArtistName;Usages;PriceConsumerPaidExcSalesTax;Currency\n"
    content += b'2006-10;"One; ""two""\nthree";y;1;0.10;USD\n2006-10;z;y;x;0.10;USD\n'

    report = a_report(content=content)

    assert (report.lines_read, report.lines_accepted) == (2, 1)
    assert Sale.objects.get().store_key.title == 'One; "two"\nthree'
    assert LineFault.objects.get().line_no == 4


@pytest.mark.slow
@pytest.mark.parametrize("cell", ['"never ends', '"ends" early', '"' + "x" * 200_000], ids=["open", "early", "endless"])
def test_a_quote_that_does_not_fit_costs_its_own_line_at_most(cell):
    lines = ["UsagePeriod;Title;DisplayArtistName;Usages;PriceConsumerPaidExcSalesTax;Currency"]
    lines += [f'2006-10;"Song; {n}";y;1;0.10;USD' for n in range(5)]
    lines.insert(3, f"2006-10;{cell};y;1;0.10;USD")

    report = a_report(content="\n".join([*lines, ""]).encode())

    assert (report.status, report.lines_read) == ("posted", 6)
    assert report.lines_accepted >= 5
    assert Sale.objects.filter(store_key__title="Song; 4").exists()


WRONG_CELLS = {
    "money text": ({"PriceConsumerPaidExcSalesTax": "ten cents"}, "not_a_number", "PriceConsumerPaidExcSalesTax"),
    "money with comma": ({"PriceConsumerPaidExcSalesTax": "0,10"}, "not_a_number", "PriceConsumerPaidExcSalesTax"),
    "nine decimals": (
        {"PriceConsumerPaidExcSalesTax": "0.123456789"},
        "too_many_decimals",
        "PriceConsumerPaidExcSalesTax",
    ),
    "negative price": ({"PriceConsumerPaidExcSalesTax": "-0.10"}, "negative", "PriceConsumerPaidExcSalesTax"),
    "negative units": ({"Usages": "-1"}, "negative", "Usages"),
    "half units": ({"Usages": "1.5"}, "not_a_number", "Usages"),
    "exponent": ({"Usages": "1e3"}, "not_a_number", "Usages"),
    "no units": ({"Usages": ""}, "cell_empty", "Usages"),
    "returns text": ({"Returns": "some"}, "not_a_number", "Returns"),
    "revenue text": ({"NetRevenue": "n/a"}, "not_a_number", "NetRevenue"),
    "negative revenue": ({"NetRevenue": "-1"}, "negative", "NetRevenue"),
    "date": ({"UsagePeriod": "", "SaleDate": "2006-13-45"}, "date_wrong", "SaleDate"),
    "period": ({"UsagePeriod": "2006-13"}, "date_wrong", "UsagePeriod"),
    "end of the calendar": ({"UsagePeriod": "9999-12-31"}, "date_wrong", "UsagePeriod"),
    "last month there is": ({"UsagePeriod": "9999-12"}, "date_wrong", "UsagePeriod"),
    "sold when the calendar ends": ({"UsagePeriod": "", "SaleDate": "9999-12-31"}, "date_wrong", "SaleDate"),
    "no date": ({"UsagePeriod": "", "SaleDate": ""}, "cell_empty", "SaleDate"),
    "currency": ({"Currency": "XQZ"}, "currency_unknown", "Currency"),
    "no currency": ({"Currency": ""}, "cell_empty", "Currency"),
    "nothing sold": ({"Title": "", "DisplayArtistName": ""}, "no_identity", "Title"),
    "zero byte": ({"Title": "a\0b"}, "nul_byte", ""),
    "long key": ({"DspResourceId": "7" * 201}, "too_long", "DspResourceId"),
}


@pytest.mark.slow
def test_wrong_cells_cost_their_lines_and_no_other():
    good = {
        "Title": "Good",
        "DisplayArtistName": "y",
        "DspResourceId": "",
        "Returns": "",
        "NetRevenue": "",
        "SaleDate": "",
    }
    bad = [good | cells for cells, _, _ in WRONG_CELLS.values()]

    report = a_report(content=flat_lines(good, *bad, good), name="october.tsv")

    assert (report.status, report.lines_read) == ("posted", len(bad) + 2)
    assert (report.lines_accepted, report.lines_rejected) == (2, len(bad))
    found = {fault.line_no: fault for fault in LineFault.objects.all()}
    for line_no, (name, (cells, code, cell)) in enumerate(WRONG_CELLS.items(), 3):
        fault = found[line_no]
        assert (fault.code, fault.cell, fault.is_fatal) == (code, cell, True), name
        assert fault.found in {str(text)[:200] for text in cells.values()} | {""}, name
        assert messages.of_line(fault.code).remedy, name
    assert messages.of_place("october.tsv", 3, "Usages") == "october.tsv, line 3, cell Usages"


@pytest.mark.slow
def test_a_line_with_cells_beyond_the_last_column_only_is_rejected_not_dropped():
    content = flat_lines({"Title": "x", "DisplayArtistName": "y"}) + b"\t" * 20 + b"2006-10\tz\n" + b"\t" * 20 + b"\n"

    report = a_report(content=content)

    assert (report.lines_accepted, report.lines_rejected) == (1, 1)
    assert LineFault.objects.get().line_no == 3


@pytest.mark.slow
def test_one_line_in_another_encoding_costs_that_line():
    good = flat_lines(*({"Title": f"Звезда {n}", "DisplayArtistName": "y"} for n in range(9)))
    bad = flat_lines({"Title": "Кино", "DisplayArtistName": "y"}).split(b"\n")[1]

    report = a_report(content=good + bad.decode().encode("cp1251") + b"\n")

    assert (report.lines_accepted, report.lines_rejected) == (9, 1)
    assert (LineFault.objects.get().code, LineFault.objects.get().line_no) == ("not_utf8", 11)


REMARKS = {
    "ISRC": ({"ISRC": "12345"}, "isrc_wrong", "ISRC"),
    "territory": ({"Territory": "Atlantis"}, "territory_unknown", "Territory"),
}


@pytest.mark.slow
@pytest.mark.parametrize(("cells", "code", "cell"), REMARKS.values(), ids=REMARKS.keys())
def test_a_cell_that_can_be_done_without_is_remarked_and_the_money_taken(cells, code, cell):
    report = a_report(content=flat_lines({"Title": "x", "DisplayArtistName": "y"} | cells))

    fault = LineFault.objects.get()
    assert (report.lines_accepted, fault.code, fault.cell, fault.is_fatal) == (1, code, cell, False)


def test_a_report_without_one_good_line_is_rejected_with_its_faults():
    report = a_report(content=flat_lines({"Title": "x", "Currency": "?"}))

    assert (report.status, report.reason, report.lines_rejected) == ("rejected", "no_line_accepted", 1)
    assert LineFault.objects.get().code == "currency_unknown"
