"""Catalogue files of any making are read by content; wrong cells and wrong files are refused by name."""

import codecs
import datetime as dt
import io
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.formats import CannotRead, CatalogueRow, RowFault, read_catalogue
from catalog.formats.tables import UNPACKED_BYTES_MAX

HEAD = "ISRC,Title,DisplayArtistName,Duration\n"


def read(content):
    catalogue = read_catalogue(io.BytesIO(content if isinstance(content, bytes) else content.encode()))
    return catalogue.kind, list(catalogue.rows)


def rows_of(content):
    return read(content)[1]


def sheet(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


KINO = "RU-A12-06-00001,Группа крови,Кино,4:45\n"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ((HEAD + KINO).encode(), "csv, utf-8-sig"),
        (codecs.BOM_UTF8 + (HEAD + KINO).encode(), "csv, utf-8-sig"),
        ((HEAD + KINO).encode("utf-16"), "csv, utf-16"),
        ((HEAD + KINO).encode("utf-16-le"), "csv, utf-16-le"),
        ((HEAD + KINO).encode("cp1251"), "csv, cp1251"),
        ((HEAD + KINO).replace(",", ";").encode(), "csv, utf-8-sig"),
        ((HEAD + KINO).replace(",", "\t").replace("\n", "\r\n").encode(), "tsv, utf-8-sig"),
        ((HEAD + KINO).replace("\n", "\r").encode(), "csv, utf-8-sig"),
        (sheet(HEAD.strip().split(","), KINO.strip().split(",")), "xlsx"),
    ],
)
def test_a_table_is_recognised_by_its_content(content, kind):
    found, rows = read(content)

    assert found == kind
    assert rows == [CatalogueRow(2, "Группа крови", "Кино", ("RUA120600001",), duration_seconds=285)]


def test_western_names_are_not_taken_for_cyrillic():
    content = "Title,Artist\nJóga,Björk\nÉtude in é,Chloé\n".encode("cp1252")

    assert [(row.title, row.artist) for row in rows_of(content)] == [("Jóga", "Björk"), ("Étude in é", "Chloé")]


def test_headers_go_by_several_names_in_any_order_and_case():
    [row] = rows_of("artist,UPC,TRACK TITLE,label name,Writers\nКино,4006381333931,Утро,Moroz,Alice; Bob\n")

    assert (row.artist, row.title, row.icpn, row.label) == ("Кино", "Утро", "4006381333931", "Moroz")
    assert row.authors == ("Alice", "Bob")


def test_a_column_nobody_knows_is_said_and_left_alone():
    fault, row = rows_of("Title,Artist,Mood\nUtro,Kino,sad\n")

    assert fault == RowFault(1, "Mood", "unknown_column", "Mood", is_fatal=False)
    assert row.title == "Utro"


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"ISRC": "RUA1206"}, "ISRC", "bad_isrc"),
        ({"ISRC": "RUA120600001;RUA12060000O"}, "ISRC", "bad_isrc"),
        ({"Title": ""}, "Title", "cell_missing"),
        ({"DisplayArtistName": "  "}, "DisplayArtistName", "cell_missing"),
        ({"Title": "x" * 501}, "Title", "cell_too_long"),
        ({"Title": "ýýýýý ýýý"}, "Title", "text_broken"),
        ({"Duration": "-3:45"}, "Duration", "bad_duration"),
        ({"Duration": "3 min"}, "Duration", "bad_duration"),
        ({"Duration": "0"}, "Duration", "bad_duration"),
        ({"Duration": "P"}, "Duration", "bad_duration"),
        ({"Duration": "999999"}, "Duration", "bad_duration"),
        ({"ICPN": "4006381333932"}, "ICPN", "bad_icpn"),
        ({"ISWC": "T0345246802"}, "ISWC", "bad_iswc"),
        ({"ReleaseDate": "2006-02-30"}, "ReleaseDate", "bad_date"),
        ({"ReleaseDate": "yesterday"}, "ReleaseDate", "bad_date"),
        ({"TrackNumber": "A1"}, "TrackNumber", "bad_track_number"),
        ({"Language": "russian!"}, "Language", "bad_language"),
    ],
)
def test_a_wrong_cell_leaves_out_its_row_by_name_and_no_other(cells, column, code):
    cells = {"Title": "Song", "DisplayArtistName": "Kino"} | cells
    good = ["Song", "Kino", *[""] * (len(cells) - 2)]
    lines = ["\t".join(cells), "\t".join(good), "\t".join(cells.values()), "\t".join(good)]

    first, fault, last = rows_of("\n".join(lines))

    assert (fault.line_no, fault.column, fault.code, fault.is_fatal) == (3, column, code, True)
    assert (first.line_no, last.line_no) == (2, 4)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("225", 225),
        ("225.9", 225),
        ("3:45", 225),
        ("1:02:03", 3723),
        ("PT3M45S", 225),
        ("pt225s", 225),
        ("PT1H2M3.5S", 3723),
    ],
)
def test_a_playing_time_is_read_in_three_ways(text, seconds):
    [row] = rows_of(f"Title\tArtist\tDuration\nSong\tKino\t{text}\n")

    assert row.duration_seconds == seconds


def test_spreadsheet_cells_are_read_as_a_person_sees_them():
    head = ["Title", "Artist", "Duration", "ICPN", "ReleaseDate", "TrackNumber"]
    rows = rows_of(
        sheet(
            head,
            ["Song", 1984, dt.time(3, 45), 4006381333931, dt.date(2006, 2, 1), 7.0],
            [],
            ["Song", "Kino", dt.time(0, 3, 45), "0036000291452", dt.date(2006, 2, 1), "7"],
            ["Song", "Kino", 225],
        )
    )

    assert [row.duration_seconds for row in rows] == [225, 225, 225]
    assert [row.icpn for row in rows] == ["4006381333931", "0036000291452", ""]
    assert (rows[0].artist, rows[0].track_number, rows[0].release_date) == ("1984", 7, dt.date(2006, 2, 1))
    assert [row.line_no for row in rows] == [2, 4, 5]


def test_broken_text_with_an_isrc_is_kept_for_its_isrc():
    [row] = rows_of("ISRC,Title,Artist\nRUA120600001,ýýýýýý,Kino\n")

    assert row.is_text_broken


def test_one_foreign_line_in_a_utf8_file_costs_only_itself():
    good = "".join(f"Песня {n},Кино\n" for n in range(20)).encode()

    rows = rows_of(b"Title,Artist\n" + good + "Группа,Кино\n".encode("cp1251") + good)

    assert [row.code for row in rows if isinstance(row, RowFault)] == ["text_broken"]
    assert len(rows) == 41


def package(**files):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return target.getvalue()


GOOD_SHEET = sheet(["Title", "Artist"], ["Song", "Kino"])
ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><workbook>&a;</workbook>'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b" \r\n\r\n", "empty_file"),
        (codecs.BOM_UTF8, "empty_file"),
        (b"\0" * 1_000_000, "binary"),
        (bytes(range(256)) * 100, "binary"),
        (b"\x1f\x8b\x08\0\0\0\0\0", "packed"),
        (b"PK\x03\x04 but no package", "broken_spreadsheet"),
        (GOOD_SHEET[: len(GOOD_SHEET) // 2], "broken_spreadsheet"),
        (package(xl__workbook_xml=ENTITY), "broken_spreadsheet"),
        (package(xl__workbook_xml=b"<workbook"), "broken_spreadsheet"),
        (package(song_mp3=b"x"), "packed"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "old_spreadsheet"),
        (b"%PDF-1.4", "not_a_table"),
        (b"<html><table>", "not_a_table"),
        (b"ISRC,Title\nRUA120600001,Song\n", "column_missing"),
        (b"Title,Artist,title\n", "column_twice"),
        (b"Title,Artist\n" + b"x" * 3_000_000, "line_too_long"),
    ],
)
def test_a_file_of_no_use_is_refused_with_a_code(content, code):
    with pytest.raises(CannotRead) as refused:
        rows_of(content)

    assert refused.value.code == code


@pytest.mark.slow
def test_a_quotation_mark_that_never_ends_is_a_broken_line_not_the_end():
    rows = rows_of(b'Title,Artist\n"' + b"x,y\n" * 300_000)

    assert {row.code for row in rows if isinstance(row, RowFault)} == {"broken_line"}


def test_a_packed_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    bomb = package(xl__workbook_xml=b"0" * 50_000_000)
    monkeypatch.setattr("catalog.formats.tables.UNPACKED_BYTES_MAX", 10_000_000)

    with pytest.raises(CannotRead, match="too_large_unpacked"):
        rows_of(bomb)
    assert UNPACKED_BYTES_MAX < 1 << 30


@given(st.binary(max_size=400), st.sampled_from([b"", HEAD.encode(), b"Title,Artist\n", b"PK\x03\x04"]))
def test_any_bytes_give_rows_faults_or_a_plain_refusal(content, start):
    try:
        rows = rows_of(start + content)
    except CannotRead:
        return
    assert all(isinstance(row, CatalogueRow | RowFault) for row in rows)
