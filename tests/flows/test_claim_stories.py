"""Three stories from the page to the ledger: a songwriter, a false claim on a hit, and who was paid before."""

from decimal import Decimal as D

import pytest
from django.urls import reverse
from django.utils import timezone

from catalog.models import TrackWork
from claims import services
from claims.models import Claim, Dispute
from tests import factories
from tests.flows.test_retroactive_claim import resting

pytestmark = pytest.mark.django_db


def at(name, claim):
    return reverse(f"claims:{name}", kwargs={"claim_id": claim.public_id})


def sell(*tracks):
    """One report with 100 downloads of each: of every 1.50 USD owed, 0.75, 0.30 and 0.45 by right."""
    lines = [
        {"DspResourceId": f"S{track.pk}", "Title": track.title, "DisplayArtistName": track.artist, "Usages": 100}
        | {"ISRC": track.isrcs.get().isrc}
        for track in tracks
    ]
    factories.a_report(content=factories.flat_lines(*lines))


@pytest.mark.slow
def test_a_songwriter_claims_one_work_and_is_paid_for_every_version_the_label_for_its_own_only(
    alice, charlie, rita, client_of
):
    """Original, a cover, a karaoke version and half a medley; the label of the original gets none of the cover."""
    names = ("Elegy", "Elegy (cover)", "Elegy (karaoke)", "Medley")
    original, cover, karaoke, medley = tracks = [
        factories.a_track(name, isrc=f"RUR0M880000{number}") for number, name in enumerate(names, 1)
    ]
    song = factories.a_work("Elegy", original, cover, karaoke)
    TrackWork.objects.create(track=medley, work=song, percent=50)
    factories.a_work("Another", medley, percent=50)
    sell(*tracks)
    writer, label = factories.a_holder("Writer", owner=alice), factories.a_holder("Label", owner=charlie)

    factories.an_awarded_claim(charlie, label, original, reviewer=rita)
    factories.an_awarded_claim(alice, writer, original, reviewer=rita, percents={"wrote": D(100)})

    mine, theirs = ("payable", f"holder:{writer.pk}"), ("payable", f"holder:{label.pk}")
    assert [resting(track, "work") for track in (original, cover, karaoke)] == [{mine: "0.45"}] * 3
    assert resting(medley, "work") == {mine: "0.225", ("unclaimed", ""): "0.225"}
    assert resting(original) == {theirs: "0.75"}
    assert resting(cover) == resting(karaoke) == {("unclaimed", ""): "0.75"}


@pytest.mark.slow
def test_a_false_claim_on_a_hit_freezes_nothing_before_and_after_its_first_review(alice, charlie, rita, client_of):
    hit = factories.a_track("Hit", isrc="RUR0M8800009")
    sell(hit)
    owner, thief = factories.a_holder("Owner", owner=alice), factories.a_holder("Thief", owner=charlie)
    factories.an_awarded_claim(alice, owner, hit, reviewer=rita)
    paid = {("payable", f"holder:{owner.pk}"): "0.75"}

    claim = factories.a_claim(charlie, thief, hit)
    assert (resting(hit), Dispute.objects.count()) == (paid, 0)
    claim = services.start_review(claim=claim, by=rita, now=timezone.now())
    services.approve_claim(claim=claim, by=rita, now=timezone.now())  # the reviewer was taken in
    dispute = Dispute.objects.get()
    assert resting(hit) == paid
    said = services.DisputeSaid(kind="release", words="We were wrong.")
    services.answer_dispute(dispute=dispute, said=said, by=charlie, now=timezone.now())

    assert Dispute.objects.get().status == "settled"
    assert resting(hit) == paid


@pytest.mark.slow
def test_who_was_paid_before_the_portal_is_refused_with_the_reason_and_wins_the_appeal_with_proof(
    alice, rita, client_of
):
    track = factories.a_track("Old song", isrc="RUR0M8800008")
    sell(track)
    label = factories.a_holder("Label", owner=alice)
    claim = factories.a_reviewed_claim(alice, label, track, reviewer=rita)
    before = resting(track)

    client_of(rita).post(at("decide_claim", claim), {"all-outcome": "rejected", "all-reason": "paid_before_portal"})
    page = client_of(alice).get(at("claim", claim)).content.decode()
    assert "This money was paid to the holder before the portal existed; the payment is on file." in page
    assert resting(track) == before
    client_of(alice).post(
        reverse("claims:file_appeal", kwargs={"case_id": claim.public_id}), {"text": "That was for another song."}
    )
    appeal = Claim.objects.get(pk=claim.pk).appeals.get()
    with pytest.raises(services.DecidedBefore):
        services.decide_appeal(appeal=appeal, is_reversed=True, reason="x", by=rita, now=timezone.now())
    ron, rosa = factories.a_colleague("ron"), factories.a_colleague("rosa")
    reversed_ = services.decide_appeal(
        appeal=appeal, is_reversed=True, reason="The payment names another song.", by=ron, now=timezone.now()
    )
    services.approve_claim(claim=reversed_.reopened, by=rosa, now=timezone.now())

    assert resting(track) == {("payable", f"holder:{label.pk}"): "0.75"}
    assert Claim.objects.get(pk=claim.pk).status == "rejected"
