"""The mail that carries an invitation's link."""

from django.db import models

from catalog.models import HolderInvitation
from claims.models.attempt import Attempted


class InvitationMail(Attempted):
    """One per invitation, written with it. The link is made when the mail is sent and kept nowhere."""

    invitation = models.OneToOneField(HolderInvitation, on_delete=models.CASCADE, related_name="mail")
    language = models.CharField(max_length=10)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_attempt_at"], condition=models.Q(state__in=["due", "failed"]), name="invitationmail_due"
            )
        ]

    def __str__(self) -> str:
        return self.message_id
