"""Two holders or more say the same part is theirs. Only the contested part waits until they agree or persons decide."""

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
    orders the hold (`hold_ordered_by`), with reasons. Settled: the parties agree. Decided: two reviewers gave the same
    verdict. Of one subject, right, place and day at most one is open: who comes later joins it.
    """

    class Status(models.TextChoices):
        OPENED = "opened", _("Opened")
        ANSWERED = "answered", _("Answered")
        DECIDED = "decided", _("Decided by two reviewers")
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
    group_key = models.CharField(max_length=32, blank=True, help_text="Digest of parties, ground and documents.")
    reopens = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reopened_as",
        help_text="The decided dispute that an appeal opened anew as this one.",
    )

    class Meta:
        indexes = [
            models.Index(fields=["group_key", "id"], name="dispute_group"),
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
    """One side of a dispute and the percent it says is its own; incumbents stand on an accepted share.

    `percent` is what the side came with: money goes by it until the end. What it says since (`answer`) is an offer: it
    moves nothing before all of them fit together (`claims.agreement`).
    """

    class Answer(models.TextChoices):
        SAY = "say", _("I only say something")
        CONFIRM = "confirm", _("It is ours, here is the proof")
        RELEASE = "release", _("We give it up")
        REDUCE = "reduce", _("We claim a smaller part")
        PERIOD = "period", _("It is ours only in these days")
        SPLIT = "split", _("We propose, or accept, this split")
        VERSION = "version", _("These are two different recordings")

    dispute = models.ForeignKey(Dispute, on_delete=models.CASCADE, related_name="parties")
    holder = models.ForeignKey(RightsHolder, on_delete=models.PROTECT, related_name="disputes")
    percent = models.DecimalField(max_digits=9, decimal_places=6)
    claim_line = models.ForeignKey(ClaimLine, null=True, blank=True, on_delete=models.PROTECT, related_name="disputes")
    share = models.ForeignKey(RightsShare, null=True, blank=True, on_delete=models.PROTECT, related_name="disputes")
    answer = models.CharField(max_length=8, choices=Answer, blank=True, help_text="What it says now; empty: nothing.")
    asks = models.DecimalField(
        max_digits=9, decimal_places=6, null=True, blank=True, help_text="What it asks for since; empty: `percent`."
    )
    asks_start = models.DateField(null=True, blank=True)
    asks_end = models.DateField(null=True, blank=True, help_text="First day on which it asks for nothing.")
    split = models.JSONField(null=True, blank=True, help_text="{holder id: percent}: the split it agrees to.")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dispute", "holder"], name="disputeparty_once"),
            models.CheckConstraint(
                condition=models.Q(asks__isnull=True) | models.Q(asks__gte=0, asks__lte=models.F("percent")),
                name="disputeparty_never_asks_more",
            ),
            models.CheckConstraint(
                condition=models.Q(answer__in=["", "confirm", "release", "reduce", "period", "split", "version"]),
                name="disputeparty_answer_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holder} {self.percent} %"
