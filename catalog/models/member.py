"""The people who act for a holder, and those asked to."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from catalog.models.holder import RightsHolder
from core.ids import PublicIdField


class HolderMember(models.Model):
    """A person who acts for a holder. A reader sees everything of it and changes nothing."""

    class Role(models.TextChoices):
        OWNER = "owner", _("Owner")
        EDITOR = "editor", _("May file")
        READER = "reader", _("May read")

    holder = models.ForeignKey(RightsHolder, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="holder_memberships")
    role = models.CharField(max_length=8, choices=Role, default=Role.OWNER)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["holder", "user"], name="holdermember_once")]

    def __str__(self) -> str:
        return f"{self.user} / {self.holder}"


class HolderInvitation(models.Model):
    """An address asked to act for a holder, by a link that works once, for a while, and for that address only.

    open -> accepted | declined | revoked        past `expires_at` an open one can no longer be accepted
    """

    class Status(models.TextChoices):
        OPEN = "open", _("Not answered")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        REVOKED = "revoked", _("Taken back")

    MOVES = {
        Status.OPEN: {Status.ACCEPTED, Status.DECLINED, Status.REVOKED},
        Status.ACCEPTED: set(),
        Status.DECLINED: set(),
        Status.REVOKED: set(),
    }

    public_id = PublicIdField(prefix="INV")
    holder = models.ForeignKey(RightsHolder, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=8, choices=HolderMember.Role)
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["open", "accepted", "declined", "revoked"]),
                name="holderinvitation_status_known",
            ),
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="holderinvitation_email_lower"),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("invited_at")), name="holderinvitation_expires_later"
            ),
            models.UniqueConstraint(
                fields=["holder", "email"], condition=models.Q(status="open"), name="holderinvitation_open_once"
            ),
        ]

    def __str__(self) -> str:
        return self.public_id
