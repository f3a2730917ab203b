"""Who is told by mail about a case: once, in their language, of their own case and nothing else."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.core import mail
from django.utils import timezone

from catalog.models import HolderMember
from claims import services
from claims.models import CaseMail, Dispute
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def label(alice, bob):
    return factories.a_holder("Alice Records", owner=alice, reader=bob)


@pytest.fixture
def incumbent(charlie):
    return factories.a_holder("Charlie Music", owner=charlie)


def told():
    """Every mail sent so far: (address, subject)."""
    return [(*message.to, message.subject) for message in mail.outbox]


@pytest.mark.slow
def test_the_holder_is_told_when_more_is_asked_for_and_when_it_is_decided(alice, rita, label):
    claim = factories.a_reviewed_claim(alice, label, reviewer=rita)
    assert not mail.outbox

    services.request_evidence(claim=claim, question="Which contract?", by=rita, now=timezone.now())
    services.answer_claim(claim=claim, answer="This one.", by=alice, now=timezone.now())
    services.approve_claim(claim=claim, by=rita, now=timezone.now())

    number = claim.public_id
    assert told() == [
        ("alice@example.org", f"Claim {number}: we need something from you"),
        ("alice@example.org", f"Claim {number}: approved"),
    ]
    assert f"/claims/{number}/" in mail.outbox[0].body
    assert "Which contract?" not in mail.outbox[0].body


def test_a_rejection_and_an_identity_are_told_too(alice, rita):
    new = factories.a_holder("Alice Records", owner=alice, status="registered")
    claim = factories.a_reviewed_claim(alice, new, reviewer=rita)

    new.refresh_from_db()
    services.review_holder(
        holder=new,
        outcome="refused",
        reason_code="identity_missing",
        reason="No document.",
        by=rita,
        now=timezone.now(),
    )
    services.reject_claim(claim=claim, reason="identity_unclear", by=rita, now=timezone.now())

    assert [subject for _, subject in told()] == [
        f"Holder {new.public_id}: not verified",
        f"Claim {claim.public_id}: not accepted",
    ]


def test_each_is_told_in_the_language_of_the_profile(alice, rita, label):
    alice.language = "ru"
    alice.save()

    claim = factories.an_awarded_claim(alice, label, reviewer=rita)

    (message,) = mail.outbox
    assert message.subject != f"Claim {claim.public_id}: approved"
    assert claim.public_id in message.subject
    assert any("а" <= letter <= "я" for letter in message.subject)
    assert "Alice Records" in message.body


@pytest.mark.slow
def test_opt_outs_are_told(alice, rita, label):
    store, track = factories.a_store(), factories.a_track()
    asked = factories.an_opt_out(alice, label, track)
    services.request_opt_out_evidence(opt_out=asked, reason="Which?", by=rita, now=timezone.now())
    asked.refresh_from_db()
    services.answer_opt_out(opt_out=asked, answer="This.", by=alice, now=timezone.now())
    services.grant_opt_out(opt_out=asked, by=rita, now=timezone.now())
    refused = factories.an_opt_out(alice, label, factories.a_track())
    services.refuse_opt_out(opt_out=refused, reason="No.", by=rita, now=timezone.now())

    assert store.notices.count() == 1
    assert [subject.partition(": ")[2] for _, subject in told()] == [
        "we need something from you",
        "granted",
        "not granted",
    ]


def test_the_parties_of_a_dispute_learn_of_it_and_nothing_of_each_other(alice, charlie, rita, label, incumbent):
    track = factories.a_track()
    factories.a_share(track, incumbent, 80)

    claim = factories.an_awarded_claim(alice, label, track, reviewer=rita)
    services.order_hold(dispute=Dispute.objects.get(), reason="Forged.", by=rita, now=timezone.now())
    dispute = Dispute.objects.get()
    percents = {label.pk: D(20), incumbent.pk: D(80)}
    factories.a_decided_dispute(dispute, percents, rita)

    number = dispute.public_id
    assert sorted(told()) == sorted(
        [
            ("alice@example.org", f"Claim {claim.public_id}: approved"),
            *((f"{who}@example.org", "A dispute was opened") for who in ("alice", "charlie")),
            *((f"{who}@example.org", f"Dispute {number}: the contested part is held") for who in ("alice", "charlie")),
            *((f"{who}@example.org", f"Dispute {number}: ended") for who in ("alice", "charlie")),
        ]
    )
    for message in mail.outbox:
        other = {"alice@example.org": "charlie", "charlie@example.org": "alice"}[message.to[0]]
        assert other not in f"{message.subject} {message.body}".lower()
        assert claim.public_id not in message.body or message.to == ["alice@example.org"]
        assert "Forged" not in message.body


def test_a_hundred_disputes_of_one_decision_are_one_mail(alice, rita, label, incumbent):
    tracks = [factories.a_track() for _ in range(5)]
    for track in tracks:
        factories.a_share(track, incumbent, 100)

    factories.an_awarded_claim(alice, label, *tracks, reviewer=rita)

    (message,) = [each for each in mail.outbox if each.to == ["charlie@example.org"]]
    assert message.subject == "5 disputes were opened"
    assert "/disputes/\n" in message.body


def test_nobody_is_told_twice_of_one_thing(alice, rita, label):
    factories.an_awarded_claim(alice, label, reviewer=rita)
    (sent,) = CaseMail.objects.all()

    services.deliver_mail(mail_id=sent.pk, now=timezone.now() + timedelta(days=1), origin="http://testserver")

    assert services.mails_due(now=timezone.now() + timedelta(days=9)) == []
    assert len(mail.outbox) == 1
    assert mail.outbox[0].extra_headers["Message-ID"].startswith(f"<{sent.message_id}@")


def test_a_mail_server_that_is_away_gets_it_later_under_the_same_id(alice, rita, label, monkeypatch):
    def away(*args, **kwargs):
        raise ConnectionRefusedError

    now = timezone.now()
    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", away)
        factories.an_awarded_claim(alice, label, reviewer=rita, now=now)
    (waiting,) = CaseMail.objects.all()
    assert (waiting.state, waiting.last_error, mail.outbox) == ("failed", "mail", [])

    later = now + timedelta(minutes=5)
    assert services.mails_due(now=later) == [waiting.pk]
    services.deliver_mail(mail_id=waiting.pk, now=later, origin="http://testserver")

    assert len(mail.outbox) == 1


def test_an_agent_is_told_while_its_authority_holds(alice, charlie, rita, label):
    agency = factories.a_holder("Agency", owner=charlie)
    paper = factories.an_authority(label, agency)
    case = factories.a_reviewed_claim(charlie, label, reviewer=rita, standing="agent", authority=paper)
    paper.end = timezone.now().date()
    paper.save()

    services.request_evidence(claim=case, question="Which?", by=rita, now=timezone.now() - timedelta(days=1))
    assert sorted(address for address, _ in told()) == ["alice@example.org", "charlie@example.org"]
    mail.outbox.clear()
    services.answer_claim(claim=case, answer="This.", by=alice, now=timezone.now())
    services.reject_claim(claim=case, reason="authority_missing", by=rita, now=timezone.now())

    assert [address for address, _ in told()] == ["alice@example.org"]


def test_people_who_left_or_cannot_log_in_are_not_told(alice, charlie, stranger, rita, label):
    for person in (charlie, stranger):
        HolderMember.objects.create(holder=label, user=person, role="editor")
    claim = factories.a_reviewed_claim(alice, label, reviewer=rita)
    HolderMember.objects.get(user=charlie).delete()
    stranger.is_active = False
    stranger.save()

    services.approve_claim(claim=claim, by=rita, now=timezone.now())

    assert [address for address, _ in told()] == ["alice@example.org"]


def test_parties_find_their_disputes(alice, charlie, stranger, rita, label, incumbent, client_of):
    track = factories.a_track()
    factories.a_share(track, incumbent, 100)
    factories.an_awarded_claim(alice, label, track, reviewer=rita)
    number = Dispute.objects.get().public_id

    for person, sees in ((alice, True), (charlie, True), (stranger, False), (rita, False)):
        page = client_of(person).get("/disputes/")
        assert page.status_code == 200
        assert (number in page.content.decode()) is sees
