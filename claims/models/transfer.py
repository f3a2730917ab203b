"""A holder hands rights over to another from a day on: both say so, later accruals follow."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import RightsHolder, RightsShare, Track
from catalog.rights import Right
from core.ids import PublicIdField


class CatalogueTransfer(models.Model):
    """proposed > done        proposed > refused, by the other side | retracted, by who proposed it

    Done is one transaction: what the giver has from the day on ends, and the taker has it from then. The day counts by
    the use, not by the payment; what was used before stays the giver's.
    """

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Waits for the other side")
        DONE = "done", _("Handed over")
        REFUSED = "refused", _("Refused by the other side")
        RETRACTED = "retracted", _("Taken back")

    MOVES = {
        Status.PROPOSED: {Status.DONE, Status.REFUSED, Status.RETRACTED},
        Status.DONE: set(),
        Status.REFUSED: set(),
        Status.RETRACTED: set(),
    }

    public_id = PublicIdField(prefix="TRF")
    status = models.CharField(max_length=10, choices=Status, default=Status.PROPOSED)
    giver = models.ForeignKey(RightsHolder, on_delete=models.PROTECT, related_name="transfers_given")
    taker = models.ForeignKey(RightsHolder, on_delete=models.PROTECT, related_name="transfers_taken")
    rights = ArrayField(models.CharField(max_length=12, choices=Right))
    tracks = models.ManyToManyField(Track, blank=True, related_name="transfers", help_text="None: all of the giver's.")
    start = models.DateField(help_text="First day of use that is the taker's.")
    choice = models.CharField(max_length=8, choices=RightsShare.Choice, default=RightsShare.Choice.PAY)
    giver_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    taker_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    share_count = models.PositiveIntegerField(default=0, help_text="Shares handed over.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(giver=models.F("taker")), name="transfer_to_another"),
            models.CheckConstraint(
                condition=models.Q(status__in=["proposed", "done", "refused", "retracted"]),
                name="transfer_status_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="done")
                | models.Q(giver_by__isnull=False, taker_by__isnull=False) & ~models.Q(giver_by=models.F("taker_by")),
                name="transfer_by_both",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id
