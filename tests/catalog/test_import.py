"""A catalogue file is kept as it came, its rows become tracks once, and what was wrong is said."""

import io
import json
import re
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from catalog import faults, selectors, services
from catalog.models import CatalogueImport, Release, Track, TrackIsrc, TrackName, TrackWork, Work
from catalog.tasks import sweep_imports
from core.workflow import MoveNotAllowed, events_of, move
from tests.factories import a_track, a_work

pytestmark = pytest.mark.django_db
DATA = Path(__file__).parents[1] / "data"
HEAD = "ISRC\tTitle\tArtist\tDuration\tLabel\n"


@pytest.fixture(autouse=True)
def storage(tmp_path, settings):
    """Files of a test go nowhere else."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def take(alice, now):
    """A function that imports texts and gives the outcomes."""

    def run(*contents, name="catalogue.tsv"):
        files = [(name, io.BytesIO(text if isinstance(text, bytes) else text.encode())) for text in contents]
        return services.import_catalogue(files=files, by=alice, now=now)

    return run


def counts(outcome):
    batch = outcome.batch
    return batch.rows_read, outcome.tracks_added, outcome.tracks_changed, batch.rows_rejected


def codes(outcome):
    return list(outcome.batch.faults.order_by("line_no", "pk").values_list("line_no", "code"))


def test_the_sample_file_becomes_tracks_releases_and_works(take):
    [outcome] = take((DATA / "catalogue.csv").read_bytes())

    assert counts(outcome) == (8, 6, 0, 2)
    assert codes(outcome) == [(7, "bad_isrc"), (8, "cell_missing")]
    track = Track.objects.get(isrcs__isrc="RUA120600001")
    assert (track.title, track.artist, track.duration_seconds) == ("Группа крови", "Кино", 285)
    assert track.names.get().title == "Gruppa krovi"
    assert [(place.release.title, place.sequence) for place in track.places.all()] == [("Группа крови", 1)]
    assert [author.name for author in track.works.get().authors.all()] == ["Виктор Цой"]
    assert selectors.search_tracks("gruppa krovi") == [track]


def test_the_same_bytes_again_change_nothing_and_are_kept_once(take):
    content = (DATA / "catalogue.csv").read_bytes()
    [first] = take(content)

    [second] = take(content, name="other name.xlsx")

    assert second.is_repeat
    assert second.batch == first.batch
    assert counts(second) == (8, 0, 0, 2)
    assert CatalogueImport.objects.count() == 1
    with default_storage.open(first.batch.stored, "rb") as kept:
        assert kept.read() == content


def test_the_same_rows_in_another_file_change_nothing(take):
    content = (DATA / "catalogue.csv").read_text("utf-8-sig")
    take(content)
    before = (Track.objects.count(), TrackName.objects.count(), Release.objects.count(), Work.objects.count())

    [again] = take(content + "\n")

    assert not again.is_repeat
    assert counts(again)[1:3] == (0, 0)
    assert (Track.objects.count(), TrackName.objects.count(), Release.objects.count(), Work.objects.count()) == before


def test_an_isrc_and_a_name_together_are_the_same_track_and_add_what_is_missing(take):
    track = a_track("Группа крови", "Кино", isrc="RUA120600001", label="Moroz")

    [outcome] = take(HEAD + "RUA120600001;RUA120600009\tGruppa Krovi\tKINO\t4:45\tOther\n")

    assert counts(outcome) == (1, 0, 1, 0)
    track.refresh_from_db()
    assert (track.title, track.duration_seconds, track.label) == ("Группа крови", 285, "Moroz")
    assert set(track.isrcs.values_list("isrc", flat=True)) == {"RUA120600001", "RUA120600009"}
    assert track.names.get().title == "Gruppa Krovi"


def test_an_isrc_on_another_name_makes_a_new_track_and_is_said(take):
    a_track("Группа крови", "Кино", isrc="RUA120600001")

    [outcome] = take(HEAD + "RUA120600001\tSomething else\tSomebody\t\t\n")

    assert counts(outcome) == (1, 1, 0, 0)
    assert codes(outcome) == [(2, "isrc_elsewhere")]
    assert TrackIsrc.objects.filter(isrc="RUA120600001").count() == 2


def test_without_isrc_the_name_and_the_playing_time_decide(take):
    short, long = a_track("Song", "Kino", duration_seconds=180), a_track("Song", "Kino", duration_seconds=300)

    [outcome] = take(
        HEAD
        + "\tSong\tKino\t3:01\t\n"
        + "\tSong\tKino\t4:00\t\n"
        + "\tSong\tKino\t\t\n"
        + "RUA120600001\tSong\tKino\t5:00\t\n"
    )

    assert counts(outcome) == (4, 1, 1, 1)
    assert codes(outcome) == [(4, "ambiguous_track")]
    assert long.isrcs.get().isrc == "RUA120600001"
    assert not short.isrcs.exists()


def test_another_isrc_for_the_same_name_is_another_recording(take):
    a_track("Song", "Kino", isrc="RUA120600001", duration_seconds=180)

    [outcome] = take(HEAD + "RUA120600002\tSong\tKino\t3:00\t\n")

    assert counts(outcome) == (1, 1, 0, 0)


def test_the_same_track_twice_in_a_file_is_one_track_on_two_releases(take):
    [outcome] = take(
        "ISRC\tTitle\tArtist\tReleaseTitle\tTrackNumber\n"
        "RUA120600001\tSong\tKino\tFirst\t1\n"
        "RUA120600001\tSong\tKino\tSecond\t4\n"
        "RUA120600002\tOther\tKino\tSecond\t4\n"
        "\tThird\tKino\tSecond\t\n"
    )

    assert counts(outcome) == (4, 3, 0, 0)
    assert codes(outcome) == [(4, "place_taken")]
    second = Release.objects.get(title="Second")
    assert [(place.sequence, place.track.title) for place in second.places.order_by("sequence")] == [
        (4, "Song"),
        (5, "Third"),
    ]


def test_releases_are_told_apart_by_icpn_or_by_artist(take):
    take(
        "Title\tArtist\tReleaseTitle\tICPN\tReleaseArtist\n"
        "A\tKino\tBest\t4006381333931\tVarious\n"
        "B\tTatu\tBest\t4006381333931\tVarious\n"
        "C\tKino\tBest\t\t\n"
        "D\tTatu\tBest\t\t\n"
    )

    assert sorted(release.tracks.count() for release in Release.objects.all()) == [1, 1, 2]


def test_works_are_shared_by_iswc_or_by_title_and_authors_never_by_title_alone(take):
    [outcome] = take(
        "Title\tArtist\tISWC\tWorkTitle\tComposerAuthor\n"
        "A\tKino\tT0345246801\tSong\t\n"
        "A (Live)\tKino\tT0345246801\tSong\t\n"
        "B\tKino\t\tIntro\tAlice\n"
        "B (Live)\tKino\t\tIntro\tAlice\n"
        "C\tKino\t\tIntro\t\n"
        "D\tKino\t\tIntro\t\n"
    )

    assert counts(outcome) == (6, 6, 0, 0)
    assert sorted(work.tracks.count() for work in Work.objects.all()) == [1, 1, 2, 2]
    assert {link.source for link in TrackWork.objects.all()} == {outcome.batch.public_id}


def test_a_track_keeps_the_work_it_plays(take):
    track = a_track("Song", "Kino", isrc="RUA120600001")
    a_work("Known", track)

    [outcome] = take("ISRC\tTitle\tArtist\tISWC\nRUA120600001\tSong\tKino\tT0345246801\n")
    take("ISRC\tTitle\tArtist\tISWC\n\tAnother\tKino\tT0345246801\nRUA120600001\tSong\tKino\tT0345246801\n")

    assert counts(outcome) == (1, 0, 0, 0)
    assert track.works.get().title == "Known"


def test_broken_letters_are_matched_by_isrc_only_and_spoil_nothing(take):
    track = a_track("Группа крови", "Кино", isrc="RUA120600001")

    [outcome] = take(
        "ISRC\tTitle\tArtist\tReleaseTitle\nRUA120600001\týýýýý\tKino\týýýý\nRUA120600002\týýýýý\tKino\týýýý\n"
    )

    assert counts(outcome) == (2, 0, 0, 1)
    assert codes(outcome) == [(2, "text_broken"), (3, "text_broken")]
    assert list(Track.objects.all()) == [track]
    assert not Release.objects.exists()


@pytest.mark.parametrize(
    ("content", "code"), [(b"", "empty_file"), (b"\0" * 5000, "binary"), (b"ISRC\n", "column_missing")]
)
def test_a_file_of_no_use_is_kept_and_rejected_with_the_reason(take, content, code):
    [outcome] = take(content)

    batch = outcome.batch
    assert (batch.status, batch.error) == (CatalogueImport.Status.REJECTED, code)
    assert default_storage.exists(batch.stored)
    assert [event.reason_code for event in events_of(batch)] == ["", code]


def test_a_file_broken_in_the_middle_leaves_no_half(take):
    rows = "".join(f"\tSong {n}\tKino\t\t\n" for n in range(50))

    [outcome] = take(HEAD + rows + "x" * 2_000_000)

    assert outcome.batch.error == "line_too_long"
    assert not Track.objects.exists()


def test_a_file_too_large_is_refused_and_not_kept(take, monkeypatch):
    monkeypatch.setattr("catalog.services.intake.files.FILE_BYTES_MAX", 10)

    with pytest.raises(services.FileTooLarge, match=r"catalogue\.tsv"):
        take(HEAD)
    assert not CatalogueImport.objects.exists()


def test_a_file_received_but_not_read_is_found_by_the_sweep(now):
    batch = services.receive_catalogue(
        file=io.BytesIO(f"{HEAD}\tSong\tKino\t\t\n".encode()), name="a", by=None, now=now
    )

    assert services.waiting_imports(now=now, since=timedelta(minutes=1)) == []
    CatalogueImport.objects.update(received_at=now - timedelta(days=1))
    sweep_imports()
    batch.refresh_from_db()
    assert (batch.status, Track.objects.count()) == (CatalogueImport.Status.PREVIEWED, 0)

    services.confirm_import(batch=batch, by=None, now=now)
    sweep_imports()
    sweep_imports()

    batch.refresh_from_db()
    assert (batch.status, batch.tracks_added) == (CatalogueImport.Status.IMPORTED, 1)


@pytest.mark.slow
def test_many_rows_cost_a_fixed_number_of_queries(take, django_assert_max_num_queries):
    rows = "".join(f"RUA{n:09}\tSong {n}\tKino\t3:00\tL\n" for n in range(1, 3000))

    with django_assert_max_num_queries(60):
        [outcome] = take(HEAD + rows)

    assert counts(outcome) == (2999, 2999, 0, 0)


def test_every_code_a_file_can_get_is_explained():
    rooms = [*Path("catalog/formats").glob("*.py"), *Path("catalog/services/intake").glob("*.py")]
    source = "".join(room.read_text() for room in rooms)
    raised = re.findall(
        r'(?:CannotRead|BadCell|RowRefused|Fault|_remark)\([^)]*?"([a-z]+_[a-z_]+|packed|binary)"', source
    )

    assert len(set(raised)) > 15
    assert set(raised) <= set(faults.FAULTS)
    assert all(f'"{code}"' in source for code in faults.FAULTS)
    assert faults.explain("no such code") == faults.UNKNOWN


def test_every_step_of_an_import_not_declared_is_refused(take, now):
    [outcome] = take(HEAD + "\tSong\tKino\t\t\n")

    for status in CatalogueImport.Status:
        with pytest.raises(MoveNotAllowed):
            move(outcome.batch, status, by=None, now=now)


# The command ---------------------------------------------------------------------------------------------------------
def command(*arguments):
    out = StringIO()
    try:
        call_command("import_catalogue", *map(str, arguments), stdout=out)
    except SystemExit as end:
        return end.code, out.getvalue()
    return 0, out.getvalue()


def test_the_command_prints_one_json_object():
    status, text = command(DATA / "catalogue.csv", "--json", "--format", "flat")

    said = json.loads(text)
    assert status == 0
    assert (said["rows_read"], said["tracks_added"], said["tracks_changed"], said["rows_rejected"]) == (8, 6, 0, 2)
    reason = said["reasons"][0]
    assert (reason["file"], reason["line"], reason["column"], reason["code"]) == (
        "catalogue.csv",
        7,
        "ISRC",
        "bad_isrc",
    )
    assert reason["remedy"]


def test_the_command_says_what_it_did_and_that_it_was_done_before():
    _, first = command(DATA / "catalogue.csv")
    _, second = command(DATA / "catalogue.csv")

    assert "6 tracks added" in first
    assert "line 7, ISRC: This is no ISRC. Found: RUA12060000O." in first
    assert "was imported before" in second
    assert "0 tracks added" in second


def test_the_command_fails_on_a_file_of_no_use(tmp_path):
    (tmp_path / "empty.csv").touch()

    status, text = command(tmp_path / "empty.csv", "--json")

    assert status == 1
    assert json.loads(text)["reasons"][0]["code"] == "empty_file"
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_catalogue", str(tmp_path / "nothing.csv"))
