"""Deadlines and messages: a clock stands still while the holder is asked, reminds once, moves nothing."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from claims import services
from claims.models import CaseClock, CaseMail, CaseMessage, Claim, Clock, ClockSet, Holiday, QueueItem
from core import vault
from core.models import Event, Note
from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def days(number):
    return NOW + timedelta(days=number)


@pytest.fixture
def label(alice, bob):
    return factories.a_holder("Alice Records", owner=alice, reader=bob)


def asked(alice, rita, label, **fields):
    claim = factories.a_reviewed_claim(alice, label, reviewer=rita, now=NOW)
    return services.request_evidence(claim=claim, question="Whose signature?", by=rita, now=days(4), **fields)


def due(claim):
    return Claim.objects.get(pk=claim.pk).deadline_at


def mails(topic):
    return CaseMail.objects.filter(topic=topic).count()


def test_the_clock_of_the_decision_stands_still_until_the_answer(alice, rita, label):
    claim = factories.a_reviewed_claim(alice, label, reviewer=rita, now=NOW)
    assert due(claim) == days(14)

    services.request_evidence(claim=claim, question="Whose signature?", by=rita, now=days(4))
    assert due(claim) == days(25)
    services.answer_claim(claim=claim, answer="Mine.", by=alice, now=days(20))

    assert due(claim) == days(30)  # ten days were left
    services.reject_claim(claim=claim, reason="proof_missing", by=rita, now=days(21))
    assert not CaseClock.objects.filter(ended_at=None).exists()


def test_a_reviewer_may_give_another_number_of_days(alice, rita, label):
    claim = asked(alice, rita, label, days=3)

    assert due(claim) == days(7)


def test_the_holder_is_reminded_once_even_after_an_outage_and_by_two_sweeps(alice, rita, label):
    asked(alice, rita, label)

    services.sweep_clocks(now=days(10))
    assert mails("claim_reminded") == 0
    for _ in range(2):
        services.sweep_clocks(now=days(20))

    assert mails("claim_reminded") == 1


def test_a_deadline_that_passed_unreminded_in_an_outage_is_not_reminded_late(alice, rita, label):
    claim = asked(alice, rita, label)
    assert QueueItem.objects.get(public_id=claim.public_id).is_waiting

    for _ in range(2):
        services.sweep_clocks(now=days(60))

    assert mails("claim_reminded") == 0
    assert Event.objects.filter(noun="claims.Claim", object_id=claim.pk, reason_code="escalated").count() == 1
    claim.refresh_from_db()
    assert claim.status == "evidence_requested"  # silence decides nothing
    assert not QueueItem.objects.get(public_id=claim.public_id).is_waiting
    assert services.take_next(by=rita, now=days(60)).public_id == claim.public_id
    services.answer_claim(claim=claim, answer="Late, but here.", by=alice, now=days(61))
    assert due(claim) == days(71)


def test_a_law_counts_business_days_without_its_holidays(alice, rita, label):
    law = ClockSet.objects.create(code="law", name="A law", basis="law", source="Article 7")
    Clock.objects.update(start=date(2999, 1, 1))
    Clock.objects.create(
        of=law, purpose="claim_decision", days=3, is_business=True, calendar="X", start=date(2020, 1, 1)
    )
    Holiday.objects.create(calendar="X", day=date(2026, 3, 4), name="Day off")

    claim = factories.a_claim(alice, label, now=NOW)  # a Monday

    assert due(claim) == datetime(2026, 3, 6, 12, tzinfo=UTC)


def test_the_source_of_a_deadline_is_shown_to_both_sides(alice, rita, client_of, label):
    claim = factories.a_claim(alice, label)

    for person, name in ((alice, "claim"), (rita, "review_claim")):
        page = client_of(person).get(reverse(f"claims:{name}", kwargs={"claim_id": claim.public_id})).content.decode()
        assert "our own rule: Assumption of the portal" in page


def test_an_opt_out_has_clocks_and_a_thread_too(alice, rita, label):
    opt_out = factories.an_opt_out(alice, label, factories.a_track(), now=NOW)

    services.request_opt_out_evidence(opt_out=opt_out, by=rita, now=days(2), reason="Which label?")
    opt_out.refresh_from_db()
    assert opt_out.deadline_at == days(16)
    services.answer_opt_out(opt_out=opt_out, answer="Mine.", by=alice, now=days(5))

    opt_out.refresh_from_db()
    assert opt_out.deadline_at == days(13)
    assert [said.text for said in services.thread_of(opt_out, alice)] == ["Which label?", "Mine."]


# The thread -----------------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_messages_are_sealed_and_gone_when_the_holder_is_erased(alice, rita, label):
    claim = asked(alice, rita, label)
    services.answer_claim(claim=claim, answer="My mother's, Riga.", by=alice, now=days(5))

    assert not Note.objects.filter(text__icontains="signature").exists()
    assert not any(b"Riga" in bytes(row.sealed) for row in CaseMessage.objects.all())
    assert [(said.text, said.who) for said in services.thread_of(claim, alice)] == [
        ("Whose signature?", "ROMS"),
        ("My mother's, Riga.", "Alice"),
    ]
    assert services.thread_of(claim, rita)[0].who == "Rita"
    vault.erase(f"holder:{label.pk}", now=days(6))
    assert [said.text for said in services.thread_of(claim, rita)] == ["", ""]


@pytest.mark.slow
def test_both_sides_write_in_one_thread_and_nobody_else_does(alice, bob, rita, charlie, client_of, label):
    claim = factories.a_reviewed_claim(alice, label, reviewer=rita)
    there = reverse("claims:write_message", kwargs={"case_id": claim.public_id})

    assert client_of(charlie).post(there, {"text": "Let me in."}).status_code == 404
    client_of(bob).post(there, {"text": "I only read."})
    client_of(alice).post(there, {"text": "When will you decide?"})
    client_of(rita).post(there, {"text": "This week.", "from": "review"})

    assert [(said.message.side, said.text) for said in services.thread_of(claim, rita)] == [
        ("holder", "When will you decide?"),
        ("roms", "This week."),
    ]
    assert list(CaseMail.objects.filter(topic="claim_message").values_list("user", flat=True)) == [alice.pk]
    page = client_of(alice).get(reverse("claims:claim", kwargs={"claim_id": claim.public_id})).content.decode()
    assert "This week." in page
    assert "Rita" not in page
    services.reject_claim(claim=claim, reason="proof_missing", by=rita, now=timezone.now())
    with pytest.raises(services.CaseClosed):
        services.write_message(case=claim, text="Again?", by=alice, now=timezone.now())
