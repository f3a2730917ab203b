"""What a store says it lists today: its whole catalogue, with its own keys and addresses."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.ids import PublicIdField
from sales.models.licensee import Licensee


class CatalogueSnapshot(models.Model):
    """One list of a store's whole catalogue on one day.

    received -> read | rejected        `entry_count` is the catalogue's size *as reported on* `taken_date`

    Each listed key keeps the last day it was listed (`StoreKey.listed_date`); what was not listed again is absent from
    the next snapshot on.
    """

    class Status(models.TextChoices):
        RECEIVED = "received", _("Received")
        READ = "read", _("Read")
        REJECTED = "rejected", _("Rejected")

    MOVES = {Status.RECEIVED: {Status.READ, Status.REJECTED}, Status.READ: set(), Status.REJECTED: set()}

    public_id = PublicIdField(prefix="SNP")
    licensee = models.ForeignKey(Licensee, on_delete=models.PROTECT, related_name="snapshots")
    taken_date = models.DateField(help_text="The day the list is about.")
    name = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    stored = models.CharField(max_length=300)
    status = models.CharField(max_length=8, choices=Status, default=Status.RECEIVED)
    reason = models.CharField(max_length=60, blank=True)
    reason_params = models.JSONField(default=dict, blank=True)
    entry_count = models.BigIntegerField(default=0)
    passed_over = models.BigIntegerField(default=0, help_text="Rows that name nothing.")
    matched_count = models.BigIntegerField(default=0, help_text="Entries whose track is known.")
    received_at = models.DateTimeField()
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["licensee", "sha256", "taken_date"], name="cataloguesnapshot_once"),
            models.CheckConstraint(
                condition=models.Q(status__in=["received", "read", "rejected"]), name="cataloguesnapshot_status_known"
            ),
        ]

    def __str__(self) -> str:
        return self.public_id
