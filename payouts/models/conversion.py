"""What the bank really made of money that stores sent in another currency than their reports."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from core.ids import PublicIdField
from core.models import TwoPersons
from payouts.models.store import Remittance


class Conversion(TwoPersons):
    """The bank changed what payments were noted to be worth: what it took and gave, by its own statement.

    proposed -> approved | refused        approved: nothing of these payments is open on fx_difference any more
    """

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Waits for a second person")
        APPROVED = "approved", _("Booked")
        REFUSED = "refused", _("Refused")

    MOVES = {
        Status.PROPOSED: {Status.APPROVED, Status.REFUSED},
        Status.APPROVED: set(),
        Status.REFUSED: set(),
    }

    public_id = PublicIdField(prefix="CNV")
    sold = models.DecimalField(max_digits=24, decimal_places=8, help_text="What the bank took, in whole coins.")
    sold_currency = models.CharField(max_length=3)
    bought = models.DecimalField(max_digits=24, decimal_places=8, help_text="What it gave for it, in whole coins.")
    bought_currency = models.CharField(max_length=3)
    day = models.DateField(help_text="Value date at the bank.")
    reference = models.CharField(max_length=140, help_text="The bank's reference.")
    status = models.CharField(max_length=10, choices=Status, default=Status.PROPOSED)

    class Meta:
        constraints = [
            *TwoPersons.Meta.constraints,
            models.CheckConstraint(
                condition=Q(status__in=["proposed", "approved", "refused"]), name="conversion_status_known"
            ),
            models.CheckConstraint(condition=Q(sold__gt=0, bought__gt=0), name="conversion_positive"),
            models.CheckConstraint(
                condition=~Q(sold_currency=F("bought_currency")), name="conversion_of_two_currencies"
            ),
            models.UniqueConstraint(Upper("reference"), condition=~Q(status="refused"), name="conversion_once"),
        ]

    def __str__(self) -> str:
        return self.public_id


class ConversionPart(models.Model):
    """A payment that the bank changed; in one conversion at a time: it is free again when that is refused."""

    conversion = models.ForeignKey(Conversion, on_delete=models.PROTECT, related_name="parts")
    remittance = models.ForeignKey(Remittance, on_delete=models.PROTECT, related_name="conversions")
    freed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversion", "remittance"], name="conversionpart_once"),
            models.UniqueConstraint(
                fields=["remittance"], condition=Q(freed_at=None), name="conversionpart_one_conversion"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.conversion} {self.remittance}"
