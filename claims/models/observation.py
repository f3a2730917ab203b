"""What somebody saw in a store after a takedown: the best proof that a track is gone, or that it is not."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.models.evidence import EvidenceDocument
from claims.models.takedown import NoticeRow
from core.ids import PublicIdField
from core.models import Note


class Observation(models.Model):
    """One look at one track of a notice. Never changed: who looks again writes the next one."""

    class Seen(models.TextChoices):
        GONE = "gone", _("It is gone")
        THERE = "there", _("It is still there")

    public_id = PublicIdField(prefix="OBS")
    row = models.ForeignKey(NoticeRow, on_delete=models.PROTECT, related_name="observations")
    seen = models.CharField(max_length=5, choices=Seen)
    seen_at = models.DateTimeField(help_text="When somebody looked.")
    url = models.CharField(max_length=500, blank=True, help_text="Where it was looked for.")
    purchase = models.CharField(max_length=100, blank=True, help_text="Receipt of a test purchase.")
    screenshot = models.ForeignKey(
        EvidenceDocument, null=True, blank=True, on_delete=models.PROTECT, related_name="observations"
    )
    note = models.ForeignKey(Note, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["row", "seen_at"], name="observation_row")]
        constraints = [
            models.CheckConstraint(condition=models.Q(seen__in=["gone", "there"]), name="observation_seen_known"),
            models.CheckConstraint(
                condition=models.Q(seen_at__lte=models.F("recorded_at")), name="observation_not_in_future"
            ),
        ]

    def __str__(self) -> str:
        return self.public_id
