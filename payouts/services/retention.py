"""What is kept for a time only. How long, since when and by which law are rows of the house (`keep_...`), no code."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.models import OutboxMessage, User
from catalog.models import HolderInvitation, HolderMember
from claims import selectors as claims
from claims import services as cases
from core.workflow import move
from payouts.models import BankLine, Remittance
from payouts.services.erasure import forget_account

ROWS_AT_ONCE: Final = 1000
"""So many rows of a kind go in one run; the next run takes the rest."""


def forget_old(*, now: datetime) -> dict[str, int]:
    """This will forget what was kept long enough, and say how many rows of each kind. A period of 0 days keeps."""
    rules, gone = claims.rules_on(now.date()), {}
    for code, forget in FORGET.items():
        if days := rules.count(code):
            with transaction.atomic():
                gone[code] = forget(now - timedelta(days=days), now)
    return gone


def _mails(before: datetime, now: datetime) -> int:
    old = OutboxMessage.objects.filter(created_at__lt=before).values("pk")[:ROWS_AT_ONCE]
    return OutboxMessage.objects.filter(pk__in=old).delete()[0]


def _sessions(before: datetime, now: datetime) -> int:
    old = Session.objects.filter(expire_date__lt=before).values("pk")[:ROWS_AT_ONCE]
    return Session.objects.filter(pk__in=old).delete()[0]


def _invitations(before: datetime, now: datetime) -> int:
    old = list(HolderInvitation.objects.filter(expires_at__lt=before).exclude(email="")[:ROWS_AT_ONCE])
    for invitation in old:
        if invitation.status == HolderInvitation.Status.OPEN:
            move(invitation, HolderInvitation.Status.REVOKED, by=None, now=now, reason_code="expired")
    return HolderInvitation.objects.filter(pk__in=[invitation.pk for invitation in old]).update(email="")


def _accounts(before: datetime, now: datetime) -> int:
    """Accounts whose address nobody ever confirmed: perhaps it is somebody else's."""
    mine = {"user": OuterRef("pk")}
    never = User.objects.filter(date_joined__lt=before, last_login=None, role="", is_staff=False).exclude(
        Exists(EmailAddress.objects.filter(**mine, verified=True)) | Exists(HolderMember.objects.filter(**mine))
    )
    old = never.filter(Exists(EmailAddress.objects.filter(**mine)))[:ROWS_AT_ONCE]
    return sum(forget_account(user=user, by=None, now=now) for user in old)


def _payers(before: datetime, now: datetime) -> int:
    """Names on transfers; amounts, days and references of what was entered stay in the books."""
    done = BankLine.objects.filter(file__taken_at__lt=before).exclude(outcome=BankLine.Outcome.WAITING)
    lines = done.exclude(payer="", text="").values("pk")[:ROWS_AT_ONCE]
    came = Remittance.objects.filter(received_date__lt=before.date()).exclude(payer="", reference="").values("pk")
    return BankLine.objects.filter(pk__in=lines).update(payer="", text="") + Remittance.objects.filter(
        pk__in=came[:ROWS_AT_ONCE]
    ).update(payer="", reference="")


def _documents(before: datetime, now: datetime) -> int:
    return cases.forget_documents(before=before, now=now, most=ROWS_AT_ONCE)


def _messages(before: datetime, now: datetime) -> int:
    return cases.forget_threads(before=before, most=ROWS_AT_ONCE)


FORGET: Final[dict[str, Callable[[datetime, datetime], int]]] = {
    "keep_mail_days": _mails,
    "keep_session_days": _sessions,
    "keep_invitation_days": _invitations,
    "keep_account_days": _accounts,
    "keep_payer_days": _payers,
    "keep_evidence_days": _documents,
    "keep_message_days": _messages,
}
