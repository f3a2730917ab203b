"""Public ids survive being typed, and a wrong one is noticed."""

import pytest
from django.db import models
from hypothesis import given
from hypothesis import strategies as st

from core.ids import ALPHABET, BadPublicId, PublicIdField, check_character, new_public_id, normalise_public_id

bodies = st.text(ALPHABET, min_size=10, max_size=10)


def test_new_public_id_has_prefix_ten_characters_and_a_check():
    made = {new_public_id("CLM") for _ in range(50)}

    assert len(made) == 50
    assert all(normalise_public_id(one) == one and len(one) == 15 for one in made)


@given(bodies, st.integers(0, 10), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(body, place, letter):
    whole = body + check_character(body)
    wrong = whole[:place] + letter + whole[place + 1 :]
    if wrong == whole:
        return

    with pytest.raises(BadPublicId):
        normalise_public_id(f"CLM-{wrong}")


@given(bodies, st.integers(0, 10), st.integers(0, 10))
def test_two_characters_that_changed_places_are_noticed(body, one, other):
    letters = list(body + check_character(body))
    letters[one], letters[other] = letters[other], letters[one]
    wrong = "".join(letters)
    if wrong == body + check_character(body):
        return

    with pytest.raises(BadPublicId):
        normalise_public_id(f"CLM-{wrong}")


@given(bodies)
def test_public_id_is_read_as_people_type_it(body):
    proper = f"CLM-{body}{check_character(body)}"
    typed = proper.lower().replace("0", "o").replace("1", "l")

    assert normalise_public_id(typed) == proper
    assert normalise_public_id(typed[4:], "CLM") == proper
    assert normalise_public_id(f" {typed[:8]} {typed[8:]} ") == proper
    assert normalise_public_id(f"{typed[4:9]}-{typed[9:]}", "CLM") == proper


@pytest.mark.parametrize("text", ["", "CLM", "CLM-", "CLM-00000", "U" * 11, "CLM-0000000000*"])
def test_other_text_is_no_public_id(text):
    with pytest.raises(BadPublicId):
        normalise_public_id(text, "CLM")


def test_an_id_of_another_noun_is_refused():
    with pytest.raises(BadPublicId):
        normalise_public_id(new_public_id("TRK"), "CLM")


def test_field_is_rebuilt_by_a_migration_from_its_prefix():
    field = PublicIdField(prefix="CLM")

    _, path, args, kwargs = field.deconstruct()

    assert (path, args, kwargs) == ("core.ids.PublicIdField", [], {"prefix": "CLM"})
    assert isinstance(field, models.CharField)
    assert field.unique
    assert field.get_default().startswith("CLM-")
