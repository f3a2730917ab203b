"""Transfers, changes of a filed claim, split offers and clocks over JSON: the same services as the pages."""

from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from django.utils import timezone

from catalog.models import RightsShare
from claims import services
from claims.models import Clock, Dispute
from tests import factories

pytestmark = pytest.mark.django_db


def send(client, address, **body):
    return client.post(f"/api/v1/{address}/", body, content_type="application/json")


@pytest.fixture
def label(alice, bob):
    return factories.a_holder("Alice Records", owner=alice, reader=bob)


def test_a_catalogue_is_handed_over_by_two_programs(alice, bob, charlie, stranger, label, client_of):
    buyer = factories.a_holder(owner=charlie)
    track = factories.a_track()
    factories.a_share(track, label)
    asked = {"giver": label.public_id, "taker": buyer.public_id, "rights": ["phonogram"], "start": "2007-01-01"}

    assert send(client_of(bob), "transfers", **asked).status_code == 403
    made = send(client_of(alice), "transfers", **asked, tracks=[track.public_id])
    assert (made.status_code, made.json()["waits_for"]) == (201, "taker")
    address = f"transfers/{made.json()['id']}"
    assert client_of(stranger).get(f"/api/v1/{address}/").status_code == 404
    assert send(client_of(alice), f"{address}/confirm").json()["code"] == "not_your_side"
    done = send(client_of(charlie), f"{address}/confirm").json()

    assert (done["status"], done["shares"], done["waits_for"]) == ("done", 1, None)
    assert RightsShare.objects.get(holder=buyer).start == date(2007, 1, 1)
    second = send(client_of(charlie), "transfers", **asked | {"start": "2008-01-01"}).json()
    refused = send(client_of(alice), f"transfers/{second['id']}/refuse", text="No.").json()
    assert (second["waits_for"], refused["status"]) == ("giver", "refused")
    assert len(client_of(alice).get("/api/v1/transfers/").json()["results"]) == 2


@pytest.mark.slow
def test_what_makes_no_sense_of_a_transfer_names_the_field(alice, label, client_of):
    asked = {"giver": label.public_id, "taker": "HLD-NOBODY", "rights": ["phonogram"], "start": "2007-01-01"}

    assert send(client_of(alice), "transfers", **asked).json()["fields"][0]["name"] == "taker"
    asked |= {"taker": factories.a_holder().public_id, "tracks": ["TRK-00000000000"]}
    assert send(client_of(alice), "transfers", **asked).json()["fields"][0]["name"] == "tracks"


@pytest.mark.slow
def test_a_key_without_a_fresh_log_in_hands_nothing_over(alice, label, client_of):
    factories.a_share(factories.a_track(), label)
    asked = {"giver": label.public_id, "taker": factories.a_holder().public_id, "rights": ["phonogram"]}

    answer = send(client_of(alice, seconds=3600), "transfers", **asked, start="2007-01-01")

    assert answer.status_code == 403


def test_a_filed_claim_is_changed_by_a_program_that_signs_anew(alice, bob, rita, label, client_of):
    claim = factories.a_claim(alice, label)
    address = f"claims/{claim.public_id}/amendments"
    text = services.attestation_text("claim", "en")
    body = {"percents": {"owns_master": "50"}, "end": "2007-01-01", "signature": "Alice", "text_sha256": text.sha256}

    assert send(client_of(bob), address, **body).status_code == 403
    other = send(client_of(alice), address, **body | {"text_sha256": "0" * 64}).json()
    assert other["fields"][0]["code"] == "other_wording"
    made = send(client_of(alice), address, **body)

    assert made.status_code == 201
    assert made.json()[0]["after"]["lines"][0][1] == "50.000000"
    assert claim.lines.get().end == date(2007, 1, 1)
    assert send(client_of(alice), address, **body).json()["code"] == "nothing_amended"


@pytest.mark.slow
def test_parties_read_each_others_offers_of_a_split(alice, charlie, rita, label, client_of):
    rival, track = factories.a_holder(owner=charlie), factories.a_track()
    for person, holder in ((alice, label), (charlie, rival)):
        factories.an_awarded_claim(person, holder, track, reviewer=rita, percents={"owns_master": D(60)})
    address = f"disputes/{Dispute.objects.get().public_id}"
    split = [{"holder": label.public_id, "percent": "55"}, {"holder": rival.public_id, "percent": "45"}]

    send(client_of(alice), f"{address}/answer", kind="split", split=split)
    parties = client_of(charlie).get(f"/api/v1/{address}/").json()["parties"]

    offered = {label.public_id: "55.000000", rival.public_id: "45.000000"}
    assert {party["holder"]: party["split"] for party in parties} == {label.public_id: offered, rival.public_id: None}
    settled = send(client_of(charlie), f"{address}/answer", kind="split", split=split).json()
    assert settled["status"] == "settled"


def test_clocks_of_a_case_and_those_a_supervisor_sets(alice, stranger, rita, label, client_of):
    claim = factories.a_claim(alice, label)
    address = f"/api/v1/cases/{claim.public_id}/clocks/"
    (clock,) = client_of(alice).get(address).json()
    assert (clock["purpose"], bool(clock["source"])) == ("claim_decision", True)
    assert client_of(stranger).get(address).status_code == 404
    assert client_of(alice).get("/api/v1/cases/XYZ-1/clocks/").status_code == 404

    used = client_of(rita).get("/api/v1/clocks/").json()
    begins = timezone.now().date() + timedelta(days=10)
    fresh = {
        "set": used[0]["set"],
        "purpose": "claim_decision",
        "days": 20,
        "start": f"{begins}",
        "why": "More people.",
    }
    assert client_of(alice).get("/api/v1/clocks/").status_code == 404
    assert send(client_of(rita), "clocks", **fresh).json()["code"] == "not_a_supervisor"
    sue = factories.a_colleague("sue", role="supervisor")
    assert send(client_of(sue), "clocks", **fresh).status_code == 201
    assert Clock.objects.get(start=begins).days == 20
    assert send(client_of(sue), "clocks", **fresh | {"set": "nothing"}).json()["fields"][0]["name"] == "set"
