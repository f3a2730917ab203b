"""What a store paid in excess goes back to it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.ids import PublicIdField
from sales.models import Licensee


class StoreRefund(models.Model):
    """Credit of a store that is sent back: proposed by one person of the money office, decided by another.

    proposed -> approved | refused        approved: the transfer is ordered and the money has left the books
    """

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Waits for a second person")
        APPROVED = "approved", _("Sent back")
        REFUSED = "refused", _("Refused")

    MOVES = {
        Status.PROPOSED: {Status.APPROVED, Status.REFUSED},
        Status.APPROVED: set(),
        Status.REFUSED: set(),
    }

    public_id = PublicIdField(prefix="RFD")
    licensee = models.ForeignKey(Licensee, on_delete=models.PROTECT, related_name="refunds")
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(max_digits=24, decimal_places=8, help_text="In whole coins: a bank sends no less.")
    status = models.CharField(max_length=10, choices=Status, default=Status.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["proposed", "approved", "refused"]), name="storerefund_status_known"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="storerefund_positive"),
            models.UniqueConstraint(
                fields=["licensee", "currency"], condition=Q(status="proposed"), name="storerefund_one_open"
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")), name="storerefund_decided_by_another"
            ),
            models.CheckConstraint(
                condition=Q(status="proposed") | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="storerefund_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id
