import json
from contextlib import suppress
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.factories import a_licensee, flat_lines

pytestmark = pytest.mark.django_db

KEYS = {"report", "status", "lines_read", "lines_accepted", "lines_rejected", "lines_unmatched", "base", "accrued"}


def run(*words):
    output = StringIO()
    with suppress(SystemExit):  # how it ends when a report was not posted
        call_command("import_sales", *map(str, words), "--json", stdout=output)
    return json.loads(output.getvalue())


@pytest.fixture
def report(tmp_path):
    path = tmp_path / "october.tsv"
    good = {"Title": "x", "DisplayArtistName": "y"}
    path.write_bytes(flat_lines(good, good | {"Usages": 2}, good | {"Usages": "two"}))
    return path


@pytest.mark.slow
def test_the_command_says_what_became_of_a_report(report):
    a_licensee("shop")

    result = run(report, "--licensee", "shop")

    assert KEYS | {"seconds", "steps", "reasons", "duplicate"} == set(result)
    assert (result["status"], result["lines_read"], result["lines_accepted"]) == ("posted", 3, 2)
    assert (result["lines_rejected"], result["lines_unmatched"]) == (1, 2)
    assert (result["base"], result["accrued"]) == ({"USD": "0.30000000"}, {"USD": "0.04500000"})
    reason = result["reasons"][0]
    assert (reason["file"], reason["line"], reason["cell"], reason["found"]) == ("october.tsv", 4, "Usages", "two")
    assert reason["text"] == "october.tsv, line 4, cell Usages: This is no number."
    assert reason["remedy"]


@pytest.mark.slow
def test_the_same_file_again_is_said_to_be_a_duplicate(report):
    a_licensee("shop")
    first = run(report, "--licensee", "shop")

    again = run(report, "--licensee", "shop")

    assert (again["report"], again["duplicate"], first["duplicate"]) == (first["report"], True, False)


def test_a_file_nothing_can_be_read_from_ends_with_an_error_and_a_remedy(tmp_path):
    a_licensee("shop")
    path = tmp_path / "empty.csv"
    path.touch()

    result = run(path, "--licensee", "shop")

    assert (result["status"], result["reasons"][0]["code"]) == ("rejected", "empty_file")
    assert result["reasons"][0]["remedy"]


def test_an_unknown_store_or_path_is_named(tmp_path, report):
    with pytest.raises(CommandError, match="No store has the code 'nobody'"):
        call_command("import_sales", str(report), "--licensee", "nobody")
    a_licensee("shop")
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_sales", str(tmp_path / "gone"), "--licensee", "shop")
