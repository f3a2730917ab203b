"""Two holders say the same part is theirs. Only the contested part waits, and only a person decides."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import RightsHolder, RightsShare, TerritorySet, Track, Work
from catalog.rights import Right
from claims.models.claim import ClaimLine
from core.ids import PublicIdField


class Dispute(models.Model):
    """opened -> answered -> decided | settled       a clock that ends marks it escalated and decides nothing

    Undisputed part of each party = max(0, 100 - sum of all others). An incumbent keeps being paid until a person
    orders the hold (`hold_ordered_by`), with reasons.
    """

    class Status(models.TextChoices):
        OPENED = "opened", _("Opened")
        ANSWERED = "answered", _("Answered")
        DECIDED = "decided", _("Decided")
        SETTLED = "settled", _("Settled by the parties")

    MOVES = {
        Status.OPENED: {Status.ANSWERED, Status.DECIDED, Status.SETTLED},
        Status.ANSWERED: {Status.DECIDED, Status.SETTLED},
        Status.DECIDED: set(),
        Status.SETTLED: set(),
    }

    public_id = PublicIdField(prefix="DIS")
    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="disputes")
    work = models.ForeignKey(
        Work,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="disputes",
        help_text="The subject where the right is the song's; the track is then where it came up.",
    )
    right = models.CharField(max_length=12, choices=Right)
    territories = models.ForeignKey(TerritorySet, on_delete=models.PROTECT, related_name="+")
    start = models.DateField(null=True, blank=True)
    end = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.OPENED)
    opened_at = models.DateTimeField()
    deadline_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    hold_ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        indexes = [
            models.Index(fields=["track", "right"], name="dispute_track_right"),
            models.Index(fields=["work"], condition=models.Q(work__isnull=False), name="dispute_work"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(right="work", work__isnull=False)
                | (~models.Q(right="work") & models.Q(work__isnull=True)),
                name="dispute_subject_fits_right",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["opened", "answered", "decided", "settled"]),
                name="dispute_status_known",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class DisputeParty(models.Model):
    """One side of a dispute and the percent it says is its own; incumbents stand on an accepted share."""

    dispute = models.ForeignKey(Dispute, on_delete=models.CASCADE, related_name="parties")
    holder = models.ForeignKey(RightsHolder, on_delete=models.PROTECT, related_name="disputes")
    percent = models.DecimalField(max_digits=9, decimal_places=6)
    claim_line = models.ForeignKey(ClaimLine, null=True, blank=True, on_delete=models.PROTECT, related_name="disputes")
    share = models.ForeignKey(RightsShare, null=True, blank=True, on_delete=models.PROTECT, related_name="disputes")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dispute", "holder"], name="disputeparty_once")]

    def __str__(self) -> str:
        return f"{self.holder} {self.percent} %"
