"""Every profile of DSR that reports sales of recordings: the same month accrues the same, whatever it comes in."""

import re
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from django.utils import timezone

from sales import messages, services
from sales.formats import records
from sales.models import LineFault, Sale
from sales.pipeline import lookup
from tests.factories import a_licensee, a_report, a_share, a_track
from tests.sales import dsr_files
from tests.sales.dsr_files import ALBUM, TABLE, Sold, a_file, at

pytestmark = pytest.mark.django_db

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples" / "dsr"
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample files are not here")

RENDERINGS = {
    "basic 1.0": partial(dsr_files.basic_blocks, version="1.0", sy="SY02", asset="AS02", use="SU01"),
    "basic 1.1": partial(dsr_files.basic_blocks, version="1.1", sy="SY02.01", asset="AS02.01", use="SU01"),
    "basic 1.2": partial(dsr_files.basic_blocks, version="1.2", sy="SY01.01", asset="AS01.01", use="SU01"),
    "basic 1.4": dsr_files.basic_blocks,
    "basic 1.5": partial(dsr_files.basic_blocks, version="1.5", sy="SY0203", asset="AS02.04", use="SU01.03"),
    "basic streams": dsr_files.streams_in_blocks,
    "basic SRB 1.2": partial(dsr_files.basic_wide, version="1.2"),
    "basic SRB 1.4": dsr_files.basic_wide,
    "UGC 1.0": partial(dsr_files.ugc_blocks, version="1.0", profile="UgcProfile"),
    "UGC 1.1.1 with licensors": partial(dsr_files.ugc_blocks, version="1.1.1", with_licensors=True),
    "UGC 1.2": dsr_files.ugc_blocks,
    "UGC 1.4 of subscriptions": dsr_files.ugc_subscriptions,
    "UGC SRB": dsr_files.ugc_wide,
    "royalty reporting": dsr_files.royalty_blocks,
    "financial": dsr_files.financial,
    "financial 1.2": partial(dsr_files.financial, version="1.2"),
}
NO_RELEASES = ("basic SRB 1.2", "basic SRB 1.4", "UGC SRB")
"""Records that always name a resource."""


def sales_of(report):
    columns = ("store_key__kind", "store_key__key", "store_key__title", "store_key__artist", "territory", "use_start")
    columns += ("use_end", "channel", "currency", "units", "base", "royalty")
    parts = ("royalty_phonogram", "royalty_performance", "royalty_work")
    return sorted(Sale.objects.filter(report=report).values_list(*columns, *parts))


@pytest.mark.slow
@pytest.mark.parametrize("base", ["consumer_price_ex_tax", "net_revenue"])
@pytest.mark.parametrize("name", RENDERINGS)
def test_the_same_month_accrues_the_same_in_every_format(name, base):
    table = TABLE if name in NO_RELEASES else (*TABLE, ALBUM)
    if base == "net_revenue" and name.startswith("basic"):
        table = TABLE[:-1] if name not in ("basic streams",) else [s for s in TABLE if not s.returns]
    store = a_licensee(base=base, fallbacks=("net_revenue",))

    report = a_report(store, RENDERINGS[name](table))
    flat = a_report(a_licensee(base=base, fallbacks=("net_revenue",)), dsr_files.flat(table))

    assert (report.status, report.lines_rejected) == ("posted", 0), (report.reason, report.reason_params)
    assert sales_of(report) == sales_of(flat)
    assert report.totals.get().royalty == flat.totals.get().royalty != 0
    assert report.totals.get().base_missing_units == 0


@needs_samples
def test_the_sample_of_a_video_platform_goes_through():
    """6 of its lines are sales. Four summaries have one number and differ: only the revenue of lines is taken."""
    sample = next(SAMPLES.glob("DSR_TEST_YouTube*.tsv"))

    report = a_report(content=sample.read_bytes(), name=sample.name)

    assert (report.status, report.profile) == ("posted", "UGCProfile 1.0"), (report.reason, report.reason_params)
    assert (report.lines_read, report.lines_accepted, report.lines_rejected) == (6, 6, 0)
    total = report.totals.get()
    assert (total.currency, total.units, total.base, total.royalty) == ("USD", 10210, Decimal(7), Decimal("1.05"))
    titles = dict(Sale.objects.filter(report=report).values_list("store_key__title", "units"))
    assert titles == {
        "Sexual Healing": 7810,
        "All I Want Is You Audio Only": 2045,
        "This Bitter Earth / On The Nature Of Daylight": 355,
    }
    assert LineFault.objects.filter(code="summary_twice").count() == 3


@needs_samples
def test_samples_with_a_header_of_four_cells_are_refused_by_the_cell_that_lacks():
    for sample in sorted(SAMPLES.glob("DSR_PADPIDA2014999999Z*.tsv")):
        report = a_report(content=sample.read_bytes() + b"\n" * ("2of2" in sample.name), name=sample.name)

        assert (report.status, report.reason) == ("rejected", "head_cell_empty")
        assert report.reason_params["cell"] == "MessageId"


@pytest.mark.parametrize(
    ("profile", "word"),
    [("AudioVisualProfile", "films"), ("audiovisualprofilesrb", "films"), ("RadioBroadcastProfile", "broadcast")],
)
def test_profiles_without_sales_of_recordings_are_refused_in_plain_words(profile, word):
    report = a_report(content=a_file([], profile, "1.0"))

    assert report.status == "rejected"
    fault, remedy = messages.of_report(report.reason, report.reason_params)
    assert profile.lower() in fault.lower()
    assert word in fault
    assert "UGCProfile" in remedy


def test_a_sale_in_a_record_of_another_profile_is_rejected_not_passed_over():
    lines = dsr_files.basic_blocks(TABLE).decode().splitlines()
    lines.insert(-1, at({1: "SR08", 2: "T", 27: 1, 47: "1.00"}))
    lines.insert(-1, at({1: "SU9", 2: "1"}))
    lines.insert(-1, at({1: "ZZ01", 2: "something", 3: "new"}))

    report = a_report(content=("\n".join(lines) + "\n").encode())

    assert (report.status, report.lines_accepted, report.lines_rejected) == ("posted", 5, 2)
    faults = LineFault.objects.filter(is_fatal=True).order_by("line_no").values_list("code", "cell", "found")
    assert list(faults) == [("record_unknown", "RecordType", "SR08"), ("record_unknown", "RecordType", "SU9")]


@pytest.mark.slow
def test_one_use_of_several_rights_controllers_counts_once_and_every_line_is_accounted_for():
    report = a_report(content=dsr_files.ugc_wide(TABLE))

    assert (report.lines_read, report.lines_accepted) == (10, 10)
    assert sum(Sale.objects.filter(report=report).values_list("units", flat=True)) == sum(s.units for s in TABLE)
    assert LineFault.objects.filter(code="counted_already", is_fatal=False).count() == 5


@pytest.mark.slow
def test_units_with_decimals_are_counted_whole_and_said():
    sold = Sold("own1", "Кукушка", "RU", 400, 0, "0.01")
    content = dsr_files.ugc_blocks([sold]).replace(b"\t400.0\t", b"\t400.25\t")

    report = a_report(content=content)

    assert report.totals.get().units == 400
    fault = LineFault.objects.get()
    assert (fault.code, fault.cell, fault.found, fault.is_fatal) == ("usages_rounded", "Usages", "400.25", False)


def test_a_number_no_resource_of_the_block_has_is_kept_and_said():
    records = [
        at({1: "SY02", 2: "S1", 7: "RU", 9: 3, 11: "USD", 12: "3"}),
        at({1: "AS01", 2: 1, 3: "A", 4: "own1", 6: "One", 8: "Кино"}),
        at({1: "SU03", 2: 1, 3: "T1", 4: "S1", 5: "upload", 6: 1, 7: "1.00"}),
        at({1: "AS01", 2: 2, 3: "A", 4: "own2", 6: "Two", 8: "Кино"}),
        at({1: "AS01", 2: 2, 3: "B", 4: "own3", 6: "Three", 8: "Кино"}),
        at({1: "SU03", 2: 2, 3: "T2", 4: "S1", 5: "upload", 6: 1, 7: "1.00"}),
        at({1: "SU03", 2: 2, 3: "T3", 4: "S1", 6: 1, 7: "1.00"}),
    ]

    report = a_report(content=a_file(records, "UGCProfile", "1.2"))

    assert (report.lines_accepted, report.lines_rejected) == (2, 1)
    assert sorted(Sale.objects.filter(report=report).values_list("store_key__key", "store_key__title")) == [
        ("own1", "One"),
        ("upload", ""),
    ]
    assert list(LineFault.objects.order_by("line_no").values_list("code", flat=True)) == [
        "resource_not_described",
        "reference_empty",
    ]


def test_summaries_of_one_number_that_contradict_each_other_give_only_what_they_share():
    records = [
        at({1: "SY01", 2: "S1", 7: "RU", 9: 1, 11: "USD", 12: "5"}),
        at({1: "SY01", 2: "S1", 7: "US", 9: 1, 11: "USD", 12: "7"}),
        at({1: "AS01", 2: 1, 3: "A", 4: "own1", 6: "One", 8: "Кино"}),
        at({1: "SU01", 2: 1, 3: "S1", 4: "T1", 6: "A", 7: "true", 9: 1, 10: 0, 11: "0.10"}),
    ]

    report = a_report(content=a_file(records))

    sale = Sale.objects.get(report=report)
    assert (sale.territory, sale.base) == ("", Decimal("0.10"))
    assert LineFault.objects.get().code == "summary_twice"


def test_the_table_for_stores_names_the_cells_that_are_read():
    page = (Path(__file__).resolve().parents[2] / "docs" / "formats-in.md").read_text()

    for code, at_cells in records.LAYOUTS.items():
        if code in ("HEAD", "FOOT", "SRFO", "MW01"):
            continue
        (row,) = re.findall(rf"^\| `{re.escape(code)}` \| [^|]+ \| (.+) \|$", page, re.MULTILINE)
        named = {name: int(number) for number, name in (cell.split(" ") for cell in row.split(" · "))}
        assert named == {name: number for name, number in at_cells.items() if name != "BlockId"}, code


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "lines"),
    [("basic 1.4", 2), ("UGC 1.1.1 with licensors", 2), ("UGC SRB", 4), ("royalty reporting", 2), ("financial", 2)],
)
def test_lines_of_a_track_come_back_out_of_the_archive(name, lines):
    track = a_track("Кукушка", "Кино")
    report = a_report(content=RENDERINGS[name](TABLE))

    found = lookup.lines_of(report, track_id=track.pk)

    assert len(found) == lines
    assert {line.title for line in found} == {"Кукушка"}
    assert sorted(line.units for line in found if line.units) == [2, 2]


@pytest.mark.slow
def test_a_number_the_block_does_not_describe_is_found_in_the_archive():
    records_of_block = [
        at({1: "SY02", 2: "S1", 7: "RU", 9: 3, 11: "USD", 12: "3"}),
        at({1: "AS01", 2: 2, 3: "A", 4: "own2", 6: "Two", 8: "Кино"}),
        at({1: "AS01", 2: 2, 3: "B", 4: "own3", 6: "Three", 8: "Кино"}),
        at({1: "SU03", 2: 2, 3: "T2", 4: "S1", 5: "upload", 6: 1, 7: "1.00"}),
    ]
    report = a_report(content=a_file(records_of_block, "UGCProfile", "1.2"))
    key = Sale.objects.get(report=report).store_key
    services.match_store_key(key=key, track=a_track("Two", "Кино"), by=None, now=timezone.now())

    found = lookup.lines_of(report, track_id=Sale.objects.get(report=report).track_id)

    assert [(line.line_no, line.revenue) for line in found] == [(5, Decimal(1))]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["financial", "UGC 1.2", "UGC SRB"])
def test_the_day_of_a_line_decides_where_a_right_changes_hands_inside_the_month(name):
    days = {b"2006-10-15": b"2006-10-20", b"20061001\t20061031": b"20061020\t20061020"}
    days |= {b"2006-10-01\t2006-10-31\t\tPUB": b"2006-10-20\t2006-10-20\t\tPUB"}
    track = a_track("Кукушка", "Кино")
    a_share(track, end=date(2006, 10, 16))
    content = RENDERINGS[name]([Sold("own1", "Кукушка", "RU", 3, 1, "0.10")])
    for before, after in days.items():
        content = content.replace(before, after)

    report = a_report(content=content)

    rows = Sale.objects.filter(report=report).values_list("use_start", "use_end", "units", "cut_by")
    assert list(rows) == [(date(2006, 10, 16), date(2006, 11, 1), 2, "lines")]


def padded(content):
    return b"\n".join(line + b"\t" * 9 for line in content.splitlines()) + b"\n"


SPELLINGS = {
    "BOM": lambda content: b"\xef\xbb\xbf" + content,
    "CRLF": lambda content: content.replace(b"\n", b"\r\n"),
    "UTF-16": lambda content: content.decode().encode("utf-16"),
    "padded": padded,
    "comments and empty lines": lambda content: content.replace(b"\nS", b"\n#SU01\t1\n\n# SR08\nS"),
    "no end of the last line": lambda content: content.removesuffix(b"\n"),
    "types without version": lambda content: re.sub(rb"\n([A-Z]{2}\d\d)\.\d\d", rb"\n\1", content),
    "types in small letters": lambda content: re.sub(rb"\n([A-Z]{2}\d\d)", lambda m: m[0].lower(), content),
}


@pytest.mark.slow
@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("name", ["basic 1.4", "UGC 1.4 of subscriptions", "financial"])
def test_how_a_file_is_spelled_changes_nothing_of_what_accrues(name, spelling):
    content = RENDERINGS[name](TABLE)

    plain = a_report(content=content)
    spelled = a_report(content=SPELLINGS[spelling](content))

    assert spelled.status == "posted"
    assert sales_of(spelled) == sales_of(plain)


def turned_round(content):
    """The same file with its summaries, and its blocks or wide lines, from the last to the first."""
    first, *rest, foot = content.decode().splitlines()
    groups = {}
    for n, line in enumerate(rest):
        kind, second = line.split("\t")[:2]
        block = n if kind.startswith(("SY", "SR")) else n - 1 if kind == "DE01" else f"block {second}"
        groups.setdefault(block, []).append(line)
    turned = [line for group in reversed(groups.values()) for line in group]
    return "\n".join([first, *turned, foot, ""]).encode()


@pytest.mark.slow
@pytest.mark.parametrize("name", RENDERINGS)
def test_the_order_of_summaries_blocks_and_lines_changes_nothing(name):
    content = RENDERINGS[name](TABLE)

    plain, turned = a_report(content=content), a_report(content=turned_round(content))

    assert turned_round(content) != content
    assert turned.status == "posted"
    assert sales_of(turned) == sales_of(plain)
