"""A list of repertoire: read, looked up and chosen from, before anybody signs anything."""

import io

import pytest
from django.utils import timezone

from claims import selectors, services
from claims.models import RepertoireRow
from tests import factories
from tests.factories import a_list

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def outcomes(found):
    """What each row came to: row number -> (group, outcome, chosen)."""
    rows = RepertoireRow.objects.filter(list=found, place=0).order_by("row_no")
    return {row.row_no: (row.group, row.outcome, row.is_chosen) for row in rows}


LIST = """Title,Artist,ISRC,Duration
Группа крови,Кино,RU-R0M-88-00001,4:45
Gruppa krovi,Kino,,
Smoth Criminal,Micheal Jackson,,
Группа крови (Live),Кино,,
,,NOT-AN-ISRC,
Nobody,Nothing,,
Song,Somebody Else,,
,,USXXX0600009,
Taken,Rival,,
"""


@pytest.fixture
def catalogue(db):
    """Some tracks: an exact one, one to be mistyped, a title others sing too, one that a rival owns."""
    a, b = (
        factories.a_track("Группа крови", "Кино", isrc="RUR0M8800001"),
        factories.a_track("Smooth Criminal", "Michael Jackson"),
    )
    c, d = factories.a_track("Song", "Twins"), factories.a_track("Taken", "Rival")
    factories.a_share(d, percent=100)
    return a, b, c, d


def test_each_row_says_what_became_of_it(alice, catalogue):
    found = a_list(alice, factories.a_holder(owner=alice), LIST)

    assert found.status == "ready"
    assert outcomes(found) == {
        2: ("exact", "found", True),
        3: ("exact", "duplicate", False),
        4: ("likely", "found", True),
        5: ("version", "found", False),
        6: ("", "unreadable", False),
        7: ("", "unknown", False),
        8: ("other_artist", "found", False),
        9: ("", "unknown", False),
        10: ("exact", "conflict", True),
    }
    assert found.counts["rows"] == 9
    assert found.counts["chosen"] == 3
    assert [row["row_no"] for row in selectors.bad_rows(found)] == [3, 5, 6, 7, 8, 9]


def test_a_writer_is_shown_every_recording_of_the_song_but_has_to_confirm_them(alice, catalogue):
    original, *_ = catalogue
    others = [
        factories.a_track("Группа крови", "Cover Band"),
        factories.a_track("Gruppa krovi (Karaoke)", "Karaoke Stars"),
        factories.a_track("Группа крови (Live)", "Кино"),
    ]
    writer = factories.a_holder(owner=alice)

    found = a_list(alice, writer, "Title,Artist\nГруппа крови,Кино\n", rights=("work",))

    rows = RepertoireRow.objects.filter(list=found, place__gt=0).order_by("place")
    assert [(row.track_id, row.group, row.is_chosen) for row in rows] == [
        (others[0].pk, "other_artist", False),
        (others[1].pk, "version", False),
        (others[2].pk, "version", False),
    ]
    found = services.choose_groups(found=found, groups=["exact", "other_artist", "version"], by=alice, now=NOW)
    assert set(RepertoireRow.objects.filter(list=found, is_chosen=True).values_list("track_id", flat=True)) == {
        original.pk,
        *(track.pk for track in others),
    }


def test_a_label_is_not_offered_what_others_recorded(alice, catalogue):
    factories.a_track("Группа крови", "Cover Band")

    found = a_list(alice, factories.a_holder(owner=alice), "Title,Artist\nГруппа крови,Кино\n")

    assert RepertoireRow.objects.filter(list=found).count() == 1


def test_the_correction_file_comes_back_mended(alice, catalogue):
    found = a_list(alice, factories.a_holder(owner=alice), LIST)

    mended = "Row,ISRC,Title,Artist,Reason\n6,,Smooth Criminal,Michael Jackson,x\n7,,Song,Twins,\n3,,Nobody,At all,\n"
    services.mend_list(found=found, file=io.BytesIO(mended.encode()), name="mended.csv", by=alice, now=NOW)
    found.refresh_from_db()

    assert found.status == "ready"
    assert [outcomes(found)[row] for row in (3, 6, 7)] == [
        ("", "unknown", False),
        ("exact", "duplicate", False),  # row 4 is that track
        ("exact", "found", True),
    ]
    assert outcomes(found)[2] == ("exact", "found", True)
    assert found.files.count() == 2


def test_a_label_sees_what_stands_about_a_takedown(alice, catalogue):
    a, b, *_ = catalogue
    label = factories.a_holder(owner=alice)
    factories.a_share(a, label, 50)
    factories.a_share(a, percent=50)
    factories.a_withdrawal(b, label)

    found = a_list(
        alice,
        label,
        "Title,Artist\nГруппа крови,Кино\nSmooth Criminal,Michael Jackson\nTaken,Rival\nSong,Twins\n",
        purpose="opt_out",
    )

    assert outcomes(found) == {
        2: ("exact", "found", True),
        3: ("exact", "withdrawn", False),
        4: ("exact", "not_mine", False),
        5: ("exact", "found", True),
    }
    row = RepertoireRow.objects.get(list=found, row_no=2)
    assert (row.other_holders, row.others_percent) == (1, 50)


@pytest.mark.parametrize(("source", "name"), [("label", "melodia"), ("artist", "КИНО"), ("release", "Album")])
def test_a_choice_by_name_is_looked_up_like_a_list(alice, db, source, name):
    from catalog.models import Release, ReleaseTrack

    tracks = [factories.a_track(title, "Кино", label="Melodia") for title in ("One", "Two", "Two (Live)")]
    factories.a_track("One", "Others", label="Others")
    release = Release.objects.create(title="Album", name_key="album|kino")
    for sequence, track in enumerate(tracks):
        ReleaseTrack.objects.create(release=release, track=track, sequence=sequence)
    terms = services.ListTerms(factories.a_holder(owner=alice), "opt_out", ["phonogram"])

    found = services.pick_list(terms=terms, source=source, name=name, by=alice, now=NOW)

    found.refresh_from_db()
    assert found.status == "ready"
    assert sorted(outcomes(found).values()) == [
        ("exact", "found", True),
        ("exact", "found", True),
        ("version", "found", False),
    ]
