"""The numbers of the review are data with a day, a person and a reason; the risk they make decides the proof."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.urls import reverse
from django.utils import timezone

from claims import selectors, services
from claims.models import FraudMark, HouseRule, Proof
from core.money import Money
from tests import factories
from tests.conftest import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def label(alice):
    return factories.a_holder("Alice Records", owner=alice)


@pytest.fixture
def sara(database):
    sara = person("sara")
    sara.role = "supervisor"
    sara.save()
    return sara


def set_rule(by, code, value, *, days=0, **fields):
    now = timezone.now()
    start = now.date() + timedelta(days=days)
    return services.set_rule(code=code, value=D(value), why="Decided.", start=start, by=by, now=now, **fields)


def test_a_later_number_holds_from_its_day_and_the_earlier_stays_readable(sara):
    today = timezone.now().date()
    before = selectors.rules_on(today).number("full_points")

    set_rule(sara, "full_points", 40)
    set_rule(sara, "full_points", 10, days=5)

    assert before == 80
    assert selectors.rules_on(today).number("full_points") == 40
    assert selectors.rules_on(today + timedelta(days=5)).number("full_points") == 10
    assert selectors.rules_on(today - timedelta(days=1)).number("full_points") == 80


def test_no_number_is_changed_or_taken_away_even_by_hand(sara):
    rule = set_rule(sara, "full_points", 40)

    for act in ("UPDATE claims_houserule SET value = 1 WHERE id = %s", "DELETE FROM claims_houserule WHERE id = %s"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(act, [rule.pk])


@pytest.mark.parametrize(
    ("code", "value", "fields"),
    [
        ("full_points", -1, {}),
        ("nonsense", 1, {}),
        ("full_points", 1, {"currency": "USD"}),
        ("full_money", 1, {}),
        ("full_money", 1, {"currency": "DOLLAR"}),
        ("sample_size", "1.5", {}),
        ("full_points", 1, {"days": -1}),
    ],
)
def test_a_number_that_makes_no_sense_is_refused(sara, code, value, fields):
    with pytest.raises(services.BadNumber):
        set_rule(sara, code, value, **fields)


def test_only_a_supervisor_sets_and_every_reviewer_reads(sara, rita, alice, client_of):
    url = reverse("claims:house_rules")
    today = timezone.now().date().isoformat()
    asked = {"code": "full_money", "currency": "usd", "value": "50", "start": today, "why": "Board of 3 May."}

    assert client_of(rita).post(url, asked).status_code == 422
    assert not HouseRule.objects.filter(set_by__isnull=False).exists()
    assert client_of(sara).post(url, asked).status_code == 302
    assert client_of(sara).post(url, asked | {"value": "-1"}).status_code == 422

    page = client_of(rita).get(url).content.decode()
    assert "Board of 3 May." in page
    assert "Sara" in page
    assert selectors.rules_on(timezone.now().date()).limit("full_money", "USD") == 50


def test_every_check_has_a_weight_that_staff_can_set():
    from claims.house_rules import RULES, WEIGHT
    from claims.services.claim_checks import CHECKS as OF_CLAIMS
    from claims.services.opt_out_checks import CHECKS as OF_OPT_OUTS

    names = {f"{WEIGHT}{name}" for name in (*OF_CLAIMS, *OF_OPT_OUTS)}
    weights = {code for code in RULES if code.startswith(WEIGHT)}

    assert names == weights
    assert names <= set(HouseRule.objects.values_list("code", flat=True))


# Risk ---------------------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_pennies_are_proved_lightly_and_large_sums_fully(alice, rita, label):
    penny, rich = factories.a_track("One", "Alice"), factories.a_track("Two", "Alice")
    factories.a_sale(penny, units=10)
    factories.a_sale(rich, units=200_000)

    small, large = factories.a_claim(alice, label, penny), factories.a_claim(alice, label, rich)

    small.refresh_from_db()
    large.refresh_from_db()
    assert (small.proof, large.proof) == (Proof.LIGHT, Proof.FULL)
    assert large.checks.get(name="value").reason == "large_sum"


def test_a_currency_nobody_set_a_limit_for_is_on_the_careful_side():
    rules = selectors.rules_on(timezone.now().date())

    assert rules.is_above("light_money", [Money(D("0.01"), "CHF")])
    assert rules.is_above("second_money", [Money(D("0.01"), "CHF")])
    assert not rules.is_above("light_money", [Money(D("9.99"), "USD")])


@pytest.mark.slow
def test_a_large_claim_is_not_approved_without_a_document_of_title(alice, rita, label):
    rich = factories.a_track("Two", "Alice")
    factories.a_sale(rich, units=200_000)
    claim = factories.a_reviewed_claim(alice, label, rich, reviewer=rita)

    with pytest.raises(services.ProofTooThin):
        services.approve_claim(claim=claim, by=rita, now=timezone.now())

    assert not claim.lines.filter(share__isnull=False).exists()


def test_the_same_mechanism_scores_an_opt_out(alice, label):
    mine, bare = factories.a_track(), factories.a_track()
    factories.a_share(mine, label)

    owned, unproved = factories.an_opt_out(alice, label, mine), factories.an_opt_out(alice, label, bare)

    owned.refresh_from_db()
    unproved.refresh_from_db()
    assert owned.risk_score < unproved.risk_score
    assert unproved.risk_score >= 60


def test_a_score_waits_for_all_checks(alice, label, monkeypatch):
    monkeypatch.setattr("claims.tasks.hurry", lambda *args, **kwargs: None)
    claim = factories.a_claim(alice, label)
    *some, last = services.checks_waiting()

    for check_id in some:
        services.run_check(check_id=check_id, now=timezone.now())
    claim.refresh_from_db()
    assert (claim.risk_score, claim.proof) == (None, "")

    services.run_check(check_id=last, now=timezone.now())
    claim.refresh_from_db()
    assert claim.risk_score is not None


# Pace, names, documents, frauds -------------------------------------------------------------------------------------
def findings(claim):
    return {check.name: (check.result, check.reason) for check in claim.checks.all()}


def test_many_claims_in_a_few_days_warn(alice, sara, label):
    set_rule(sara, "velocity_claims", 2)
    claims = [factories.a_claim(alice, label) for _ in range(3)]

    assert findings(claims[1])["velocity"] == ("passed", "few_claims")
    assert findings(claims[2])["velocity"] == ("warned", "many_claims")


def test_a_name_in_another_script_is_near_and_a_strange_one_is_far(alice, label):
    tsoi = factories.a_holder("Виктор Цой", owner=alice)

    near = factories.a_claim(alice, tsoi, factories.a_track("Zvezda", "Viktor Tsoi"))
    far = factories.a_claim(alice, label, factories.a_track("Zvezda", "Kino"))
    song = factories.a_claim(alice, label, percents={"wrote": D(100)})

    assert findings(near)["name_distance"] == ("passed", "names_alike")
    assert findings(far)["name_distance"] == ("warned", "names_far")
    assert findings(song)["name_distance"] == ("passed", "song_names")


@pytest.mark.slow
def test_a_passport_is_no_title_and_an_heir_needs_a_certificate(alice, label):
    def claim(kind, **terms):
        made = factories.a_claim(alice, label, filed=False, **terms)
        services.add_evidence(
            holder=label,
            name="a.pdf",
            content=b"%PDF-" + kind.encode(),
            kind=kind,
            by=alice,
            now=timezone.now(),
            claim=made,
        )
        services.file_claim(claim=made, signature="Alice", language="en", by=alice, now=timezone.now())
        return findings(made)["scope"]

    assert claim("identity") == ("warned", "documents_of_identity")
    assert claim("contract") == ("passed", "documents_fit")
    assert claim("contract", standing="heir") == ("warned", "no_inheritance")
    assert claim("inheritance", standing="heir") == ("passed", "documents_fit")


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("name", "ALICE records"),
        ("mail", "@example.org"),
        ("mail", "Alice@Example.org "),
        ("number", "00000001 21032683"),
    ],
)
def test_what_is_known_from_a_fraud_fails_and_asks_for_full_proof(alice, rita, label, kind, value):
    label.identifiers.create(scheme="isni", value="0000000121032683")
    mark = services.add_fraud_mark(
        kind=kind, value=value, hint="Case of May", why="Forged.", by=rita, now=timezone.now()
    )

    claim = factories.a_claim(alice, label)

    claim.refresh_from_db()
    assert findings(claim)["fraud"] == ("failed", "known_from_fraud")
    assert claim.proof == Proof.FULL
    services.end_fraud_mark(mark=mark, by=rita, now=timezone.now())
    assert findings(factories.a_claim(alice, label))["fraud"] == ("passed", "nothing_known")


def test_the_list_of_frauds_keeps_digests_and_takes_nothing_twice(rita, alice, client_of):
    client, url = client_of(rita), reverse("claims:fraud_marks")
    asked = {"kind": "name", "value": "Mallory Music", "hint": "Impersonator of 2026", "why": "Forged contract."}

    assert client.post(url, asked | {"hint": "Mallory Music"}).status_code == 422
    assert client.post(url, asked).status_code == 302
    assert client.post(url, asked).status_code == 422

    mark = FraudMark.objects.get()
    assert "allory" not in f"{mark.digest}{mark.hint}"
    assert "Impersonator of 2026" in client.get(url).content.decode()
    client.post(reverse("claims:end_fraud_mark", kwargs={"mark_id": mark.pk}))
    assert not selectors.fraud_marks().exists()
