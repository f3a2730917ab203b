"""Telling everybody that a holder's bank account changes: every member, at every address known when it was changed.

Rows are written with the change; a task sends them, the sweep finds what the queue forgot (claims.services.attempts).
"""

from datetime import datetime
from smtplib import SMTPException
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from claims.services.attempts import attempt, due
from claims.services.webhook import CallFailed
from claims.tasks import hurry
from core import vault
from core.ids import new_public_id
from core.models import Event
from payouts import tasks
from payouts.models import Payee, PayeeNotice

Topic = PayeeNotice.Topic
LETTERS: dict[str, tuple[Promise | str, Promise | str]] = {
    Topic.PROPOSED: (
        _("Bank account of %(holder)s: a change was asked for"),
        _(
            "Somebody who acts for this holder entered another bank account. A second person must confirm it, and"
            " nothing is paid meanwhile. If nobody of you did this, stop it on the page below at once."
        ),
    ),
    Topic.CONFIRMED: (
        _("Bank account of %(holder)s: the change was confirmed"),
        _(
            "A second person confirmed the new bank account. Nothing is paid to it before the waiting period is over."
            " If it is wrong, stop it on the page below: the former account then stands again."
        ),
    ),
    Topic.ENDED: (
        _("Bank account of %(holder)s: the change was stopped"),
        _("The new bank account is not used. Why, and which account stands now, is on the page below."),
    ),
}


def tell_everybody(payee: Payee, event: Event, topic: str, now: datetime) -> None:
    """This will write a mail to every address of every member of the payee's holder."""
    people = User.objects.filter(holder_memberships__holder=payee.holder_id, is_active=True).order_by("pk")
    known: dict[int, list[str]] = {}
    for user_id, address in EmailAddress.objects.filter(user__in=people).order_by("pk").values_list("user", "email"):
        known.setdefault(user_id, []).append(address)
    notices = [
        PayeeNotice(
            event=event,
            payee=payee,
            topic=topic,
            user=user,
            position=position,
            sealed_address=vault.encrypt(f"user:{user.pk}", address.encode()),
            message_id=new_public_id("MSG"),
            next_attempt_at=now,
        )
        for user in people
        for position, address in enumerate(dict.fromkeys([user.email, *known.get(user.pk, [])]))
    ]
    PayeeNotice.objects.bulk_create(notices, ignore_conflicts=True)
    for notice_id in PayeeNotice.objects.filter(event=event).order_by("pk").values_list("pk", flat=True):
        hurry(tasks.deliver_payee_notice, notice_id=notice_id)


def deliver_payee_notice(*, notice_id: int, now: datetime, origin: str) -> PayeeNotice | None:
    """This will try once to send a notice, with links to the portal at `origin`; None: nothing to do."""
    rows = PayeeNotice.objects.select_related("user", "payee__holder")
    return attempt(rows, notice_id, now, call=lambda notice: _send(notice, origin))


def payee_notices_due(*, now: datetime, limit: int = 500) -> list[int]:
    """This will list notices whose time has come, longest waiting first."""
    return due(PayeeNotice.objects.all(), now, limit)


def _send(notice: PayeeNotice, origin: str) -> None:
    holder = notice.payee.holder
    with translation.override(notice.user.language):
        subject, text = LETTERS[notice.topic]
        url = f"{origin}{reverse('payouts:payees', args=[holder.public_id])}"
        body = render_to_string("mail/case.txt", {"text": text, "holder": holder, "url": url})
        title = str(subject) % {"holder": holder.public_id}
    try:
        address = vault.decrypt(f"user:{notice.user_id}", bytes(notice.sealed_address)).decode()
    except vault.VaultError as error:
        raise CallFailed("erased") from error
    headers = {"Message-ID": f"<{notice.message_id}@{urlsplit(origin).hostname}>"}
    try:
        EmailMessage(subject=title, body=body, to=[address], headers=headers).send()
    except (SMTPException, OSError) as error:
        raise CallFailed("mail") from error
