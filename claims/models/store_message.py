"""What a store is told beside the notices themselves: a reminder, a question about a report, a decision."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.models.attempt import Attempted
from sales.models import Licensee


class StoreMessage(Attempted):
    """Written with what happened, brought by webhook and mail like a notice; a store can also pull it.

    `data` holds ids, codes, figures and days, no words of anybody: what the store is sent is the same on every attempt.
    """

    class Kind(models.TextChoices):
        NOTICE_REMINDER = "takedown_notice.reminder", _("Your time for a notice ends soon")
        NOTICE_OVERDUE = "takedown_notice.overdue", _("Your time for a notice is over")
        NOTICE_SEEN = "takedown_notice.seen_again", _("A track you removed was seen in your store")
        FOUND_IN_REPORT = "compliance.found_in_report", _("Your report has sales of tracks that are out")
        LICENCE_STOPPED = "licence.stopped", _("Your licence stops")
        LICENCE_RESUMED = "licence.resumed", _("Your licence goes on")
        LISTED_AGAIN = "compliance.listed_again", _("Your catalogue lists tracks that are out")

    class Channel(models.TextChoices):
        WEBHOOK = "webhook", _("Signed webhook")
        MAIL = "mail", _("Mail")
        WORKSPACE = "workspace", _("Store's workspace")

    licensee = models.ForeignKey(Licensee, on_delete=models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=40, choices=Kind)
    subject = models.CharField(max_length=40, help_text="Public id of what it is about.")
    channel = models.CharField(max_length=10, choices=Channel)
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["licensee", "kind", "subject", "channel"], name="storemessage_once")
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"], condition=models.Q(state__in=["due", "failed"]), name="storemessage_due"
            )
        ]

    def __str__(self) -> str:
        return self.message_id
