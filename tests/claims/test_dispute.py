"""What parties answer in a dispute, how they settle it, and the panel of two that decides where they do not."""

from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from catalog import territories
from catalog.models import RightsShare
from claims import selectors, services
from claims.models import Appeal, CaseClock, CaseMail, Decision, Dispute, DisputeAnswer, DisputeVerdict, QueueItem
from tests import factories

pytestmark = pytest.mark.django_db
MASTER = {"owns_master": D(60)}
Said = services.DisputeSaid


@pytest.fixture
def label(alice, bob):
    return factories.a_holder("Alice Records", owner=alice, reader=bob)


@pytest.fixture
def rival(charlie):
    return factories.a_holder("Charlie Music", owner=charlie)


@pytest.fixture
def track():
    return factories.a_track("Zvezda")


@pytest.fixture
def dispute(alice, charlie, rita, track, label, rival):
    """Both say that 60 % are theirs: Alice has 60, Charlie has 40 and asks for 20 more."""
    for person, holder in ((alice, label), (charlie, rival)):
        factories.an_awarded_claim(person, holder, track, reviewer=rita, percents=MASTER)
    return Dispute.objects.get()


def say(dispute, by, kind, **said):
    return services.answer_dispute(dispute=dispute, said=Said(kind=kind, **said), by=by, now=timezone.now())


def shares(track):
    rows = RightsShare.objects.filter(track=track).exclude(start=date.min).order_by("holder__name", "start", "pk")
    return [
        (row.holder.name, row.percent, row.start, row.end) for row in rows if row.start is None or row.start != row.end
    ]


def at(name, dispute):
    return reverse(f"claims:{name}", kwargs={"dispute_id": dispute.public_id})


# Settling -------------------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_an_offer_moves_nothing_until_what_all_ask_for_fits(alice, charlie, dispute, track):
    say(dispute, alice, "reduce", percent=D(55))
    before = shares(track)

    settled = say(dispute, charlie, "reduce", percent=D(45))

    assert before == [("Alice Records", D(60), None, None), ("Charlie Music", D(40), None, None)]
    assert settled.status == Dispute.Status.SETTLED
    assert shares(track) == [("Alice Records", D(55), None, None), ("Charlie Music", D(45), None, None)]
    assert Decision.objects.get(case=dispute.public_id).outcome == "settled"


@pytest.mark.slow
def test_who_gives_it_up_leaves_the_other_what_it_asked_for(charlie, dispute, track):
    say(dispute, charlie, "release", words="Our contract ended.")

    assert shares(track) == [("Alice Records", D(60), None, None)]
    assert Dispute.objects.get().status == Dispute.Status.SETTLED


@pytest.mark.slow
def test_a_split_settles_when_all_accept_the_same_and_not_before(alice, charlie, dispute, track, label, rival):
    half, other = {label.pk: D(50), rival.pk: D(50)}, {label.pk: D(60), rival.pk: D(40)}

    say(dispute, alice, "split", split=other)
    say(dispute, charlie, "split", split=half)
    assert Dispute.objects.get().status == Dispute.Status.ANSWERED
    say(dispute, alice, "split", split=half)

    assert Dispute.objects.get().status == Dispute.Status.SETTLED
    assert shares(track) == [("Alice Records", D(50), None, None), ("Charlie Music", D(50), None, None)]


@pytest.mark.slow
def test_each_gives_its_days_and_each_has_its_days(alice, charlie, dispute, track):
    middle = date(2006, 7, 1)

    say(dispute, alice, "period", end=middle)
    say(dispute, charlie, "period", start=middle)

    assert Dispute.objects.get().status == Dispute.Status.SETTLED
    assert shares(track) == [("Alice Records", D(60), None, middle), ("Charlie Music", D(60), middle, None)]


@pytest.mark.slow
def test_confirming_needs_a_document_and_the_other_side_sees_only_that_there_is_one(
    alice, charlie, rita, client_of, dispute, label
):
    with pytest.raises(services.ProofNeeded):
        say(dispute, alice, "confirm")
    paper = services.add_evidence(
        holder=label, name="secret.txt", content=b"Contract", kind="contract", by=alice, now=timezone.now()
    )
    say(dispute, alice, "confirm", documents=(paper,), words="Signed in 2004.")

    seen = client_of(charlie).get(at("dispute", dispute)).content.decode()
    staff = client_of(rita).get(at("review_dispute", dispute)).content.decode()

    assert "It is ours, here is the proof" in seen
    assert "Signed in 2004." in seen
    assert "secret.txt" not in seen
    assert "secret.txt" in staff
    paper_page = reverse("claims:evidence", kwargs={"document_id": paper.public_id})
    assert [client_of(who).get(paper_page).status_code for who in (rita, alice, charlie)] == [200, 200, 404]


@pytest.mark.slow
def test_two_recordings_under_one_track_call_a_person_and_settle_nothing(alice, dispute, track):
    before = shares(track)

    say(dispute, alice, "version", words="Theirs is the remix.")

    found = Dispute.objects.get()
    assert (found.status, found.escalated_at is not None, shares(track)) == ("answered", True, before)


@pytest.mark.slow
@pytest.mark.parametrize(
    "said",
    [
        {"kind": "reduce"},
        {"kind": "reduce", "percent": D(60)},
        {"kind": "reduce", "percent": D(-1)},
        {"kind": "period"},
        {"kind": "period", "start": date(2007, 1, 1), "end": date(2006, 1, 1)},
        {"kind": "split", "split": {}},
        {"kind": "nonsense"},
    ],
)
def test_an_answer_that_fits_nothing_is_refused_and_keeps_nothing(alice, dispute, said):
    with pytest.raises(services.BadAnswer):
        services.answer_dispute(dispute=dispute, said=Said(**said), by=alice, now=timezone.now())

    assert not DisputeAnswer.objects.exists()


@pytest.mark.slow
def test_nobody_shows_the_papers_of_another(alice, charlie, dispute, rival):
    paper = services.add_evidence(
        holder=rival, name="a.txt", content=b"Contract", kind="contract", by=charlie, now=timezone.now()
    )

    with pytest.raises(services.BadAnswer):
        say(dispute, alice, "confirm", documents=(paper,))


@pytest.mark.slow
def test_parties_see_their_money_and_no_one_elses(alice, bob, charlie, stranger, client_of, rita, label, rival):
    track = factories.a_track("Kosmos")
    factories.a_sale(track, units=100)
    third = factories.a_holder("Third Party", owner=stranger)
    factories.a_share(track, third, 10)
    for person, holder in ((alice, label), (charlie, rival)):
        factories.an_awarded_claim(person, holder, track, reviewer=rita, percents=MASTER)
    dispute = Dispute.objects.get()
    parties = set(dispute.parties.values_list("holder__name", flat=True))
    dispute.parties.filter(holder=third).update(holder=factories.a_holder())

    own = dict(selectors.dispute_amounts(dispute, is_party=True))

    assert parties == {"Alice Records", "Charlie Music", "Third Party"}
    assert own["payable"].total.amount == D("0.675")
    for person in (alice, bob, charlie):
        assert client_of(person).get(at("dispute", dispute)).status_code == 200
    assert client_of(factories.a_colleague("zoe", role="")).get(at("dispute", dispute)).status_code == 404


@pytest.mark.slow
def test_the_page_of_many_parties_takes_as_many_statements_as_that_of_two(charlie, rita, client_of, dispute):
    pages = {charlie: at("dispute", dispute), rita: at("review_dispute", dispute)}
    counts = {}
    for person, page in pages.items():
        client_of(person).get(page)
        with CaptureQueriesContext(connection) as seen:
            client_of(person).get(page)
        counts[person] = len(seen)
    for _ in range(10):
        holder = factories.a_holder()
        dispute.parties.create(holder=holder, percent=D(1), share=factories.a_share(factories.a_track(), holder))

    for person, page in pages.items():
        with CaptureQueriesContext(connection) as seen:
            assert client_of(person).get(page).status_code == 200
        assert len(seen) == counts[person]


# One dispute per slice ------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_who_comes_later_joins_the_open_dispute(alice, charlie, stranger, rita, track, dispute):
    third = factories.a_holder("Third", owner=stranger)

    claim = factories.an_awarded_claim(stranger, third, track, reviewer=rita, percents=MASTER)

    assert list(selectors.disputes_of(claim)) == [dispute]
    assert dispute.parties.count() == 3
    assert CaseClock.objects.filter(case=dispute.public_id).count() == 1


@pytest.mark.slow
def test_who_comes_later_for_one_country_parts_the_dispute_there(
    alice, charlie, stranger, rita, client_of, track, dispute
):
    proof = services.add_evidence(
        holder=dispute.parties.get(holder__name="Alice Records").holder,
        name="contract.txt",
        content=b"The master is ours.",
        kind="contract",
        by=alice,
        now=timezone.now(),
    )
    say(dispute, alice, "confirm", words="By contract.", documents=(proof,))
    say(dispute, alice, "reduce", percent=D(55))
    services.order_hold(dispute=dispute, by=rita, now=timezone.now(), reason="Same day.")
    third = factories.a_holder("Third", owner=stranger)

    claim = factories.an_awarded_claim(
        stranger, third, track, reviewer=rita, percents=MASTER, territories=territories.resolve(["RU"])
    )

    dispute.refresh_from_db()
    (there,) = selectors.disputes_of(claim)
    assert territories.codes_of(there.territories.bits) == ["RU"]
    assert (there.parties.count(), dispute.parties.count()) == (3, 2)
    assert not there.territories.bits & dispute.territories.bits
    assert there.hold_ordered_by == rita
    assert there.parties.get(holder__name="Alice Records").asks == D(55)
    assert [answer.kind for answer in there.answers.order_by("pk")] == ["confirm", "reduce"]
    assert list(there.answers.get(kind="confirm").documents.all()) == [proof]
    assert "By contract." in client_of(stranger).get(at("dispute", there)).content.decode()
    assert QueueItem.objects.filter(kind="dispute").count() == 2
    clocks = [CaseClock.objects.get(case=each.public_id, ended_at=None) for each in (there, dispute)]
    assert clocks[0].due_at == clocks[1].due_at == there.deadline_at == dispute.deadline_at
    services.sweep_clocks(now=there.deadline_at)
    there.refresh_from_db()
    assert there.escalated_at is not None


@pytest.mark.slow
def test_all_claimants_are_told_at_once_and_each_person_once(alice, charlie, dispute):
    told = CaseMail.objects.filter(topic="dispute_opened").values_list("user__email", flat=True)

    assert sorted(told) == ["alice@example.org", "charlie@example.org"]


# The panel ------------------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_one_verdict_moves_nothing_and_the_same_person_cannot_give_the_second(rita, dispute, track, label, rival):
    before, half = shares(track), {label.pk: D(50), rival.pk: D(50)}
    give = {"dispute": dispute, "by": rita, "now": timezone.now(), "reason": "By contract."}

    services.decide_dispute(percents=half, **give)
    with pytest.raises(services.NeedsAnother):
        services.decide_dispute(percents=half, **give)

    assert (shares(track), Dispute.objects.get().status) == (before, "opened")
    assert QueueItem.objects.get(kind="dispute").user_ids.count(rita.pk) == 1


@pytest.mark.slow
def test_two_who_differ_decide_nothing_until_two_agree(rita, dispute, track, label, rival):
    half, all_hers = {label.pk: D(50), rival.pk: D(50)}, {label.pk: D(100), rival.pk: D(0)}
    ron, third = factories.a_colleague("ron"), factories.a_colleague("rosa")
    give = {"dispute": dispute, "now": timezone.now(), "reason": "By contract."}

    services.decide_dispute(percents=half, by=rita, **give)
    services.decide_dispute(percents=all_hers, by=ron, **give)
    assert Dispute.objects.get().status == "opened"
    services.decide_dispute(percents=all_hers, by=third, **give)

    decision = Decision.objects.get(case=dispute.public_id)
    assert (decision.proposed_by, decision.by, decision.outcome) == (ron, third, "decided")
    assert shares(track) == [("Alice Records", D(100), None, None)]
    with pytest.raises(services.CaseClosed):
        services.decide_dispute(percents=all_hers, by=rita, **give)


@pytest.mark.slow
def test_a_verdict_needs_words_and_a_judge_without_a_side(alice, rita, dispute, label, rival):
    half = {label.pk: D(50), rival.pk: D(50)}
    alice.role = "reviewer"
    alice.save()

    for by, reason, refusal in ((rita, " ", services.WordsNeeded), (alice, "x", services.DecidesOwnCase)):
        with pytest.raises(refusal):
            services.decide_dispute(dispute=dispute, percents=half, by=by, now=timezone.now(), reason=reason)

    assert not DisputeVerdict.objects.exists()


@pytest.mark.slow
def test_an_appeal_goes_to_a_third_and_opens_the_dispute_anew_for_two_others(
    alice, charlie, rita, client_of, dispute, track, label, rival
):
    ron, rosa, roy = (factories.a_colleague(name) for name in ("ron", "rosa", "roy"))
    won = {label.pk: D(100), rival.pk: D(0)}
    decided = factories.a_decided_dispute(dispute, won, rita, ron)
    client_of(charlie).post(
        reverse("claims:file_appeal", kwargs={"case_id": decided.public_id}), {"text": "The paper is forged."}
    )
    appeal = decided.appeals.get()
    assert appeal.holder == rival
    for first in (rita, ron):
        with pytest.raises(services.DecidedBefore):
            services.decide_appeal(appeal=appeal, is_reversed=True, reason="x", by=first, now=timezone.now())

    with CaptureQueriesContext(connection) as seen:
        appeal = services.decide_appeal(
            appeal=appeal, is_reversed=True, reason="A new paper.", by=rosa, now=timezone.now()
        )
    locks = [query["sql"] for query in seen if 'FROM "catalog_track"' in query["sql"] and "FOR NO KEY" in query["sql"]]
    assert locks  # no decision opens another beside it meanwhile

    anew = appeal.reopened_dispute
    assert (anew.status, anew.parties.count(), shares(track)) == ("opened", 2, [("Alice Records", D(100), None, None)])
    with pytest.raises(services.DecidedBefore):
        services.decide_dispute(dispute=anew, percents=won, by=rita, now=timezone.now(), reason="x")
    factories.a_decided_dispute(anew, {label.pk: D(0), rival.pk: D(100)}, rosa, roy)
    assert shares(track) == [("Charlie Music", D(100), None, None)]


@pytest.mark.slow
def test_an_agent_follows_the_appeal_it_filed_and_the_other_side_does_not(
    alice, charlie, stranger, rita, client_of, track, label, rival
):
    third = factories.a_colleague()
    paper = factories.an_authority(rival, factories.a_holder("Agency", owner=stranger))
    factories.an_awarded_claim(alice, label, track, reviewer=rita, percents=MASTER)
    acting = {"percents": MASTER, "standing": "agent", "authority": paper}
    factories.an_awarded_claim(stranger, rival, track, reviewer=rita, **acting)
    decided = factories.a_decided_dispute(Dispute.objects.get(), {label.pk: D(100), rival.pk: D(0)}, rita)
    appeal_page = reverse("claims:file_appeal", kwargs={"case_id": decided.public_id})

    answer = client_of(stranger).post(appeal_page, {"text": "The paper is forged."}, follow=True)

    assert answer.status_code == 200
    page = answer.redirect_chain[-1][0]
    assert [client_of(who).get(page).status_code for who in (stranger, charlie, rita, alice)] == [200, 200, 200, 404]

    services.decide_appeal(
        appeal=Appeal.objects.get(), is_reversed=False, reason="Both papers were read.", by=third, now=timezone.now()
    )
    told = CaseMail.objects.filter(topic=CaseMail.Topic.APPEAL_UPHELD)
    assert {mail.user for mail in told} == {stranger, charlie}


@pytest.mark.slow
def test_an_appeal_does_not_go_on_in_a_dispute_about_other_days(charlie, rita, dispute, label, rival):
    decided = factories.a_decided_dispute(dispute, {label.pk: D(100), rival.pk: D(0)}, rita)
    Dispute.objects.filter(pk=decided.pk).update(end=date(2006, 1, 1))
    decided.refresh_from_db()
    about = {"track": decided.track, "right": decided.right, "territories": decided.territories}
    later = Dispute.objects.create(**about, start=date(2006, 1, 1), opened_at=timezone.now())
    appeal = services.file_appeal(case=decided, words="The paper is forged.", by=charlie, now=timezone.now())

    third = factories.a_colleague("rosa")
    appeal = services.decide_appeal(appeal=appeal, is_reversed=True, reason="So it is.", by=third, now=timezone.now())

    anew = appeal.reopened_dispute
    assert (anew.reopens, anew.end, anew.parties.count()) == (decided, date(2006, 1, 1), 2)
    later.refresh_from_db()
    assert later.reopens is None


# Clocks ---------------------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_silence_calls_persons_once_and_moves_nothing(dispute, track):
    before, late = shares(track), timezone.now() + timedelta(days=31)

    for _ in range(2):
        services.sweep_clocks(now=late)

    found = Dispute.objects.get()
    assert (found.escalated_at, shares(track)) == (late, before)
    assert found.deadline_at == late + timedelta(days=30)  # the reviewers' own time runs now
    assert selectors.open_disputes_public().late == 1
    services.sweep_clocks(now=late + timedelta(days=400))
    assert (Dispute.objects.get().status, shares(track)) == ("opened", before)


@pytest.mark.slow
def test_the_page_says_what_a_deadline_goes_by(charlie, client_of, dispute):
    page = client_of(charlie).get(at("dispute", dispute)).content.decode()

    assert "Answers of the parties of a dispute" in page
    assert "our own rule: Assumption of the portal" in page


@pytest.mark.slow
def test_the_weekly_letter_is_written_once_a_week_and_after_an_outage(alice, charlie, dispute):
    monday = timezone.now() + timedelta(days=7 - timezone.now().weekday())

    told = [services.write_digest(now=monday + timedelta(days=days)) for days in (0, 1, 6, 30)]

    assert told == [2, 0, 0, 2]
    mails = CaseMail.objects.filter(topic="dispute_digest")
    assert sorted(mails.values_list("user__email", "case_count")) == [
        ("alice@example.org", 1),
        ("alice@example.org", 1),
        ("charlie@example.org", 1),
        ("charlie@example.org", 1),
    ]


@pytest.mark.slow
def test_the_weekly_letter_takes_as_many_statements_for_many_parties_as_for_two(alice, charlie, dispute):
    def statements(days):
        with CaptureQueriesContext(connection) as seen:
            services.write_digest(now=timezone.now() + timedelta(days=days))
        return len(seen)

    few = statements(7)
    for _ in range(5):
        holder = factories.a_holder(owner=alice)
        dispute.parties.create(holder=holder, percent=D(1), share=factories.a_share(factories.a_track(), holder))
    assert statements(14) == few


def test_no_letter_when_nothing_is_open(alice):
    assert services.write_digest(now=timezone.now()) == 0


@pytest.mark.slow
def test_the_public_figures_say_how_many_are_open(client_of, stranger, dispute):
    page = client_of(stranger).get(reverse("openness")).content.decode()

    assert "1 dispute about shares is open" in page
