"""Asking somebody by mail to act for a holder; the membership itself is the catalogue's."""

from datetime import datetime
from smtplib import SMTPException
from urllib.parse import urlsplit

from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from catalog import services as catalog
from catalog.models import HolderInvitation, RightsHolder
from claims import tasks
from claims.models import InvitationMail
from claims.services.attempts import attempt, due
from claims.services.webhook import CallFailed
from core.ids import new_public_id


def invite(*, holder: RightsHolder, email: str, role: str, by: User, now: datetime) -> HolderInvitation:
    """This will invite an address and send it the link, in the language of who invites.

    Raises: catalog.services.CatalogueError (NotAMember, AlreadyInvited).
    """
    with transaction.atomic():
        invitation = catalog.invite_member(holder=holder, email=email, role=role, by=by, now=now)
        mail = InvitationMail.objects.create(
            invitation=invitation, language=by.language, message_id=new_public_id("MSG"), next_attempt_at=now
        )
        tasks.hurry(tasks.deliver_invitation, mail_id=mail.pk)
    return invitation


def deliver_invitation(*, mail_id: int, now: datetime, origin: str) -> InvitationMail | None:
    """This will try once to send an invitation; one that was answered or taken back meanwhile is not sent any more."""
    rows = InvitationMail.objects.select_related("invitation__holder", "invitation__invited_by")
    waiting = rows.filter(invitation__status=HolderInvitation.Status.OPEN)
    if not waiting.filter(pk=mail_id).exists():
        return None
    return attempt(rows, mail_id, now, call=lambda mail: _send(mail, origin))


def invitations_due(*, now: datetime, limit: int = 500) -> list[int]:
    """This will list invitations still to be sent, longest waiting first."""
    waiting = InvitationMail.objects.filter(invitation__status=HolderInvitation.Status.OPEN)
    return due(waiting, now, limit)


def _send(mail: InvitationMail, origin: str) -> None:
    invitation = mail.invitation
    page = reverse("claims:invitation", kwargs={"key": catalog.invitation_key(invitation)})
    with translation.override(mail.language):
        subject = _("You are invited to act for %(holder)s at ROMS") % {"holder": invitation.holder.name}
        context = {"invitation": invitation, "url": f"{origin}{page}"}
        text = render_to_string("mail/invitation.txt", context)
    message = EmailMessage(
        subject=" ".join(subject.split()),
        body=text,
        to=[invitation.email],
        headers={"Message-ID": f"<{mail.message_id}@{urlsplit(origin).hostname}>"},
    )
    try:
        message.send()
    except (SMTPException, OSError) as error:
        raise CallFailed("mail") from error
