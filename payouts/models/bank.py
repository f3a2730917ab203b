"""What the bank told us: files taken in, and their lines."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.ids import PublicIdField
from payouts.models.batch import Payment
from payouts.models.conversion import Conversion
from payouts.models.house import HouseBooking
from payouts.models.refund import StoreRefund
from payouts.models.store import Remittance


class BankFile(models.Model):
    """A file of the bank (pain.002, camt.053, camt.054) or a table of payments, taken in once."""

    public_id = PublicIdField(prefix="BNK")
    kind = models.CharField(max_length=10, help_text="pain.002, camt.053, camt.054 or csv.")
    message_id = models.CharField(max_length=140, help_text="The bank's number of the message; of a table its hash.")
    sha256 = models.CharField(max_length=64, unique=True)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "message_id"], name="bankfile_message_once")]

    def __str__(self) -> str:
        return self.public_id


class BankLine(models.Model):
    """One thing a bank file says, and what came of it.

    The payer's name and the text of the transfer can be a person's: they alone may be blanked later.
    """

    class Outcome(models.TextChoices):
        SETTLED = "settled", _("Payment settled")
        REFUSED = "refused", _("Payment refused by the bank")
        RETURNED = "returned", _("Payment returned")
        KNOWN = "known", _("Known before")
        NOTED = "noted", _("Nothing to do")
        WAITING = "waiting", _("Waits for a person")
        ENTERED = "entered", _("Entered as a payment of a store")
        EXPLAINED = "explained", _("Explains an entry")
        PASSED = "passed", _("Set aside by a person")

    file = models.ForeignKey(BankFile, on_delete=models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField()
    end_to_end_id = models.CharField(max_length=35, blank=True)
    amount = models.DecimalField(max_digits=24, decimal_places=8, null=True, help_text="Above zero: to our account.")
    currency = models.CharField(max_length=3, blank=True)
    value_date = models.DateField(null=True)
    reference = models.CharField(max_length=140, blank=True, help_text="The bank's own reference of the booking.")
    reason_code = models.CharField(max_length=35, blank=True, help_text="The bank's: AC01, AM04 ...")
    payer = models.CharField(max_length=200, blank=True)
    text = models.CharField(max_length=500, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome)
    reason = models.CharField(max_length=30, blank=True, help_text="Why a person must look (payouts/reasons.py).")
    payment = models.ForeignKey(Payment, null=True, on_delete=models.PROTECT, related_name="bank_lines")
    remittance = models.OneToOneField(Remittance, null=True, on_delete=models.PROTECT, related_name="bank_line")
    booking = models.OneToOneField(HouseBooking, null=True, on_delete=models.PROTECT, related_name="bank_line")
    refund = models.OneToOneField(StoreRefund, null=True, on_delete=models.PROTECT, related_name="bank_line")
    conversion = models.ForeignKey(Conversion, null=True, on_delete=models.PROTECT, related_name="bank_lines")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "number"], name="bankline_once"),
            models.CheckConstraint(
                condition=Q(outcome="entered") ^ Q(remittance=None), name="bankline_entered_as_remittance"
            ),
            models.CheckConstraint(
                condition=Q(outcome="explained", booking__isnull=False, refund=None, conversion=None)
                | Q(outcome="explained", booking=None, refund__isnull=False, conversion=None)
                | Q(outcome="explained", booking=None, refund=None, conversion__isnull=False)
                | Q(~Q(outcome="explained"), booking=None, refund=None, conversion=None),
                name="bankline_explains_one_thing",
            ),
            models.UniqueConstraint(fields=["conversion", "currency"], name="bankline_one_side_of_a_conversion"),
        ]
        indexes = [models.Index(fields=["file"], condition=Q(outcome="waiting"), name="bankline_waiting")]

    def __str__(self) -> str:
        return f"{self.file} line {self.number}"


class BankBalance(models.Model):
    """What stood on our account at the end of a day, by the bank's own statement."""

    file = models.ForeignKey(BankFile, on_delete=models.PROTECT, related_name="balances")
    currency = models.CharField(max_length=3)
    day = models.DateField()
    amount = models.DecimalField(max_digits=24, decimal_places=8, help_text="Below zero: overdrawn.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "currency", "day"], name="bankbalance_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.amount} {self.currency}"
