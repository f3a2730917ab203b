"""What a store paid in excess goes back to it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.ids import PublicIdField
from core.models import TwoPersons
from sales.models import Licensee


class StoreRefund(TwoPersons):
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

    class Meta:
        constraints = [
            *TwoPersons.Meta.constraints,
            models.CheckConstraint(
                condition=Q(status__in=["proposed", "approved", "refused"]), name="storerefund_status_known"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="storerefund_positive"),
            models.UniqueConstraint(
                fields=["licensee", "currency"], condition=Q(status="proposed"), name="storerefund_one_open"
            ),
        ]

    def __str__(self) -> str:
        return self.public_id
