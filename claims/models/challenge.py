"""Before a new claimant's first payout the world may object: works and rights are shown, never who claims them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import RightsHolder
from claims.models.claim import Claim
from claims.models.evidence import EvidenceDocument
from core.ids import PublicIdField


class ChallengeWindow(models.Model):
    """The time to object to one approved claim of a holder that was never paid.

    Its end pays nobody: it only takes away one reason against a payout, which two people of the money office decide.
    """

    public_id = PublicIdField(prefix="CHW")
    claim = models.OneToOneField(Claim, on_delete=models.PROTECT, related_name="challenge")
    holder = models.ForeignKey(RightsHolder, on_delete=models.PROTECT, related_name="challenges")
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True, help_text="When holders of similar names were told.")

    class Meta:
        indexes = [
            models.Index(fields=["closes_at"], name="challengewindow_closes"),
            models.Index(fields=["holder"], name="challengewindow_holder"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opened_at")), name="challengewindow_forward"
            )
        ]

    def __str__(self) -> str:
        return self.public_id


class Objection(models.Model):
    """filed > accepted | dismissed      filed > retracted

    While one is filed, or accepted and the claim not taken back, the holder is not paid. It moves no money by itself.
    """

    class Status(models.TextChoices):
        FILED = "filed", _("Filed")
        ACCEPTED = "accepted", _("Accepted: nothing is paid")
        DISMISSED = "dismissed", _("Dismissed")
        RETRACTED = "retracted", _("Taken back")

    MOVES = {
        Status.FILED: {Status.ACCEPTED, Status.DISMISSED, Status.RETRACTED},
        Status.ACCEPTED: set(),
        Status.DISMISSED: set(),
        Status.RETRACTED: set(),
    }

    public_id = PublicIdField(prefix="OBJ")
    window = models.ForeignKey(ChallengeWindow, on_delete=models.PROTECT, related_name="objections")
    holder = models.ForeignKey(RightsHolder, on_delete=models.PROTECT, related_name="objections")
    status = models.CharField(max_length=10, choices=Status, default=Status.FILED)
    words_sealed = models.BinaryField(help_text="What the objector says, sealed under its own key.")
    documents = models.ManyToManyField(EvidenceDocument, related_name="objections")
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    filed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["window", "holder"], name="objection_once_per_holder"),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("filed_by")),
                name="objection_by_another",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["filed", "accepted", "dismissed", "retracted"]),
                name="objection_status_known",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id
