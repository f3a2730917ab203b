"""Tracks that come later under a claimed name are proposed and never taken; a claim of the past only ends today."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from catalog.models import ReleaseTrack, RightsShare, Track
from claims import services
from claims.models import CaseMail, Claim, RepertoireList
from tests import factories

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TERMS = {"standing": "self", "roles": ["owns_master"], "percent_owns_master": "60", "when": "always", "where": "world"}


@pytest.fixture
def label(alice, bob):
    factories.a_track("One", "Choir", label="Melodia")
    return factories.a_holder("Melodia", owner=alice, reader=bob)


def claim_label(client, label, **terms):
    """Claim all tracks of the label through the pages, and file it."""
    chosen = {"purpose": "claim", "holder": label.pk, "rights": ["phonogram"], "source": "label", "name": "Melodia"}
    found = client.post(reverse("claims:new_list"), chosen).url.strip("/").split("/")[-1]
    data = {"holder": label.pk, "choice": "reserve"} | TERMS | terms
    answer = client.post(f"{reverse('claims:new_claim')}?list={found}", data)
    assert answer.status_code == 302, answer.context["form"].errors
    claim = Claim.objects.get()
    signed = {"agreed": "on", "signature": "Alice"}
    client.post(reverse("claims:file_claim", kwargs={"claim_id": claim.public_id}), signed)
    return Claim.objects.get(status="filed")


def propose():
    return services.propose_later_tracks(now=timezone.now())


def test_later_tracks_of_a_claimed_label_are_proposed_once_and_claimed_only_when_signed(
    alice, bob, rita, label, client_of
):
    client = client_of(alice)
    claim = claim_label(client, label, follow="on")
    assert propose() == 0
    later = factories.a_track("Two", "Choir", label="Melodia")
    factories.a_track("Other", "Choir", label="Another")

    assert [propose(), propose()] == [1, 0]

    found = RepertoireList.objects.get(follows=claim.repertoire)
    assert (found.status, found.counts["chosen"]) == ("ready", 1)
    assert list(CaseMail.objects.filter(topic="tracks_later").values_list("user", "case")) == [
        (alice.pk, found.public_id)
    ]
    assert not RightsShare.objects.exists()
    assert Claim.objects.count() == 1
    page = client.get(reverse("claims:list", kwargs={"list_id": found.public_id})).content.decode()
    assert "Nothing of it is claimed before you sign." in page
    form = client.get(reverse("claims:new_claim"), {"list": found.public_id}).context["form"]
    assert (form.initial["percent_owns_master"], form.initial["choice"]) == ("60", "reserve")
    client.post(
        f"{reverse('claims:new_claim')}?list={found.public_id}", {"holder": label.pk, "choice": "reserve"} | TERMS
    )
    assert [line.track for line in Claim.objects.latest("pk").lines.all()] == [later]


@pytest.mark.slow
@pytest.mark.parametrize("source", ["label", "release"])
def test_an_old_track_linked_to_the_name_later_is_proposed_once_even_if_thrown_away(source, alice, label):
    known, old = factories.a_track("Old one", "Choir", label="Melodia"), factories.a_track("Older", "Choir", label="X")
    album = factories.a_release("Anthology", known, artist="Choir")
    name = "Melodia" if source == "label" else "Anthology"
    found = services.pick_list(
        terms=services.ListTerms(label, "claim", ["phonogram"]), source=source, name=name, by=alice, now=NOW
    )
    services.follow_list(found=found, is_followed=True, by=alice, now=NOW)
    found.refresh_from_db()
    terms = services.Terms(percents={"owns_master": 100}, territories=factories.the_world())
    draft = services.create_draft(holder=label, repertoire=found, terms=terms, by=alice, now=NOW)
    services.file_claim(claim=draft, signature="Alice", language="en", by=alice, now=NOW)
    assert propose() == 0

    if source == "label":
        Track.objects.filter(pk=old.pk).update(label="Melodia", label_key="melodia")
    else:
        ReleaseTrack.objects.create(release=album, track=old, sequence=9)

    assert propose() == 1
    later = RepertoireList.objects.get(follows=found)
    assert list(later.rows.values_list("title", flat=True)) == ["Older"]
    services.drop_list(found=later, by=alice, now=NOW)
    assert propose() == 0


@pytest.mark.slow
def test_nothing_is_proposed_unasked_of_the_past_only_after_a_refusal_or_once_it_is_stopped(
    alice, bob, rita, label, client_of
):
    client = client_of(alice)
    claim = claim_label(client, label, follow="on", when="past")
    factories.a_track("Two", "Choir", label="Melodia")
    assert propose() == 0

    there = reverse("claims:follow_list", kwargs={"list_id": claim.repertoire.public_id})
    client_of(bob).post(there, {"follow": "on"})
    assert not RepertoireList.objects.get(pk=claim.repertoire_id).is_followed
    client.post(there, {"follow": "on"})
    client.post(there)
    assert propose() == 0
    client.post(there, {"follow": "on"})
    services.reject_claim(
        claim=services.start_review(claim=claim, by=rita, now=NOW), reason="proof_missing", by=rita, now=NOW
    )
    assert propose() == 0


@pytest.mark.slow
def test_only_a_choice_by_name_is_followed_over_json_too(alice, label, client_of):
    found = factories.a_list(alice, label, "Title,Artist\nOne,Choir\n")

    answer = client_of(alice).post(
        f"/api/v1/repertoire-lists/{found.public_id}/follow/", {"follow": True}, content_type="application/json"
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "not_by_name")


@pytest.mark.slow
def test_an_agent_whose_authority_ended_is_proposed_nothing(alice, charlie, label):
    agency = factories.a_holder("Agency", owner=charlie)
    paper = factories.an_authority(label, agency)
    terms = services.ListTerms(label, "claim", ["phonogram"], paper)
    found = services.pick_list(terms=terms, source="label", name="Melodia", by=charlie, now=NOW)
    services.follow_list(found=found, is_followed=True, by=charlie, now=NOW)
    found.refresh_from_db()
    terms = services.Terms(
        percents={"owns_master": 100}, territories=factories.the_world(), standing="agent", authority=paper
    )
    draft = services.create_draft(holder=label, repertoire=found, terms=terms, by=charlie, now=NOW)
    services.file_claim(claim=draft, signature="Charlie", language="en", by=charlie, now=NOW)
    services.end_authority(authority=paper, end=NOW.date(), by=alice, now=NOW, reason="Enough.")
    factories.a_track("Two", "Choir", label="Melodia")

    assert propose() == 1

    assert RepertoireList.objects.get(follows=found).authority is None
    assert list(CaseMail.objects.filter(topic="tracks_later").values_list("user", flat=True)) == [alice.pk]


def test_a_claim_of_the_past_only_ends_with_the_day_it_is_made(alice, label, client_of):
    claim = claim_label(client_of(alice), label, when="past")

    assert list(claim.lines.values_list("start", "end")) == [(None, timezone.now().date() + timedelta(days=1))]
