"""Answering a case by mail through an address of the case, so that nobody sees anybody's own address.

Each mail about a case has a `Reply-To` of its own: the number of that very mail and a keyed digest, at the relay's
domain. It is good for one case and one person, for some months, and only from that person's address. What comes is
posted as words in the case, and can do nothing else. The mail server in front hands mails in and does the refusing; a
sender who cannot be served is told once, and a program that wrote by itself never.
"""

import hmac
import re
from contextlib import suppress
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.utils import translation

from claims import selectors
from claims.formats.inbound_mail import Inbound, UnreadableMail, read_mail, without_addresses
from claims.models import CaseMail, DisputeParty, EvidenceDocument, RelayedMail
from claims.reasons import words
from claims.services.dispute import Said, answer_dispute
from claims.services.errors import Refused
from claims.services.evidence import EvidenceRefused, MayNotWrite, add_evidence
from claims.services.message import write_message
from claims.services.relay_address import RELAYED, Relay, signature
from core.ids import BadPublicId, normalise_public_id

DAYS = 120
WORDS_MAX = 5000
_LOCAL = re.compile(r"^(msg-[0-9a-z]{11})-([0-9a-f]{12})$")


class Taken(NamedTuple):
    """What became of a mail: the case, or a code why not; `tells` when the sender is to be told so, at most once."""

    case: str = ""
    code: str = ""
    tells: bool = False


class _NotTaken(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def take_mail(*, raw: bytes, relay: Relay, now: datetime) -> Taken:
    """This will post a mail into the case it answers, once however often it is handed in, or say why not."""
    try:
        read = read_mail(raw)
    except UnreadableMail as error:
        return Taken(code=error.code, tells=True)
    digest = sha256(read.message_id.encode() if read.message_id else raw).hexdigest()
    known = RelayedMail.objects.filter(digest=digest).first()
    if known is not None:
        return Taken(known.case, known.code)
    sender = hmac.new(relay.secret.encode(), read.sender.encode(), sha256).hexdigest()
    row = RelayedMail(digest=digest, sender_digest=sender, at=now)
    try:
        with transaction.atomic():
            row.answers = mail = _answered(read, relay, now)
            row.case = mail.case
            _post(mail, read, now)
            row.save()
    except _NotTaken as refusal:
        row.code = refusal.code
    except Refused as refusal:
        row.code = refusal.code
    except (MayNotWrite, EvidenceRefused):
        row.code = "mail_not_yours"
    except IntegrityError:  # handed in twice at once: the other one is posting it
        return Taken(row.case)
    return Taken(row.case) if not row.code else _refused(row, read, now)


def _refused(row: RelayedMail, read: Inbound, now: datetime) -> Taken:
    """Keep that it was not posted; the sender is told of one reason once, and a program never."""
    row.answers, row.case = None, ""
    if not read.is_automatic:
        row.is_told = True
        with suppress(IntegrityError), transaction.atomic():
            row.save()
            return Taken(code=row.code, tells=True)
    row.pk, row.is_told = None, False
    with suppress(IntegrityError), transaction.atomic():
        row.save()
    return Taken(code=row.code)


def _answered(read: Inbound, relay: Relay, now: datetime) -> CaseMail:
    """Find the mail that is answered; the signature, the sender and the time are checked."""
    for address in read.recipients:
        local, _, domain = address.partition("@")
        found = _LOCAL.match(local)
        if found is None or domain != relay.domain.lower():
            continue
        with suppress(BadPublicId):
            number = normalise_public_id(found[1], "MSG")
            if hmac.compare_digest(found[2], signature(number, relay)):
                return _still_good(number, read, now)
    raise _NotTaken("mail_unknown_address")


def _still_good(number: str, read: Inbound, now: datetime) -> CaseMail:
    mail = CaseMail.objects.select_related("user", "holder", "event").filter(message_id=number).first()
    if mail is None or mail.case[:3] not in RELAYED:
        raise _NotTaken("mail_unknown_address")
    if now - mail.event.at > timedelta(days=DAYS):
        raise _NotTaken("mail_address_expired")
    if read.sender != mail.user.email.lower() or not mail.user.is_active:
        raise _NotTaken("mail_other_sender")
    if read.is_automatic:
        raise _NotTaken("mail_automatic")
    return mail


def _post(mail: CaseMail, read: Inbound, now: datetime) -> None:
    """Post the words for the person the mail was for; attachments go to the holder's documents, unchecked."""
    said = read.text.strip()
    if len(said) > WORDS_MAX:
        raise _NotTaken("mail_too_long")
    if not said:
        raise _NotTaken("mail_empty")
    if mail.case.startswith("DIS"):
        _say(mail, read, said, now)
    else:
        _write(mail, read, said, now)


def _say(mail: CaseMail, read: Inbound, text: str, now: datetime) -> None:
    """As a party's word in a dispute, which the other parties read: without anybody's address."""
    dispute = selectors.disputes_for(mail.user, mine=True).filter(public_id=mail.case).first()
    if dispute is None:
        raise _NotTaken("mail_not_yours")
    documents, notes = _documents(mail, read, now)
    text = "\n\n".join([without_addresses(text), *notes])
    said = Said(kind=DisputeParty.Answer.SAY, words=text, documents=tuple(documents))
    answer_dispute(dispute=dispute, said=said, by=mail.user, holder=mail.holder, now=now)


def _write(mail: CaseMail, read: Inbound, text: str, now: datetime) -> None:
    """As a message to ROMS in the thread of a claim or an opt-out."""
    is_claim = mail.case.startswith("CLM")
    cases: Any = selectors.claims_for if is_claim else selectors.opt_outs_for
    case = cases(mail.user, mine=True).filter(public_id=mail.case).first()
    if case is None:
        raise _NotTaken("mail_not_yours")
    _, notes = _documents(mail, read, now, **{"claim" if is_claim else "opt_out": case})
    write_message(case=case, text="\n\n".join([text, *notes]), by=mail.user, now=now)


def _documents(mail: CaseMail, read: Inbound, now: datetime, **case: Any) -> tuple[list[EvidenceDocument], list[str]]:
    """Keep what came along among the holder's documents, unchecked; what cannot be kept is said below the words."""
    kept: list[EvidenceDocument] = []
    notes: list[str] = []
    for each in read.attachments:
        try:
            kept.append(
                add_evidence(
                    holder=mail.holder,
                    name=each.name,
                    content=each.content,
                    kind="other",
                    by=mail.user,
                    now=now,
                    **case,
                )
            )
        except EvidenceRefused as refusal:
            with translation.override(mail.user.language):
                notes.append(f"[{each.name}: {words(refusal.code)}]")
    return kept, notes
