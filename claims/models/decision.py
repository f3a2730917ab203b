"""What was decided, by whom, why and on which facts: rows that are only added. And what waits for a second reviewer."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import RightsHolder
from claims.models.claim import Claim
from claims.models.opt_out import OptOut
from core.ids import PublicIdField
from core.models import Note


class Decision(models.Model):
    """One decision about one case. A later one may undo it, and says which; nothing is ever changed here."""

    class Outcome(models.TextChoices):
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")
        REVOKED = "revoked", _("Taken back")
        GRANTED = "granted", _("Granted")
        REFUSED = "refused", _("Refused")
        VERIFIED = "verified", _("Verified")
        UPHELD = "upheld", _("The first decision stands")
        REVERSED = "reversed", _("The first decision is reversed")
        DECIDED = "decided", _("Decided by two reviewers")
        SETTLED = "settled", _("Settled by the parties")

    case = models.CharField(max_length=16, help_text="Public id of the case.")
    outcome = models.CharField(max_length=10, choices=Outcome)
    reason_code = models.CharField(max_length=60, blank=True)
    note = models.ForeignKey(Note, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The first of two reviewers, where the sum asks for two.",
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    facts = models.JSONField(default=dict, help_text="What it stood on: digest of shares, risk, proof, sums, outcomes.")
    undoes = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="undone_by")
    batch = models.ForeignKey(
        "claims.ReviewBatch", null=True, blank=True, on_delete=models.PROTECT, related_name="decisions"
    )

    class Meta:
        indexes = [models.Index(fields=["case", "-id"], name="decision_case")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(proposed_by__isnull=True) | ~models.Q(proposed_by=models.F("by")),
                name="decision_by_two",
            ),
            models.UniqueConstraint(fields=["undoes"], name="decision_undone_once"),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.outcome}"


class DecisionProposal(models.Model):
    """A first reviewer's decision of great weight: open > confirmed | sent_back, by somebody else.

    A claim of a large sum; an opt-out of many tracks, or of tracks in which only others have recorded shares.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("Waits for a second reviewer")
        CONFIRMED = "confirmed", _("Confirmed")
        SENT_BACK = "sent_back", _("Sent back")

    MOVES = {Status.OPEN: {Status.CONFIRMED, Status.SENT_BACK}, Status.CONFIRMED: set(), Status.SENT_BACK: set()}

    claim = models.ForeignKey(Claim, null=True, blank=True, on_delete=models.CASCADE, related_name="proposals")
    opt_out = models.ForeignKey(OptOut, null=True, blank=True, on_delete=models.CASCADE, related_name="proposals")
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    lines = models.JSONField(help_text="{line id: [outcome, reason, percent]}; of an opt-out, rows that stay in.")
    note = models.ForeignKey(Note, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    second_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["claim"], condition=models.Q(status="open"), name="decisionproposal_one_open"
            ),
            models.UniqueConstraint(
                fields=["opt_out"], condition=models.Q(status="open"), name="decisionproposal_one_open_opt_out"
            ),
            models.CheckConstraint(
                condition=models.Q(claim__isnull=False, opt_out__isnull=True)
                | models.Q(claim__isnull=True, opt_out__isnull=False),
                name="decisionproposal_one_case",
            ),
            models.CheckConstraint(
                condition=models.Q(second_by__isnull=True) | ~models.Q(second_by=models.F("by")),
                name="decisionproposal_by_two",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["open", "confirmed", "sent_back"]), name="decisionproposal_status_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim or self.opt_out} {self.status}"


class ReviewBatch(models.Model):
    """Small claims approved together after a drawn sample was looked at: drafted > approved | dissolved.

    The draw can be made again from `seed` and the claims in the order of their ids.
    """

    class Status(models.TextChoices):
        DRAFTED = "drafted", _("Being looked at")
        APPROVED = "approved", _("Approved")
        DISSOLVED = "dissolved", _("Dissolved")

    MOVES = {Status.DRAFTED: {Status.APPROVED, Status.DISSOLVED}, Status.APPROVED: set(), Status.DISSOLVED: set()}

    public_id = PublicIdField(prefix="BAT")
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFTED)
    seed = models.CharField(max_length=32)
    sample_size = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["drafted", "approved", "dissolved"]), name="reviewbatch_status_known"
            )
        ]

    def __str__(self) -> str:
        return self.public_id


class BatchClaim(models.Model):
    """One claim of a batch: whether it was drawn, what the look at it found, and what became of it."""

    class Verdict(models.TextChoices):
        NONE = "", _("Not looked at")
        GOOD = "good", _("In order")
        BAD = "bad", _("Not in order")

    batch = models.ForeignKey(ReviewBatch, on_delete=models.CASCADE, related_name="claims")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="batches")
    is_sample = models.BooleanField(default=False)
    viewed_at = models.DateTimeField(null=True, blank=True)
    verdict = models.CharField(max_length=4, choices=Verdict, blank=True, default=Verdict.NONE)
    result = models.CharField(max_length=40, blank=True, help_text="approved, or the code why not.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "claim"], name="batchclaim_once")]

    def __str__(self) -> str:
        return f"{self.batch} {self.claim}"


class LightApproval(models.Model):
    """Money approved in a batch, and for whom: the running total is per holder, person and agent, never per claim."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="light_approvals")
    batch = models.ForeignKey(ReviewBatch, on_delete=models.PROTECT, related_name="light_approvals")
    holder = models.ForeignKey(RightsHolder, on_delete=models.PROTECT, related_name="+")
    agent = models.ForeignKey(RightsHolder, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(max_digits=24, decimal_places=8)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["claim", "currency"], name="lightapproval_once")]

    def __str__(self) -> str:
        return f"{self.claim} {self.amount:f} {self.currency}"
