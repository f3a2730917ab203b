"""Names nobody knew, and what the catalogue learns later: the key is matched, its old Sales follow, the money moves."""

from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from catalog import services as catalog
from catalog.models import CatalogueChange, Release, ReleaseTrack, Track
from catalog.names import name_key
from catalog.services.track import add_isrcs
from claims import services as claims
from claims.selectors import matched_keys_unmoved
from core.models import Event
from ledger.selectors import balance
from sales import services
from sales.models import MatchRejection, Sale, StoreKey
from sales.pipeline.match import suggestions
from tests.factories import a_licensee, a_report, a_track, flat_lines

pytestmark = pytest.mark.django_db


def sold(**line):
    """Sell one thing; what is not said stays unknown."""
    a_report(content=flat_lines({"DspResourceId": "7", "Title": "Grupa krovi", "DisplayArtistName": "Kino"} | line))
    return StoreKey.objects.get()


def settle(now):
    """Do what the sweeps do each minute."""
    while services.rematch_changes(now=now):
        pass
    for run in claims.plan_due_runs(now=now):
        while claims.continue_run(run_id=run, now=now):
            pass


def test_a_new_track_takes_the_money_of_an_old_mistyped_name(now):
    key = sold()
    assert balance(f"key:{key.pk}:phonogram:unidentified", "USD").amount == Decimal("0.0075")

    track = a_track("Группа крови", "Кино")
    settle(now)

    key.refresh_from_db()
    assert (key.track, key.match_method) == (track, "similar")
    assert key.match_score >= Decimal("0.75")
    assert Sale.objects.get().track == track
    assert balance(f"key:{key.pk}:phonogram:unidentified", "USD").amount == 0
    assert balance(f"track:{track.pk}:phonogram:unclaimed", "USD").amount == Decimal("0.0075")
    assert Event.objects.filter(noun="sales.StoreKey", reason_code="catalogue_learned").count() == 1
    assert not CatalogueChange.objects.exists()


@pytest.mark.slow
def test_a_new_code_or_name_of_a_known_track_is_enough(now):
    track = a_track("Something Else", "Someone")
    settle(now)
    by_code = sold(ISRC="RUA010600001", Title="?", DisplayArtistName="?")
    add_isrcs(pairs=[(track.pk, "RUA010600001")])
    settle(now)
    by_code.refresh_from_db()
    assert (by_code.track, by_code.match_method) == (track, "isrc")

    second = {"DspResourceId": "8", "Title": "Gruppa krovi", "DisplayArtistName": "Kino"}
    a_report(content=flat_lines(second, month="2006-11"))
    catalog.add_track_names(names=[(track, catalog.OtherName("Группа крови", "Кино"))])
    settle(now)
    assert set(StoreKey.objects.values_list("track", flat=True)) == {track.pk}
    assert matched_keys_unmoved(10) == []


@pytest.mark.slow
def test_a_track_renamed_is_looked_at_again(now):
    track = a_track("Something Else", "Kino")
    key = sold()
    Track.objects.filter(pk=track.pk).update(title="Группа крови", name_key=name_key("Группа крови", "Kino"))

    settle(now)

    key.refresh_from_db()
    assert key.track == track


@pytest.mark.slow
def test_a_new_release_takes_old_album_sales(now):
    key = sold(DspResourceId="", Title="", DspReleaseId="ALB", ReleaseTitle="Группа крови", DisplayArtistName="Кино")
    tracks = [a_track(), a_track()]
    release = Release.objects.create(title="Группа крови", artist="Кино", name_key=name_key("Группа крови", "Кино"))
    for place, track in enumerate(tracks, 1):
        ReleaseTrack.objects.create(release=release, track=track, sequence=place)

    settle(now)

    key.refresh_from_db()
    assert key.release == release


@pytest.mark.slow
def test_what_a_person_ruled_out_is_not_matched_again(now, rita):
    key = sold()
    track = a_track("Группа крови", "Кино")
    MatchRejection.objects.create(store_key=key, track=track, rejected_by=rita, rejected_at=now)

    settle(now)

    key.refresh_from_db()
    assert key.track is None
    assert "rejected_before" in key.match_reasons
    assert suggestions(key)[0].track_id == track.pk


@pytest.mark.slow
def test_the_next_report_of_an_old_key_brings_its_old_sales_along(now):
    store = a_licensee()
    a_report(store, flat_lines({"DspResourceId": "7", "Title": "Grupa krovi", "DisplayArtistName": "Kino"}))
    track = a_track("Группа крови", "Кино")

    a_report(
        store, flat_lines({"DspResourceId": "7", "Title": "Grupa krovi", "DisplayArtistName": "Kino"}, month="2006-11")
    )

    assert list(Sale.objects.values_list("track", flat=True)) == [track.pk, track.pk]
    settle(now)
    assert balance(f"track:{track.pk}:phonogram:unclaimed", "USD").amount == Decimal("0.015")


@pytest.mark.slow
def test_several_codes_of_one_line_are_all_asked_about():
    track = a_track("Группа крови", "Кино", isrc="RUA010600002")

    key = sold(ISRC="RUA010600001|RUA010600002", Title="Группа крови", DisplayArtistName="Кино")

    assert (key.track, key.match_method) == (track, "isrc")
    assert key.isrcs == ["RUA010600001", "RUA010600002"]


def test_nothing_learned_looks_at_nothing(now, django_assert_max_num_queries):
    sold()
    settle(now)

    with django_assert_max_num_queries(12):
        assert services.rematch_changes(now=now) is False


@pytest.mark.slow
def test_renew_names_mends_stale_keys_and_has_old_names_looked_at_again(now):
    key = sold()
    settle(now)
    track = a_track("Группа крови", "Кино")
    CatalogueChange.objects.all().delete()
    Track.objects.filter(pk=track.pk).update(name_key="stale", match_codes=[])
    CatalogueChange.objects.all().delete()

    call_command("renew_names", stdout=StringIO())
    settle(now)

    key.refresh_from_db()
    track.refresh_from_db()
    assert track.name_key == "gruppa krovi|kino"
    assert track.match_codes
    assert key.track == track


@pytest.mark.slow
def test_keys_never_asked_about_are_asked_in_batches_and_those_left_to_people_are_not(now, monkeypatch):
    monkeypatch.setattr("sales.services.late.KEYS_AT_ONCE", 2)
    a_track("Звезда", "Кино", isrc="RUA010600001")
    a_track("Кукушка", "Кино", isrc="RUA010600001")
    lines = [
        {"DspResourceId": "0", "Title": "?", "ISRC": "RUA010600001"},
        *({"DspResourceId": str(n), "Title": f"Unheard {n}", "DisplayArtistName": "Nobody"} for n in range(1, 6)),
    ]
    a_report(content=flat_lines(*lines))
    StoreKey.objects.update(match_codes=None)
    StoreKey.objects.filter(key="3").update(match_reasons=["corrected_by_person"])
    track = a_track("Unheard 4", "Nobody")
    CatalogueChange.objects.all().delete()

    batches = 1
    while services.rematch_changes(now=now):
        batches += 1

    keys = {key.key: key for key in StoreKey.objects.all()}
    assert batches == 4
    assert (keys["3"].match_codes, keys["3"].track) == ([], None)
    assert keys["4"].track == track
    assert all(key.match_codes is not None for key in keys.values() if key.track is None)
