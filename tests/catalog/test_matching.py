"""Names to tracks against a small catalogue: what is matched, by what evidence, and what is left to a person."""

import json
import random
from dataclasses import replace

import pytest
from django.db import connection, transaction

from catalog import matching, services
from catalog.matching import Asked, Found
from catalog.models import Release, ReleaseTrack, Track, TrackIsrc, TrackName
from catalog.names import name_key
from tests.factories import a_track

pytestmark = pytest.mark.django_db

NAMES = {
    "blood": ("Группа крови", "Кино"),
    "star": ("Звезда по имени Солнце", "Кино"),
    "pack": ("Пачка сигарет", "Кино"),
    "fool": ("Дурак и молния", "Король и Шут"),
    "smooth": ("Smooth Criminal", "Michael Jackson"),
    "simon": ("The Sound of Silence", "Simon & Garfunkel"),
    "part": ("Another Brick, Part 2", "Pink Floyd"),
}


@pytest.fixture
def tracks():
    """A few tracks of both scripts."""
    ids = services.add_tracks(tracks=[services.NewTrack(*name) for name in NAMES.values()])
    return dict(zip(NAMES, ids, strict=True))


def find(title, artist, **more):
    """Find one name."""
    return next(iter(matching.find([Asked(0, title, artist, **more)])))


@pytest.mark.parametrize(
    ("title", "artist", "which"),
    [
        ("ГРУППА КРОВИ", "кино", "blood"),
        ("Gruppa krovi", "Kino", "blood"),
        ("Zvezda po imeni Solntse", "Kino", "star"),
        ("Zvezda po imeni Solnce", "Kino", "star"),
        ("Zvezda po imeni Solncze", "Kino", "star"),
        ("Swesda po imeni Solnze", "Kino", "star"),
        ("Durak i molniâ", "Korolʹ i Šut", "fool"),
        ("Дурак и молния", "Король & Шут", "fool"),
        ("Durak i molniya", "Korol' and Shut", "fool"),
        ("Звезда по имени Сонце", "Кино", "star"),
        ("Smoth Crimnal", "Micheal Jakson", "smooth"),
        ("Smooth Criminal (feat. Boris)", "Jackson, Michael", "smooth"),
        ("Sound of Silence", "Simon and Garfunkel", "simon"),
        ("Кино", "Пачка сигарет", "pack"),
        ("Кино - Пачка сигарет", "", "pack"),
        ("Кино - Пачка сигарет", "Кино", "pack"),
        ("Ãðóïïà êðîâè", "Êèíî", "blood"),
        ("Р“СЂСѓРїРїР° РєСЂРѕРІРё", "РљРёРЅРѕ", "blood"),
        ("Another Brick, Pt. II", "Pink Floyd", "part"),
    ],
)
def test_a_name_finds_its_track(tracks, title, artist, which):
    found = find(title, artist)

    assert found.track_id == tracks[which]
    assert found.method in ("name", "similar")
    assert found.score
    assert found.reasons
    assert all(reason in matching.wording.REASONS for reason in found.reasons)


@pytest.mark.parametrize(
    ("title", "artist", "reason"),
    [
        ("Группа крови (ремикс)", "Кино", "version_differs"),
        ("Gruppa krovi (Live)", "Kino", "version_differs"),
        ("Smooth Criminal (Karaoke Version)", "Michael Jackson", "version_differs"),
        ("Smooth Criminal - Acoustic", "Michael Jackson", "version_differs"),
        ("Smooth Criminal", "Michael Jackson Tribute Band", "version_differs"),
        ("Another Brick, Part 3", "Pink Floyd", "number_differs"),
        ("Звезда по имени Луна", "Кино", "title_has_another_word"),
        ("Группа крови", "Ария", None),
        ("Nobody Knows This", "Nobody At All", None),
        ("", "Кино", None),
        ("ýýýýýý ýýýýý", "ýýýý", None),
    ],
)
def test_what_is_another_recording_is_never_matched_by_itself(tracks, title, artist, reason):
    found = find(title, artist)

    assert found.track_id is None
    assert reason is None or reason in found.reasons


def test_a_repair_and_a_swap_are_said(tracks):
    assert "text_repaired" in find("Ãðóïïà êðîâè", "Êèíî").reasons
    assert "title_and_artist_swapped" in find("Кино", "Пачка сигарет").reasons


def test_an_isrc_is_evidence_and_no_key():
    right = a_track("Группа крови", "Кино", isrc="RUA010600001")
    other = a_track("Кукушка", "Кино", isrc="RUA010600002")

    assert find("Группа крови", "Кино", isrcs=("RUA010600001",)).method == "isrc"
    assert find("", "", isrcs=("RUA010600001",)).track_id == right.pk
    assert find("Gruppa krovy!", "Kino", isrcs=("RUA010600001",)).track_id == right.pk
    contradicted = find("Smooth Criminal", "Michael Jackson", isrcs=("RUA010600001",))
    assert (contradicted.track_id, "name_contradicts" in contradicted.reasons) == (None, True)
    assert find("Группа крови (Remix)", "Кино", isrcs=("RUA010600001",)).track_id is None
    assert find("Группа крови (2003 Remaster)", "Кино", isrcs=("RUA010600001",)).track_id == right.pk
    both = find("Кукушка", "Кино", isrcs=("RUA010600001", "RUA010600002"))
    assert (both.track_id, both.method) == (other.pk, "isrc_and_name")
    assert find("Кукушка", "Кино", isrcs=("USXXX0600001",)).track_id == other.pk


def test_playing_time_release_and_label_decide_between_equal_names():
    short = a_track("Кукушка", "Кино", duration_seconds=180, label="Moroz")
    long = a_track("Кукушка", "Кино", duration_seconds=400, label="Other")
    release = Release.objects.create(title="Чёрный альбом", artist="Кино", name_key=name_key("Чёрный альбом", "Кино"))
    ReleaseTrack.objects.create(release=release, track=long, sequence=1)

    assert find("Кукушка", "Кино").reasons == ("name_on_several_tracks",)
    assert find("Кукушка", "Кино", seconds=181).track_id == short.pk
    assert find("Kukuschka", "Kino", seconds=399).track_id == long.pk
    assert find("Кукушка", "Кино", label="MOROZ").track_id == short.pk
    assert find("Кукушка", "Кино", release="ЧЕРНЫЙ АЛЬБОМ").track_id == long.pk


def test_another_playing_time_speaks_against_an_equal_name():
    a_track("Кукушка", "Кино", duration_seconds=180)

    found = find("Кукушка", "Кино", seconds=400)

    assert (found.track_id, "duration_differs" in found.reasons) == (None, True)


def test_other_names_and_merged_tracks_lead_to_the_track():
    track, gone = a_track("Группа крови", "Кино"), a_track("Blood Typ", "Kinno")
    services.add_track_names(names=[(track, services.OtherName("Blood Type", "Kino"))])
    Track.objects.filter(pk=gone.pk).update(merged_into=track)

    assert find("Blod Type", "Kino").track_id == track.pk
    assert find("Blood Typ", "Kinno").track_id == track.pk


def test_rows_written_past_the_bulk_way_and_renamed_ones_are_found():
    track = Track.objects.create(title="Группа крови", artist="Кино", name_key="gruppa krovi|kino", search_text="")
    TrackName.objects.create(track=track, title="Blood Type", artist="Kino", name_key="blood tipe|kino")
    assert find("Grupa krowi", "Kino").track_id == track.pk
    assert find("Bloood Type", "Kino").track_id == track.pk

    Track.objects.filter(pk=track.pk).update(title="Пачка сигарет", name_key="pachka sigaret|kino")

    assert find("Patschka sigaret", "Kino").track_id == track.pk


def test_the_same_names_get_the_same_answers_in_any_order_and_company(tracks, monkeypatch):
    asked = [
        ("Grupa krovi", "Kino"),
        ("Звезда по имени Сонце", "Кино"),
        ("Smoth Criminal", "Michael Jackson"),
        ("Кино", "Пачка сигарет"),
        ("Song (Remix)", "Nobody"),
        ("Группа крови (Live)", "Кино"),
    ] * 3
    together = list(matching.find(Asked(no, *name) for no, name in enumerate(asked)))
    shuffled = random.Random(7).sample(range(len(asked)), len(asked))
    monkeypatch.setattr("catalog.matching.engine.ROWS_AT_ONCE", 2)  # many parts, two of them side by side
    again = {found.no: found for found in matching.find(Asked(no, *asked[no]) for no in shuffled)}

    for no, found in enumerate(together):
        assert again[no] == found
        assert find(*asked[no]) == replace(found, no=0)


def test_what_came_nearest_is_named_where_nothing_is_good_enough(tracks):
    found = find("Группа крови (Live)", "Кино")

    assert (found.track_id, found.nearest_id) == (None, tracks["blood"])
    assert "version_differs" in found.reasons
    assert find("Группа крови", "Кино").nearest_id is None
    assert find("Nothing like it", "Nobody").nearest_id is None


def test_suggestions_are_what_a_person_may_choose_from(tracks):
    remix = a_track("Группа крови (Remix)", "Кино")

    suggested = matching.suggestions(Asked(0, "Grupa krovi (Remiks)", "Kino"))

    assert [one.track_id for one in suggested[:2]] == [remix.pk, tracks["blood"]]
    assert [one.is_match for one in suggested[:2]] == [True, False]
    assert "version_differs" in suggested[1].reasons
    assert matching.reason_text("version_differs").startswith("Another version")
    assert matching.suggestions(Asked(0, "", "")) == []


def test_what_is_spelled_alike_is_found_without_its_key_as_it_is_found_with_it(tracks):
    named = list(NAMES.items())
    for place, (which, _name) in enumerate(named):
        TrackIsrc.objects.create(track_id=tracks[which], isrc=f"RUA01060000{place}")
    TrackIsrc.objects.create(track_id=tracks["star"], isrc="RUA010600000")
    other = a_track("Smooth Criminal", "Alien Ant Farm", isrc="RUA010600004")
    gone = a_track("Gone", "Kino", isrc="RUA010600009")
    Track.objects.filter(pk=gone.pk).update(merged_into=other)
    lost = a_track("ýýýýý", "Кино", isrc="RUA010600008")
    asked = [Asked(no, *name, (f"RUA01060000{no}",)) for no, (_which, name) in enumerate(named)]
    asked += [Asked(100 + no, "", "", (f"RUA01060000{no}",)) for no in range(10)]
    asked += [Asked(200 + no, "Another", "Name", (f"RUA01060000{no}",)) for no in range(10)]
    asked += [
        Asked(300, gone.title, gone.artist, ("RUA010600009",)),
        Asked(301, lost.title, lost.artist, ("RUA010600008",)),
        Asked(302, *NAMES["fool"], ("RUA010600003", "RUA010600005")),
        Asked(303, *NAMES["fool"], ()),
    ]
    usual = {found.no: found for found in matching.find(asked)}
    rows = "SELECT * FROM unnest(%(no)s, %(title)s, %(artist)s, %(isrcs)s::text[]) AS r (no, title, artist, code)"
    rows = f"SELECT no, title, artist, code::text[] AS isrcs FROM ({rows}) r"
    cells = {name: [getattr(one, name) for one in asked] for name in ("no", "title", "artist")}

    with transaction.atomic(), connection.cursor() as cursor:
        codes = ["{" + ",".join(one.isrcs) + "}" for one in asked]
        matching.find_literal(cursor, rows, cells | {"isrcs": codes})
        cursor.execute("SELECT no, track_id, method, score, reasons::text, nearest_id FROM match_found")
        found = {row[0]: Found(*row[:4], tuple(json.loads(row[4])), row[5]) for row in cursor.fetchall()}

    assert {no: usual[no] for no in found} == found
    assert found.keys() == {1, 2, 3, 5, 6, 101, 102, 103, 105, 106, 108}
