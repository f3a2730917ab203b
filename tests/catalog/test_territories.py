"""Codes become bits for ever; sets are resolved, labelled and interned."""

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from catalog import territories
from catalog.models import TerritorySet
from catalog.territories import WORLD, bits_of, codes_of, covers, label_of, resolve_bits, words_of

CODES = list(territories.names())


def test_bit_numbers_never_change():
    known = {
        "AD": 0,
        "RU": 190,
        "US": 232,
        "ZW": 248,
        "XK": 249,
        "CSHH": 255,
        "CS": 256,
        "SU": 274,
        "YU": 279,
        "ZR": 280,
    }

    assert {code: bits_of(code).bit_length() - 1 for code in known} == known


def test_every_code_has_a_bit_of_its_own():
    assert len({bits_of(code) for code in CODES}) == len(CODES) == 281
    assert all(bits_of(code).bit_count() == 1 for code in CODES)
    assert max(bits_of(code) for code in CODES) <= WORLD


@pytest.mark.parametrize(
    ("code", "same"), [("643", "RU"), ("0004", "AF"), (" ru ", "RU"), ("UK", "GB"), ("810", "SU"), ("891", "CS")]
)
def test_numbers_case_and_common_aliases_are_understood(code, same):
    assert bits_of(code) == bits_of(same)


def test_worldwide_is_every_bit_even_those_without_a_code():
    assert bits_of("2136") == bits_of("Worldwide") == WORLD
    assert covers(WORLD, "RU")


@pytest.mark.parametrize("code", ["XX", "RUS", "Russia", "21", "9999", "٣"])
def test_an_unknown_code_is_refused_by_name(code):
    with pytest.raises(territories.UnknownTerritory, match=code):
        bits_of(code)


def test_no_code_is_no_bits():
    assert bits_of("") == 0


def test_includes_and_excludes_are_resolved():
    remaining = ["AM", "AZ", "BY", "GE", "KG", "KZ", "MD", "TJ", "TM", "UZ"]
    assert resolve_bits(["2118"], ["RU", "UA"]) == resolve_bits(remaining)
    assert covers(resolve_bits(["2120"]), "DD")
    assert not covers(resolve_bits(["RU"]), "SU")
    assert not covers(resolve_bits(["DE", "AT"]), "2124")
    with pytest.raises(territories.EmptyTerritorySet):
        resolve_bits(["RU"], ["2136"])


@pytest.mark.parametrize(
    ("include", "exclude", "label"),
    [
        (["2136"], [], "Worldwide"),
        (["UA", "RU"], [], "RU, UA"),
        (["2136"], ["UA", "RU"], "Worldwide except RU, UA"),
        (["2109"], [], "Baltic States"),
        (["2120"], ["RU"], "AD, AL, AT, BA, BE, BG, BY, CH, CY, CZ, DE, DK and 38 others"),
    ],
)
def test_a_label_says_it_as_a_person_would(include, exclude, label):
    assert label_of(resolve_bits(include, exclude)) == label


@given(st.sets(st.sampled_from(CODES), min_size=1), st.sets(st.sampled_from(CODES)))
def test_resolving_is_set_arithmetic(include, exclude):
    if include <= exclude:
        return

    bits = resolve_bits(include, exclude)

    assert set(codes_of(bits)) == include - exclude
    assert 0 < len(label_of(bits)) <= 200


@pytest.mark.django_db
def test_the_same_set_is_one_row_whatever_words_it_came_in():
    first = territories.resolve(["RU", "0804"])
    second = territories.resolve(["UA", "ru", "RU"])

    assert first == second
    assert TerritorySet.objects.get(pk=first.pk).bits == bits_of("RU") | bits_of("UA")
    assert territories.worldwide().label == "Worldwide"
    assert territories.overlap(first, territories.worldwide()) == first.bits


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("Worldwide", "весь мир"),
        ("Europe except RU, UA", "Европа, кроме RU, UA"),
        ("AT, BY and 31 others", "AT, BY и ещё 31"),
        ("RU, UA", "RU, UA"),
    ],
)
def test_a_set_is_said_in_the_language_of_the_reader(label, words):
    with override("ru"):
        assert words_of(label) == words
