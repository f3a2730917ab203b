"""What names are compared by: how words sound, what is a version, what was garbled, which codes find them."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from catalog.matching.codes import codes
from catalog.matching.evidence import ACCEPT, judge
from catalog.matching.mojibake import is_hopeless, repaired
from catalog.matching.reading import parts, read
from catalog.matching.sounds import frame
from catalog.matching.wording import METHODS, REASONS

SOUND_ALIKE = [
    ("Щука", "Shchuka", "Ŝuka", "Shhuka", "Schuka", "Szczuka", "Schtschuka"),
    ("Цой", "Tsoy", "Czoj", "Tzoi", "Zoj"),
    ("Жанна", "Zhanna", "Žanna", "Zanna"),
    ("Чайковский", "Chaikovskii", "Čajkovskij", "Tchaikovsky", "Tschaikowski"),
    ("Рахманинов", "Rakhmaninoff", "Rahmaninov"),
    ("Юлия", "Yuliya", "Iuliia", "Ûliâ", "Julia"),
    ("Алекс", "Alex", "Aleks"),
]
VERSIONS = [
    ("Song (Live)", {"live"}),
    ("Song - Live at Wembley", {"live"}),
    ("Песня (концертная запись)", {"live"}),
    ("Песня (ремикс)", {"remix"}),
    ("Song [Tiesto Remix]", {"remix"}),
    ("Song (Remmix)", {"remix"}),
    ("Song karaoke", {"karaoke"}),
    ("Песня (минус)", {"karaoke"}),
    ("Canción (en vivo)", {"live"}),
    ("Song acoustic version", {"acoustic"}),
    ("Song (Radio Edit)", {"edit"}),
    ("Song - 2009 Remaster", {"remaster"}),
    ("Песня (кавер)", {"cover"}),
    ("Live and Let Die", set()),
    ("Song (Original Mix)", set()),
    ("Song (Album Version)", set()),
    ("Remix", set()),
]
GARBLED = [
    ("cp1251", "latin-1"),
    ("utf-8", "cp1251"),
    ("utf-8", "latin-1"),
    ("koi8-r", "cp1251"),
    ("koi8-r", "latin-1"),
]


@pytest.mark.parametrize("spellings", SOUND_ALIKE, ids=lambda names: names[0])
def test_every_custom_of_transliteration_sounds_the_same(spellings):
    assert {frame(word) for word in spellings} == {frame(spellings[0])}


@pytest.mark.parametrize(("title", "expected"), VERSIONS, ids=lambda value: str(value))
def test_a_version_is_read_from_a_title(title, expected):
    assert read(title, "Kino").versions == expected


@pytest.mark.parametrize(
    ("title", "numbers"),
    [("Part II", ("2",)), ("Песня, часть первая", ("1",)), ("Vol. 02", ("2",)), ("Song 3", ("3",)), ("You", ())],
)
def test_part_numbers_are_one_number_however_written(title, numbers):
    assert read(title, "Kino").numbers == numbers


def test_guests_small_words_and_brackets_are_no_part_of_a_title():
    assert read("The Song & Dance (feat. Boris)", "The Kino and Co").title == ("song", "dance")
    assert read("Song Part 5 ft. Boris", "Kino").numbers == ("5",)
    assert read("Song (for Anna)", "Kino").details == {"anna"}
    assert read("(Interlude)", "Kino").title == ("interlude",)
    assert parts("Кино - Группа крови") == ("Кино", "Группа крови")
    assert parts("Би-2") is None


@pytest.mark.parametrize(("written", "read_as"), GARBLED)
def test_garbled_names_are_read_again(written, read_as):
    names = ("Группа крови", "Виктор Цой")

    assert repaired(*(name.encode(written).decode(read_as) for name in names)) == names


def test_a_western_name_in_utf8_read_as_latin_is_read_again():
    assert repaired("CafÃ© del Mar", "BjÃ¶rk") == ("Café del Mar", "Björk")


@pytest.mark.parametrize("names", [("Группа крови", "Кино"), ("ЁЖ", "БИ-2"), ("Café", "Björk"), ("Song", "Kino")])
def test_what_looks_right_is_left_alone(names):
    assert repaired(*names) is None


def test_letters_lost_for_good_are_known():
    assert is_hopeless("ýýýýýý ýýýýý")
    assert is_hopeless("??????")
    assert not is_hopeless("Who? What?")


@pytest.mark.slow
@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_can_be_read_and_repaired(title, artist):
    reading = read(title, artist)

    assert codes(reading) == codes(read(title, artist))
    assert set(codes(reading)) <= set(codes(reading, asks=True))
    repaired(title, artist)


WORDS = st.lists(st.text("abdegiklmnoprstuv", min_size=4, max_size=9), min_size=1, max_size=4).map(" ".join)


@given(WORDS, WORDS, st.data())
def test_one_letter_dropped_anywhere_still_leaves_a_code_in_common(title, artist, data):
    place = data.draw(st.integers(1, len(title) - 1))
    assume(title[place] != " ")
    typed = title[:place] + title[place + 1 :]
    known, asked = read(title, artist), read(typed, artist)
    assume(known.versions == asked.versions and known.numbers == asked.numbers == () and len(asked.title) > 0)
    assume(len("".join(known.title_frames)) > 6)

    assert set(codes(known)) & set(codes(asked, asks=True))


@pytest.mark.parametrize(
    ("asked", "known", "code"),
    [
        (("Song (Live)", "Kino"), ("Song", "Kino"), "version_differs"),
        (("Song (Boris Remix)", "Kino"), ("Song (Alla Remix)", "Kino"), "details_differ"),
        (("Song Part 2", "Kino"), ("Song Part 3", "Kino"), "number_differs"),
        (("Song of the Morning Star", "Kino"), ("Song of the Evening Star", "Kino"), "title_has_another_word"),
    ],
)
def test_a_reason_against_keeps_a_pair_a_suggestion(asked, known, code):
    judged = judge(read(*asked), read(*known))

    assert judged.is_barred
    assert judged.score < ACCEPT
    assert code in judged.reasons


def test_the_playing_time_speaks_for_and_against():
    one, other = read("Song of stars", "Kino"), read("Song of star", "Kino")

    assert judge(one, other, (200, 201)).score > judge(one, other).score
    assert judge(one, other, (200, 260)).is_barred
    assert not judge(one, other, (None, 260)).is_barred


def test_every_reason_and_method_has_words():
    assert all(str(text) for table in (METHODS, REASONS) for code, text in table.items())
