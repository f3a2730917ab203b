"""Around filing: what is said before signing up, the receipt, and changing a claim nobody has decided yet."""

from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from django.urls import reverse
from django.utils import timezone

from catalog.territories import worldwide
from claims import selectors, services
from claims.models import Attestation, Check, Claim, ClaimAmendment
from core.models import Event
from payouts.models import PayoutMinimum
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def label(alice, bob):
    return factories.a_holder("Alice Records", owner=alice, reader=bob)


def at(name, claim):
    return reverse(f"claims:{name}", kwargs={"claim_id": claim.public_id})


def amend(claim, by, **terms):
    terms = {"percents": {"owns_master": D(50)}, "territories": worldwide()} | terms
    return services.amend_claim(
        claim=claim, terms=services.Terms(**terms), signature="Alice Example", language="en", by=by, now=timezone.now()
    )


# Before signing up ----------------------------------------------------------------------------------------------------
def test_before_signing_up_one_learns_the_minimum_the_papers_the_cost_and_the_time(client):
    PayoutMinimum.objects.create(currency="USD", amount=D("7.50"), start=date(2026, 1, 1))
    PayoutMinimum.objects.create(currency="USD", amount=D("99"), start=date(2099, 1, 1))

    page = client.get(reverse("before")).content.decode()
    search = client.get(reverse("claims:search")).content.decode()

    for said in (
        "7.50",
        "Nothing, at any step.",
        "Certificate of inheritance",
        "Identity document",
        "our own goal is 14",
    ):
        assert said in page
    assert "99.00" not in page
    assert reverse("before") in search


@pytest.mark.slow
def test_the_usual_time_is_the_median_of_real_decisions(alice, rita, label):
    began = timezone.now() - timedelta(days=100)
    for days in (1, 3, 5, 30, 60):
        claim = factories.a_reviewed_claim(alice, label, reviewer=rita, now=began)
        services.reject_claim(claim=claim, reason="proof_missing", by=rita, now=began + timedelta(days=days))

    assert selectors.usual_time(timezone.now()) == (5, True)
    assert selectors.usual_time(timezone.now() + timedelta(days=400)) == (14, False)


# The receipt ----------------------------------------------------------------------------------------------------------
def test_a_receipt_says_what_was_filed_under_which_words_and_with_the_reservation(
    alice, bob, stranger, client_of, label
):
    draft = factories.a_claim(alice, label, filed=False)
    claim = factories.a_claim(alice, label, factories.a_track(), factories.a_track(), choice="reserve")

    page = client_of(bob).get(at("claim_receipt", claim)).content.decode()

    signed = Attestation.objects.get(claim=claim)
    for said in (claim.public_id, "Alice Records", "Under reservation of rights", signed.text.sha256[:16], "100"):
        assert said in page
    assert "I declare that what this claim says is true" in page
    assert client_of(stranger).get(at("claim_receipt", claim)).status_code == 404
    assert client_of(alice).get(at("claim_receipt", draft)).status_code == 404


# Changing it ----------------------------------------------------------------------------------------------------------
def test_a_filed_claim_is_changed_by_a_dated_signed_row_and_the_checks_run_again(alice, rita, client_of, label):
    claim = factories.a_claim(alice, label, factories.a_track())
    Check.objects.filter(claim=claim).update(reason="old")
    form = {"roles": ["owns_master", "wrote"], "percent_owns_master": "40", "percent_wrote": "100"}
    form |= {"when": "between", "start": "2006-01-01", "where": "some", "countries": "RU", "choice": "leave"}

    shown = client_of(alice).get(at("amend_claim", claim)).content.decode()
    unsigned = client_of(alice).post(at("amend_claim", claim), form)
    client_of(alice).post(at("amend_claim", claim), form | {"agreed": "on", "signature": "Alice Example"})

    claim = Claim.objects.get()
    lines = claim.lines.order_by("right").values_list("right", "percent", "territories__label")
    assert unsigned.status_code == 422
    assert 'name="percent_owns_master" value="100"' in shown
    assert (claim.status, claim.choice, len(lines)) == ("filed", "leave", 2)
    assert [(right, percent) for right, percent, _ in lines] == [("phonogram", 40), ("work", 100)]
    amendment = ClaimAmendment.objects.get()
    assert (amendment.before["choice"], amendment.after["choice"]) == ("pay", "leave")
    assert not Check.objects.filter(claim=claim, reason="old").exists()
    assert Event.objects.filter(noun="claims.Claim", object_id=claim.pk, reason_code="amended").count() == 1
    assert "signed anew" in client_of(alice).get(at("claim_receipt", claim)).content.decode()
    assert Attestation.objects.filter(claim=claim).count() == 1


def test_a_reviewer_decides_what_is_claimed_now(alice, rita, label):
    claim = factories.a_reviewed_claim(alice, label, reviewer=rita)
    amend(claim, alice)

    approved = services.approve_claim(claim=Claim.objects.get(), by=rita, now=timezone.now())

    assert approved.lines.get().share.percent == D(50)


def test_nothing_is_changed_unsigned_in_vain_after_the_decision_or_by_others(
    alice, bob, charlie, rita, client_of, label
):
    claim = factories.a_reviewed_claim(alice, label, reviewer=rita)

    with pytest.raises(services.NothingAmended):
        amend(claim, alice, percents={"owns_master": D(100)})
    for by in (bob, charlie):
        with pytest.raises(services.MayNotWrite):
            amend(claim, by)
    assert client_of(bob).get(at("amend_claim", claim)).status_code == 404
    services.reject_claim(claim=claim, reason="proof_missing", by=rita, now=timezone.now())
    assert client_of(alice).get(at("amend_claim", claim)).status_code == 404

    assert not ClaimAmendment.objects.exists()
    assert claim.lines.get().percent == D(100)


@pytest.mark.slow
def test_nothing_is_changed_under_the_hands_of_two_reviewers(alice, rita, label):
    track = factories.a_track()
    factories.a_sale(track, units=200_000)
    claim = factories.a_reviewed_claim(alice, label, track, reviewer=rita)
    services.add_evidence(
        holder=label, name="c.txt", content=b"x", kind="contract", by=alice, now=timezone.now(), claim=claim
    )
    waiting = services.approve_claim(claim=claim, by=rita, now=timezone.now())
    assert waiting.status == "under_review"

    with pytest.raises(services.BeingDecided):
        amend(claim, alice)
