"""Codes are stored in one way of writing them, and a wrong check digit is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import identifiers
from catalog.identifiers import BadIdentifier
from catalog.isrc import BadIsrc, format_isrc, is_isrc, normalise_isrc

GOOD = [
    ("iswc", "T-034.524.680-1", "T0345246801"),
    ("iswc", "T9109247316", "T9109247316"),
    ("ipi", "00014107338", "00014107338"),
    ("ipi", "199", "00000000199"),
    ("ipi", "52210040", "00052210040"),
    ("isni", "0000 0001 2146 438X", "000000012146438X"),
    ("isni", "https://isni.org/isni/000000012146438X", "000000012146438X"),
    ("dpid", "PADPIDA2013020802I", "PADPIDA2013020802I"),
    ("dpid", "padpida20070627029", "PADPIDA20070627029"),
    ("inn", "7707083893", "7707083893"),
    ("ogrn", "1027700132195", "1027700132195"),
    ("icpn", "4 607027 761226", "4607027761226"),
    ("icpn", "036000291452", "036000291452"),
]


def normalise(scheme, text):
    return getattr(identifiers, f"normalise_{scheme}")(text)


@pytest.mark.parametrize(("scheme", "text", "stored"), GOOD)
def test_a_good_number_is_stored_in_one_way(scheme, text, stored):
    assert normalise(scheme, text) == stored


@pytest.mark.parametrize(("scheme", "text", "stored"), GOOD)
def test_one_wrong_digit_is_refused(scheme, text, stored):
    place = max(index for index, letter in enumerate(stored[:-1]) if letter.isdigit())
    wrong = stored[:place] + str((int(stored[place]) + 1) % 10) + stored[place + 1 :]

    with pytest.raises(BadIdentifier):
        normalise(scheme, wrong)


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["iswc", "ipi", "isni", "dpid", "inn", "ogrn", "icpn"])
@given(text=st.text(max_size=20))
def test_any_text_is_a_number_or_is_refused_plainly(scheme, text):
    try:
        stored = normalise(scheme, text)
    except BadIdentifier:
        return
    assert normalise(scheme, stored) == stored


@pytest.mark.parametrize("text", ["RU-A12-06-00001", "rua120600001", "ISRC RU A12 06 00001", "isrc:RUA120600001"])
def test_an_isrc_is_read_as_people_write_it(text):
    assert normalise_isrc(text) == "RUA120600001"
    assert format_isrc("RUA120600001") == "RU-A12-06-00001"


@pytest.mark.parametrize("text", ["", "RUA12060000", "RUA12060000O", "1UA120600001", "RUA1206000012", "РУA120600001"])
def test_a_wrong_isrc_is_refused_and_never_guessed(text):
    assert not is_isrc(text)
    with pytest.raises(BadIsrc):
        normalise_isrc(text)
