"""What the automatic checks find, and that each can be run again."""

from collections import defaultdict
from datetime import date
from decimal import Decimal as D

import pytest
from django.utils import timezone

from claims import services
from claims.models import Check
from claims.reasons import ALL, words
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def label(alice):
    return factories.a_holder("Alice Records", owner=alice)


def findings(claim):
    return {check.name: (check.result, check.reason, check.params) for check in claim.checks.all()}


def test_a_plain_claim_passes_and_says_what_is_missing(alice, label):
    claim = factories.a_claim(alice, label, factories.a_track(isrc="RUA010500001"))

    assert findings(claim) == {
        "identity": ("passed", "holder_verified", {}),
        "identifier": ("passed", "tracks_known", {"tracks": 1}),
        "duplicate": ("passed", "no_duplicate", {}),
        "shares": ("passed", "room_left", {}),
        "overlap": ("passed", "no_overlap", {}),
        "withdrawn": ("passed", "not_withdrawn", {}),
        "value": ("passed", "no_money_waiting", {}),
        "evidence": ("warned", "evidence_missing", {}),
        "scope": ("warned", "evidence_missing", {}),
        "velocity": ("passed", "few_claims", {"count": 1, "days": 7}),
        "bank_account": ("passed", "no_account_known", {}),
        "name_distance": ("warned", "names_far", {"count": 1, "tracks": 1, "percent": 23}),
        "fraud": ("passed", "nothing_known", {}),
    }


@pytest.mark.slow
def test_what_needs_a_look_is_named(alice, charlie, rita, label):
    rival = factories.a_holder("Rival", owner=charlie)
    bare, shared, taken = factories.a_track(), factories.a_track(isrc="RUA010500001"), factories.a_track()
    factories.a_track(isrc="RUA010500001")
    factories.a_share(taken, rival, 60)
    factories.a_withdrawal(bare, rival, start=date(2006, 1, 1))
    factories.a_sale(shared, units=100)
    other = factories.a_claim(charlie, rival, shared)
    own = factories.a_claim(alice, label, bare)

    claim = factories.a_claim(alice, label, bare, shared, taken)

    found = findings(claim)
    assert found["identifier"] == ("warned", "tracks_without_isrc", {"count": 2, "tracks": 3})
    assert found["duplicate"] == ("warned", "already_claimed", {"count": 1, "claims": own.public_id})
    assert found["shares"] == ("warned", "above_hundred", {"count": 1})
    assert found["overlap"] == ("warned", "other_claims", {"count": 1, "claims": other.public_id})
    assert found["withdrawn"] == ("warned", "withdrawn_by_other", {"count": 1})
    assert found["value"] == ("passed", "money_waiting", {"amounts": "0.75000000 USD"})


def test_an_authority_must_cover_the_claim(alice, charlie, label):
    from catalog import services as catalog
    from catalog.territories import worldwide

    agency = factories.a_holder("Agency", owner=charlie)
    paper = catalog.grant_authority(
        principal=label,
        agent=agency,
        purposes=["collect"],
        rights=["phonogram"],
        territory_set=worldwide(),
        by=alice,
        now=timezone.now(),
    )

    inside = factories.a_claim(charlie, label, standing="agent", authority=paper)
    beyond = factories.a_claim(charlie, label, standing="agent", authority=paper, percents={"wrote": D(100)})

    assert findings(inside)["authority"][:2] == ("passed", "authority_in_order")
    assert findings(beyond)["authority"][:2] == ("failed", "authority_too_narrow")


def test_a_check_can_be_run_again_and_sees_today(alice, rita, label):
    new = factories.a_holder(owner=alice, status="under_review")
    claim = factories.a_claim(alice, new)
    assert findings(claim)["identity"][:2] == ("warned", "holder_under_review")

    services.review_holder(
        holder=new,
        outcome="verified",
        reason_code="identity_in_order",
        reason="Passport seen.",
        by=rita,
        now=timezone.now(),
    )

    assert findings(claim)["identity"][:2] == ("passed", "holder_verified")


def test_a_check_the_queue_lost_is_found(alice, label, monkeypatch):
    monkeypatch.setattr("claims.tasks.hurry", lambda *args, **kwargs: None)
    claim = factories.a_claim(alice, label)
    assert claim.checks.filter(result=Check.Result.WAITING).count() == 13

    for check_id in services.checks_waiting():
        services.run_check(check_id=check_id, now=timezone.now())

    assert not claim.checks.filter(result=Check.Result.WAITING).exists()


def test_a_check_that_comes_after_the_decision_says_nothing(alice, rita, label, monkeypatch):
    monkeypatch.setattr("claims.tasks.hurry", lambda *args, **kwargs: None)
    claim = factories.a_reviewed_claim(alice, label, reviewer=rita)
    late = claim.checks.first()

    services.approve_claim(claim=claim, by=rita, now=timezone.now())

    assert services.run_check(check_id=late.pk, now=timezone.now()) is None
    assert not claim.checks.exists()


def test_every_reason_can_be_said():
    some = defaultdict(lambda: "7", amounts="7.50000000 USD, 1.00000000 EUR")

    for code in ALL:
        assert "%(" not in words(code, some)
    assert "100 %" in words("above_hundred", {"count": 1})
    assert "7.50 USD, 1.00 EUR" in words("money_waiting", some)
    assert "%%" not in words("bad_percent")
