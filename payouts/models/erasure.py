"""Somebody asks to be forgotten: what was asked, and how it ended."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import RightsHolder
from core.ids import PublicIdField


class ErasureRequest(models.Model):
    """A person, or a holder, asks to be forgotten; one supervisor makes sure who asks, another does it.

    asked -> proposed -> done        refused by either, withdrawn by who asked, until it is done
    """

    class Status(models.TextChoices):
        ASKED = "asked", _("Asked for")
        PROPOSED = "proposed", _("Waits for a second person")
        DONE = "done", _("Forgotten")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    MOVES = {
        Status.ASKED: {Status.PROPOSED, Status.REFUSED, Status.WITHDRAWN},
        Status.PROPOSED: {Status.DONE, Status.REFUSED, Status.WITHDRAWN},
        Status.DONE: set(),
        Status.REFUSED: set(),
        Status.WITHDRAWN: set(),
    }
    OPEN = (Status.ASKED, Status.PROPOSED)

    public_id = PublicIdField(prefix="ERA")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="erasures")
    holder = models.ForeignKey(RightsHolder, null=True, on_delete=models.PROTECT, related_name="erasures")
    status = models.CharField(max_length=9, choices=Status, default=Status.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_date = models.DateField(help_text="By when the law wants an answer; decides nothing.")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=True) ^ Q(holder__isnull=True), name="erasurerequest_one_subject"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["asked", "proposed", "done", "refused", "withdrawn"]),
                name="erasurerequest_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["proposed", "done"]) | Q(proposed_by__isnull=False),
                name="erasurerequest_proposed_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(status="done") | (Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by"))),
                name="erasurerequest_done_by_another",
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(status__in=["asked", "proposed"]), name="erasurerequest_user_once"
            ),
            models.UniqueConstraint(
                fields=["holder"], condition=Q(status__in=["asked", "proposed"]), name="erasurerequest_holder_once"
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def is_open(self) -> bool:
        """Tell whether it waits for somebody."""
        return self.status in self.OPEN
