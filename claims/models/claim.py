"""A retroactive royalty claim: "this is mine", for the whole past, with or without reservation of rights."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Authority, RightsHolder, RightsShare, TerritorySet, Track
from catalog.rights import Right
from claims.models.check import Scored
from claims.models.repertoire import RepertoireList
from core.ids import PublicIdField


class Claim(Scored):
    """A case. The share it wins is a fact in `catalog`; the money it moves is posted by `distribution`.

    draft -> filed -> under_review <-> evidence_requested
                |          |-> approved -> awarding -> awarded -> revoked, by another reviewer
                |          |-> rejected
                +----------+-> retracted                     each line has its own outcome besides

    A filed claim is an allegation: it moves no money before it passes its first review.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        FILED = "filed", _("Filed")
        UNDER_REVIEW = "under_review", _("Under review")
        EVIDENCE_REQUESTED = "evidence_requested", _("More evidence asked for")
        APPROVED = "approved", _("Approved")
        AWARDING = "awarding", _("Decided, being posted")
        AWARDED = "awarded", _("Posted to the ledger")
        REJECTED = "rejected", _("Rejected")
        RETRACTED = "retracted", _("Retracted by the holder")
        REVOKED = "revoked", _("Approval taken back")

    MOVES = {
        Status.DRAFT: {Status.FILED, Status.RETRACTED},
        Status.FILED: {Status.UNDER_REVIEW, Status.RETRACTED},
        Status.UNDER_REVIEW: {Status.APPROVED, Status.REJECTED, Status.EVIDENCE_REQUESTED, Status.RETRACTED},
        Status.EVIDENCE_REQUESTED: {Status.UNDER_REVIEW, Status.RETRACTED},
        Status.APPROVED: {Status.AWARDING},
        Status.AWARDING: {Status.AWARDED},
        Status.AWARDED: {Status.REVOKED},
        Status.REJECTED: set(),
        Status.RETRACTED: set(),
        Status.REVOKED: set(),
    }

    class Role(models.TextChoices):
        """What somebody says they did; `claims.services.claim` turns it into rights."""

        OWNS_MASTER = "owns_master", _("I own the master recording")
        PERFORMED = "performed", _("I performed it")
        WROTE = "wrote", _("I wrote it")

    class Standing(models.TextChoices):
        SELF = "self", _("For myself or my company")
        HEIR = "heir", _("I inherited it")
        AGENT = "agent", _("I act for somebody else")

    public_id = PublicIdField(prefix="CLM")
    holder = models.ForeignKey(RightsHolder, on_delete=models.PROTECT, related_name="claims")
    authority = models.ForeignKey(Authority, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=20, choices=Status, default=Status.DRAFT)
    repertoire = models.ForeignKey(
        RepertoireList,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="claims",
    )
    roles = ArrayField(models.CharField(max_length=12, choices=Role), default=list, blank=True)
    standing = models.CharField(max_length=8, choices=Standing, default=Standing.SELF)
    choice = models.CharField(max_length=8, choices=RightsShare.Choice, default=RightsShare.Choice.PAY)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    filed_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    deadline_at = models.DateTimeField(null=True, blank=True, help_text="Own goal for a decision; decides nothing.")
    facts = models.JSONField(default=dict, blank=True, help_text="What stood at filing; compared again when deciding.")
    awarded_lines = models.PositiveIntegerField(default=0, help_text="How far the posting of the award has come.")

    class Meta:
        indexes = [models.Index(fields=["status", "filed_at"], name="claim_queue")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    status__in=[
                        "draft",
                        "filed",
                        "under_review",
                        "evidence_requested",
                        "approved",
                        "awarding",
                        "awarded",
                        "rejected",
                        "retracted",
                        "revoked",
                    ]
                ),
                name="claim_status_known",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("created_by")),
                name="claim_decided_by_another",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class ClaimLine(models.Model):
    """One track and one right of a claim, with its own outcome."""

    class Outcome(models.TextChoices):
        PENDING = "pending", _("Not decided")
        ACCEPTED = "accepted", _("Accepted")
        REDUCED = "reduced", _("Accepted for a smaller share")
        REJECTED = "rejected", _("Rejected")
        DISPUTED = "disputed", _("Disputed with another holder")

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="lines", db_index=False)
    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="claim_lines")
    right = models.CharField(max_length=12, choices=Right)
    percent = models.DecimalField(max_digits=9, decimal_places=6)
    territories = models.ForeignKey(TerritorySet, on_delete=models.PROTECT, related_name="+")
    start = models.DateField(null=True, blank=True)
    end = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.PENDING)
    outcome_reason = models.CharField(max_length=60, blank=True, help_text="Reason code, see claims/reasons.py.")
    granted_percent = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    share = models.ForeignKey(RightsShare, null=True, blank=True, on_delete=models.PROTECT, related_name="claim_lines")

    class Meta:
        indexes = [models.Index(fields=["claim", "id"], name="claimline_as_shown")]
        constraints = [
            models.UniqueConstraint(fields=["claim", "track", "right"], name="claimline_once"),
            models.CheckConstraint(condition=models.Q(percent__gt=0, percent__lte=100), name="claimline_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.claim} {self.track} {self.right}"
