"""A mandate: a separate, optional act, signed word for word, ended on any day; nothing else asks for it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from catalog.models import HolderMember, Mandate
from claims import attestations
from claims.models import Attestation
from tests import factories


@pytest.fixture
def label(alice, bob):
    return factories.a_holder("Alice Records", owner=alice, reader=bob)


def said(**changed):
    today = str(timezone.now().date())
    signed = {"rights": ["work"], "where": "some", "countries": "RU", "start": today}
    return signed | {"agreed": "on", "signature": "Alice"} | changed


def test_an_owner_signs_the_exact_text_and_ends_it_the_same_day(alice, bob, label, client_of):
    HolderMember.objects.filter(user=bob).update(role="editor")
    address, client = reverse("claims:mandate", kwargs={"holder_id": label.public_id}), client_of(alice)

    assert client_of(bob).post(address, said()).status_code == 404
    assert client_of(alice, seconds=400).post(address, said()).url.startswith("/accounts/reauthenticate/")
    yesterday = str(timezone.now().date() - timedelta(days=1))
    for wrong in ({"agreed": ""}, {"signature": ""}, {"rights": []}, {"start": yesterday}):
        assert client.post(address, said(**wrong)).status_code == 422, wrong
    assert not Mandate.objects.exists()
    client.post(address, said())

    mandate, signed = Mandate.objects.get(), Attestation.objects.get()
    assert (mandate.rights, mandate.territories.label, signed.mandate) == (["work"], "RU", mandate)
    assert signed.text.text == attestations.TEXTS["mandate"]["en"]
    assert mandate.public_id in client_of(bob).get(address).content.decode()
    client.post(reverse("claims:end_mandate", kwargs={"holder_id": label.public_id, "mandate_id": mandate.public_id}))
    mandate.refresh_from_db()
    assert mandate.end == timezone.now().date()


@pytest.mark.slow
def test_a_holder_without_a_mandate_is_paid_like_any_other(alice, rita, label):
    track = factories.a_track()
    factories.a_sale(track, units=100)
    claim = factories.an_awarded_claim(alice, label, track, reviewer=rita)

    assert claim.status == "awarded"
    assert not Mandate.objects.exists()


def test_no_claim_and_no_opt_out_contains_a_mandate():
    for code in (attestations.CLAIM, attestations.OPT_OUT):
        assert "no mandate" in " ".join(attestations.TEXTS[code]["en"].split())
