"""A requester whose notices were abusive sends no more for a time, with reasons and an appeal."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import RightsHolder
from core.ids import PublicIdField
from core.models import Note


class SenderSuspension(models.Model):
    """in_force > appealed > upheld      in_force, appealed, upheld > lifted

    It stops new opt-outs of one holder, whoever sends them, until a day or until it is lifted. What is out stays out,
    what was sent is decided, and claims and money have nothing to do with it.
    """

    class Status(models.TextChoices):
        IN_FORCE = "in_force", _("In force")
        APPEALED = "appealed", _("Appealed")
        UPHELD = "upheld", _("Upheld after an appeal")
        LIFTED = "lifted", _("Lifted")

    MOVES = {
        Status.IN_FORCE: {Status.APPEALED, Status.LIFTED},
        Status.APPEALED: {Status.UPHELD, Status.LIFTED},
        Status.UPHELD: {Status.LIFTED},
        Status.LIFTED: set(),
    }

    class Reason(models.TextChoices):
        FALSE_OWNER = "false_owner", _("Said to own what belongs to others")
        FALSE_PAPERS = "false_papers", _("Showed papers that do not stand up to a check")
        MANY_MISTAKEN = "many_mistaken", _("Sent many notices that were mistaken")
        OTHER = "other", _("Another reason, see the words")

    public_id = PublicIdField(prefix="SUS")
    holder = models.ForeignKey(RightsHolder, on_delete=models.PROTECT, related_name="sender_suspensions")
    status = models.CharField(max_length=10, choices=Status, default=Status.IN_FORCE)
    reason = models.CharField(max_length=16, choices=Reason)
    words = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="+")
    until = models.DateField(null=True, blank=True, help_text="First day on which it may send again; empty: lifted.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    appeal_words = models.ForeignKey(Note, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    appealed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    appealed_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["holder"],
                condition=models.Q(status__in=["in_force", "appealed", "upheld"], until__isnull=True),
                name="sendersuspension_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["in_force", "appealed", "upheld", "lifted"]),
                name="sendersuspension_status_known",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("by")),
                name="sendersuspension_appeal_by_another",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id
