"""The page of a name: one address in every script, bands only, by title, not for search engines."""

import pytest
from django.core.cache import cache
from django.test import Client, override_settings
from django.urls import reverse

from catalog import services
from catalog.models import Track
from catalog.services import OtherName
from tests import factories

pytestmark = pytest.mark.django_db
KINO = reverse("claims:artist", args=["kino"])


@pytest.fixture(autouse=True)
def fresh_cache():
    cache.clear()


@pytest.fixture
def tracks():
    """Two tracks of one artist in two scripts, and another's."""
    blood = factories.a_track("Группа крови", "Кино", label="Moroz Records")
    cuckoo = factories.a_track("Kukushka", "KINO", label="МОРОЗ Records")
    factories.a_track("Blue Monday", "New Order")
    factories.a_sale(blood, units=1000)
    factories.a_sale(cuckoo, units=1000)
    return blood, cuckoo


@pytest.mark.slow
def test_one_address_for_all_spellings_with_bands_by_title(tracks):
    answer = Client().get(KINO)
    shown = answer.content.decode()

    assert answer["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in shown
    assert shown.index("Kukushka") < shown.index("Группа крови")
    assert "Blue Monday" not in shown
    assert shown.count("10 to 100 USD") == 3, "each track, and both together"
    assert "15.00" not in shown
    assert Client().get(KINO, {"sort": "money"}).content.decode().count("10 to 100 USD") == 3
    assert Client().get(reverse("claims:label", args=["moroz-records"])).status_code == 200
    assert Client().get(reverse("claims:artist", args=["nobody"])).status_code == 404


@pytest.mark.slow
def test_a_track_is_under_each_of_its_names_and_gone_from_them_when_merged_or_renamed(tracks):
    blood, cuckoo = tracks
    services.add_track_names(names=[(blood, OtherName("Blood Type", "Cinema"))])
    cinema = reverse("claims:artist", args=["cinema"])
    assert "Группа крови" in Client().get(cinema).content.decode()

    Track.objects.filter(pk=cuckoo.pk).update(merged_into=blood)

    assert "Kukushka" not in Client().get(KINO).content.decode()


@pytest.mark.slow
def test_search_leads_to_the_pages_of_names(tracks):
    shown = Client().get(reverse("claims:search"), {"q": "кино"}).content.decode()
    assert f'href="{KINO}"' in shown
    shown = Client().get(reverse("claims:search"), {"q": "moroz rec"}).content.decode()
    assert f'href="{reverse("claims:label", args=["moroz-records"])}"' in shown
    assert f'href="{KINO}"' in Client().get(reverse("claims:track", args=[tracks[0].public_id])).content.decode()


@pytest.mark.slow
def test_a_name_with_very_many_tracks_is_not_summed_up(tracks, monkeypatch):
    monkeypatch.setattr("claims.selectors.search.SUMMED_MAX", 1)

    assert "not summed up" in Client().get(KINO).content.decode()
    assert Client().get("/api/v1/names/artist/kino/").json()["unclaimed"] is None


@pytest.mark.slow
def test_programs_read_a_name_by_pages(tracks):
    body = Client().get("/api/v1/names/artist/kino/", {"page_size": 1}).json()

    assert (body["count"], [hit["title"] for hit in body["results"]]) == (2, ["Kukushka"])
    assert body["unclaimed"] == [{"currency": "USD", "low": "10.00000000", "high": "100.00000000"}]
    assert body["received"] == [{"currency": "USD", "low": None, "high": "0.01000000"}]
    assert Client().get("/api/v1/names/works/kino/").status_code == 404


@pytest.mark.slow
@override_settings(ROMS_SEARCHES_PER_MINUTE=2)
def test_names_are_counted_with_searches_and_the_page_says_to_wait(tracks):
    assert [Client().get(KINO).status_code for _ in range(3)] == [200, 200, 429]
    answer = Client().get(reverse("claims:search"), {"q": "кино"})
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert "no account needed" in answer.content.decode()
    part = Client().get(reverse("claims:search"), {"q": "кино"}, headers={"HX-Request": "true"})
    assert (part.status_code, "<html" in part.content.decode()) == (429, False)


@pytest.mark.slow
def test_exact_sums_are_shown_in_the_signed_claim_of_a_verified_holder_only(tracks, alice, charlie, client_of):
    page = reverse("claims:track", args=[tracks[0].public_id])
    claim = factories.a_claim(alice, factories.a_holder("Alice Records", owner=alice), tracks[0])
    draft = factories.a_claim(charlie, factories.a_holder("C", owner=charlie), tracks[0], filed=False)

    assert claim.public_id in client_of(alice).get(page).content.decode()
    assert draft.public_id not in client_of(charlie).get(page).content.decode()
    assert claim.public_id not in client_of(charlie).get(page).content.decode()


def test_a_label_that_becomes_known_later_is_found_by_its_words():
    track = factories.a_track("Группа крови", "Кино", isrc="RUA120600001")

    factories.a_catalogue_import("Title,Artist,ISRC,Label\nГруппа крови,Кино,RUA120600001,Moroz Records\n")
    track.refresh_from_db()

    assert (track.label, track.label_key) == ("Moroz Records", "moroz records")
    assert "moroz" in track.search_text
