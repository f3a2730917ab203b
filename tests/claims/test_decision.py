"""Decisions of two, of many, and after others: second reviewer, batches, groups, appeals, approvals taken back."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.urls import reverse
from django.utils import timezone

from catalog.models import RightsShare
from claims import selectors, services
from claims.models import Appeal, BatchClaim, CaseMail, Claim, Decision, HouseRule, LightApproval, QueueItem
from ledger.chart import holder as owner_of
from ledger.models import AccountBalance
from tests import factories
from tests.conftest import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def label(alice):
    return factories.a_holder("Alice Records", owner=alice)


@pytest.fixture
def ron(database):
    ron = person("ron")
    ron.role = "reviewer"
    ron.save()
    return ron


def rule(code, value, currency="USD"):
    fields = {"start": timezone.now().date(), "why": "Test.", "set_at": timezone.now()}
    return HouseRule.objects.create(code=code, currency=currency, value=D(value), **fields)


def payable(holder):
    rows = AccountBalance.objects.filter(account__owner=owner_of(holder.pk), account__place="payable")
    return sum((row.credit - row.debit for row in rows), D(0))


def a_song(units=100, artist="Alice Records"):
    track = factories.a_track(artist=artist, isrc="")
    factories.a_sale(track, units=units)
    return track


def approve(claim, by):
    return services.approve_claim(claim=claim, by=by, now=timezone.now())


# Every decision is written down -------------------------------------------------------------------------------------
def test_a_decision_keeps_who_why_and_the_facts_and_is_never_changed(alice, rita, label):
    claim = factories.a_reviewed_claim(alice, label, a_song(), reviewer=rita)

    services.reject_claim(
        claim=claim, reason="paid_before_portal", by=rita, now=timezone.now(), note="Transfer of 3 May 2006."
    )

    kept = Decision.objects.get(case=claim.public_id)
    assert (kept.outcome, kept.reason_code, kept.by) == ("rejected", "paid_before_portal", rita)
    assert kept.note.text == "Transfer of 3 May 2006."
    assert kept.facts["digest"] == claim.facts["digest"]
    assert kept.facts["sums"] == [["USD", "0.75000000"]]
    for act in ("UPDATE claims_decision SET outcome = 'approved'", "DELETE FROM claims_decision"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(act)


# Two reviewers ------------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_a_large_sum_moves_only_when_a_second_reviewer_confirms(alice, rita, ron, client_of, label):
    rule("second_money", "0.50")
    claim = factories.a_reviewed_claim(alice, label, a_song(), reviewer=rita)

    approve(claim, rita)
    claim.refresh_from_db()
    assert (claim.status, payable(label)) == ("under_review", 0)
    page = client_of(ron).get(reverse("claims:review_claim", kwargs={"claim_id": claim.public_id})).content.decode()
    assert "Waits for a second reviewer" in page
    for act in (
        lambda: services.confirm_decision(claim=claim, by=rita, now=timezone.now()),
        lambda: approve(claim, ron),
    ):
        with pytest.raises(services.NeedsAnother):
            act()
    assert services.take_next(by=rita, now=timezone.now(), kind="claim") is None
    assert services.take_next(by=ron, now=timezone.now(), kind="claim").public_id == claim.public_id
    client_of(ron).post(reverse("claims:confirm_decision", kwargs={"claim_id": claim.public_id}))

    claim.refresh_from_db()
    assert (claim.status, payable(label)) == ("awarded", D("0.75"))
    kept = Decision.objects.get(case=claim.public_id)
    assert (kept.proposed_by, kept.by) == (rita, ron)


@pytest.mark.slow
def test_a_second_reviewer_sends_back_with_words_and_the_first_decides_again(alice, rita, ron, label):
    rule("second_money", "0.50")
    claim = factories.a_reviewed_claim(alice, label, a_song(), reviewer=rita)
    approve(claim, rita)

    services.send_back(claim=claim, reason="The contract ends in 2004.", by=ron, now=timezone.now())

    item = QueueItem.objects.get(public_id=claim.public_id)
    assert item.handed_to == rita
    services.reject_claim(claim=claim, reason="proof_covers_less", by=rita, now=timezone.now())
    claim.refresh_from_db()
    assert claim.status == "rejected"


def test_a_confirmation_stands_on_the_facts_of_its_day(alice, rita, ron, label):
    rule("second_money", "0.50")
    song = a_song()
    claim = factories.a_reviewed_claim(alice, label, song, reviewer=rita)
    approve(claim, rita)
    factories.a_share(song, percent=60)

    with pytest.raises(services.FactsChanged):
        services.confirm_decision(claim=claim, by=ron, now=timezone.now())

    claim.refresh_from_db()
    assert (claim.status, services.open_proposal(claim).by) == ("under_review", rita)


@pytest.mark.parametrize("ask", [False, True])
def test_nobody_confirms_what_was_proposed_before_the_case_changed(alice, rita, ron, label, ask):
    rule("second_money", "0.50")
    song = a_song()
    claim = factories.a_reviewed_claim(alice, label, song, reviewer=rita)
    approve(claim, rita)
    factories.a_share(song, percent=60)
    with pytest.raises(services.NeedsAnother):
        services.look_again(claim=claim, by=rita, now=timezone.now())

    if ask:
        services.request_evidence(claim=claim, question="Since when?", by=ron, now=timezone.now())
        services.answer_claim(claim=claim, answer="Since 2004.", by=alice, now=timezone.now())
    else:
        services.look_again(claim=claim, by=ron, now=timezone.now())

    with pytest.raises(services.NothingProposed):
        services.confirm_decision(claim=claim, by=ron, now=timezone.now())
    claim.refresh_from_db()
    assert (claim.status, services.open_proposal(claim)) == ("under_review", None)


# Pennies ------------------------------------------------------------------------------------------------------------
def small_claims(count, alice, label, units=100):
    return [factories.a_claim(alice, label, a_song(units)) for _ in range(count)]


@pytest.mark.slow
def test_pennies_are_approved_together_after_a_look_at_the_sample(alice, rita, client_of, label):
    claims = small_claims(8, alice, label)
    client = client_of(rita)
    answer = client.post(reverse("claims:batches"))
    batch_id = answer.url.rstrip("/").rsplit("/", 1)[-1]
    rows = BatchClaim.objects.filter(batch__public_id=batch_id)
    sample = list(rows.filter(is_sample=True))
    batch = sample[0].batch
    assert (rows.count(), len(sample), batch.sample_size) == (8, 5, 5)
    assert {row.claim_id for row in sample} == services.draw(batch.seed, [claim.pk for claim in claims], 5)

    client.post(reverse("claims:approve_batch", kwargs={"batch_id": batch_id}))
    assert not Decision.objects.exists()
    for row in sample:
        there = {"batch_id": batch_id, "claim_id": row.claim.public_id}
        client.post(reverse("claims:judge_sample", kwargs=there), {"verdict": "good"})
    client.post(reverse("claims:approve_batch", kwargs={"batch_id": batch_id}))

    assert set(Claim.objects.values_list("status", flat=True)) == {"awarded"}
    assert payable(label) == 6
    assert set(Decision.objects.values_list("batch", flat=True)) == {batch.pk}
    assert client.get(reverse("claims:batch", kwargs={"batch_id": batch_id})).status_code == 200


@pytest.mark.slow
def test_one_bad_claim_in_the_sample_dissolves_the_batch(alice, rita, label):
    small_claims(3, alice, label)
    batch = services.draft_batch(by=rita, now=timezone.now())
    bad = batch.claims.filter(is_sample=True).first().claim

    services.judge_sample(batch=batch, claim=bad, is_good=False, by=rita, now=timezone.now())

    batch.refresh_from_db()
    assert batch.status == "dissolved"
    assert not Decision.objects.exists()
    assert services.draft_batch(by=rita, now=timezone.now()).claims.count() == 3


@pytest.mark.slow
def test_the_running_total_is_per_person_not_per_claim(alice, rita, label):
    other = factories.a_holder("Alice Records Two", owner=alice)
    small_claims(2, alice, label, units=600)
    factories.a_claim(alice, other, a_song(600, "Alice Records Two"))

    batch = services.draft_batch(by=rita, now=timezone.now())

    assert batch.claims.count() == 2  # 4.50 + 4.50, and 10 is the limit of this person
    for row in batch.claims.filter(is_sample=True):
        services.judge_sample(batch=batch, claim=row.claim, is_good=True, by=rita, now=timezone.now())
    services.approve_batch(batch=batch, by=rita, now=timezone.now())
    assert sum(LightApproval.objects.values_list("amount", flat=True)) == 9
    with pytest.raises(services.NothingForBatch):
        services.draft_batch(by=rita, now=timezone.now())


@pytest.mark.slow
def test_what_does_not_fit_any_more_is_passed_over_with_the_reason(alice, rita, label):
    first, second = small_claims(2, alice, label)
    batch = services.draft_batch(by=rita, now=timezone.now())
    for row in batch.claims.filter(is_sample=True):
        services.judge_sample(batch=batch, claim=row.claim, is_good=True, by=rita, now=timezone.now())
    services.retract_claim(claim=first, by=alice, now=timezone.now())

    services.approve_batch(batch=batch, by=rita, now=timezone.now())

    assert dict(batch.claims.values_list("claim_id", "result")) == {first.pk: "case_closed", second.pk: "approved"}
    assert LightApproval.objects.count() == 1


@pytest.mark.slow
def test_claims_that_alarm_or_weigh_more_stay_out_of_batches(alice, charlie, rita, label):
    rival = factories.a_holder("Charlie Music", owner=charlie)
    contested, rich = a_song(), a_song(100_000)
    factories.a_claim(charlie, rival, contested)
    factories.a_claim(alice, label, contested)
    factories.a_claim(alice, label, rich)
    new = factories.a_holder("New", owner=charlie, status="under_review")
    factories.a_claim(charlie, new, a_song())

    with pytest.raises(services.NothingForBatch):
        services.draft_batch(by=rita, now=timezone.now())


# Groups -------------------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_claims_of_one_kind_are_decided_at_once_with_exceptions(alice, rita, client_of, label):
    claims = [factories.a_claim(alice, label, factories.a_track()) for _ in range(3)]
    apart = factories.a_claim(alice, label, factories.a_track(), percents={"wrote": D(50)})
    key = QueueItem.objects.get(public_id=claims[0].public_id).group_key
    client, url = client_of(rita), reverse("claims:group", kwargs={"key": key})
    assert [group["n"] for group in client.get(reverse("claims:groups")).context["groups"]] == [3]
    excepted = claims[1].lines.get()

    client.post(
        url,
        {
            "claim": [claim.public_id for claim in claims],
            "all-outcome": "accepted",
            "all-reason": "proof_in_order",
            f"line-{excepted.pk}-outcome": "rejected",
            f"line-{excepted.pk}-reason": "not_this_recording",
        },
    )

    found = dict(Claim.objects.values_list("pk", "status"))
    assert [found[claim.pk] for claim in claims] == ["awarded", "rejected", "awarded"]
    assert found[apart.pk] == "filed"
    assert client.get(url).status_code == 404


def test_a_group_decides_only_what_the_reviewer_saw(alice, rita, client_of, label):
    seen, later = factories.a_claim(alice, label), factories.a_claim(alice, label)
    key = QueueItem.objects.get(public_id=seen.public_id).group_key

    said = {"claim": [seen.public_id], "all-outcome": "rejected", "all-reason": "proof_missing"}
    for _ in range(2):  # the second time somebody else has decided all that was seen
        assert client_of(rita).post(reverse("claims:group", kwargs={"key": key}), said).status_code == 200

    assert [Claim.objects.get(pk=claim.pk).status for claim in (seen, later)] == ["rejected", "filed"]


# Appeals ------------------------------------------------------------------------------------------------------------
def test_refusal_appeal_reversal(alice, rita, ron, client_of, label):
    song, client = a_song(), client_of(alice)
    claim = factories.a_reviewed_claim(alice, label, song, reviewer=rita)
    services.reject_claim(claim=claim, reason="proof_missing", by=rita, now=timezone.now(), note="No contract.")
    page = client.get(reverse("claims:claim", kwargs={"claim_id": claim.public_id})).content.decode()
    assert "The proof is missing or does not name this track." in page
    assert "You do not accept this?" in page

    answer = client.post(reverse("claims:file_appeal", kwargs={"case_id": claim.public_id}), {"text": "It is page 3."})
    appeal = Appeal.objects.get()
    assert answer.url == reverse("claims:appeal", kwargs={"appeal_id": appeal.public_id})
    there = reverse("claims:decide_appeal", kwargs={"appeal_id": appeal.public_id})
    assert client_of(rita).post(there, {"text": "No.", "outcome": "upheld"}).status_code == 422
    assert services.take_next(by=rita, now=timezone.now()) is None
    assert services.take_next(by=ron, now=timezone.now()).public_id == appeal.public_id
    client_of(ron).post(there, {"text": "Page 3 names the track.", "outcome": "reversed"})

    appeal.refresh_from_db()
    anew = appeal.reopened
    assert (appeal.status, anew.status, anew.attestation.signed_by) == ("reversed", "under_review", alice)
    with pytest.raises(services.DecidedBefore):
        approve(anew, rita)
    approve(anew, ron)
    assert payable(label) == D("0.75")
    claim.refresh_from_db()
    assert claim.status == "rejected"
    assert Decision.objects.get(outcome="reversed").undoes.case == claim.public_id
    assert CaseMail.objects.filter(topic="appeal_reversed", user=alice).count() == 1


@pytest.mark.slow
def test_an_appeal_about_a_reduction_is_about_the_rest_only(alice, rita, ron, label):
    claim = factories.a_reviewed_claim(alice, label, a_song(), a_song(), reviewer=rita)
    kept, cut = claim.lines.order_by("pk")
    decisions = {kept.pk: services.LineDecision("accepted"), cut.pk: services.LineDecision("reduced", "other", D(40))}
    services.decide_claim(claim=claim, decisions=decisions, by=rita, now=timezone.now())
    claim.refresh_from_db()
    appeal = services.file_appeal(case=claim, words="All of it.", by=alice, now=timezone.now())

    appeal = services.decide_appeal(appeal=appeal, is_reversed=True, reason="Right.", by=ron, now=timezone.now())
    approve(appeal.reopened, ron)

    assert [(line.track_id, line.percent) for line in appeal.reopened.lines.all()] == [(cut.track_id, 100)]
    assert payable(label) == D("1.5")
    assert not selectors.may_be_appealed(appeal.reopened)


def test_an_appeal_that_is_upheld_says_why_and_is_the_last_word(alice, rita, ron, client_of, label):
    claim = factories.a_reviewed_claim(alice, label, reviewer=rita)
    services.reject_claim(claim=claim, reason="proof_missing", by=rita, now=timezone.now())
    claim.refresh_from_db()
    appeal = services.file_appeal(case=claim, words="Please.", by=alice, now=timezone.now())

    services.decide_appeal(appeal=appeal, is_reversed=False, reason="Nothing new.", by=ron, now=timezone.now())

    page = client_of(alice).get(reverse("claims:appeal", kwargs={"appeal_id": appeal.public_id})).content.decode()
    assert "Nothing new." in page
    with pytest.raises(services.KnownAlready):
        services.file_appeal(case=claim, words="Again.", by=alice, now=timezone.now())


def test_a_refused_opt_out_is_looked_at_anew_by_another(alice, rita, ron, label):
    track = factories.a_track()
    factories.a_share(track, label)
    opt_out = factories.an_opt_out(alice, label, track)
    services.refuse_opt_out(opt_out=opt_out, by=rita, now=timezone.now(), reason="No.")
    opt_out.refresh_from_db()
    appeal = services.file_appeal(case=opt_out, words="It is ours.", by=alice, now=timezone.now())

    services.decide_appeal(appeal=appeal, is_reversed=True, reason="It is.", by=ron, now=timezone.now())
    opt_out.refresh_from_db()
    with pytest.raises(services.DecidedBefore):
        services.grant_opt_out(opt_out=opt_out, by=rita, now=timezone.now())
    services.grant_opt_out(opt_out=opt_out, by=ron, now=timezone.now())

    opt_out.refresh_from_db()
    assert opt_out.status == "granted"


@pytest.mark.slow
def test_nothing_refused_nothing_appealed_and_nobody_else_appeals(alice, bob, charlie, rita, client_of):
    label = factories.a_holder("Alice Records", owner=alice, reader=bob)
    won = factories.an_awarded_claim(alice, label, reviewer=rita)
    lost = factories.a_reviewed_claim(alice, label, reviewer=rita)
    services.reject_claim(claim=lost, reason="proof_missing", by=rita, now=timezone.now())
    lost.refresh_from_db()

    with pytest.raises(services.NothingRefused):
        services.file_appeal(case=won, words="More.", by=alice, now=timezone.now())
    with pytest.raises(services.MayNotWrite):
        services.file_appeal(case=lost, words="More.", by=bob, now=timezone.now())
    there = reverse("claims:file_appeal", kwargs={"case_id": lost.public_id})
    assert client_of(charlie).post(there, {"text": "Mine."}).status_code == 404
    assert not Appeal.objects.exists()


# Taken back ---------------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_an_approval_is_taken_back_by_another_and_the_money_returns(alice, rita, ron, client_of, label):
    claim = factories.an_awarded_claim(alice, label, a_song(), reviewer=rita)
    assert payable(label) == D("0.75")
    said = {"reason_code": "fraud_suspected", "note": "The contract is forged."}
    with pytest.raises(services.DecidedBefore):
        services.revoke_claim(claim=claim, **said, by=rita, now=timezone.now())

    there = reverse("claims:revoke_claim", kwargs={"claim_id": claim.public_id})
    client_of(ron).post(there, {"reason": "fraud_suspected", "text": "The contract is forged."})

    claim.refresh_from_db()
    assert (claim.status, payable(label)) == ("revoked", 0)
    assert not RightsShare.objects.exclude(start=timezone.datetime.min.date()).filter(source=claim.public_id).exists()
    kept = list(Decision.objects.filter(case=claim.public_id).order_by("pk").values_list("outcome", flat=True))
    assert kept == ["approved", "revoked"]
    assert selectors.may_be_appealed(claim)
    services.sweep_queue(now=timezone.now() + timedelta(days=1), all_cases=True)
    assert not QueueItem.objects.filter(public_id=claim.public_id).exists()
