"""Every shortcut of the checks gives what the checks give: on lines of every mixture of good and bad cells."""

import io
import random

import pytest

from sales.formats.recognise import recognise
from sales.pipeline import lines, parse
from sales.pipeline.engine import open_engine

CELLS = {
    "SaleDate": ["2006-10-01", "31.10.2006", "2006-10-02T11:00", "yesterday", ""],
    "DspResourceId": ["T1", "T2", "", "x" * 201],
    "ISRC": ["RUA010600001", "ru-a01-06-00001", "RUA010600001|RUA010600002", "wrong", ""],
    "Title": ["Song", " Song ", ""],
    "DisplayArtistName": ["Kino", ""],
    "Territory": ["RU", "Worldwide", "Atlantis", ""],
    "Channel": ["visa", "MasterCard", "?!", ""],
    "Usages": ["1", "07", "-1", "1.5", "x", "", " 2"],
    "Returns": ["", "0", "3", "-1"],
    "PriceConsumerPaidExcSalesTax": ["0.10", "-0.10", "1e3", "+1", "0.123456789", "0.1234567800", "", ".5", "_"],
    "NetRevenue": ["", "0.05", "-0.05", "x", "0.123456789"],
    "Currency": ["USD", "usd", "XXX", ""],
}
SHOWN = "line_no, fault, kind, key, isrc, usages, returns, price, revenue, currency, channel_code, territory, use_start"


def a_mixture(count=4000):
    """Lines drawn cell by cell, good ones more often, so that each check decides some line by itself."""
    draw = random.Random(11)
    rows = [[cells[0] if draw.random() < 0.7 else draw.choice(cells) for cells in CELLS.values()] for _ in range(count)]
    return "\n".join("\t".join(row) for row in [list(CELLS), *rows]).encode() + b"\n"


@pytest.fixture(scope="module")
def archived(tmp_path_factory):
    """The mixture in an archive."""
    content = a_mixture()
    folder = tmp_path_factory.mktemp("archive")
    known = recognise(io.BytesIO(content), len(content), 1 << 30)
    parsed = parse.archive([content], known, folder)
    assert not parsed.is_plain
    return [lines.Source(1, [part.path for part in parsed.parts], known.head, known.template)]


def checked(archived, folder, fine):
    """Every line of the archive with its fault and all it was read as."""
    with open_engine(folder) as engine:
        lines.make_lines(engine, archived, [])
        case = lines.fault_case(lines.CHECKS, fine)
        return engine.execute(f"SELECT {SHOWN} FROM (SELECT *, {case} AS fault FROM lines) ORDER BY 1").fetchall()


def test_a_fine_line_fails_no_check(archived, tmp_path):
    shortcut, checks = checked(archived, tmp_path, lines.FINE), checked(archived, tmp_path, "FALSE")

    assert shortcut == checks
    assert len({row[1] for row in checks}) > 12


def test_looking_values_up_gives_what_reading_them_gives(archived, tmp_path, monkeypatch):
    looked_up = checked(archived, tmp_path, lines.FINE)
    monkeypatch.setattr(lines, "DISTINCT_MAX", 0)

    assert checked(archived, tmp_path, lines.FINE) == looked_up


@pytest.mark.slow
@pytest.mark.parametrize("cell", ["", " Song", "Song ", " "])
def test_one_blank_anywhere_is_seen(tmp_path, cell):
    content = f"SaleDate\tTitle\tUsages\tCurrency\n2006-10-01\t{cell}\t1\tUSD\n".encode()
    known = recognise(io.BytesIO(content), len(content), 1 << 30)

    assert parse.archive([content], known, tmp_path).is_plain is (cell == "")
