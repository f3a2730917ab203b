"""Names meet across script, case, diacritics, punctuation, guests and word order, and different names stay apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.names import KEY_LENGTH_MAX, artist_key, name_key, search_text, title_key, without_guests

SAME_ARTIST = [
    ("Кино", "Kino", "KINO", " kino ", "«Кино»", "Ｋｉｎｏ"),
    ("Виктор Цой", "Viktor Tsoi", "Tsoy, Viktor", "Viktor Tzoy", "ЦОЙ ВИКТОР"),
    ("Мумий Тролль", "Mumiy Troll", "Mumij Troll", "Mumiy Troll'", "Mumiy Troll’"),
    ("Татьяна Буланова", "Tatiana Bulanova", "Tatyana Bulanova", "Tatjana Bulanova"),
    ("Юлия Савичева", "Julia Savicheva", "Yulia Savicheva", "Yuliya Savicheva", "Iuliia Savicheva"),
    ("Тату", "t.A.T.u.", "Tatu", "TATU"),
    ("Би-2", "Bi-2", "Bi2", "BI 2"),
    ("Хлеб", "Khleb", "Hleb"),
    ("Исаак Дунаевский", "Isaak Dunayevsky", "Isaak Dunaevskiy", "Isaak Dunaevskii"),
    ("Щербаков", "Shcherbakov", "Scherbakov"),
    ("The Beatles", "Beatles, The", "Beatles", "THE BEATLES"),
    ("Björk", "Bjork", "BJO\u0308RK"),
    ("Simon & Garfunkel", "Simon and Garfunkel", "Garfunkel, Simon"),
    (
        "Alla feat. Boris",
        "Alla",
        "Alla ft Boris",
        "Alla ft. Boris",
        "Alla (featuring Boris)",
        "Алла при участии Бориса",
    ),
]
SAME_TITLE = [
    ("Группа крови", "Gruppa krovi", "GRUPPA  KROVI!", "Krovi, gruppa"),
    ("Don't", "Dont", "Don’t", "DON`T"),
    ("Song (feat. Boris) [Remix]", "Song [Remix]", "Remix: Song", "Song feat. Boris (remix)"),
    ("Песня (при участии Бориса)", "Песня", "Pesnya", "Pesnia"),
    ("Vol. 2", "Vol.2", "Vol 2"),
    ("You & I", "You and I"),
]
APART = [
    ("Part I", "Part II"),
    ("Part II", "Part III"),
    ("Song", "Song (Live)"),
    ("Song", "Song (Remix)"),
    ("Song", "Song (Remastered 2003)"),
    ("???", "!!!"),
    ("6 Ft. Under", "6"),
    ("Feat. Nobody", "Nobody"),
    ("Defeat", "De"),
    ("Left", "Le"),
    ("Кино", "Киноs"),
]


@pytest.mark.parametrize("spellings", SAME_ARTIST, ids=lambda names: names[0])
def test_spellings_of_one_artist_have_one_key(spellings):
    assert {artist_key(name) for name in spellings} == {artist_key(spellings[0])}


@pytest.mark.parametrize("spellings", SAME_TITLE, ids=lambda names: names[0])
def test_spellings_of_one_title_have_one_key(spellings):
    assert {title_key(name) for name in spellings} == {title_key(spellings[0])}


@pytest.mark.parametrize(("one", "other"), APART)
def test_different_titles_have_different_keys(one, other):
    assert title_key(one) != title_key(other)


def test_a_name_key_keeps_title_and_artist_apart():
    assert name_key("Группа крови", "Кино") == "gruppa krovi|kino"
    assert name_key("Kino", "Gruppa krovi") != name_key("Gruppa krovi", "Kino")


def test_only_guests_go_not_the_rest():
    assert without_guests("Song (feat. Boris) [Live]") == "Song [Live]"
    assert without_guests("feat. Boris") == "feat. Boris"


def test_an_artist_of_nothing_but_noise_still_has_a_key():
    assert artist_key("The The") == "the the"
    assert artist_key("The") == "the"
    assert artist_key("!!!") == "=!!!"
    assert artist_key("  ") == ""


def test_search_text_holds_each_word_once_in_latin():
    assert search_text("Группа крови", "Gruppa krovi", "Кино", "") == "gruppa krovi kino"


@pytest.mark.slow
@given(st.text(max_size=80))
def test_a_key_is_the_same_in_any_case_and_with_any_blanks_around(text):
    if text.isascii():
        assert title_key(f"  {text.upper()}\t") == title_key(text.lower())
    assert title_key(text) == title_key(text)


@given(st.lists(st.text(st.characters(categories=["L", "Nd"]), min_size=1, max_size=12), min_size=1, max_size=6))
def test_word_order_does_not_matter(parts):
    assert title_key(" ".join(parts)) == title_key(" ".join(reversed(parts)))


@pytest.mark.slow
@given(st.text())
def test_a_key_is_short_plain_and_empty_only_for_blank(text):
    key = title_key(text)

    assert len(key) <= KEY_LENGTH_MAX
    assert bool(key) == bool(text.strip())
    assert key.startswith("=") or key.isascii()


def test_long_names_that_differ_at_the_end_stay_apart():
    assert title_key("a" * 400 + "b") != title_key("a" * 400 + "c")
