"""Tracks are added in bulk and found by code, in either script, half typed and mistyped."""

import pytest

from catalog import selectors, services
from catalog.models import SearchWord, Track, TrackName
from catalog.services import NewTrack, OtherName
from catalog.spelling import nearest, spellings
from tests.factories import a_track, a_work

pytestmark = pytest.mark.django_db


@pytest.fixture
def tracks():
    """A few of both repertoires."""
    rows = [
        NewTrack("Группа крови", "Кино", 285, "Moroz", "ru", ("RU-A12-06-00001",), (OtherName("Blood Type", "Kino"),)),
        NewTrack("Звезда по имени Солнце", "Кино", 225, isrcs=("RUA120600002",)),
        NewTrack("All the Things She Said", "t.A.T.u.", 214, isrcs=("RUA120600003", "USUM70300001")),
        NewTrack("Нас не догонят", "Тату"),
        NewTrack("Smooth Criminal", "Michael Jackson"),
        NewTrack("???", "!!!"),
    ]
    ids = services.add_tracks(tracks=rows)
    return dict(zip(["blood", "star", "things", "nas", "smooth", "odd"], ids, strict=True))


def test_add_tracks_writes_codes_names_and_words_at_once(tracks):
    track = Track.objects.get(pk=tracks["blood"])

    assert (track.title, track.artist, track.duration_seconds, track.label) == ("Группа крови", "Кино", 285, "Moroz")
    assert track.public_id.startswith("TRK-")
    assert track.name_key == "gruppa krovi|kino"
    assert track.search_text == "gruppa krovi kino moroz blood tipe"
    assert track.created_at
    assert [code.isrc for code in track.isrcs.all()] == ["RUA120600001"]
    assert [(name.title, name.artist, name.name_key) for name in track.names.all()] == [
        ("Blood Type", "Kino", "blood tipe|kino")
    ]


def test_awkward_characters_survive_the_bulk_way():
    text = "Tab\there, back\\slash, new\nline, \\N and \r"

    track = a_track(text, text)

    assert (track.title, track.artist) == (text, text)


def test_add_tracks_takes_all_or_none():
    with pytest.raises(services.NameMissing):
        services.add_tracks(tracks=[NewTrack("A", "B"), NewTrack("A", " ")])
    with pytest.raises(ValueError, match="RUA"):
        services.add_tracks(tracks=[NewTrack("A", "B"), NewTrack("A", "C", isrcs=("RUA",))])

    assert not Track.objects.exists()


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("RU-A12-06-00001", "blood"),
        ("isrc rua120600003", "things"),
        ("группа крови", "blood"),
        ("Gruppa Krovi", "blood"),
        ("kino blood type", "blood"),
        ("Kino zvezda", "star"),
        ("кино звез", "star"),
        ("кино зв", "star"),
        ("blood kino gr", "blood"),
        ("тату things she", "things"),
        ("Tatu nas ne dogonyat", "nas"),
        ("michael jackson smooth", "smooth"),
        ("jackson criminal mich", "smooth"),
        ("Smoth Criminal", "smooth"),
        ("Michal Jakson", "smooth"),
        ("Grupa krovi", "blood"),
        ("Звизда по имини солнце", "star"),
        ("Звизда по имени солн", "star"),
        ("knio zvezda", "star"),
        ("Blod Kino", "blood"),
        ("Smooht Crimnial", "smooth"),
        ("smooth criminal mikhael jakson zzqqzzqq", "smooth"),
        ("Звезда по имени крови", "star"),
    ],
)
def test_search_finds_the_track_first(tracks, query, first):
    found = selectors.search_tracks(query)

    assert found
    assert found[0].pk == tracks[first]


@pytest.mark.parametrize(
    "query", ["", "   ", "???", "qwzxqwzx", "kino qwzxqwzx", "RUA129900099", "'; DROP TABLE x", "a & | ! :*"]
)
def test_search_finds_nothing_where_nothing_is(tracks, query):
    assert selectors.search_tracks(query) == []


def test_search_finds_a_public_id_and_leaves_out_merged_tracks(tracks):
    track = Track.objects.get(pk=tracks["nas"])

    assert selectors.search_tracks(track.public_id.lower()) == [track]
    Track.objects.filter(pk=track.pk).update(public_id="TRK-ABCDEFGHJDB")  # a number may have no digit
    assert selectors.search_tracks("trk-abcdefghjdb") == [track]
    Track.objects.filter(pk=track.pk).update(merged_into=tracks["things"])
    assert selectors.search_tracks("dogonyat") == []


def test_search_finds_the_tracks_of_a_work_by_its_iswc(tracks):
    track = Track.objects.get(pk=tracks["star"])
    a_work("Звезда по имени Солнце", track, iswc="T0345246801")

    assert selectors.search_tracks("T-034.524.680-1") == [track]
    assert selectors.search_tracks("iswc t0345246801") == [track]
    assert selectors.search_tracks("T-034.524.680-2") == []


@pytest.mark.parametrize("slip", ["smoth", "smoooth", "smotoh", "snooth", "smooht", "mooth"])
def test_a_slip_of_the_finger_is_found_by_spelling(slip):
    assert set(spellings(slip)) & set(spellings("smooth"))
    assert list(nearest(slip, ["smooth", "boots", slip + "xyz"], 6)) == ["smooth"]


def test_marked_letters_are_read_as_iso_9():
    (track,) = services.add_tracks(tracks=[NewTrack("Кяху цюторю", "Нофафы Дывикю")])

    assert [found.pk for found in selectors.search_tracks("Kâhu cûtorû Nofafy Dyvikû")] == [track]


def test_search_keeps_to_its_limit(tracks):
    assert len(selectors.search_tracks("kino", limit=1)) == 1


def test_a_name_added_later_is_found_too(tracks):
    track = Track.objects.get(pk=tracks["star"])

    for _ in range(2):
        services.add_track_names(names=[(track, OtherName("A Star Called Sun", language="en"))])

    assert selectors.search_tracks("star called")[0] == track
    assert selectors.search_tracks("star caled")[0] == track
    assert TrackName.objects.filter(track=track).count() == 1
    assert SearchWord.objects.filter(word="called").exists()


def test_files_are_looked_up_by_code_and_by_name_key(tracks, django_assert_num_queries):
    double = a_track("Cover", "Somebody", isrc="RUA120600001")

    with django_assert_num_queries(1):
        found = selectors.find_tracks_by_isrc({"RUA120600001", "USUM70300001", "RUA129900099"})
    assert found == {"RUA120600001": [tracks["blood"], double.pk], "USUM70300001": [tracks["things"]]}
    with django_assert_num_queries(2):
        keys = selectors.find_tracks_by_name_keys({"blood tipe|kino", "gruppa krovi|kino", "cover|somebodi"})
    assert keys == {
        "blood tipe|kino": [tracks["blood"]],
        "gruppa krovi|kino": [tracks["blood"]],
        "cover|somebodi": [double.pk],
    }
