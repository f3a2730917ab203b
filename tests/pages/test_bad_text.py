"""What is no text (NUL) is refused at the door, whatever a page would do with it."""

import pytest

from tests import factories

pytestmark = pytest.mark.django_db


def test_nul_in_an_address_a_question_or_a_form_is_refused(client):
    track = factories.a_track()

    assert client.get("/tracks/%00/").status_code == 404
    assert client.get("/search/?q=%00").status_code == 400
    assert client.post("/basket/add/", {"track": [track.public_id, "\0"]}).status_code == 400
    assert "NUL" in client.post("/basket/remove/", {"\0": "x"}).content.decode()


def test_the_basket_goes_back_to_addresses_only(client):
    track = factories.a_track()

    for after in ("x", "admin:index", "//evil.example/", "javascript:alert(1)", "\\\\evil.example"):
        answer = client.post("/basket/add/", {"track": track.public_id, "next": after})
        assert (answer.status_code, answer["Location"]) == (302, "/basket/"), after
