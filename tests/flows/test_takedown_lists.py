"""A label sends what it sends its distributors, an ERN takedown in each of its ways; the store is told what leaves."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from standardwebhooks import Webhook

from tests import factories
from tests.catalog.test_feeds import PURGE, deal, ern, where
from tests.receiver import SECRET, receiving_process

pytestmark = pytest.mark.django_db

WORLD = where("Worldwide")
OVER = "<ValidityPeriod><StartDate>2006-01-01</StartDate><EndDate>2007-06-30</EndDate></ValidityPeriod>"
OWN_RELEASE = """<Release><ReleaseReference>R1</ReleaseReference><ReleaseId><ISRC>RUABC0600002</ISRC></ReleaseId>
<DisplayTitleText>Война</DisplayTitleText><DisplayArtistName>Кино</DisplayArtistName>
<ResourceGroup><ResourceGroupContentItem><SequenceNumber>1</SequenceNumber>
<ReleaseResourceReference>A2</ReleaseResourceReference></ResourceGroupContentItem></ResourceGroup></Release></ReleaseList>"""


def with_track_release(message):
    """The same message, in which the second recording is also sold by itself, and may still be."""
    selling = f"<ReleaseDeal><DealReleaseReference>R1</DealReleaseReference><Deal><DealTerms>{WORLD}</DealTerms></Deal>"
    message = message.replace("</ReleaseList>", OWN_RELEASE)
    return message.replace("</DealList>", f"{selling}</ReleaseDeal></DealList>")


MESSAGES = {
    "take_down": ern(deal(WORLD + "<TakeDown>true</TakeDown>"), version="382", day="2007-07-01"),
    "ended": ern(deal(WORLD + OVER), day="2007-07-01"),
    "no_deal": ern(day="2007-07-01"),
    "purged": PURGE,
}


@pytest.fixture
def album(alice):
    """A label, and its album of two tracks in the catalogue."""
    label = factories.a_holder("Example Label", owner=alice)
    tracks = [
        factories.a_track("Группа крови", "Кино", isrc="RUABC0600001"),
        factories.a_track("Война", "Кино", isrc="RUABC0600002"),
    ]
    factories.a_release("Группа крови", *tracks, icpn="0094631432057")
    for track in tracks:
        factories.a_share(track, label, 100)
    return label


def told(label, message, label_client, reviewer, receiver):
    """The ISRCs a store is told of after a label sent a message as a list of what leaves, and nothing was changed."""
    file = SimpleUploadedFile("takedown.xml", message.encode())
    new = {"holder": label.public_id, "purpose": "opt_out", "rights": ["phonogram"], "file": file}
    listed = label_client.post("/api/v1/repertoire-lists/", new).json()
    draft = posted(
        label_client,
        "opt-outs/",
        {"holder": label.public_id, "rights": ["phonogram"], "repertoire_list": listed["id"]},
    )
    wording = label_client.get("/api/v1/opt-outs/attestation/").json()
    sworn = {
        "contact": {"name": "Alice", "email": "alice@example.org"},
        "confirmed": ["authorised", "accurate"],
        "signature": "Alice",
        "text_sha256": wording["sha256"],
    }
    posted(label_client, f"opt-outs/{draft['id']}/request/", sworn)
    granted = posted(reviewer, f"opt-outs/{draft['id']}/grant/", {"text": "Recorded for the label."})
    assert granted["status"] == "granted"
    ((headers, body),) = receiver.got()
    return sorted(row["isrcs"][0] for row in Webhook(SECRET).verify(body, headers)["data"]["rows"])


def posted(client, address, data):
    """What an address of the API answers to a program."""
    answer = client.post(f"/api/v1/{address}", json.dumps(data), content_type="application/json")
    assert answer.status_code < 300, answer.content
    return answer.json()


@pytest.mark.parametrize(
    "way", ["purged", *(pytest.param(way, marks=pytest.mark.slow) for way in ("take_down", "ended", "no_deal"))]
)
def test_each_way_to_say_takedown_takes_the_album_out(way, album, alice, rita, store, client_of, tmp_path):
    with receiving_process(tmp_path) as receiver:
        factories.a_store("AllofMP3", member=store, webhook_url=receiver.url, secret=SECRET)

        leaving = told(album, MESSAGES[way], client_of(alice), client_of(rita), receiver)

    assert leaving == ["RUABC0600001", "RUABC0600002"]


@pytest.mark.slow
@pytest.mark.parametrize("way", ["take_down", "ended", "no_deal"])
def test_a_track_that_may_still_be_sold_by_itself_stays(way, album, alice, rita, store, client_of, tmp_path):
    message = with_track_release(MESSAGES[way])
    with receiving_process(tmp_path) as receiver:
        factories.a_store("AllofMP3", member=store, webhook_url=receiver.url, secret=SECRET)

        leaving = told(album, message, client_of(alice), client_of(rita), receiver)

    assert leaving == ["RUABC0600001"]


@pytest.mark.slow
def test_a_message_that_takes_nothing_down_is_a_list_of_all_it_has(album, alice, rita, store, client_of, tmp_path):
    message = ern(deal(WORLD + "<TakeDown>false</TakeDown>"), version="382", day="2007-07-01")
    with receiving_process(tmp_path) as receiver:
        factories.a_store("AllofMP3", member=store, webhook_url=receiver.url, secret=SECRET)

        leaving = told(album, message, client_of(alice), client_of(rita), receiver)

    assert leaving == ["RUABC0600001", "RUABC0600002"]


def test_a_takedown_in_some_territories_says_so_beside_its_rows(album, alice, client_of):
    client = client_of(alice)
    message = ern(deal(WORLD, where("JP", "DE") + "<TakeDown>true</TakeDown>"), version="382", day="2007-07-01")
    file = SimpleUploadedFile("takedown.xml", message.encode())
    new = {"holder": album.public_id, "purpose": "opt_out", "rights": ["phonogram"], "file": file}

    listed = client.post("/api/v1/repertoire-lists/", new).json()
    rows = client.get(f"/api/v1/repertoire-lists/{listed['id']}/rows/").json()
    page = client.get(f"/lists/{listed['id']}/").content.decode()

    assert [(row["fault"], row["group"], row["is_chosen"]) for row in rows] == [("leaves_in_part", "likely", True)] * 2
    assert "JP, DE: The message takes it down there only; it leaves where this opt-out says." in page
