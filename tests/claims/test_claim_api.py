"""Claims over JSON: the whole way by a program, and what it is refused."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from claims.models import Claim
from tests import factories

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/claims/"


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def label(alice, bob):
    return factories.a_holder("Alice Records", owner=alice, reader=bob)


def post(client, path, data=None):
    return client.post(f"{ROOT}{path}", data or {}, content_type="application/json")


def a_draft(label, *tracks, **changed):
    return {
        "holder": label.public_id,
        "tracks": [track.public_id for track in tracks],
        "percents": {"owns_master": "100"},
    } | changed


@pytest.mark.slow
def test_a_program_goes_the_whole_way(alice, rita, client_of, label):
    track = factories.a_track(isrc="RUA010500001")
    factories.a_sale(track, units=100)
    client, reviewer = client_of(alice), client_of(rita)

    made = post(client, "", a_draft(label, track, territories=["ru", "US"], choice="reserve"))
    assert made.status_code == 201
    number = made.json()["id"]
    document = client.post(
        f"{ROOT}{number}/evidence/", {"kind": "contract", "file": SimpleUploadedFile("a.pdf", b"%PDF-1.4")}
    )
    assert (document.status_code, document.json()["content_type"]) == (201, "application/pdf")
    wording = client.get(f"{ROOT}attestation/").json()
    signed = {"signature": "Alice Example", "text_sha256": wording["sha256"]}
    assert post(client, f"{number}/file/", signed).json()["status"] == "filed"
    assert post(reviewer, f"{number}/start-review/").json()["status"] == "under_review"
    assert post(reviewer, f"{number}/approve/", {"note": "Fine."}).status_code == 200

    assert client.get(f"{ROOT}{number}/").json()["status"] == "awarded"
    (line,) = client.get(f"{ROOT}{number}/lines/").json()["results"]
    assert (line["outcome"], line["territories"], line["granted_percent"]) == ("accepted", "RU, US", "100.000000")
    assert line["moved"] == [{"currency": "USD", "received": "0.00000000", "unpaid": "0.75000000"}]


def test_lines_are_decided_one_by_one(alice, rita, client_of, label):
    claim = factories.a_reviewed_claim(alice, label, factories.a_track(), factories.a_track(), reviewer=rita)
    decisions = [{"line": 2, "outcome": "reduced", "reason": "proof_covers_less", "percent": "12.5"}]

    answer = post(client_of(rita), f"{claim.public_id}/approve/", {"lines": decisions})

    assert answer.status_code == 200
    assert list(claim.lines.order_by("pk").values_list("outcome", flat=True)) == ["accepted", "reduced"]


def test_a_draft_is_changed_and_taken_back(alice, client_of, label):
    claim, other = factories.a_claim(alice, label, filed=False), factories.a_track()
    client = client_of(alice)

    changed = client.put(f"{ROOT}{claim.public_id}/", a_draft(label, other), content_type="application/json")
    assert changed.status_code == 200
    assert claim.lines.get().track == other
    assert post(client, f"{claim.public_id}/retract/").json()["status"] == "retracted"


def test_more_is_asked_and_answered(alice, rita, client_of, label):
    claim = factories.a_reviewed_claim(alice, label, reviewer=rita)

    asked = post(client_of(rita), f"{claim.public_id}/request-evidence/", {"text": "Whose signature?"})
    answered = post(client_of(alice), f"{claim.public_id}/answer/", {"text": "Mine."})

    assert (asked.json()["status"], answered.json()["status"]) == ("evidence_requested", "under_review")


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"percents": {}}, 422, "no_role"),
        ({"percents": {"wrote": "101"}}, 422, "bad_percent"),
        ({"standing": "agent"}, 422, "authority_needed"),
        ({"tracks": []}, 422, "claim_empty"),
        ({"tracks": ["TRK-NOTHING"]}, 400, "invalid"),
        ({"territories": ["XX"]}, 400, "invalid"),
        ({"holder": "HLD-NOTHING"}, 400, "invalid"),
        ({"authority": "AUT-NOTHING"}, 400, "invalid"),
    ],
)
def test_what_makes_no_sense_is_a_problem_with_a_code(alice, client_of, label, changed, status, code):
    answer = post(client_of(alice), "", a_draft(label, factories.a_track()) | changed)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not Claim.objects.exists()


def test_another_wording_than_the_present_is_not_signed(alice, client_of, label):
    claim = factories.a_claim(alice, label, filed=False)

    answer = post(client_of(alice), f"{claim.public_id}/file/", {"signature": "Alice", "text_sha256": "0" * 64})

    assert answer.json()["fields"][0]["code"] == "other_wording"
    claim.refresh_from_db()
    assert claim.status == Claim.Status.DRAFT


MOVES = ["file", "evidence", "answer", "retract", "start-review", "request-evidence", "approve", "reject"]


@pytest.mark.parametrize("move", MOVES)
def test_a_stranger_finds_nothing_and_wrong_methods_are_refused(alice, stranger, client_of, label, move):
    claim = factories.a_claim(alice, label)

    assert client_of(stranger).post(f"{ROOT}{claim.public_id}/{move}/").status_code == 404
    assert client_of(alice).get(f"{ROOT}{claim.public_id}/{move}/").status_code == 405


@pytest.mark.parametrize("move", ["start-review", "request-evidence", "approve", "reject"])
def test_holders_decide_nothing(alice, client_of, label, move):
    claim = factories.a_claim(alice, label)

    answer = post(client_of(alice), f"{claim.public_id}/{move}/", {"text": "x", "reason": "other"})

    assert (answer.status_code, answer.json()["code"]) == (403, "not_a_reviewer")


def test_bob_reads_and_writes_nothing(alice, bob, client_of, label):
    claim, client = factories.a_claim(alice, label), client_of(bob)

    assert client.get(f"{ROOT}{claim.public_id}/").status_code == 200
    assert post(client, f"{claim.public_id}/retract/").json()["code"] == "may_not_write"
    assert post(client, "", a_draft(label, factories.a_track())).status_code == 403
