"""`manage.py match`: a table of names in, a track or none per row out, with reasons."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.factories import a_track

pytestmark = pytest.mark.django_db


@pytest.fixture
def match(tmp_path):
    """Run the command on a text."""

    def run(text, *options, name="names.tsv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        out = StringIO()
        call_command("match", str(path), *options, stdout=out)
        return out.getvalue()

    return run


def test_match_says_track_score_method_and_reasons_per_row(match):
    track = a_track("Группа крови", "Кино", isrc="RUA010600001", duration_seconds=285)
    text = (
        "Title\tArtist\tISRC\tDuration\n"
        "Gruppa krovi\tKino\t\t4:45\n"
        "Grupa krovy\tKino\t\t\n"
        "\t\tRU-A01-06-00001; RUA010600009\t\n"
        "Nothing Like It\tNobody\t\t\n"
    )

    rows = json.loads(match(text, "--json"))

    assert [row["line"] for row in rows] == [2, 3, 4, 5]
    assert [row["track_id"] for row in rows] == [track.public_id] * 3 + [None]
    assert [row["method"] for row in rows] == ["name", "similar", "isrc", ""]
    assert rows[0]["reasons"] == ["name_equal", "duration_equal"]
    assert rows[0]["score"] == 0.95
    assert all(0 < row["score"] <= 1 for row in rows[:3])
    assert rows[3]["score"] is None


def test_bad_cells_are_named_with_line_and_cell_and_left_out(match):
    track = a_track("Кукушка", "Кино")

    rows = json.loads(match("title\tartist\tisrc\tduration\nKukushka\tKino\tRU123\tlong\n\tKino\t\t\n", "--json"))

    assert rows[0]["track_id"] == track.public_id
    assert [(f["line"], f["cell"], f["code"], f["found"]) for f in rows[0]["faults"]] == [
        (2, "isrc", "bad_isrc", "RU123"),
        (2, "duration", "bad_duration", "long"),
    ]
    assert rows[1]["track_id"] is None
    assert [(f["line"], f["cell"], f["code"]) for f in rows[1]["faults"]] == [(3, "title", "cell_missing")]


def test_quotation_marks_are_letters_and_a_short_row_is_padded(match):
    track = a_track('"Heroes"', "David Bowie")

    rows = json.loads(match('title\tartist\tisrc\n"Heroes\tDavid Bowie\n"Heroes" live\tDavid Bowie\n', "--json"))

    assert [row["track_id"] for row in rows] == [track.public_id, None]


def test_any_encoding_and_words_for_people(match):
    track = a_track("Кукушка", "Кино")

    out = match("title\tartist\nКукушка\tКино\nКукушка (Live)\tКино\n".encode("cp1251"))

    lines = [line.split("\t") for line in out.splitlines()]
    assert lines[0] == ["line", "track_id", "score", "method", "reasons"]
    assert lines[1] == ["2", track.public_id, "0.9", "By its name", "Same title and artist."]
    assert "Another version" in lines[2][4]


def test_a_table_without_the_columns_is_refused(match, tmp_path):
    with pytest.raises(CommandError, match="A column is missing"):
        match("name of it\tsomething\na\tb\n")
    with pytest.raises(CommandError, match="empty"):
        match("")
    with pytest.raises(CommandError, match="No such file"):
        call_command("match", str(tmp_path / "none.tsv"))
