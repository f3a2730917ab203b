"""The relay behind a mail server: mails leave by SMTP, answers come in by SMTP and are handed to the portal's door."""

import smtplib
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes, policy
from queue import Queue

import pytest
from django.core import mail as django_mail
from django.urls import reverse
from django.utils import timezone

from claims import services
from claims.formats.inbound_mail import SIZE_MAX
from claims.models import CaseMessage, EvidenceDocument
from tests import factories
from tests.claims.test_relay import RELAY, a_mail, texts
from tests.smtp import mail_server

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def post(settings, tmp_path, client):
    """Send a mail as a mail program does; the server hands it in at the portal's door and answers by what that says.

    The door is opened in the test's own thread, as the test's data is seen by no other.
    """
    settings.MEDIA_ROOT, settings.ROMS_RELAY = tmp_path, RELAY
    handed, said = Queue(), Queue()

    def answer(mail):
        handed.put(mail)
        return said.get(timeout=60)

    def send(port, raw, sender, to):
        with smtplib.SMTP("127.0.0.1", port, timeout=60) as program:
            try:
                program.sendmail(sender, [to], raw)
            except smtplib.SMTPResponseException as refusal:
                return refusal.smtp_code, refusal.smtp_error.decode()
            except smtplib.SMTPSenderRefused as refusal:
                return refusal.smtp_code, refusal.smtp_error.decode()
        return 250, ""

    with mail_server(answer) as port, ThreadPoolExecutor(1) as programs:

        def deliver(raw, *, to, sender="alice@example.org"):
            running = programs.submit(send, port, raw, sender, to)
            mail = handed.get(timeout=60)
            signed = {"Authorization": f"Bearer {RELAY['secret']}"}
            door = reverse("claims:take_mail")
            taken = client.post(door, mail.raw, content_type="message/rfc822", headers=signed)
            line = taken.json()["text"].replace("\n", " ")
            said.put("250 ok" if taken.status_code == 200 else f"550 {line}")
            return running.result(timeout=60)

        yield deliver


@pytest.fixture
def claim(alice, rita, post):
    claim = factories.a_reviewed_claim(alice, factories.a_holder("Label", owner=alice), reviewer=rita)
    services.request_evidence(claim=claim, question="Since when?", by=rita, now=timezone.now())
    return claim


@pytest.fixture
def address(claim):
    return django_mail.outbox[-1].reply_to[0]


def test_a_question_leaves_by_smtp_and_its_answer_comes_back_into_the_case(settings, alice, rita, post, claim):
    left = []
    claim_of = factories.a_reviewed_claim(alice, claim.holder, factories.a_track(), reviewer=rita)
    with mail_server(lambda mail: (left.append(mail), "250 ok")[1]) as port:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        services.request_evidence(claim=claim_of, question="С какого года?", by=rita, now=timezone.now())
    (asked,) = left
    letter = message_from_bytes(asked.raw, policy=policy.default)

    answer = a_mail("С 2004 года.\n\nOn Mon, ROMS wrote:\n> С какого года?\n", to=letter["Reply-To"])
    answered = post(answer, to=str(letter["Reply-To"]))

    assert asked.recipients == ("alice@example.org",)
    assert "rita" not in asked.raw.decode("utf-8", "replace").lower()
    assert answered == (250, "")
    assert texts(claim_of, alice)[-1] == "С 2004 года."


def cp1251(address):
    words = "С 2004 года, по договору.".encode("cp1251")
    head = (
        f"From: =?windows-1251?B?wOvo8eA=?= <alice@example.org>\r\nTo: {address}\r\nMessage-ID: <cp@x>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=windows-1251\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    )
    return head.encode() + words + b"\r\n\r\n> Since when?\r\n"


def html(address):
    return (
        f"From: alice@example.org\r\nTo: {address}\r\nMessage-ID: <html@x>\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/html; charset=utf-8\r\n\r\n<html><head><style>p{{}}</style></head><body><p>Since 2004,"
        " by contract.</p><blockquote type='cite'>Since when?</blockquote><script>alert(1)</script></body></html>\r\n"
    ).encode()


def dotted(address):
    """A line that is nothing but a dot, and one that begins with one, pass the wire as they are."""
    return a_mail("Since 2004.\n.\n.. by contract", to=address, number="<dots@x>")


@pytest.mark.parametrize(
    ("mail", "words"),
    [
        (cp1251, "С 2004 года, по договору."),
        (html, "Since 2004, by contract."),
        (dotted, "Since 2004.\n.\n.. by contract"),
    ],
)
def test_what_real_programs_write_is_posted_in_its_own_words(alice, post, claim, address, mail, words):
    assert post(mail(address), to=address) == (250, "")

    assert texts(claim, alice)[-1] == words


def test_attachments_are_kept_and_what_cannot_be_is_named(alice, post, claim, address):
    deed = a_mail("The deed.", to=address, number="<deed@x>", file=("Договор.pdf", b"%PDF-1.4 the deed"))
    virus = a_mail("And this.", to=address, number="<exe@x>", file=("deed.exe", b"MZ\x90\x00"))

    assert [post(raw, to=address)[0] for raw in (deed, virus)] == [250, 250]

    assert EvidenceDocument.objects.count() == 1
    assert "deed.exe" in texts(claim, alice)[-1]


def test_programs_that_write_by_themselves_are_never_answered_so_nothing_goes_round(alice, post, claim, address):
    away = {"Auto_Submitted": "auto-replied"}
    mails = [a_mail("I am away.", to=address, number=f"<away{at}@x>", **away) for at in range(3)]
    bounce = a_mail("Undelivered.", to=address, sender="MAILER-DAEMON@x.org", number="<b@x>", Return_Path="<>", **away)
    written = len(django_mail.outbox)

    assert {post(raw, to=address) for raw in mails} | {post(bounce, to=address, sender="")} == {(250, "")}

    assert CaseMessage.objects.count() == 1
    assert len(django_mail.outbox) == written


def test_a_forged_sender_and_what_is_too_large_are_refused_in_the_conversation(alice, charlie, post, claim, address):
    forged = a_mail("Pay me.", to=address, sender="charlie@example.org", number="<forged@x>")
    too_large = a_mail("x", to=address, number="<large@x>", file=("a.pdf", b"%PDF-" + bytes(SIZE_MAX)))

    first, again, large = (
        post(forged, to=address, sender="alice@example.org"),
        post(forged.replace(b"<forged@x>", b"<forged2@x>"), to=address, sender="alice@example.org"),
        post(too_large, to=address),
    )

    assert first[0] == 550
    assert again == (250, "")  # told once
    assert large[0] in (550, 552)
    assert texts(claim, alice) == ["Since when?"]
