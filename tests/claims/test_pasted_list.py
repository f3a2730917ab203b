"""What people paste is read in every way it may be meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.formats.pasted_list import TooManyRows, read_list, read_row


def test_isrc_is_found_in_any_spelling():
    for typed in ("RUABC0600001", "ru-abc-06-00001", "ISRC: RU ABC 06 00001", "ISRC RUABC0600001"):
        assert read_row(typed).isrcs == ("RUABC0600001",), typed


def test_row_with_isrc_and_names_keeps_both():
    row = read_row("RUABC0600001\tГруппа крови\tКино")

    assert row.isrcs == ("RUABC0600001",)
    assert row.names[0] == ("Кино", "Группа крови")


@pytest.mark.parametrize("dash", ["-", "–", "—"])
def test_dash_separates_artist_from_title_first_and_the_other_way_second(dash):
    assert read_row(f"Кино {dash} Группа крови").names == (("Кино", "Группа крови"), ("Группа крови", "Кино"))


def test_table_columns_are_title_then_artist():
    assert read_row("Группа крови\tКино").names[0] == ("Кино", "Группа крови")


def test_numbering_and_quotes_of_a_pasted_list_fall_off():
    assert ("Кино", "Группа крови") in read_row("12. Кино - «Группа крови»").names


def test_several_dashes_give_every_way_to_read_them():
    names = read_row("A-ha - Take on me - live").names

    assert ("A-ha", "Take on me - live") in names
    assert ("A-ha - Take on me", "live") in names


def test_own_id_and_store_address_are_recognised():
    assert read_row("trk-7Q2K9XW3HD5").track_id == "TRK-7Q2K9XW3HD5"
    assert read_row("see https://store.example.com/track/17").address == "https://store.example.com/track/17"


def test_row_numbers_count_blank_lines_so_a_person_finds_the_row():
    rows = read_list("one - two\r\n\r\n  \nthree - four\x00\n", rows_max=9)

    assert [(row.row_no, row.typed) for row in rows] == [(1, "one - two"), (4, "three - four")]


def test_list_above_the_limit_is_refused():
    with pytest.raises(TooManyRows):
        read_list("a - b\n" * 4, rows_max=3)


@given(st.text(max_size=200))
def test_any_text_is_read_without_a_fault_and_no_row_is_lost(text):
    rows = read_list(text, rows_max=1000)

    assert all(row.typed and len(row.typed) <= 500 and len(row.key) <= 200 for row in rows)
    assert len({row.row_no for row in rows}) == len(rows)
