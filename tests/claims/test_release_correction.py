"""A store's name matched to the wrong release: previewed, reasoned, reversible, by two above a value, one entry."""

from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest
from django.utils import timezone

from claims import services
from ledger.models import Entry
from sales.models import Sale, StoreKey
from sales.services import rematch_changes
from tests.claims.test_merge import ask, distribute_due, holder_of, of, places, supervisor  # noqa: F401
from tests.factories import a_holder, a_licensee, a_release, a_report, a_rule, a_share, a_track, flat_lines

pytestmark = pytest.mark.django_db
NOW = timezone.now()
ALBUM = {"DspReleaseId": "A1", "ReleaseTitle": "Album", "ReleaseDisplayArtistName": "Kino", "SaleOf": "release"}
ALBUM |= {"Title": "", "DisplayArtistName": "", "PriceConsumerPaidExcSalesTax": "10.000001"}


def sell(store: Any, month: str = "2006-10", **line: Any) -> Any:
    report = a_report(store, flat_lines(ALBUM | line, month=month), name=f"{month}.tsv")
    assert report.status == "posted", report.reason
    distribute_due()
    return report


def rematch(release: Any, by: Any) -> Any:
    return ask(services.rematch_release_of(release), by, [StoreKey.objects.get()], reason="Another album of this name")


@pytest.fixture
def wrong() -> Any:
    return a_release("Album", a_track("One"), a_track("Two"), a_track("Three"))


@pytest.fixture
def right() -> Any:
    return a_release("Album (second)", a_track("Four"), a_track("Five"), icpn="4600000000017")


def tracks(release: Any) -> list[Any]:
    return [place.track for place in release.places.order_by("sequence")]


@pytest.mark.slow
def test_the_money_moves_to_the_tracks_of_the_other_release_by_one_entry_and_back(wrong, right, rita):
    theirs, mine = a_share(tracks(wrong)[0]), a_share(tracks(right)[0])
    store = a_licensee()
    sell(store)
    before, entries = places(), Entry.objects.count()
    assert of(tracks(wrong)[0]).keys() == {("payable", holder_of(theirs)), ("unclaimed", "")}

    done = rematch(right, rita)

    assert Entry.objects.count() == entries + 1
    assert [of(track) for track in tracks(wrong)] == [{}, {}, {}]
    assert sum(places().values()) == sum(before.values()) == D("1.50000015")
    assert of(tracks(right)[0])["payable", holder_of(mine)] == "0.37500004"
    assert (done.status, done.keys.get().from_release) == ("done", wrong)
    sell(store, month="2006-11")
    assert [of(track) for track in tracks(wrong)] == [{}, {}, {}], "the next report follows the correction"
    rematch(wrong, rita)
    rematch(right, rita)
    rematch(wrong, rita)
    assert places() == {name: amount * 2 for name, amount in before.items()}


@pytest.mark.slow
def test_stretches_of_the_first_releases_tracks_leave_no_trace(wrong, right, rita):
    a_share(tracks(wrong)[1], end=date(2006, 10, 11), percent=30)
    sell(a_licensee())
    before = places()
    assert Sale.objects.exclude(cut_by="").count() == 2

    rematch(right, rita)

    assert list(Sale.objects.values_list("cut_by", "units", "line_count")) == [("", 1, 1), ("", 1, 1)]
    rematch(wrong, rita)
    assert places() == before


@pytest.mark.slow
def test_no_known_release_waits_as_unidentified_and_is_not_matched_by_itself(wrong, rita):
    store = a_licensee()
    sell(store)

    rematch(None, rita)

    assert places() == {("A1", "unidentified", ""): D("1.50000015")}
    a_track("Five")
    wrong.save()
    while rematch_changes(now=NOW):
        pass
    sell(store, month="2006-11")
    assert StoreKey.objects.get().release is None
    assert places() == {("A1", "unidentified", ""): D("3.0000003")}


@pytest.mark.slow
def test_a_release_without_a_list_of_tracks_gets_the_money_whole_until_the_list_comes(wrong, rita):
    sell(a_licensee())
    bare = a_release("Bare")

    rematch(bare, rita)

    assert places() == {("A1", "unidentified", ""): D("1.50000015")}
    bare.places.create(track=a_track("Late"), sequence=1)
    services.follow_tracklists(now=NOW)
    assert sum(D(amount) for amount in of(tracks(bare)[0]).values()) == D("1.50000015")


@pytest.mark.slow
def test_two_persons_above_the_limit_none_about_his_own_and_nothing_for_nothing(wrong, right, rita, supervisor):  # noqa: F811
    a_rule("correction_money", "1", "USD")
    sell(a_licensee())
    seen = services.preview_correction(
        correction=services.rematch_release_of(right), keys=[StoreKey.objects.get()], by=rita, now=NOW
    )
    assert (seen.needs_second, StoreKey.objects.get().release) == (True, wrong)
    assert {row.subject for row in seen.money} == {f"track:{track.pk}" for track in (*tracks(wrong), *tracks(right))}

    asked = rematch(right, rita)

    assert (asked.status, StoreKey.objects.get().release) == ("asked", wrong)
    with pytest.raises(services.NeedsAnother):
        services.confirm_correction(correction=asked, by=rita, now=NOW)
    services.confirm_correction(correction=asked, by=supervisor, now=NOW)
    assert StoreKey.objects.get().release == right
    with pytest.raises(services.NothingToCorrect):
        rematch(right, rita)
    a_share(tracks(right)[1], a_holder(owner=rita))
    with pytest.raises(services.DecidesOwnCase):
        rematch(wrong, rita)


@pytest.mark.slow
def test_the_pages_and_the_api_correct_a_release(wrong, right, rita, client_of):
    store = a_licensee()
    sell(store)
    key, client = StoreKey.objects.get(), client_of(rita)
    url = f"/releases/{wrong.public_id}/names/"

    page = client.get(f"/tracks/{tracks(wrong)[0].public_id}/names/").content.decode()
    assert url in page
    assert "Please tick what moves" in client.post(url, {"to": "other"}, follow=True).content.decode()
    shown = client.post(url, {"key": [key.public_id], "to": "other", "target": right.icpn}, follow=True)
    assert "Match of a release corrected" in shown.content.decode()
    done = client.post(shown.redirect_chain[-1][0], {"reason": "Another album of this name"}, follow=True)
    assert str(wrong) in done.content.decode()

    key.refresh_from_db()
    assert key.release == right
    said = {"kind": "release_keys", "keys": [key.public_id], "target": wrong.public_id, "reason": "It was right"}
    made = client.post("/api/v1/corrections/", said, content_type="application/json")
    assert (made.status_code, made.json()["target"]) == (201, wrong.public_id)
    assert client.post("/api/v1/corrections/", said | {"target": "REL-X"}, content_type="application/json").status_code
    key.refresh_from_db()
    assert key.release == wrong
