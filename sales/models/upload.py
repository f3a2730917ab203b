"""A file on its way in: parts of it are kept until it is whole, whatever restarts meanwhile."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.ids import PublicIdField
from sales.models.licensee import Licensee
from sales.models.report import SalesReport


class Upload(models.Model):
    """One file sent in parts.

    open -> complete -> received          the file became, or belongs to, `report`
      |        +-----> refused            too large, or mended lines that do not fit; `reason` says why
      +-> expired                         nobody went on with it; its parts are deleted

    `offset` is how many bytes are here: the sender asks for it and goes on from there.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("Being sent")
        COMPLETE = "complete", _("Sent")
        RECEIVED = "received", _("Received")
        REFUSED = "refused", _("Refused")
        EXPIRED = "expired", _("Expired")

    MOVES = {
        Status.OPEN: {Status.COMPLETE, Status.EXPIRED},
        Status.COMPLETE: {Status.RECEIVED, Status.REFUSED},
        Status.RECEIVED: set(),
        Status.REFUSED: set(),
        Status.EXPIRED: set(),
    }

    public_id = PublicIdField(prefix="UPL")
    licensee = models.ForeignKey(Licensee, on_delete=models.PROTECT, related_name="uploads")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=300)
    key = models.CharField(max_length=200, blank=True, help_text="The sender's own name of the file, to find it again.")
    size = models.BigIntegerField()
    offset = models.BigIntegerField(default=0)
    parts = models.JSONField(default=list, blank=True, help_text="Storage names, in order.")
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    report = models.ForeignKey(SalesReport, null=True, blank=True, on_delete=models.PROTECT, related_name="uploads")
    is_duplicate = models.BooleanField(default=False)
    reason = models.CharField(max_length=60, blank=True)
    reason_params = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()
    touched_at = models.DateTimeField(help_text="When the last part came.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["open", "complete", "received", "refused", "expired"]),
                name="upload_status_known",
            ),
            models.CheckConstraint(
                condition=models.Q(offset__gte=0, offset__lte=models.F("size")), name="upload_offset_inside"
            ),
            models.UniqueConstraint(
                fields=["licensee", "sent_by", "key"],
                condition=models.Q(status="open") & ~models.Q(key=""),
                name="upload_one_open_per_key",
            ),
        ]
        indexes = [
            models.Index(fields=["touched_at"], condition=models.Q(status__in=["open", "complete"]), name="upload_due")
        ]

    def __str__(self) -> str:
        return self.public_id
