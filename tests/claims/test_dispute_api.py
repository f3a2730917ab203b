"""Disputes over JSON, and opt-outs sent by an agent: the same rules as on the pages."""

import pytest

from catalog.models import RightsShare
from claims.models import Dispute, OptOut
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def dispute(alice, bob, charlie, rita):
    """Alice's label claims a recording that is recorded for Charlie's."""
    track = factories.a_track()
    factories.a_share(track, factories.a_holder("Charlie Music", owner=charlie), 100)
    label = factories.a_holder("Alice Records", owner=alice, reader=bob)
    factories.an_awarded_claim(alice, label, track, reviewer=rita)
    return Dispute.objects.get()


def post(client, dispute, what, **body):
    """Send a move."""
    return client.post(f"/api/v1/disputes/{dispute.public_id}/{what}/", body, content_type="application/json")


def test_parties_read_and_answer_and_two_reviewers_decide(dispute, alice, charlie, rita, client_of):
    (listed,) = client_of(charlie).get("/api/v1/disputes/").json()["results"]
    answered = post(client_of(charlie), dispute, "answer", text="It is ours.")
    held = post(client_of(rita), dispute, "hold", text="Forged.")
    parts = {party["name"]: party["holder"] for party in listed["parties"]}
    decision = [
        {"holder": parts["Alice Records"], "percent": "25"},
        {"holder": parts["Charlie Music"], "percent": "75"},
    ]
    first = post(client_of(rita), dispute, "decide", parties=decision, text="By contract.")
    decided = post(client_of(factories.a_colleague("ron")), dispute, "decide", parties=decision, text="As she says.")
    late = post(client_of(alice), dispute, "answer", text="But!")

    assert (listed["id"], answered.json()["status"], held.json()["is_held"]) == (dispute.public_id, "answered", True)
    assert (first.json()["status"], decided.json()["status"]) == ("answered", "decided")
    shares = RightsShare.objects.exclude(start__isnull=False)
    assert sorted(shares.values_list("percent", flat=True)) == [25, 75]
    assert (late.status_code, late.json()["code"]) == (409, "case_closed")


def test_parties_settle_over_json(dispute, alice, charlie, client_of):
    parts = [
        {"holder": party.holder.public_id, "percent": part}
        for party, part in zip(dispute.parties.order_by("holder__name"), ("25", "75"), strict=True)
    ]

    unknown = post(client_of(alice), dispute, "answer", kind="split", split=[{"holder": "HLD-X", "percent": "5"}])
    wrong = post(client_of(alice), dispute, "answer", kind="reduce", percent="100")
    first = post(client_of(alice), dispute, "answer", kind="split", split=parts)
    last = post(client_of(charlie), dispute, "answer", kind="split", split=parts)

    assert (unknown.status_code, wrong.json()["code"]) == (400, "bad_answer")
    assert (first.json()["status"], last.json()["status"]) == ("answered", "settled")


def test_who_reads_or_is_a_stranger_changes_nothing(dispute, bob, stranger, alice, client_of):
    assert post(client_of(bob), dispute, "answer", text="x").status_code == 403
    for what in ("answer", "hold", "decide"):
        assert post(client_of(stranger), dispute, what, text="x").status_code == 404
    parties = [{"holder": party.holder.public_id, "percent": "50"} for party in dispute.parties.all()]
    assert post(client_of(alice), dispute, "hold", text="x").status_code == 403
    assert post(client_of(alice), dispute, "decide", parties=parties, text="x").status_code == 403

    dispute.refresh_from_db()
    assert (dispute.status, dispute.hold_ordered_by) == ("opened", None)


def test_an_agent_drafts_an_opt_out_under_its_authority(alice, charlie, stranger, client_of):
    label, track = factories.a_holder(owner=alice), factories.a_track()
    paper = factories.an_authority(label, factories.a_holder(owner=charlie))
    body = {"holder": label.public_id, "rows": [track.public_id], "rights": ["phonogram"], "standing": "agent"}
    body |= {"authority": paper.public_id}

    made = client_of(charlie).post("/api/v1/opt-outs/", body, content_type="application/json")
    other = client_of(stranger).post("/api/v1/opt-outs/", body, content_type="application/json")

    assert (made.status_code, other.status_code) == (201, 400)
    assert OptOut.objects.get().authority == paper
