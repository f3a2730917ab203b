"""A list of tracks as a file comes to the same rows as the list pasted."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from catalog.formats import CannotRead
from claims.formats.list_file import rows_of_file
from claims.formats.pasted_list import TooManyRows, read_list, read_row
from claims.models import OptOut
from tests import factories
from tests.claims.test_opt_out_views import typed


def rows(content, rows_max=100):
    """What a file of this content comes to."""
    return rows_of_file(io.BytesIO(content if isinstance(content, bytes) else content.encode()), rows_max=rows_max)


def workbook(*lines):
    """The bytes of a spreadsheet with these lines."""
    book, file = openpyxl.Workbook(), io.BytesIO()
    for line in lines:
        book.active.append(line)
    book.save(file)
    return file.getvalue()


def test_named_columns_are_put_in_order_and_others_left_out():
    text = "Artist;Year;ISRC;Title\nКино;1988;RUABC0600001;Группа крови\n"

    for content in (
        text,
        text.encode("cp1251"),
        text.encode("utf-16"),
        workbook(*(line.split(";") for line in text.splitlines())),
    ):
        assert rows(content) == ["RUABC0600001\tГруппа крови\tКино"]
    row = read_row(rows(text)[0])
    assert (row.isrcs, row.names[0]) == (("RUABC0600001",), ("Кино", "Группа крови"))


def test_a_file_without_headings_is_taken_as_pasted():
    assert rows("RUABC0600001\n\nRUABC0600002\n") == ["RUABC0600001", "RUABC0600002"]
    assert rows("Группа крови\tКино\n") == ["Группа крови\tКино"]


def test_a_lone_column_of_the_stores_numbers_is_read():
    assert rows("Number\n4417\n4418\n") == ["4417", "4418"]


def test_more_rows_than_a_case_takes_are_refused():
    with pytest.raises(TooManyRows):
        rows("A - B\n" * 4, rows_max=3)


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.4", b"\x1f\x8b\x08\x00", b"PK\x03\x04broken", bytes(100_000)], ids=str
)
def test_what_is_no_table_is_refused(content):
    with pytest.raises(CannotRead):
        rows(content)


@given(st.binary(max_size=400))
def test_no_file_crashes_the_reader(content):
    try:
        found = rows(content)
    except (CannotRead, TooManyRows):
        return
    assert all(row.strip() for row in found)


@given(st.lists(st.text(st.characters(categories=["Lu", "Ll", "Nd"]), min_size=1, max_size=20), min_size=1, max_size=9))
def test_a_column_of_words_comes_to_the_rows_of_the_same_list_pasted(words):
    pasted = [row.typed for row in read_list("\n".join(words), rows_max=100)]

    assert rows("Key\n" + "\n".join(words)) == pasted


@pytest.fixture
def catalogue(db):
    """A track with an ISRC, and two under one name."""
    return [
        factories.a_track("Группа крови", "Кино", isrc="RUABC0600001"),
        factories.a_track("Song", "Twins"),
        factories.a_track("Song", "Twins"),
    ]


LIST = "Title,Artist,ISRC\nГруппа крови,Кино,RUABC0600001\nSong,Twins,\nNobody,Nothing,\n"


def test_the_rows_of_a_file_are_seen_before_anything_is_signed(alice, catalogue, client_of):
    label = factories.a_holder(owner=alice)
    client = client_of(alice)
    file = SimpleUploadedFile("list.csv", LIST.encode())

    page = client.post(reverse("claims:new_opt_out"), typed(label, rows="Кино - Группа крови", list_file=file))

    text = page.content.decode()
    assert page.status_code == 200
    assert not OptOut.objects.exists()
    assert "RUABC0600001\tГруппа крови\tКино\nSong\tTwins\nNobody\tNothing</textarea>" in text
    assert [f'data-state="{state}"' in text for state in ("found", "ambiguous", "unknown")] == [True] * 3
    assert (page.context["found_count"], page.context["unknown_count"]) == (2, 1)


def test_a_file_that_is_no_table_is_refused_in_words(alice, catalogue, client_of):
    label = factories.a_holder(owner=alice)
    file = SimpleUploadedFile("list.csv", b"%PDF-1.4 and more")

    page = client_of(alice).post(reverse("claims:new_opt_out"), typed(label, list_file=file))

    assert page.status_code == 422
    assert "The file is a document, not a table." in page.content.decode()
    assert not OptOut.objects.exists()


def test_a_program_has_a_file_looked_up_row_by_row(alice, stranger, catalogue, client_of):
    known, *twins = catalogue

    answer = client_of(alice).post("/api/v1/opt-outs/list-file/", {"file": SimpleUploadedFile("a.csv", LIST.encode())})
    wrong = client_of(alice).post("/api/v1/opt-outs/list-file/", {"file": SimpleUploadedFile("a.csv", b"%PDF-1.4")})

    first, second, third = answer.json()["results"]
    assert (first["row"], first["state"], first["track"]) == (1, "found", known.public_id)
    assert (second["state"], second["candidates"]) == ("ambiguous", [track.public_id for track in twins])
    assert (third["typed"], third["state"], third["track"]) == ("Nobody\tNothing", "unknown", None)
    assert (wrong.status_code, wrong.json()["fields"][0]["name"]) == (400, "file")
