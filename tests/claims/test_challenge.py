"""The challenge window: what the world sees, who is told, and that neither silence nor an objection moves money."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from claims import selectors, services
from claims.models import CaseMail, ChallengeWindow, Objection, QueueItem
from ledger.chart import holder as owner_of
from ledger.models import AccountBalance, Posting
from tests import factories
from tests.conftest import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def ron(database):
    ron = person("ron")
    ron.role = "reviewer"
    ron.save()
    return ron


@pytest.fixture
def song():
    track = factories.a_track("Zvezda", "Виктор Цой")
    factories.a_sale(track, units=100)
    return track


@pytest.fixture
def mallory(alice):
    """A newcomer who is not who the name says."""
    return factories.a_holder("Mallory Music", owner=alice)


def payable(holder):
    rows = AccountBalance.objects.filter(account__owner=owner_of(holder.pk), account__place="payable")
    return sum((row.credit - row.debit for row in rows), D(0))


def stops(holder, days=0):
    found = selectors.payout_stops([holder.pk], timezone.now() + timedelta(days=days))
    return [stop.code for stop in found]


def test_a_newcomers_works_are_shown_and_never_the_newcomer(client, alice, rita, song, mallory):
    claim = factories.an_awarded_claim(alice, mallory, song, reviewer=rita)
    window = ChallengeWindow.objects.get()

    for url in (reverse("claims:challenges"), reverse("claims:challenge", kwargs={"window_id": window.public_id})):
        page = client.get(url).content.decode()
        assert "Zvezda" in page
        assert not any(word in page for word in ("Mallory", "Alice", mallory.public_id, claim.public_id))


def test_holders_of_similar_names_are_told_once_in_any_script(alice, charlie, rita, song, mallory):
    factories.a_holder("Viktor Tsoi", owner=charlie)
    factories.a_holder("Somebody Else", owner=person("dora"))

    factories.an_awarded_claim(alice, mallory, song, reviewer=rita)
    for window_id in services.windows_untold():
        services.tell_similar(window_id=window_id, now=timezone.now())
    services.tell_similar(window_id=ChallengeWindow.objects.get().pk, now=timezone.now())

    assert list(CaseMail.objects.filter(topic="challenge_opened").values_list("user", flat=True)) == [charlie.pk]


def test_the_end_of_the_window_only_takes_a_reason_away(alice, rita, song, mallory):
    factories.an_awarded_claim(alice, mallory, song, reviewer=rita)
    before = Posting.objects.count()
    assert stops(mallory) == ["window_open"]

    services.sweep_clocks(now=timezone.now() + timedelta(days=60))

    assert stops(mallory, days=60) == []
    assert (Posting.objects.count(), payable(mallory)) == (before, D("0.75"))


@pytest.mark.slow
def test_an_attempted_fraud_is_stopped_by_the_true_owner(alice, charlie, rita, ron, client_of, song, mallory):
    claim = factories.an_awarded_claim(alice, mallory, song, reviewer=rita)
    tsoi, window = factories.a_holder("Виктор Цой", owner=charlie), claim.challenge
    client = client_of(charlie)
    said = {"holder": tsoi.pk, "text": "I never met them.", "kind": "contract"}
    there = reverse("claims:object_to_claim", kwargs={"window_id": window.public_id})
    assert client.post(there, said).status_code == 422  # no proof
    proof = SimpleUploadedFile("contract.pdf", b"%PDF-1.4 mine")

    answer = client.post(there, said | {"file": proof})

    objection = Objection.objects.get()
    assert answer.url == reverse("claims:objection", kwargs={"objection_id": objection.public_id})
    assert stops(mallory, days=60) == ["objection_open"]
    assert QueueItem.objects.get(public_id=objection.public_id).kind == "objection"
    assert client_of(alice).get(answer.url).status_code == 404
    page = client_of(rita).get(answer.url, {"look": objection.documents.get().public_id}).content.decode()
    assert "I never met them." in page
    assert "contract.pdf" in page
    decide = reverse("claims:decide_objection", kwargs={"objection_id": objection.public_id})
    client_of(rita).post(decide, {"text": "The signature is another.", "outcome": "accepted"})
    assert (stops(mallory, days=60), payable(mallory)) == (["objection_accepted"], D("0.75"))
    revoked = services.revoke_claim(
        claim=claim, reason_code="fraud_suspected", note="Forged.", by=ron, now=timezone.now()
    )

    assert (revoked.status, payable(mallory)) == ("revoked", 0)
    assert selectors.claim_amounts(factories.a_claim(charlie, tsoi, song)).waiting[0].total.amount == D("0.75")
    assert CaseMail.objects.filter(topic="objection_ended", user=charlie).exists()


def test_a_dismissed_objection_stops_nothing_any_more(alice, charlie, rita, ron, song, mallory):
    claim = factories.an_awarded_claim(alice, mallory, song, reviewer=rita)
    objection = factories.an_objection(charlie, factories.a_holder(owner=charlie), claim)

    services.decide_objection(objection=objection, is_accepted=False, reason="No.", by=ron, now=timezone.now())

    assert stops(mallory) == ["window_open"]
    assert stops(mallory, days=60) == []


def test_nobody_objects_late_twice_for_another_or_to_oneself(alice, bob, charlie, rita, song, mallory):
    claim = factories.an_awarded_claim(alice, mallory, song, reviewer=rita)
    rival = factories.a_holder("Rival", owner=charlie, reader=bob)
    late = timezone.now() + timedelta(days=60)

    for by, holder, now, error in (
        (charlie, rival, late, services.CaseClosed),
        (alice, mallory, timezone.now(), services.DecidesOwnCase),
    ):
        with pytest.raises(error):
            factories.an_objection(by, holder, claim, now=now)
    with pytest.raises(services.MayNotWrite):
        factories.an_objection(bob, rival, claim)
    factories.an_objection(charlie, rival, claim)
    with pytest.raises(services.KnownAlready):
        factories.an_objection(charlie, rival, claim)


def test_only_a_holder_never_paid_gets_a_window(alice, rita, song, mallory, monkeypatch):
    monkeypatch.setattr("claims.selectors.was_paid", lambda holder_id: True)

    factories.an_awarded_claim(alice, mallory, song, reviewer=rita)

    assert not ChallengeWindow.objects.exists()
    assert stops(mallory) == []
