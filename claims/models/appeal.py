"""A holder does not accept a refusal: another reviewer than the first looks at it anew, with what the holder adds."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import RightsHolder
from claims.models.claim import Claim
from claims.models.counter import CounterNotice
from claims.models.dispute import Dispute
from claims.models.evidence import EvidenceDocument
from claims.models.opt_out import OptOut
from core.ids import PublicIdField

Appealed = Claim | OptOut | Dispute | CounterNotice


class Appeal(models.Model):
    """filed > under_review > upheld | reversed      filed, under_review > retracted

    Upheld: the first decision stands. Reversed: what was refused is decided anew, as a new claim, dispute or opt-out
    beside the old one (`reopened`, `reopened_dispute`, `reopened_opt_out`), or the same opt-out under review again.
    Nothing of the first decision is changed. A dispute was decided by two: neither of them decides the appeal
    (`also_decided_by`). Against a contest or counter-notice that was accepted the sender of the opt-out appeals.
    """

    class Status(models.TextChoices):
        FILED = "filed", _("Filed")
        UNDER_REVIEW = "under_review", _("Under review")
        UPHELD = "upheld", _("The first decision stands")
        REVERSED = "reversed", _("The first decision is reversed")
        RETRACTED = "retracted", _("Retracted by the holder")

    MOVES = {
        Status.FILED: {Status.UNDER_REVIEW, Status.RETRACTED},
        Status.UNDER_REVIEW: {Status.UPHELD, Status.REVERSED, Status.RETRACTED},
        Status.UPHELD: set(),
        Status.REVERSED: set(),
        Status.RETRACTED: set(),
    }

    public_id = PublicIdField(prefix="APL")
    status = models.CharField(max_length=12, choices=Status, default=Status.FILED)
    claim = models.ForeignKey(Claim, null=True, blank=True, on_delete=models.PROTECT, related_name="appeals")
    opt_out = models.ForeignKey(OptOut, null=True, blank=True, on_delete=models.PROTECT, related_name="appeals")
    dispute = models.ForeignKey(Dispute, null=True, blank=True, on_delete=models.PROTECT, related_name="appeals")
    counter = models.OneToOneField(
        CounterNotice, null=True, blank=True, on_delete=models.PROTECT, related_name="sender_appeal"
    )
    holder = models.ForeignKey(RightsHolder, on_delete=models.PROTECT, related_name="appeals")
    words_sealed = models.BinaryField(help_text="Why the holder does not accept it, sealed under its key.")
    documents = models.ManyToManyField(EvidenceDocument, blank=True, related_name="appeals")
    first_decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    also_decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    filed_at = models.DateTimeField()
    deadline_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reopened = models.OneToOneField(Claim, null=True, blank=True, on_delete=models.PROTECT, related_name="from_appeal")
    reopened_dispute = models.ForeignKey(
        Dispute, null=True, blank=True, on_delete=models.PROTECT, related_name="from_appeals"
    )
    reopened_opt_out = models.OneToOneField(
        OptOut, null=True, blank=True, on_delete=models.PROTECT, related_name="from_appeal"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    claim__isnull=False, opt_out__isnull=True, dispute__isnull=True, counter__isnull=True
                )
                | models.Q(claim__isnull=True, opt_out__isnull=False, dispute__isnull=True, counter__isnull=True)
                | models.Q(claim__isnull=True, opt_out__isnull=True, dispute__isnull=False, counter__isnull=True)
                | models.Q(claim__isnull=True, opt_out__isnull=True, dispute__isnull=True, counter__isnull=False),
                name="appeal_one_case",
            ),
            models.UniqueConstraint(fields=["claim"], name="appeal_once_per_claim"),
            models.UniqueConstraint(
                fields=["opt_out"],
                condition=models.Q(status__in=["filed", "under_review"]),
                name="appeal_one_open_per_opt_out",
            ),
            models.UniqueConstraint(fields=["dispute", "holder"], name="appeal_once_per_party"),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True)
                | models.Q(also_decided_by__isnull=True)
                | ~models.Q(decided_by=models.F("also_decided_by")),
                name="appeal_by_a_third",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True)
                | (~models.Q(decided_by=models.F("first_decided_by")) & ~models.Q(decided_by=models.F("filed_by"))),
                name="appeal_by_another",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["filed", "under_review", "upheld", "reversed", "retracted"]),
                name="appeal_status_known",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def case(self) -> Appealed:
        """What was refused, or decided for somebody else."""
        case = self.claim or self.opt_out or self.dispute or self.counter
        assert case is not None
        return case
