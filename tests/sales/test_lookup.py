"""Sales lines come back out of the archive as they were reported."""

from decimal import Decimal

import polars as pl
import pytest

from sales.models import Sale
from sales.pipeline import lookup, parse
from sales.selectors import example_sale
from tests.factories import a_licensee, a_report, a_track, flat_lines
from tests.sales.test_dsr import SUMMARIES, a_block, a_dsr

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("cells", ["3 1 3 2 1 3 1 2", "d b a c", "2 - 1 2 - 1 2 1", "- -"])
def test_lines_about_one_thing_stand_together_in_their_order(cells):
    lines = pl.DataFrame({"c1": [None if cell == "-" else cell for cell in cells.split()]}, {"c1": pl.String})
    lines = lines.with_row_index("line_no")

    together = parse.together(lines, "c1")

    assert together.rows() == sorted(lines.rows(), key=lambda row: (row[1] or "", row[0]))


@pytest.mark.slow
def test_all_lines_about_a_track_of_a_flat_report():
    track = a_track("x", "y")
    sold = {"DspResourceId": "7", "Title": "x", "DisplayArtistName": "y"}
    report = a_report(
        content=flat_lines(sold, {"DspResourceId": "8", "Title": "z"}, sold | {"Usages": 3, "Returns": 1})
    )

    found = lookup.lines_of(report, track_id=track.pk)

    assert [(line.line_no, line.units, line.price) for line in found] == [
        (2, 1, Decimal("0.1")),
        (4, 2, Decimal("0.1")),
    ]
    assert found[0].file == "report.tsv"


@pytest.mark.slow
def test_all_lines_about_a_track_that_has_no_number_of_the_store():
    track = a_track("x", "y")
    report = a_report(content=flat_lines({"Title": "x", "DisplayArtistName": "y"}, {"Title": "z"}))

    assert [line.line_no for line in lookup.lines_of(report, track_id=track.pk)] == [2]


@pytest.mark.slow
def test_all_lines_about_a_track_of_a_dsr():
    track = a_track("Кукушка", "Кино")
    other = a_block("2", "A", "own2", "Other", sold=[("S1", 1, 0, "0.10")])
    lines = [
        *SUMMARIES,
        *a_block("1", "A", "own1", "Кукушка", sold=[("S1", 2, 0, "0.10"), ("S2", 1, 0, "0.20")]),
        *other,
    ]
    report = a_report(content=a_dsr(*lines))

    found = lookup.lines_of(report, track_id=track.pk)

    assert [(line.line_no, line.territory, line.units) for line in found] == [(6, "RU", 2), (7, "US", 1)]


@pytest.mark.slow
def test_one_line_by_its_number_with_the_names_of_its_cells():
    report = a_report(content=a_dsr(*SUMMARIES, *a_block("1", "A", "own1", "Кукушка", sold=[("S1", 2, 0, "0.10")])))
    file = report.files.get()

    line = lookup.archived_line(file, 6)

    assert line is not None
    assert ("SummaryRecordId", "S1") in line.cells
    assert ("Usages", "2") in line.cells
    assert lookup.archived_line(file, 999) is None


@pytest.mark.slow
def test_an_example_for_the_page_15_percent_of_what():
    assert example_sale() is None
    store = a_licensee(source_note="Sources differ.")
    track = a_track("x", "y")
    a_report(store, flat_lines({"Title": "x", "DisplayArtistName": "y", "Usages": 2}))

    example = example_sale()

    assert (example.sale, example.sale.track) == (Sale.objects.get(), track)
    assert (example.price, example.rate_percent, example.deductions) == (Decimal("0.1"), Decimal(15), [])
    assert sum(amount for _, _, amount, _ in example.split) == example.sale.royalty == Decimal("0.03")
    assert all(is_assumption for *_, is_assumption in example.split)
