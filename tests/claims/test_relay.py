"""Answers by mail: posted once, for the right person, without anybody's address; everything else is refused quietly."""

from datetime import timedelta
from decimal import Decimal as D
from email.message import EmailMessage

import pytest
from django.core import mail as outbox
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from claims import services
from claims.formats.inbound_mail import UnreadableMail, new_words, read_mail
from claims.models import CaseMail, CaseMessage, Dispute, EvidenceDocument, RelayedMail
from tests import factories

pytestmark = pytest.mark.django_db
RELAY = {"domain": "cases.example.org", "secret": "a secret of the tests"}


@pytest.fixture
def relay(settings):
    settings.ROMS_RELAY = RELAY
    return services.Relay(**RELAY)


@pytest.fixture
def claim(alice, bob, rita, relay):
    """Alice's claim, about which a reviewer has asked something by mail."""
    claim = factories.a_reviewed_claim(alice, factories.a_holder("Label", owner=alice, reader=bob), reviewer=rita)
    services.request_evidence(claim=claim, question="Since when?", by=rita, now=timezone.now())
    return claim


def a_mail(text, *, to, sender="Alice <alice@example.org>", number="<1@example.org>", file=None, **headers):
    message = EmailMessage()
    message["From"], message["To"], message["Message-ID"], message["Subject"] = sender, to, number, "Re: your claim"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    if file:
        message.add_attachment(file[1], maintype="application", subtype="octet-stream", filename=file[0])
    return message.as_bytes()


def take(raw, relay, now=None):
    return services.take_mail(raw=raw, relay=relay, now=now or timezone.now())


def texts(case, viewer):
    return [said.text for said in services.thread_of(case, viewer)]


def test_an_answer_by_mail_is_posted_once_without_quotations_signature_and_address(claim, alice, relay, client):
    (address,) = outbox.outbox[-1].reply_to
    assert "You can answer this mail" in outbox.outbox[-1].body
    text = (
        "Since 2004, by contract.\n\n-- \nAlice, +7 000\n\nOn Mon, ROMS <noreply@example.org> wrote:\n> Since when?\n"
    )
    raw = a_mail(text, to=address.upper(), file=("deed.pdf", b"%PDF-1.4 the deed"))
    door = {"path": reverse("claims:take_mail"), "content_type": "message/rfc822", "data": raw}

    assert client.post(**door).status_code == 404
    signed = {"Authorization": f"Bearer {RELAY['secret']}"}
    answers = [client.post(**door, headers=signed).json() for _ in range(2)]

    assert [each["case"] for each in answers] == [claim.public_id] * 2
    assert texts(claim, alice) == ["Since when?", "Since 2004, by contract."]
    assert CaseMessage.objects.latest("pk").side == "holder"
    claim.refresh_from_db()
    assert claim.status == "evidence_requested"  # words only: what is asked is answered on the page
    document = EvidenceDocument.objects.get()
    assert (document.kind, document.uses.get().claim) == ("other", claim)


def test_what_does_not_fit_is_refused_and_told_once(claim, alice, charlie, relay):
    (address,) = outbox.outbox[-1].reply_to
    number, digest = address.split("@")[0].rsplit("-", 1)
    forged = f"{number}-{'0' * len(digest)}@{RELAY['domain']}"
    cases = {
        "mail_other_sender": {"to": address, "sender": "charlie@example.org"},
        "mail_unknown_address": {"to": forged},
        "mail_empty": {"to": address, "text": "> Since when?\n"},
        "mail_too_long": {"to": address, "text": "x" * 5001},
    }
    for at, (code, said) in enumerate(cases.items()):
        found = [
            take(a_mail(**{"text": "Hello"} | said, number=f"<{at}.{time}@example.org>"), relay) for time in range(2)
        ]
        assert [(each.code, each.tells) for each in found] == [(code, True), (code, False)]
    late = timezone.now() + timedelta(days=200)
    assert take(a_mail("Hello", to=address, number="<late@x>"), relay, late).code == "mail_address_expired"
    program = a_mail("I am away", to=address, number="<away@x>", Auto_Submitted="auto-replied")
    assert take(program, relay) == services.Taken(code="mail_automatic")

    assert texts(claim, alice) == ["Since when?"]
    assert not any("example.org" in str(row) for row in RelayedMail.objects.values_list())


@pytest.mark.slow
def test_who_was_removed_from_the_holder_or_may_only_read_posts_nothing(claim, alice, bob, relay):
    (address,) = outbox.outbox[-1].reply_to
    claim.holder.members.filter(user=alice).update(role="reader")
    assert take(a_mail("Hello", to=address), relay).code == "mail_not_yours"
    claim.holder.members.filter(user=alice).delete()
    assert take(a_mail("Hello", to=address, number="<2@x>"), relay).code == "mail_not_yours"
    assert texts(claim, bob) == ["Since when?"]


@pytest.mark.slow
def test_a_closed_case_takes_no_mail(claim, alice, relay):
    (address,) = outbox.outbox[-1].reply_to
    services.retract_claim(claim=claim, by=alice, now=timezone.now())

    assert take(a_mail("Hello", to=address), relay) == services.Taken(code="case_closed", tells=True)


@pytest.mark.slow
def test_parties_of_a_dispute_answer_each_other_by_mail_and_read_no_address(alice, charlie, rita, relay, client_of):
    track = factories.a_track()
    for person in (alice, charlie):
        holder = factories.a_holder(owner=person)
        factories.an_awarded_claim(person, holder, track, reviewer=rita, percents={"owns_master": D(60)})
    dispute = Dispute.objects.get()
    sent = next(mail for mail in outbox.outbox if mail.to == ["alice@example.org"] and dispute.public_id in mail.body)
    (address,) = sent.reply_to

    taken = take(a_mail("Call me, or write to alice@example.org.", to=address), relay)

    assert taken.case == dispute.public_id
    page = client_of(charlie).get(reverse("claims:dispute", kwargs={"dispute_id": dispute.public_id})).content.decode()
    assert "Call me, or write to …@…" in page
    assert "alice@example.org" not in page
    dispute.refresh_from_db()
    assert dispute.parties.get(holder__members__user=alice).answer == ""


@pytest.mark.slow
def test_a_mail_about_a_person_or_without_a_relay_takes_no_answer(claim, alice, rita, settings):
    settings.ROMS_RELAY = {"domain": "", "secret": ""}
    services.retract_claim(claim=claim, by=alice, now=timezone.now())
    other = factories.a_reviewed_claim(alice, claim.holder, reviewer=rita)
    services.request_evidence(claim=other, question="?", by=rita, now=timezone.now())
    assert outbox.outbox[-1].reply_to == []

    mail = CaseMail(case=claim.holder.public_id, message_id="MSG-00000000000")
    assert services.reply_address(mail, services.Relay(**RELAY)) == ""


@pytest.mark.slow
def test_a_mail_server_pipes_mails_into_a_command(claim, alice, relay, tmp_path, capsys):
    (address,) = outbox.outbox[-1].reply_to
    file = tmp_path / "mail"
    file.write_bytes(a_mail("Since 2004.", to=address))

    call_command("take_mail", str(file))
    assert capsys.readouterr().out.strip() == claim.public_id
    file.write_bytes(a_mail("Hello", to=f"nobody@{RELAY['domain']}", number="<9@x>"))
    with pytest.raises(SystemExit) as end:
        call_command("take_mail", str(file))

    assert end.value.code == 67


QUOTED = [
    ("Yes.\n\nOn Mon, 2 Nov 2026 at 10:00, ROMS <a@b.example> wrote:\n> Since when?\n", "Yes."),
    ("Yes.\n\nOn Mon, 2 Nov 2026 at 10:00, ROMS\n<a@b.example> wrote:\n> Since when?\n", "Yes."),
    ("Да.\n\nпн, 2 нояб. 2026 г. в 10:00, ROMS <a@b.example>:\n> Когда?\n", "Да."),
    ("Да.\n\n2 ноября 2026 г. ROMS <a@b.example> пишет:\n> Когда?\n", "Да."),
    ("Yes.\n\n-----Original Message-----\nFrom: x\n", "Yes."),
    ("Ja.\n\nVon: ROMS\nGesendet: Montag\nAn: Alice\nBetreff: CLM\n\nText", "Ja."),
    ("> Since when?\nSince 2004.\n> Which?\nBoth.\n", "Since 2004.\nBoth."),
    ("He wrote:\nthe song is mine.\n", "He wrote:\nthe song is mine."),
    ("From: the first sale on.\n", "From: the first sale on."),
]


@pytest.mark.parametrize(("text", "kept"), QUOTED)
def test_what_is_new_stays_and_what_was_said_before_goes(text, kept):
    assert new_words(text) == kept


@pytest.mark.parametrize("raw", [b"", b"\x00\xff", b"From: a@b.example\n\nno address", b"To: a@b.example\n\nno sender"])
def test_what_is_no_mail_is_said_so(raw):
    with pytest.raises(UnreadableMail):
        read_mail(raw)


def test_a_page_becomes_its_words():
    message = EmailMessage()
    message["From"], message["To"] = "a@b.example", "c@d.example"
    message.set_content(
        "<html><head><style>p{}</style></head><body><p>Since <b>2004</b>.</p><script>x</script>"
        "<div class='gmail_quote'>On Mon wrote:<blockquote>Since when?</blockquote></div></body></html>",
        subtype="html",
    )

    assert read_mail(message.as_bytes()).text == "Since 2004."
