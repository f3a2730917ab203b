"""Merging and undoing in the catalogue alone: what unites, what stays, what goes back."""

from datetime import date
from decimal import Decimal as D

import pytest
from django.utils import timezone

from catalog import selectors, services
from catalog.models import Merge, Release, ReleaseTrack, RightsShare, Track, TrackIsrc, TrackName, TrackWork
from tests.factories import a_holder, a_share, a_track, a_withdrawal, a_work

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def merge(source: Track, target: Track) -> services.Merged:
    return services.merge_tracks(source=source, target=target, case="test", now=NOW)


def undo(merge: Merge) -> Merge:
    return services.undo_merge(merge=merge, now=NOW)


def everything() -> list[object]:
    """Every row a merge may touch, in words."""
    return [
        sorted(TrackIsrc.objects.values_list("track_id", "isrc")),
        sorted(TrackName.objects.values_list("track_id", "title", "artist")),
        sorted(ReleaseTrack.objects.values_list("track_id", "release_id", "sequence")),
        sorted(TrackWork.objects.values_list("track_id", "work_id", "percent", "source")),
        sorted(RightsShare.objects.values_list("pk", "track_id", "work_id", "percent")),
        sorted(Track.objects.values_list("pk", "merged_into_id", "search_text")),
    ]


def test_a_merged_track_is_found_by_the_names_and_codes_of_both():
    source, target = a_track("Утро", isrc="RUA120600001"), a_track("Utro (demo)", "Kino band", isrc="RUA120600002")
    merge(source, target)

    assert [found.pk for found in selectors.search_tracks("RUA120600001")] == [target.pk]
    assert [found.pk for found in selectors.search_tracks("utro kino")] == [target.pk]
    assert set(target.names.values_list("title", flat=True)) == {"Утро"}


def test_releases_works_and_withdrawals_unite():
    source, target, album = a_track(), a_track(), Release.objects.create(title="Album", name_key="album")
    place = ReleaseTrack.objects.create(release=album, track=source, sequence=1)
    work = a_work("Song", source)
    out = a_withdrawal(source)

    merge(source, target)

    for row in (place, out):
        row.refresh_from_db()
        assert row.track_id == target.pk
    assert list(target.works.all()) == [work]


def test_shares_that_fit_move_and_what_a_holder_has_already_stays():
    source, target, alice, charlie = a_track(), a_track(), a_holder(), a_holder()
    a_share(target, alice, 60)
    same, other = a_share(source, alice, 60), a_share(source, charlie, 40)

    merged = merge(source, target)

    same.refresh_from_db()
    other.refresh_from_db()
    assert (merged.apart, same.track_id, other.track_id) == ((), source.pk, target.pk)


def test_shares_above_100_percent_stay_apart_right_by_right():
    source, target = a_track(), a_track()
    a_share(target)
    phonogram, performance = a_share(source), a_share(source, right="performance")

    merged = merge(source, target)

    phonogram.refresh_from_db()
    performance.refresh_from_db()
    assert (merged.apart, phonogram.track_id, performance.track_id) == (("phonogram",), source.pk, target.pk)


def test_different_shares_of_one_holder_need_a_person_first():
    source, target, alice = a_track(), a_track(), a_holder()
    a_share(target, alice, 50)
    a_share(source, alice, 60)

    with pytest.raises(services.SharesDiffer):
        merge(source, target)
    assert not Merge.objects.exists()


def test_a_wider_share_of_the_same_holder_covers_a_narrower_one():
    source, target, alice = a_track(), a_track(), a_holder()
    a_share(target, alice, 60)
    a_share(source, alice, 60, start=date(2006, 1, 1))

    assert merge(source, target).apart == ()


def test_tracks_of_different_owned_works_are_not_merged_before_the_works():
    source, target = a_track(), a_track()
    a_share(a_work("One", source))
    a_work("Two", target)

    with pytest.raises(services.WorksDiffer):
        merge(source, target)


def test_a_track_is_not_merged_into_itself_nor_twice_nor_into_a_merged_one():
    a, b, c = a_track(), a_track(), a_track()
    merge(a, b)

    with pytest.raises(services.SameSubject):
        merge(b, b)
    with pytest.raises(services.AlreadyMerged):
        merge(a, c)
    with pytest.raises(services.AlreadyMerged):
        merge(c, a)


def test_undoing_restores_every_row_and_only_once():
    source, target, album = a_track(isrc="RUA120600001"), a_track(), Release.objects.create(title="A", name_key="a")
    ReleaseTrack.objects.create(release=album, track=source, sequence=1)
    a_share(source)
    a_work("Song", source)
    before = everything()

    merged = merge(source, target).merge
    assert everything() != before
    undo(merged)

    assert everything() == before
    with pytest.raises(services.MergeEnded):
        undo(merged)


def test_merges_may_be_undone_in_any_order():
    a, b, c = (a_track(f"Song {n}", isrc=f"RUA12060000{n}") for n in range(3))
    for track in (a, b, c):
        a_share(track, right="performance", percent=30)
    before = everything()

    first, second = merge(c, b).merge, merge(b, a).merge
    assert set(Track.objects.filter(merged_into=a)) == {b, c}
    undo(first)
    third = merge(c, a).merge
    undo(second)
    assert set(a.isrcs.values_list("isrc", flat=True)) == {"RUA120600000", "RUA120600002"}
    undo(third)

    assert everything() == before


def test_what_came_since_stays_with_the_survivor():
    source, target = a_track(), a_track()
    merged = merge(source, target).merge
    later = a_share(target)

    undo(merged)

    later.refresh_from_db()
    assert later.track_id == target.pk


def test_works_merge_with_their_tracks_and_parts_of_one_track_become_one():
    medley, single, source, target = a_track(), a_track(), a_work("Ona"), a_work("Ona!")
    for track, work, percent in ((medley, source, 40), (medley, target, 60), (single, source, 100)):
        TrackWork.objects.create(track=track, work=work, percent=percent)
    share = a_share(source)
    before = everything()

    merged = services.merge_works(source=source, target=target, case="test", now=NOW)

    share.refresh_from_db()
    assert (merged.apart, share.work_id) == ((), target.pk)
    assert sorted(TrackWork.objects.values_list("track_id", "work_id", "percent")) == sorted(
        [(medley.pk, target.pk, D(100)), (single.pk, target.pk, D(100))]
    )
    undo(merged.merge)
    assert everything() == before


def test_works_whose_shares_do_not_fit_stay_apart():
    source, target = a_work("Ona"), a_work("Ona!")
    a_share(target)
    share = a_share(source)

    assert services.merge_works(source=source, target=target, case="test", now=NOW).apart == ("work",)
    share.refresh_from_db()
    assert share.work_id == source.pk
