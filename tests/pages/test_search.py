"""Is there money for me? Open to everybody, with and without script, and patient with mistakes."""

import pytest
from django.core.cache import cache
from django.test import Client, override_settings
from django.urls import reverse

from tests import factories

SEARCH = reverse("claims:search")


@pytest.fixture(autouse=True)
def fresh_cache():
    cache.clear()


def page(query="", **headers):
    return Client().get(SEARCH, {"q": query} if query else {}, headers=headers)


@pytest.fixture
def tracks(db):
    return [
        factories.a_track("Группа крови", "Кино"),
        factories.a_track("Blue Monday", "New Order"),
    ]


def test_search_without_words_shows_the_box_only(db):
    shown = page().content.decode()

    assert 'type="search"' in shown
    assert "data-track" not in shown


def test_search_finds_cyrillic_by_latin_letters(tracks):
    shown = page("gruppa krovi").content.decode()

    assert "Группа крови" in shown
    assert "Blue Monday" not in shown


def test_search_answers_htmx_with_the_results_only(tracks):
    answer = page("кино", **{"HX-Request": "true"})

    assert "<html" not in answer.content.decode()
    assert "Группа крови" in answer.content.decode()
    assert "HX-Request" in answer["Vary"]


def test_search_says_when_nothing_is_found_and_survives_odd_words(tracks):
    assert "Nothing found" in page("zzzzqqqqxxxx").content.decode()
    assert page("\x00\x00").status_code == 400
    for odd in ("'; --", "%%%", "💿" * 300, "a" * 5000, ":*&|!"):
        assert page(odd).status_code == 200


def test_search_escapes_what_was_typed(tracks):
    assert "<script>alert" not in page("<script>alert(1)</script>").content.decode()


@override_settings(ROMS_SEARCHES_PER_MINUTE=3)
def test_search_slows_down_who_asks_too_often(tracks):
    assert [page("кино").status_code for _ in range(4)] == [200, 200, 200, 429]
    assert page("кино")["Retry-After"] == "60"
    assert page().status_code == 200


def test_track_page_names_the_track(tracks):
    shown = Client().get(reverse("claims:track", args=[tracks[0].public_id])).content.decode()

    assert "<h1>Группа крови</h1>" in shown
    assert tracks[0].public_id in shown


def test_track_page_of_an_unknown_id_is_404(db):
    assert Client().get(reverse("claims:track", args=["TRK-0000000000"])).status_code == 404
