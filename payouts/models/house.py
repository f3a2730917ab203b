"""What moves the society's own money: fees and interest of the bank, and tax paid on."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from core.ids import PublicIdField


class HouseBooking(models.Model):
    """A line of the bank's statement that is of no store and no holder; never changed, entered once per reference."""

    class Kind(models.TextChoices):
        BANK_CHARGE = "bank_charge", _("The bank took a fee")
        INTEREST = "interest", _("The bank paid interest")
        TAX_PAYMENT = "tax_payment", _("Tax kept back was paid to the tax office")
        OPENING = "opening", _("The account held this before the first entry")

    public_id = PublicIdField(prefix="HSB")
    kind = models.CharField(max_length=12, choices=Kind)
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(max_digits=24, decimal_places=8)
    day = models.DateField(help_text="Value date at the bank.")
    reference = models.CharField(max_length=140, help_text="The bank's reference; of a tax payment the office's too.")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("kind", Upper("reference"), name="housebooking_once"),
            models.UniqueConstraint(
                fields=["currency"], condition=models.Q(kind="opening"), name="housebooking_one_opening"
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="housebooking_positive"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["bank_charge", "interest", "tax_payment", "opening"]),
                name="housebooking_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id
