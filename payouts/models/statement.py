"""What a holder is told in writing."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import RightsHolder
from core.ids import PublicIdField


class Statement(models.Model):
    """What a holder was told about a period, kept byte for byte: sealed in storage, what is in it has this hash."""

    class Wording(models.TextChoices):
        """Which sentence about rights the document carries."""

        PLAIN = "plain", _("No reservation")
        RESERVE = "reserve", _("Taken under reservation of rights")
        LEAVE = "leave", _("Proved and left")

    public_id = PublicIdField(prefix="STM")
    holder = models.ForeignKey(RightsHolder, on_delete=models.PROTECT, related_name="statements")
    start = models.DateField()
    end = models.DateField(help_text="Half-open.")
    wording = models.CharField(max_length=8, choices=Wording, default=Wording.PLAIN)
    row_count = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    stored = models.CharField(max_length=300, help_text="Storage name of the CSV, sealed by core.vault.")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder", "start", "end", "sha256"], name="statement_same_facts_once"),
            models.CheckConstraint(condition=models.Q(end__gt=models.F("start")), name="statement_period_forward"),
        ]

    def __str__(self) -> str:
        return self.public_id
