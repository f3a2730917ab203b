"""Claims through their services: what is refused to whom, and what a decision writes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal as D

import pytest
from django.db import connection
from django.utils import timezone

from catalog.models import RightsHolder, RightsShare
from claims import services
from claims.models import Claim, ClaimLine
from core import vault
from core.workflow import MovedMeanwhile, MoveNotAllowed, events_of
from tests import factories


@pytest.fixture
def label(alice, bob):
    return factories.a_holder("Alice Records", owner=alice, reader=bob)


def decided(claim, **changed):
    """One decision for every line."""
    decision = services.LineDecision(**({"outcome": "accepted"} | changed))
    return dict.fromkeys(claim.lines.values_list("pk", flat=True), decision)


def test_roles_become_rights(db, alice, label):
    track = factories.a_track()

    claim = factories.a_claim(
        alice, label, track, filed=False, percents={"wrote": D(50), "owns_master": D(100), "performed": D("33.333333")}
    )

    assert dict(claim.lines.values_list("right", "percent")) == {
        "phonogram": D(100),
        "performance": D("33.333333"),
        "work": D(50),
    }
    assert claim.roles == ["owns_master", "performed", "wrote"]


@pytest.mark.parametrize(
    ("terms", "refusal"),
    [
        ({"percents": {}}, services.NoRole),
        ({"percents": {"wrote": D(0)}}, services.BadPercent),
        ({"percents": {"wrote": D("100.00000001")}}, services.BadPercent),
        ({"percents": {"wrote": D("33.3333333")}}, services.BadPercent),
        ({"start": date(2006, 1, 1), "end": date(2006, 1, 1)}, services.BadPeriod),
        ({"standing": "agent"}, services.AuthorityNeeded),
    ],
)
def test_terms_that_make_no_sense_are_refused(db, alice, label, terms, refusal):
    with pytest.raises(refusal):
        factories.a_claim(alice, label, factories.a_track(), **terms)
    assert not Claim.objects.exists()


def test_filing_seals_the_signature_and_keeps_the_exact_wording(db, alice, label):
    claim = factories.a_claim(alice, label)

    signed = claim.attestation
    assert b"Alice" not in bytes(signed.signature_sealed)
    assert vault.decrypt(f"holder:{label.pk}", bytes(signed.signature_sealed)) == b"Alice Example"
    assert "not already paid" in signed.text.text
    assert "no licence, no mandate, no release and no approval of any" in signed.text.text
    assert len(signed.text.sha256) == 64


def test_the_attestation_is_the_same_in_russian():
    from claims.attestations import TEXTS

    assert set(TEXTS["claim"]) == {"en", "ru"}
    assert len(TEXTS["claim"]["en"].split("\n")) == len(TEXTS["claim"]["ru"].split("\n"))


def test_filing_needs_a_signature(db, alice, label):
    claim = factories.a_claim(alice, label, filed=False)

    with pytest.raises(services.SignatureMissing):
        services.file_claim(claim=claim, signature=" ", language="en", by=alice, now=timezone.now())
    claim.refresh_from_db()
    assert claim.status == Claim.Status.DRAFT


def test_filing_puts_a_new_holder_before_the_reviewers(db, alice):
    new = factories.a_holder(owner=alice, status="registered")

    factories.a_claim(alice, new)

    new.refresh_from_db()
    assert new.status == RightsHolder.Status.UNDER_REVIEW


def test_who_may_only_read_writes_nothing(db, alice, bob, stranger, label):
    draft, track, now = factories.a_claim(alice, label, filed=False), factories.a_track(), timezone.now()
    terms = services.Terms(percents={"wrote": D(1)}, territories=draft.lines.get().territories)

    for person in (bob, stranger):
        with pytest.raises(services.MayNotWrite):
            services.create_draft(holder=label, track_ids=[track.pk], terms=terms, by=person, now=now)
        with pytest.raises(services.MayNotWrite):
            services.amend_draft(claim=draft, track_ids=[track.pk], terms=terms, by=person, now=now)
        with pytest.raises(services.MayNotWrite):
            services.file_claim(claim=draft, signature="Bob", language="en", by=person, now=now)
        with pytest.raises(services.MayNotWrite):
            services.retract_claim(claim=draft, by=person, now=now)


def test_nobody_decides_a_case_of_their_own(db, alice, bob, frank, label, rita):
    claim = factories.a_reviewed_claim(alice, label, reviewer=rita)
    for person, refusal in ((frank, services.NotAReviewer), (alice, services.NotAReviewer)):
        with pytest.raises(refusal):
            services.approve_claim(claim=claim, by=person, now=timezone.now())

    for person in (alice, bob):
        person.role = "supervisor"
        person.save()
        with pytest.raises(services.DecidesOwnCase):
            services.approve_claim(claim=claim, by=person, now=timezone.now())
    claim.refresh_from_db()
    assert claim.status == Claim.Status.UNDER_REVIEW


def test_a_claim_of_an_unverified_holder_is_not_approved_but_may_be_rejected(db, alice, rita):
    new = factories.a_holder(owner=alice, status="registered")
    claim = factories.a_reviewed_claim(alice, new, reviewer=rita)

    with pytest.raises(services.HolderNotVerified):
        services.approve_claim(claim=claim, by=rita, now=timezone.now())

    services.reject_claim(claim=claim, reason="identity_unclear", by=rita, now=timezone.now())
    assert claim.lines.get().outcome == ClaimLine.Outcome.REJECTED
    assert not RightsShare.objects.exists()


def test_facts_that_changed_since_filing_stop_the_decision_until_somebody_looked(db, alice, rita, label):
    track = factories.a_track()
    claim = factories.a_reviewed_claim(alice, label, track, reviewer=rita, percents={"owns_master": D(50)})
    factories.a_share(track, percent=50)

    with pytest.raises(services.FactsChanged):
        services.approve_claim(claim=claim, by=rita, now=timezone.now())

    services.look_again(claim=claim, by=rita, now=timezone.now())
    services.approve_claim(claim=claim, by=rita, now=timezone.now())
    assert claim.lines.get().share.percent == 50


def test_every_line_needs_a_decision_with_its_reason(db, alice, rita, label):
    claim = factories.a_reviewed_claim(alice, label, factories.a_track(), factories.a_track(), reviewer=rita)
    first = claim.lines.first()
    wrong = [
        ({first.pk: services.LineDecision("accepted")}, services.LinesUndecided),
        (decided(claim, outcome="pending"), services.LinesUndecided),
        (decided(claim, outcome="rejected"), services.ReasonNeeded),
        (decided(claim, outcome="rejected", reason="nonsense"), services.ReasonNeeded),
        (decided(claim, outcome="reduced", reason="proof_covers_less"), services.BadReduction),
        (decided(claim, outcome="reduced", reason="proof_covers_less", percent=D(100)), services.BadReduction),
    ]

    for decisions, refusal in wrong:
        with pytest.raises(refusal):
            services.decide_claim(claim=claim, decisions=decisions, by=rita, now=timezone.now())


def test_lines_are_decided_one_by_one(db, alice, rita, label):
    tracks = [factories.a_track() for _ in range(3)]
    claim = factories.a_reviewed_claim(alice, label, *tracks, reviewer=rita)
    accepted, reduced, rejected = claim.lines.order_by("track_id")

    services.decide_claim(
        claim=claim,
        decisions={
            accepted.pk: services.LineDecision("accepted"),
            reduced.pk: services.LineDecision("reduced", "proof_covers_less", D(25)),
            rejected.pk: services.LineDecision("rejected", "proof_missing"),
        },
        by=rita,
        now=timezone.now(),
        note="The contract names two of the three.",
    )

    assert list(RightsShare.objects.order_by("track_id").values_list("track_id", "percent", "source")) == [
        (tracks[0].pk, D(100), claim.public_id),
        (tracks[1].pk, D(25), claim.public_id),
    ]
    assert list(claim.lines.order_by("track_id").values_list("outcome", "outcome_reason", "granted_percent")) == [
        ("accepted", "proof_in_order", D(100)),
        ("reduced", "proof_covers_less", D(25)),
        ("rejected", "proof_missing", None),
    ]
    assert "The contract names two" in "".join(e.note.text for e in events_of(claim) if e.note)


def test_more_can_be_asked_for_and_is_answered(db, alice, rita, label):
    claim = factories.a_claim(alice, label)

    services.request_evidence(claim=claim, question="Whose signature is it?", by=rita, now=timezone.now())
    assert claim.status == Claim.Status.EVIDENCE_REQUESTED
    services.answer_claim(claim=claim, answer="Mine.", by=alice, now=timezone.now())

    assert claim.status == Claim.Status.UNDER_REVIEW
    assert [said.text for said in services.thread_of(claim, rita)] == ["Whose signature is it?", "Mine."]


@pytest.mark.slow
def test_a_share_the_holder_has_already_is_not_recorded_twice(db, alice, rita, label):
    track = factories.a_track()
    factories.an_awarded_claim(alice, label, track, reviewer=rita, percents={"owns_master": D(60)})

    claim = factories.an_awarded_claim(alice, label, track, reviewer=rita)

    assert list(RightsShare.objects.order_by("pk").values_list("percent", flat=True)) == [60, 40]
    assert claim.lines.get().outcome == ClaimLine.Outcome.ACCEPTED


# Two at once ----------------------------------------------------------------------------------------------------------
def at_once(*acts):
    """Run these in threads of their own; give what each returned or raised."""

    def run(act):
        try:
            return act()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result() for future in [pool.submit(run, act) for act in acts]]


def test_of_two_reviewers_deciding_at_once_one_wins(committed_db, alice, rita, stranger):
    label = factories.a_holder(owner=alice)
    stranger.role = "supervisor"
    stranger.save()
    claims = [factories.a_reviewed_claim(alice, label, reviewer=rita) for _ in range(5)]

    for claim in claims:
        both = at_once(
            lambda claim=claim: services.approve_claim(claim=claim, by=rita, now=timezone.now()),
            lambda claim=claim: services.reject_claim(
                claim=claim, reason="proof_missing", by=stranger, now=timezone.now()
            ),
        )

        assert sum(isinstance(result, Claim) for result in both) == 1
        assert sum(isinstance(result, MovedMeanwhile | MoveNotAllowed) for result in both) == 1
        claim.refresh_from_db()
        won = claim.status != Claim.Status.REJECTED
        assert RightsShare.objects.filter(source=claim.public_id).exists() == won
        decisions = [event for event in events_of(claim) if event.to_status in ("approved", "rejected")]
        assert len(decisions) == 1


@pytest.mark.slow
def test_two_rivals_approved_at_once_never_exceed_a_hundred(committed_db, alice, charlie, rita, stranger):
    stranger.role = "supervisor"
    stranger.save()
    track = factories.a_track()
    factories.a_sale(track, units=100)
    first = factories.a_reviewed_claim(alice, factories.a_holder(owner=alice), track, reviewer=rita)
    second = factories.a_reviewed_claim(charlie, factories.a_holder(owner=charlie), track, reviewer=rita)

    both = at_once(
        lambda: services.approve_claim(claim=first, by=rita, now=timezone.now()),
        lambda: services.approve_claim(claim=second, by=stranger, now=timezone.now()),
    )

    assert sorted(type(result).__name__ for result in both) == ["Claim", "FactsChanged"]
    assert [share.percent for share in RightsShare.objects.all()] == [100]


@pytest.mark.slow
def test_two_distributions_at_once_post_once(committed_db):
    from ledger import selectors as ledger

    track = factories.a_track()
    factories.a_sale(track, units=100)
    share = factories.a_share(track)

    both = at_once(
        *[
            lambda n=n: services.distribute(track_ids=[track.pk], event=f"race-{n}", now=timezone.now())
            for n in range(4)
        ]
    )

    assert sorted(result.postings for result in both) == [0, 0, 0, 2]
    assert ledger.balance(f"track:{track.pk}:phonogram:payable:holder:{share.holder_id}", "USD").amount == D("0.75")
