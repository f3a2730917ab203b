"""Which track a store sold: by what evidence, and what happens when nobody knows."""

from decimal import Decimal

import pytest

from catalog.models import Release, ReleaseTrack
from catalog.names import name_key
from ledger.selectors import balance
from sales import services
from sales.models import Sale, StoreKey
from tests.factories import a_licensee, a_report, a_track, flat_lines

pytestmark = pytest.mark.django_db


def sold(**line):
    a_report(content=flat_lines({"DspResourceId": "7", "Title": "?", "DisplayArtistName": "?"} | line))
    return StoreKey.objects.get()


def a_release(title, *tracks, icpn=""):
    release = Release.objects.create(title=title, artist="Кино", icpn=icpn, name_key=name_key(title, "Кино"))
    for place, track in enumerate(tracks, 1):
        ReleaseTrack.objects.create(release=release, track=track, sequence=place)
    return release


def test_one_isrc_names_the_track():
    track = a_track("Кукушка", "Кино", isrc="RUA010600001")

    key = sold(ISRC="RUA010600001")

    assert (key.track, key.match_method, key.match_reasons) == (track, "isrc", ["isrc_equal", "name_differs"])


def test_of_several_tracks_with_one_isrc_the_name_decides():
    a_track("Звезда", "Кино", isrc="RUA010600001")
    track = a_track("Кукушка", "Кино", isrc="RUA010600001")

    key = sold(ISRC="RUA010600001", Title="Kukushka", DisplayArtistName="KINO")

    assert (key.track, key.match_method) == (track, "isrc_and_name")


def test_an_isrc_on_several_tracks_with_another_name_decides_nothing():
    a_track("Звезда", "Кино", isrc="RUA010600001")
    a_track("Кукушка", "Кино", isrc="RUA010600001")

    key = sold(ISRC="RUA010600001", Title="Other")

    assert (key.track, key.match_reasons) == (None, ["isrc_on_several_tracks", "name_decides_nothing"])


def test_a_name_in_another_script_names_the_track():
    track = a_track("Кукушка", "Кино")

    key = sold(Title="kukushka", DisplayArtistName="Kino")

    assert (key.track, key.match_method, key.match_score) == (track, "name", Decimal("0.9"))


def test_a_name_of_several_tracks_waits():
    a_track("Кукушка", "Кино")
    a_track("Kukushka", "Kino")

    assert sold(Title="Кукушка", DisplayArtistName="Кино").track is None


def test_what_nobody_knows_waits_under_the_stores_key():
    key = sold()

    assert key.track is None
    assert balance(f"key:{key.pk}:phonogram:unidentified", "USD").amount == Decimal("0.0075")
    assert Sale.objects.get().report.lines_unmatched == 1


@pytest.mark.slow
def test_the_next_month_knows_what_the_last_one_learned(now, frank):
    store, track = a_licensee(), a_track()
    a_report(store, flat_lines({"DspResourceId": "7", "Title": "?"}))
    services.match_store_key(key=StoreKey.objects.get(), track=track, by=frank, now=now, reasons=["heard it"])

    later = a_report(store, flat_lines({"DspResourceId": "7", "Title": "?"}, month="2006-11"))

    assert later.lines_unmatched == 0
    assert set(Sale.objects.values_list("track", flat=True)) == {track.pk}
    assert (StoreKey.objects.get().match_method, StoreKey.objects.get().match_reasons) == ("person", ["heard it"])
    with pytest.raises(services.KeyAlreadyMatched):
        services.match_store_key(key=StoreKey.objects.get(), track=a_track(), by=frank, now=now)


def test_a_release_spreads_over_its_tracks_exactly():
    tracks = [a_track(f"Song {n}", "Кино") for n in range(3)]
    a_release("Группа крови", *tracks, icpn="0123456789012")

    a_report(
        content=flat_lines({"DspReleaseId": "ALB", "ICPN": "123456789012", "PriceConsumerPaidExcSalesTax": "1.00"})
    )

    sales = list(Sale.objects.order_by("track_id"))
    assert [(sale.track, sale.sold_as) for sale in sales] == [(track, "release") for track in tracks]
    assert [sale.royalty for sale in sales] == [Decimal("0.05")] * 3
    assert [sale.base for sale in sales] == [Decimal("0.33333334"), Decimal("0.33333333"), Decimal("0.33333333")]


def test_a_release_spreads_by_playing_time_where_the_tariff_says_so():
    tracks = [a_track("Long", "Кино", duration_seconds=300), a_track("Short", "Кино", duration_seconds=100)]
    a_release("Группа крови", *tracks)
    store = a_licensee(release_key="duration")

    a_report(store, flat_lines({"ReleaseTitle": "Gruppa krovi", "DisplayArtistName": "Kino", "Usages": 4}))

    assert list(Sale.objects.order_by("track_id").values_list("royalty", flat=True)) == [
        Decimal("0.045"),
        Decimal("0.015"),
    ]


def test_a_release_nobody_knows_waits_and_spreads_when_it_is_known(now, frank):
    a_report(content=flat_lines({"DspReleaseId": "ALB", "ReleaseTitle": "Группа крови", "Usages": 2}))
    key = StoreKey.objects.get()
    assert (Sale.objects.get().track, Sale.objects.get().report.lines_unmatched) == (None, 1)
    tracks = [a_track(), a_track(), a_track()]

    services.match_store_release(key=key, release=a_release("Other", *tracks), by=frank, now=now)

    sales = Sale.objects.order_by("track_id")
    assert [sale.track for sale in sales] == tracks
    assert sum(sale.royalty for sale in sales) == Decimal("0.03")
    assert all(sale.royalty == sale.royalty_phonogram + sale.royalty_performance + sale.royalty_work for sale in sales)


@pytest.mark.slow
def test_a_list_of_tracks_known_late_divides_as_one_known_before(now, frank):
    columns = ("track", "base", "royalty", "royalty_phonogram", "royalty_performance", "royalty_work")
    tracks = [a_track(f"Часть {n}", "Кино") for n in range(7)]
    line = {"DspReleaseId": "9", "ReleaseTitle": "Album", "SaleOf": "release", "Title": ""}
    line |= {"PriceConsumerPaidExcSalesTax": "0.10000711"}
    late = a_report(content=flat_lines(line))
    key = StoreKey.objects.get()
    release = a_release("Album", *tracks, icpn="0123456789012")

    services.match_store_release(key=key, release=release, by=frank, now=now)
    early = a_report(content=flat_lines(line | {"ICPN": "0123456789012"}))

    sold = [Sale.objects.filter(report=report).order_by("track").values_list(*columns) for report in (early, late)]
    assert list(sold[0]) == list(sold[1])
    assert len(sold[0]) == len(tracks)
