"""Reports in several files: any order, all needed, each to its own report; and what is said of a report as a whole."""

import gzip

import pytest
import zstandard
from django.core.management import call_command

from sales import messages, selectors
from sales.models import LineFault, Sale, SalesReport
from tests.factories import a_licensee, a_report
from tests.sales import dsr_files
from tests.sales.dsr_files import TABLE, a_file, at

pytestmark = pytest.mark.django_db

SUMMARIES = [
    at({1: "SY01", 2: "S1", 7: "RU", 9: 2, 11: "USD", 12: "0.20"}),
    at({1: "SY01", 2: "S2", 7: "US", 9: 1, 11: "USD", 12: "0.20"}),
]


def sold(block, own, summary="S1", transaction=""):
    return [
        at({1: "AS01", 2: block, 3: "A", 4: own, 6: f"Song {own}", 8: "Кино"}),
        at({1: "SU01", 2: block, 3: summary, 4: transaction or f"T{block}", 6: "A", 9: 1, 10: 0, 11: "0.10"}),
    ]


def a_part(number, *records, files=3, summaries=SUMMARIES, **of_head):
    return a_file([*summaries, *records], number=number, files=files, **of_head)


PARTS = [a_part(n, *sold(n, f"own{n}"), foot=n < 3) for n in (1, 2, 3)]


def words(report):
    return [messages.of_difference(row) for row in report.footer_faults]


@pytest.mark.slow
@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0)])
def test_a_report_of_three_files_waits_for_all_in_any_order_and_says_which_are_missing(order):
    store = a_licensee()
    packed = [PARTS[0], gzip.compress(PARTS[1]), zstandard.compress(PARTS[2])]

    waiting = []
    for n in order:
        report = a_report(store, packed[n], name=f"DSR_a_b_c_2006-10_RU_{n + 1}of3_20061103T000000.tsv")
        waiting.append(selectors.missing_files(report))

    assert waiting == [sorted(m + 1 for m in order[1:]), [order[2] + 1], []]
    assert SalesReport.objects.count() == 1
    assert (report.status, report.lines_read, report.lines_accepted) == ("posted", 3, 3)
    assert Sale.objects.filter(report=report).count() == 3


def test_page_and_api_name_the_files_that_are_missing(store, client_of):
    report = a_report(a_licensee(member=store), PARTS[1])
    client = client_of(store)

    page = client.get(f"/reports/{report.public_id}/").content.decode()
    answer = client.get(f"/api/v1/reports/{report.public_id}/").json()

    assert "1 of 3 files are here" in page
    assert "Missing: 1, 3." in page
    assert (answer["status"], answer["files_missing"]) == ("received", [1, 3])


def test_the_command_names_the_files_that_are_missing(tmp_path, capsys):
    store = a_licensee()
    path = tmp_path / "DSR_a_b_c_2006-10_RU_3of3_20061103T000000.tsv"
    path.write_bytes(PARTS[2])

    with pytest.raises(SystemExit):
        call_command("import_sales", str(path), licensee=store.code)

    assert "Missing: 1, 2 of 3." in capsys.readouterr().out


def test_the_last_file_states_the_totals_of_the_report():
    store = a_licensee()
    parts = [a_part(n, *sold(n, f"own{n}"), files=2, foot=False) for n in (1, 2)]
    lines = len(parts[0].splitlines()) + 1
    parts[0] += f"FOOT\t{lines}\t\t2\t1\t\n".encode()
    parts[1] += f"FOOT\t{lines}\t{2 * lines}\t2\t1\t7\n".encode()

    a_report(store, parts[1], name="2of2")
    report = a_report(store, parts[0], name="1of2")

    assert words(report)[:1] == ["2of2, line 6: NumberOfBlocksInReport: the footer states 7, there are 2."]
    assert {row["code"] for row in report.footer_faults} == {"footer_differs", "usages_differ"}


@pytest.mark.parametrize(
    ("changed", "cell", "found", "stated"),
    [
        ({"files": 2}, "NumberOfFiles", "2", "3"),
        ({"profile": "UGCProfile", "version": "1.2"}, "Profile", "UGCProfile 1.2", "BasicAudioProfile 1.4"),
        ({"c10": "2006-11-30"}, "UsageEndDate", "2006-12-01", "2006-11-01"),
    ],
)
def test_a_file_that_contradicts_the_others_is_held_and_says_in_which_cell(changed, cell, found, stated):
    store = a_licensee()
    first = a_report(store, PARTS[0])

    stray = a_report(store, a_part(2, *sold(2, "own2"), **changed))

    assert (stray.status, stray.reason) == ("held", "part_contradicts")
    assert stray.reason_params == {"other": first.public_id, "cell": cell, "found": found, "stated": stated}
    fault, remedy = messages.of_report(stray.reason, stray.reason_params)
    assert first.public_id in fault
    assert found in fault
    assert remedy
    assert selectors.missing_files(first) == [2, 3]


def test_a_file_number_that_is_here_with_other_content_is_held():
    store = a_licensee()
    first = a_report(store, PARTS[0])

    again = a_report(store, a_part(1, *sold(1, "other")))

    assert (again.status, again.reason) == ("held", "part_twice")
    assert again.reason_params == {"other": first.public_id, "number": 1}


def test_a_file_of_another_report_goes_to_that_report():
    store = a_licensee()
    first = a_report(store, PARTS[0])

    other = a_report(store, a_part(2, *sold(2, "own2"), message="M2"))

    assert other != first
    assert (other.status, selectors.missing_files(other)) == ("received", [1, 3])


@pytest.mark.slow
def test_a_corrected_file_of_two_is_completed_by_the_unchanged_one():
    store = a_licensee()
    parts = [a_part(n, *sold(n, f"own{n}"), files=2) for n in (1, 2)]
    for part in parts:
        posted = a_report(store, part)
    assert posted.status == "posted"

    corrected = a_report(store, a_part(1, *sold(1, "own9"), files=2))
    assert selectors.missing_files(corrected) == [2]
    whole = a_report(store, parts[1])

    assert whole == corrected != posted
    assert (whole.status, whole.reason, whole.lines_accepted) == ("held", "same_report_other_content", 2)
    assert whole.supersedes == posted


def test_summaries_that_differ_between_files_are_said_and_only_what_agrees_is_used():
    store = a_licensee()
    other = [SUMMARIES[0].replace("\tRU\t", "\tUA\t"), SUMMARIES[1]]
    a_report(store, a_part(1, *sold(1, "own1"), files=2), name="first.tsv")

    report = a_report(store, a_part(2, *sold(2, "own2"), files=2, summaries=other), name="second.tsv")

    fault = LineFault.objects.get(code="summary_contradicts")
    assert (fault.file.name, fault.line_no, fault.found, fault.is_fatal) == ("second.tsv", 2, "S1", False)
    assert set(Sale.objects.filter(report=report).values_list("territory", flat=True)) == {""}


def test_blocks_that_stand_in_two_files_are_said():
    store = a_licensee()
    a_report(store, a_part(1, *sold(1, "own1"), files=2))

    report = a_report(store, a_part(2, *sold(1, "own2", transaction="T2"), files=2))

    assert report.lines_accepted == 2
    assert "1 blocks stand in more than one file: 1." in words(report)


def test_a_name_that_says_another_number_than_head_is_said():
    report = a_report(content=dsr_files.basic_blocks(TABLE), name="DSR_a_b_c_2006-10_RU_2of2_20061103T000000.tsv")

    assert report.status == "posted"
    assert "2of2" in words(report)[0]
    assert "1of1" in words(report)[0]


def test_a_file_with_two_reports_in_it_is_refused():
    content = dsr_files.basic_blocks(TABLE)
    second = dsr_files.basic_blocks(TABLE[:1]).replace(b"\tM1\t", b"\tM2\t")

    report = a_report(content=content + second, name="both.tsv")

    assert (report.status, report.reason) == ("rejected", "head_twice")
    assert report.reason_params["line"] == len(content.splitlines()) + 1
    assert messages.of_report(report.reason, report.reason_params).fault.startswith("both.tsv: Line ")


@pytest.mark.slow
def test_transaction_numbers_used_twice_are_found_and_both_lines_counted():
    records = [*SUMMARIES, *sold(1, "own1"), *sold(2, "own2", transaction="T1"), *sold(3, "own3")]

    report = a_report(content=a_file(records))

    assert report.lines_accepted == 3
    fault = LineFault.objects.get()
    assert (fault.code, fault.line_no, fault.cell, fault.found) == ("transaction_twice", 7, "SalesTransactionId", "T1")
    assert "1 lines have a transaction number that a line before has." in words(report)


@pytest.mark.slow
def test_records_nobody_knows_are_passed_over_and_said():
    records = [*SUMMARIES, *sold(1, "own1"), at({1: "ZZ01", 2: "x"}), at({2: "no type"}), "# a comment", ""]

    report = a_report(content=a_file(records))

    assert report.lines_accepted == report.lines_read == 1
    assert "2 lines are of types we do not know and were passed over: -, ZZ01." in words(report)


def test_every_code_of_a_cell_is_kept():
    records = [*SUMMARIES, *sold(1, "own1")]
    records[2] = at({1: "AS01", 2: 1, 3: "A", 4: "own1", 5: "wrong|ru-a01-06-00001|RUA010600002", 6: "x", 8: "y"})

    report = a_report(content=a_file(records))

    key = Sale.objects.get(report=report).store_key
    assert (key.isrc, key.isrcs) == ("RUA010600001", ["RUA010600001", "RUA010600002"])
    assert not LineFault.objects.exists()
