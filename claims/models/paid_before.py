"""Money a holder got before the portal, or outside it, so that nobody is paid twice."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from catalog.models import RightsHolder, Track
from claims.models.evidence import EvidenceDocument
from core.ids import PublicIdField
from core.models import TwoPersons


class PaidBefore(TwoPersons):
    """A payment to a holder for a time and a track, or for all, that no batch made; proved by a document.

    proposed -> accepted | refused          two persons of the money office who have nothing to do with the holder

    Accepted, it covers what is payable in its scope, now or later, up to its amount.
    """

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Waits for a second person")
        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("Refused")

    MOVES = {
        Status.PROPOSED: {Status.ACCEPTED, Status.REFUSED},
        Status.ACCEPTED: set(),
        Status.REFUSED: set(),
    }

    public_id = PublicIdField(prefix="PBF")
    holder = models.ForeignKey(RightsHolder, on_delete=models.PROTECT, related_name="paid_before")
    currency = models.CharField(max_length=3, help_text="Of the money it was for.")
    amount = models.DecimalField(max_digits=24, decimal_places=8, help_text="Before tax and deductions.")
    paid_on = models.DateField()
    start = models.DateField(null=True, help_text="First day of the sales it was for; empty: from the first one.")
    end = models.DateField(null=True, help_text="Half-open; empty: without end.")
    track = models.ForeignKey(Track, null=True, on_delete=models.PROTECT, related_name="+", help_text="Empty: all.")
    from_bank = models.BooleanField(help_text="It left the house's own account; else it never was on it.")
    reference = models.CharField(max_length=140, help_text="What the payment is known by.")
    document = models.ForeignKey(EvidenceDocument, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.PROPOSED)

    class Meta:
        constraints = [
            *TwoPersons.Meta.constraints,
            models.CheckConstraint(
                condition=Q(status__in=["proposed", "accepted", "refused"]), name="paidbefore_status_known"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="paidbefore_positive"),
            models.CheckConstraint(
                condition=Q(start=None) | Q(end=None) | Q(end__gt=F("start")), name="paidbefore_period_forward"
            ),
            models.UniqueConstraint(
                "holder", Upper("reference"), condition=~Q(status="refused"), name="paidbefore_once"
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def tag(self) -> str:
        """What every ledger entry of it carries as its batch."""
        return f"paid_before:{self.public_id}"
