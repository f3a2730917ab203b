"""Is there money for me? Over JSON, without log-in."""

import pytest

from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def sold():
    track = factories.a_track("Группа крови", "Кино", isrc="RUA010500001")
    factories.a_sale(track, units=1000)
    return track


@pytest.mark.slow
@pytest.mark.parametrize("words", ["Группа крови", "gruppa krovi", "кино группа", "RUA010500001", "ru-a01-05-00001"])
def test_anybody_finds_a_track_in_any_script(client, sold, words):
    (hit,) = client.get("/api/v1/unclaimed/", {"q": words}).json()["results"]

    assert (hit["track"], hit["isrcs"]) == (sold.public_id, ["RUA010500001"])


def test_amounts_are_bands_with_the_received_part_apart(client, sold):
    (hit,) = client.get("/api/v1/unclaimed/", {"q": "кино"}).json()["results"]

    assert hit["unclaimed"] == [{"currency": "USD", "low": "10.00000000", "high": "100.00000000"}]
    assert hit["received"] == [{"currency": "USD", "low": None, "high": "0.01000000"}]
    assert "15.00" not in str(hit)


@pytest.mark.parametrize("query", [{"q": "x"}, {"q": "x" * 201}, {"q": "кино", "limit": 101}])
def test_bad_question_names_its_field(client, query):
    response = client.get("/api/v1/unclaimed/", query)

    assert response.status_code == 400
    assert response.json()["fields"][0]["name"] in ("q", "limit")


@pytest.mark.slow
def test_no_question_finds_nothing(client, sold):
    assert client.get("/api/v1/unclaimed/").json() == {"results": []}
