"""Opt-outs and notices over JSON."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.services import create_token
from claims import services
from claims.models import OptOut
from tests.factories import a_holder, a_store, a_store_key, a_track, an_opt_out

BASE = "/api/v1"
SWORN = {
    "contact": {"name": "Alice", "email": "alice@example.org"},
    "confirmed": ["authorised", "accurate"],
    "signature": "Alice",
}


@pytest.fixture
def label(alice, bob):
    """Alice's label; bob reads."""
    return a_holder("Example Label", owner=alice, reader=bob)


@pytest.fixture
def shop(store):
    """The store, told by its workspace only."""
    return a_store("AllofMP3", member=store)


@pytest.fixture
def track(db):
    """A track with an ISRC."""
    return a_track("Группа крови", "Кино", isrc="RUABC0600001")


@pytest.fixture
def door():
    """A function: door(user, "read", "write") -> a client with such a key."""

    def make(user, *scopes):
        now = timezone.now()
        _token, key = create_token(user=user, name="test", scopes=scopes, expires_at=now + timedelta(days=1), now=now)
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {key}")
        return client

    return make


def granted(alice, rita, label, *tracks):
    """A granted opt-out."""
    return services.grant_opt_out(opt_out=an_opt_out(alice, label, *tracks), by=rita, now=timezone.now())


def test_a_label_drafts_chooses_proves_signs_and_sees_the_outcome(alice, rita, label, shop, track, door):
    live = a_track("Группа крови (live)", "Кино", isrc="RUABC0600001")
    client = door(alice, "read", "write")
    draft = {"holder": label.public_id, "rows": ["RUABC0600001", "x - y"], "rights": ["phonogram"]}

    made = client.post(f"{BASE}/opt-outs/", draft, format="json")
    case = f"{BASE}/opt-outs/{made.json()['id']}/"
    rows = client.get(f"{case}rows/").json()["results"]
    assert set(rows[0]["candidates"]) == {track.public_id, live.public_id}
    client.put(case, draft | {"chosen": {"1": live.public_id}, "stores": [shop.code]}, format="json")
    proof = SimpleUploadedFile("a.txt", b"mine")
    assert client.post(f"{case}evidence/", {"kind": "contract", "file": proof}, format="multipart").status_code == 201
    wording = client.get(f"{BASE}/opt-outs/attestation/").json()
    sent = client.post(f"{case}request/", SWORN | {"text_sha256": wording["sha256"]}, format="json").json()
    assert sent["status"] == "requested"
    assert {check["name"]: check["result"] for check in sent["checks"]}["ownership"] == "warned"

    answer = door(rita, "read", "decide").post(f"{case}grant/", {"text": "Yes."}, format="json")
    assert answer.json()["status"] == "granted"
    rows = client.get(f"{case}rows/").json()["results"]
    assert [(row["track"], row["outcome"], row["reason"]) for row in rows] == [
        (live.public_id, "accepted", ""),
        (None, "unknown", "unknown_row"),
    ]
    assert len(rows[0]["withdrawals"]) == 1


def test_missing_elements_are_named_field_by_field(alice, label, track, door):
    case = an_opt_out(alice, label, track, sent=False, basis="usc_512")
    client = door(alice, "read", "write")
    wording = client.get(f"{BASE}/opt-outs/attestation/").json()["sha256"]

    answer = client.post(f"{BASE}/opt-outs/{case.public_id}/request/", SWORN | {"text_sha256": wording}, format="json")

    assert answer.status_code == 422
    assert answer.json()["code"] == "opt_out_incomplete"
    assert [field["name"] for field in answer.json()["fields"]] == [
        "contact_address",
        "contact_phone",
        "good_faith",
        "perjury",
    ]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"rights": ["everything"]}, "rights.0"),
        ({"territories": ["XX9"]}, "territories"),
        ({"stores": ["no-such-store"]}, "stores.0"),
        ({"holder": "HLD-00000000000"}, "holder"),
    ],
)
def test_wrong_drafts_name_the_field(alice, label, track, door, changed, field):
    draft = {"holder": label.public_id, "rows": ["a - b"], "rights": ["phonogram"]} | changed

    answer = door(alice, "read", "write").post(f"{BASE}/opt-outs/", draft, format="json")

    assert answer.status_code == 400
    assert field.split(".")[0] in answer.json()["fields"][0]["name"]
    assert not OptOut.objects.exists()


def test_a_draft_without_rows_or_a_list_is_refused(alice, label, door):
    draft = {"holder": label.public_id, "rows": [], "rights": ["phonogram"]}

    answer = door(alice, "read", "write").post(f"{BASE}/opt-outs/", draft, format="json")

    assert (answer.status_code, answer.json()["code"]) == (422, "no_rows")


def test_bob_reads_and_writes_nothing(alice, bob, label, track, door):
    case = an_opt_out(alice, label, track)
    client = door(bob, "read", "write")

    assert client.get(f"{BASE}/opt-outs/{case.public_id}/").status_code == 200
    assert client.post(f"{BASE}/opt-outs/{case.public_id}/retract/").status_code == 403
    draft = {"holder": label.public_id, "rows": ["a - b"], "rights": ["phonogram"]}
    assert client.post(f"{BASE}/opt-outs/", draft, format="json").status_code == 403


def test_key_needs_its_scope(alice, rita, store, label, shop, track, door):
    case = an_opt_out(alice, label, track)
    assert door(rita, "read", "write").post(f"{BASE}/opt-outs/{case.public_id}/grant/").status_code == 403
    notice = services.grant_opt_out(opt_out=case, by=rita, now=timezone.now()).notices.get()
    address = f"{BASE}/takedown-notices/{notice.public_id}/acknowledge/"

    assert door(store, "read", "write").post(address).status_code == 403
    assert door(store, "read", "reports").post(address, {"reference": "T-17"}).status_code == 200


@pytest.mark.slow
def test_store_pulls_behind_its_cursor_and_an_unchanged_page_costs_nothing(alice, rita, store, label, shop, door):
    notices = [granted(alice, rita, label, a_track()).notices.get() for _ in range(3)]
    client = door(store, "read")

    first = client.get(f"{BASE}/takedown-notices/?limit=2")
    assert [row["id"] for row in first.json()["results"]] == [notice.public_id for notice in notices[:2]]
    rest = client.get(f"{BASE}/takedown-notices/?after={first.json()['next']}").json()
    assert [row["id"] for row in rest["results"]] == [notices[2].public_id]
    assert rest["next"] is None
    again = client.get(f"{BASE}/takedown-notices/?limit=2", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")

    services.acknowledge_notice(notice=notices[0], by=store, now=timezone.now())
    changed = client.get(f"{BASE}/takedown-notices/?limit=2", headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    only = client.get(f"{BASE}/takedown-notices/?status=acknowledged").json()["results"]
    assert [row["id"] for row in only] == [notices[0].public_id]
    for wrong in ("limit=0", "limit=501", "limit=x", "limit=²", "limit=" + "9" * 5000):
        assert client.get(f"{BASE}/takedown-notices/?{wrong}").status_code == 400
    assert client.get(f"{BASE}/takedown-notices/?after=TDN-00000000000").status_code == 404


def test_store_answers_row_by_row(alice, rita, store, stranger, label, shop, track, door):
    a_store_key(track, shop, "4417", url="https://store.example.com/4417")
    notice = granted(alice, rita, label, track, a_track()).notices.get()
    address = f"{BASE}/takedown-notices/{notice.public_id}/"
    client = door(store, "read", "reports")

    rows = client.get(f"{address}rows/?limit=1").json()
    assert rows["results"][0]["store_keys"] == ["4417"]
    assert rows["next"] == track.public_id
    assert len(client.get(f"{address}rows/?after={track.public_id}").json()["results"]) == 1
    first = client.post(f"{address}acknowledge/", {"reference": "T-17"}, format="json").json()
    assert client.post(f"{address}acknowledge/", {"reference": "T-18"}, format="json").json() == first
    assert client.post(f"{address}removed/", {"tracks": ["TRK-00000000000"]}, format="json").status_code == 400
    answer = client.post(f"{address}removed/", {"tracks": [track.public_id]}, format="json").json()
    assert (answer["rows_removed"], answer["rows_total"], answer["status"]) == (1, 2, "acknowledged")
    assert client.post(f"{address}objection/", {"reason": "Licensed directly."}, format="json").json()["status"] == (
        "countered"
    )
    assert door(stranger, "read", "reports").get(address).status_code == 404
    assert door(alice, "read", "reports").post(f"{address}removed/").status_code == 403
