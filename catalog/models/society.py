"""Which other societies a holder belongs to."""

from django.db import models
from django.utils.translation import pgettext_lazy

from catalog.models.constraints import period_forward
from catalog.models.holder import RightsHolder
from core.ids import PublicIdField


class SocietyMembership(models.Model):
    """A holder is, or was, a member of another society, which may claim the same for it: then the two are one interest.

    said -> confirmed | refused | retracted

    The holder says it and names where it can be seen; a reviewer who saw it confirms. Until then it changes nothing.
    The society is a name, since it may never come here; one that is a verified holder of that name is meant.
    """

    class Status(models.TextChoices):
        SAID = "said", pgettext_lazy("membership", "Said, not confirmed")
        CONFIRMED = "confirmed", pgettext_lazy("membership", "Confirmed")
        REFUSED = "refused", pgettext_lazy("membership", "Not confirmed: refused")
        RETRACTED = "retracted", pgettext_lazy("membership", "Taken back")

    MOVES = {
        Status.SAID: {Status.CONFIRMED, Status.REFUSED, Status.RETRACTED},
        Status.CONFIRMED: set(),
        Status.REFUSED: set(),
        Status.RETRACTED: set(),
    }

    public_id = PublicIdField(prefix="SOC")
    holder = models.ForeignKey(RightsHolder, on_delete=models.PROTECT, related_name="societies")
    society = models.CharField(max_length=300)
    society_key = models.CharField(max_length=300, help_text="catalog.names.artist_key of the society's name.")
    start = models.DateField(null=True, blank=True, help_text="Member since; empty: not known.")
    end = models.DateField(null=True, blank=True, help_text="First day on which it was no longer a member.")
    source = models.CharField(max_length=300, help_text="Where it can be seen: a contract, the IPI system, a letter.")
    status = models.CharField(max_length=9, choices=Status, default=Status.SAID)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["society_key"], name="societymembership_key")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["said", "confirmed", "refused", "retracted"]),
                name="societymembership_status_known",
            ),
            models.UniqueConstraint(
                fields=["holder", "society_key"],
                condition=models.Q(status__in=["said", "confirmed"], end=None),
                name="societymembership_open_once",
            ),
            period_forward("societymembership_period_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.holder} / {self.society}"
