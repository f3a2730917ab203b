"""DDEX DSR Basic Audio: both variants of the profile, quirks of real files, the same accrual as the flat template."""

from decimal import Decimal
from pathlib import Path

import pytest

from ledger.selectors import balance
from sales.formats import text
from sales.models import LineFault, Sale, SalesReport
from tests.factories import a_licensee, a_report, a_track, flat_lines

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples" / "dsr"
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample files are not here")

HEAD = "HEAD dsrf/1.1/1.4.1/1.3 {profile} {version} {message} 2006-11-03T07:59:30Z {number} {files}"
HEAD += " 2006-10-01 2006-10-31 PADPIDA0000000000X Store"
SY = "SY02.03 {key} Store - PayAsYouGoModel PermanentDownload {territory} Shop {usages} - USD {revenue}"
RE = "RE01.02 {block} R{block} ALB{block} - - 123456789012 Кино - Группа_крови"
AS = "AS01.02 {block} {ref} {own} {isrc} {title} - Кино - PT3M37S SoundRecording"


def record(template, **cells):
    """One record: cells stand apart by blanks, `-` is an empty cell, `_` a blank."""
    return "\t".join("" if c == "-" else c.replace("_", " ") for c in template.format(**cells).split(" "))


def a_dsr(*lines, profile="BasicAudioProfile", version="1.3", message="M1", number=1, files=1, foot=True, end="\n"):
    head = record(HEAD, profile=profile, version=version, message=message, number=number, files=files)
    body = [head, *lines]
    if foot:
        name = "SRFO" if profile.endswith("SRB") else "FOOT"
        count = str(len(body) + 1)
        summaries = str(sum(line.startswith("SY") for line in lines))
        blocks = str(len({line.split("\t")[1] for line in lines if line[:2] in ("RE", "AS", "SU")}))
        cells = [name, count, summaries] if name == "SRFO" else [name, count, count, summaries, blocks, blocks]
        body.append("\t".join(cells))
    return (end.join(body) + end).encode()


def a_block(block, ref, own, title, *, isrc="-", sold=()):
    return [
        record(RE, block=block),
        record(AS, block=block, ref=ref, own=own, isrc=isrc, title=title),
        *(
            f"SU01.02\t{block}\t{key}\tT{block}{n}\t\t{ref}\ttrue\tfalse\t{usages}\t{returns}\t{price}"
            for n, (key, usages, returns, price) in enumerate(sold)
        ),
    ]


def wide(own, title, key, usages, returns, price, isrc="", alone="1", calculated="", release="ALB1"):
    cells = [""] * 43
    cells[0], cells[1], cells[2], cells[3], cells[4], cells[6] = "SR01.01", key, own, isrc, title, "Кино"
    cells[20], cells[26], cells[32], cells[33], cells[34] = release, "Группа крови", alone, f"T{own}{key}", "true"
    cells[36], cells[37], cells[38], cells[39] = str(usages), str(returns), price, calculated
    return "\t".join(cells)


SUMMARIES = [
    record(SY, key="S1", territory="RU", usages=5, revenue="3.00"),
    record(SY, key="S2", territory="US", usages=4, revenue="2.00"),
]
SOLD_A = [("S1", 3, 1, "0.10"), ("S2", 2, 0, "0.20")]
SOLD_B = [("S1", 2, 0, "0.10"), ("S2", 2, 0, "0.20")]


def the_month_in_blocks():
    return a_dsr(
        *SUMMARIES,
        *a_block("1", "A1", "own1", "Кукушка", sold=SOLD_A),
        *a_block("2", "A1", "own2", "Звезда", sold=SOLD_B),
    )


def the_month_in_wide_lines():
    lines = [
        wide(own, title, *sold)
        for own, title, many in (("own1", "Кукушка", SOLD_A), ("own2", "Звезда", SOLD_B))
        for sold in many
    ]
    return a_dsr(*SUMMARIES, *reversed(lines), profile="BasicAudioProfileSRB", version="1.4")


def the_month_flat():
    place = {"S1": "RU", "S2": "US"}
    rows = [
        {
            "DspResourceId": own,
            "Title": title,
            "DisplayArtistName": "Кино",
            "Territory": place[key],
            "Usages": usages,
            "Returns": returns,
            "PriceConsumerPaidExcSalesTax": price,
        }
        for own, title, many in (("own1", "Кукушка", SOLD_A), ("own2", "Звезда", SOLD_B))
        for key, usages, returns, price in many
    ]
    return flat_lines(*rows)


def sales_of(report):
    columns = ("store_key__key", "territory", "use_start", "use_end", "channel", "currency", "units", "base", "royalty")
    parts = ("royalty_phonogram", "royalty_performance", "royalty_work")
    return sorted(Sale.objects.filter(report=report).values_list(*columns, *parts))


@pytest.mark.django_db
@pytest.mark.parametrize("other", [the_month_in_wide_lines, the_month_flat], ids=["single-record", "flat"])
def test_the_same_month_in_two_formats_accrues_the_same(other):
    blocks, again = a_report(content=the_month_in_blocks()), a_report(content=other())

    assert (blocks.status, again.status) == ("posted", "posted")
    assert sales_of(blocks) == sales_of(again)
    assert len(sales_of(blocks)) == 4
    assert blocks.totals.get().royalty == again.totals.get().royalty == Decimal("0.18")


@pytest.mark.slow
@pytest.mark.django_db
def test_summary_revenue_is_shared_by_usage_to_the_last_digit():
    store = a_licensee(base="net_revenue", fallbacks=())
    lines = [
        record(SY, key="S1", territory="RU", usages=3, revenue="1.00"),
        *(line for n in "123" for line in a_block(n, "A", f"own{n}", f"Song{n}", sold=[("S1", 1, 0, "")])),
    ]

    report = a_report(store, a_dsr(*lines))

    bases = dict(Sale.objects.filter(report=report).values_list("store_key__key", "base"))
    assert bases == {"own1": Decimal("0.33333334"), "own2": Decimal("0.33333333"), "own3": Decimal("0.33333333")}
    assert report.totals.get().royalty == Decimal("0.15")


@pytest.mark.django_db
def test_a_line_without_any_named_base_waits_and_is_counted():
    store = a_licensee(base="consumer_price_ex_tax", fallbacks=())
    lines = [
        record(SY, key="S1", territory="RU", usages=3, revenue="1.00"),
        *a_block("1", "A", "own", "Song", sold=[("S1", 3, 0, "")]),
    ]

    report = a_report(store, a_dsr(*lines))

    sale = Sale.objects.get(report=report)
    assert (report.status, sale.base_name, sale.base, sale.royalty) == ("posted", "", 0, 0)
    assert report.totals.get().base_missing_units == 3


@pytest.mark.django_db
def test_lines_that_bear_no_royalty_accrue_nothing_and_take_no_revenue():
    store = a_licensee(base="net_revenue", fallbacks=())
    free = a_block("2", "A", "own2", "Free", sold=[("S1", 5, 0, "")])
    free[-1] = free[-1].replace("\ttrue\t", "\tFALSE\t")
    lines = [
        record(SY, key="S1", territory="RU", usages=6, revenue="1.00"),
        *a_block("1", "A", "own1", "Sold", sold=[("S1", 1, 0, "")]),
        *free,
    ]

    report = a_report(store, a_dsr(*lines))

    assert dict(Sale.objects.filter(report=report).values_list("store_key__key", "base")) == {"own1": 1, "own2": 0}


@pytest.mark.django_db
def test_quirks_of_real_files_are_taken_and_said():
    """A wrong footer, a summary id nobody has, CRLF but for the last line, padding, TRUE, an ISRC with hyphens."""
    track = a_track("Кукушка", "Кино", isrc="RUA010600001")
    lines = [record(SY, key="1", territory="RU", usages=9, revenue="1.00")]
    lines += a_block("1", "A", "own", "Кукушка", isrc="ru-a01-06-00001|RUA010600002", sold=[("SY1", 3, 0, "0.10")])
    padded = a_dsr(*(line + "\t" * 30 for line in lines), foot=False, end="\r\n").replace(b"true", b"TRUE")

    report = a_report(content=padded + b"# a comment\r\nFOOT\t99\t99\t1\t1\t1")

    assert (report.status, report.lines_accepted) == ("posted", 1), report.reason
    assert Sale.objects.get(report=report).track == track
    assert LineFault.objects.get().code == "summary_assumed"
    assert {row["code"]: (row.get("stated"), row.get("counted")) for row in report.footer_faults} == {
        "footer_differs": (99, 7),
        "usages_differ": (9, 3),
    }


@pytest.mark.django_db
def test_a_line_with_an_unknown_summary_or_reference_is_rejected():
    lines = [
        *SUMMARIES,
        *a_block("1", "A", "own", "Song", sold=[("S1", 1, 0, "0.10"), ("S9", 1, 0, "0.10"), ("S1", 1, 0, "0.10")]),
    ]
    lines[-1] = lines[-1].replace("\tA\ttrue", "\tB\ttrue")

    report = a_report(content=a_dsr(*lines))

    assert (report.lines_accepted, report.lines_rejected) == (1, 2)
    faults = list(LineFault.objects.order_by("line_no").values_list("line_no", "code", "cell", "found"))
    assert faults == [
        (7, "summary_unknown", "SummaryRecordId", "S9"),
        (8, "reference_unknown", "TransactedResource", "B"),
    ]


@pytest.mark.django_db
def test_escaped_tabs_pipes_and_backslashes_do_not_shift_cells():
    title = "A\\\tB \\\\| C \\| D \\\\\\ E"
    block = a_block("1", "A", "own", "TITLE", sold=[("S1", 1, 0, "0.10")])
    lines = [*SUMMARIES, *(line.replace("TITLE", title) for line in block)]

    report = a_report(content=a_dsr(*lines))

    assert report.status == "posted"
    assert Sale.objects.get(report=report).store_key.title == "A\tB | C | D \\ E"


@pytest.mark.slow
@pytest.mark.django_db
def test_a_report_of_two_files_waits_for_both_in_any_order():
    store = a_licensee()
    parts = [
        a_dsr(*SUMMARIES, *a_block(str(n), "A", f"own{n}", f"Song{n}", sold=[("S1", 1, 0, "0.10")]), number=n, files=2)
        for n in (1, 2)
    ]

    waiting = a_report(store, parts[1], name="2of2")
    assert waiting.status == "received"
    whole = a_report(store, parts[0], name="1of2")

    assert whole == waiting
    assert (whole.status, whole.lines_read) == ("posted", 2)
    assert SalesReport.objects.count() == 1


@pytest.mark.django_db
def test_a_report_of_nothing_is_valid():
    report = a_report(content=a_dsr())

    assert (report.status, report.lines_read) == ("posted", 0)


@pytest.mark.django_db
def test_the_price_of_a_release_is_not_the_price_of_each_of_its_lines():
    store = a_licensee(base="consumer_price_ex_tax", fallbacks=())
    lines = [
        wide("own1", "One", "S1", 1, 0, "0.90", alone="2", calculated="0.30"),
        wide("own2", "Two", "S1", 1, 0, "0.90", alone="2"),
    ]

    report = a_report(store, a_dsr(*SUMMARIES, *lines, profile="BasicAudioProfileSRB", version="1.4"))

    assert dict(Sale.objects.filter(report=report).values_list("store_key__key", "base")) == {
        "own1": Decimal("0.30"),
        "own2": 0,
    }


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ("a\tb", ["a", "b"]),
        ("a\\\tb\tc", ["a\tb", "c"]),
        ("a\\\\|b", ["a|b"]),
        ("a\\|b", ["a|b"]),
        ("a\\\\\\b", ["a\\b"]),
        ("a\\\\\\\tb", ["a\\", "b"]),
        ('"a"\tb\\c', ['"a"', "b\\c"]),
    ],
)
def test_escapes_are_undone_longest_first(line, cells):
    assert [text.plain(cell) for cell in text.cells(line)] == cells


@needs_samples
@pytest.mark.django_db
def test_the_sample_of_2020_goes_through_to_the_last_penny():
    sample = next(SAMPLES.glob("DSR_PADPIDA00123456743_*.tsv"))

    report = a_report(content=sample.read_bytes(), name=sample.name)

    assert (report.status, report.profile) == ("posted", "BasicAudioProfile 1.3")
    assert (report.lines_read, report.lines_accepted, report.lines_rejected, report.lines_unmatched) == (15, 15, 0, 15)
    assert (report.totals.get().base, report.totals.get().royalty) == (Decimal(5000), Decimal(750))
    assert report.footer_faults == []
    assert balance(f"licensee:{report.licensee_id}:receivable", "GBP").amount == Decimal(750)
