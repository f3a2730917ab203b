"""Money leaving the house: one approved run of payments, each to one holder."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import RightsHolder
from core.ids import PublicIdField
from payouts.models.payee import Payee


class PayoutBatch(models.Model):
    """What is paid out of one currency in one run: drafted by one person of the money office, approved by another.

    drafted -> approved -> sent -> settled       the bank has answered for every payment
       |                     +---> returned      and every one of them came back
       +-> discarded
    """

    class Status(models.TextChoices):
        DRAFTED = "drafted", _("Drafted")
        APPROVED = "approved", _("Approved")
        SENT = "sent", _("Sent to the bank")
        SETTLED = "settled", _("Settled")
        RETURNED = "returned", _("Returned")
        DISCARDED = "discarded", _("Discarded")

    MOVES = {
        Status.DRAFTED: {Status.APPROVED, Status.DISCARDED},
        Status.APPROVED: {Status.SENT, Status.DISCARDED},
        Status.SENT: {Status.SETTLED, Status.RETURNED},
        Status.SETTLED: {Status.RETURNED},
        Status.RETURNED: set(),
        Status.DISCARDED: set(),
    }

    public_id = PublicIdField(prefix="BAT")
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFTED)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["drafted", "approved", "sent", "settled", "returned", "discarded"]),
                name="payoutbatch_status_known",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("drafted_by")), name="payoutbatch_approved_by_another"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["approved", "sent", "settled", "returned"])
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="payoutbatch_approved_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def tag(self) -> str:
        """What every ledger entry of this batch carries as its batch."""
        return f"payout:{self.public_id}"


class Payment(models.Model):
    """One transfer of a batch, or why a holder with money gets none in it.

    drafted -> approved -> sent -> settled -> returned     the bank paid; the money came back
       |          |          +---> refused                 the bank did not pay
       +----------+-> dropped                              no longer fit to be paid; `reason` says why
    left_out                                               carried over to the next run; `reason` says why

    gross + tax_back = net + tax + administration, in the batch's currency. `paid` is what the holder's bank gets, in
    the payee's currency: net itself, or net at `rate` (units of `paid_currency` for one of the batch's) in whole coins.
    `set_off` is what counted as paid against an overpayment before the gross was paid. `tax_back` is tax of an earlier
    payment that is given back with this one; below zero it was given back for a payment that then returned.
    """

    class Status(models.TextChoices):
        DRAFTED = "drafted", _("Drafted")
        APPROVED = "approved", _("Approved")
        SENT = "sent", _("Sent to the bank")
        SETTLED = "settled", _("Settled")
        RETURNED = "returned", _("Returned")
        REFUSED = "refused", _("Refused by the bank")
        DROPPED = "dropped", _("Not paid")
        LEFT_OUT = "left_out", _("Carried over")

    MOVES = {
        Status.DRAFTED: {Status.APPROVED, Status.DROPPED},
        Status.APPROVED: {Status.SENT, Status.DROPPED},
        Status.SENT: {Status.SETTLED, Status.REFUSED},
        Status.SETTLED: {Status.RETURNED},
        Status.RETURNED: set(),
        Status.REFUSED: set(),
        Status.DROPPED: set(),
        Status.LEFT_OUT: set(),
    }
    OPEN = (Status.DRAFTED, Status.APPROVED, Status.SENT)

    public_id = PublicIdField(prefix="PMT")
    batch = models.ForeignKey(PayoutBatch, on_delete=models.PROTECT, related_name="payments")
    holder = models.ForeignKey(RightsHolder, on_delete=models.PROTECT, related_name="payments")
    payee = models.ForeignKey(Payee, null=True, on_delete=models.PROTECT, related_name="payments")
    currency = models.CharField(max_length=3, help_text="The batch's.")
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFTED)
    reason = models.CharField(max_length=30, blank=True, help_text="Code of why it is not paid (payouts/reasons.py).")
    available = models.DecimalField(max_digits=24, decimal_places=8, help_text="Payable and received, when drafted.")
    set_off = models.DecimalField(max_digits=24, decimal_places=8, default=0)
    gross = models.DecimalField(max_digits=24, decimal_places=8, default=0)
    tax_percent = models.DecimalField(max_digits=9, decimal_places=6, default=0)
    tax = models.DecimalField(max_digits=24, decimal_places=8, default=0)
    tax_back = models.DecimalField(max_digits=24, decimal_places=8, default=0)
    administration_percent = models.DecimalField(max_digits=9, decimal_places=6, default=0)
    administration = models.DecimalField(max_digits=24, decimal_places=8, default=0)
    net = models.DecimalField(max_digits=24, decimal_places=8, default=0)
    paid_currency = models.CharField(max_length=3, blank=True)
    paid = models.DecimalField(max_digits=24, decimal_places=8, default=0)
    rate = models.DecimalField(max_digits=20, decimal_places=10, null=True)
    rate_date = models.DateField(null=True, help_text="The day the rate is of: the last before, if a day has none.")
    rate_source = models.CharField(max_length=40, blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["batch", "status"], name="payment_of_batch")]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        "drafted",
                        "approved",
                        "sent",
                        "settled",
                        "returned",
                        "refused",
                        "dropped",
                        "left_out",
                    ]
                ),
                name="payment_status_known",
            ),
            models.UniqueConstraint(fields=["batch", "holder"], name="payment_once_per_batch"),
            models.UniqueConstraint(
                fields=["holder", "currency"],
                condition=Q(status__in=["drafted", "approved", "sent"]),
                name="payment_one_open",
            ),
            models.CheckConstraint(
                condition=Q(gross=F("net") + F("tax") + F("administration") - F("tax_back")),
                name="payment_gross_whole",
            ),
            models.CheckConstraint(
                condition=Q(status="left_out")
                | Q(payee__isnull=False, gross__gte=0, net__gt=0, paid__gt=0)
                & (Q(available__gte=F("gross") + F("set_off")) | Q(gross=0, set_off=0)),
                name="payment_pays_something",
            ),
            models.CheckConstraint(
                condition=Q(tax__gte=0, administration__gte=0, set_off__gte=0), name="payment_parts_positive"
            ),
            models.CheckConstraint(
                condition=Q(paid_currency=F("currency"), rate=None, rate_date=None, paid=F("net"))
                | Q(rate__gt=0, rate_date__isnull=False) & ~Q(rate_source="") & ~Q(paid_currency=F("currency"))
                | Q(status="left_out"),
                name="payment_rate_recorded",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class PaymentFile(models.Model):
    """A bank file that was made of a batch. The file is made anew from the payees whenever it is fetched: what was sent
    is proved by its hash, and nobody's account lies about in a second place."""

    class Version(models.TextChoices):
        V03 = "pain.001.001.03", "pain.001.001.03"
        V09 = "pain.001.001.09", "pain.001.001.09"

    batch = models.OneToOneField(PayoutBatch, on_delete=models.PROTECT, related_name="file")
    version = models.CharField(max_length=20, choices=Version)
    sha256 = models.CharField(max_length=64)
    payment_count = models.PositiveIntegerField()
    control_sum = models.DecimalField(max_digits=24, decimal_places=8)
    execution_date = models.DateField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.batch} {self.version}"
