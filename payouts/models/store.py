"""What stores owe and what they paid: documents the database refuses to change or delete (sql/append_only.sql).

Of a payment only the names on the transfer may be blanked, because they can be a person's.
"""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from core.ids import PublicIdField
from core.models import TwoPersons
from payouts.models.vat import VatRule
from sales.models import Licensee, SalesReport


class AmountDue(models.Model):
    """The numbered note a store gets for one posted report and currency.

    `amount` is the exact royalty (what the ledger accrued); `vat` the tax on it, in whole coins; `payable` their sum
    rounded up to whole coins, because nobody can transfer a thousandth of a cent. What is paid above the two stays the
    store's credit. Of a report that corrects another it is the difference and names the note it `corrects`; below zero
    it is a credit note. `workings` is how the report's royalty was reached when the note was made
    (payouts/selectors/note.py); `vat_rule` the dated rule by which it was taxed: rules never change.
    """

    report = models.ForeignKey(SalesReport, on_delete=models.PROTECT, related_name="amounts_due")
    licensee = models.ForeignKey(Licensee, on_delete=models.PROTECT, related_name="amounts_due")
    sequence = models.PositiveIntegerField(help_text="Counts the notes of one store without gaps.")
    number = models.CharField(max_length=60, unique=True, help_text="What the store quotes when it pays.")
    currency = models.CharField(max_length=3)
    base = models.DecimalField(max_digits=24, decimal_places=8)
    amount = models.DecimalField(max_digits=24, decimal_places=8)
    vat = models.DecimalField(max_digits=24, decimal_places=8, default=0)
    vat_rule = models.ForeignKey(VatRule, null=True, on_delete=models.PROTECT, related_name="+")
    payable = models.DecimalField(max_digits=24, decimal_places=8)
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="corrected_by")
    workings = models.JSONField(default=list)
    issued_at = models.DateTimeField()
    due_date = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "currency"], name="amountdue_once_per_report"),
            models.UniqueConstraint(fields=["licensee", "sequence"], name="amountdue_sequence_once"),
            models.CheckConstraint(
                condition=models.Q(payable__gte=models.F("amount") + models.F("vat")), name="amountdue_covers_amount"
            ),
            models.CheckConstraint(
                condition=models.Q(vat=0) | models.Q(vat_rule__isnull=False), name="amountdue_vat_by_a_rule"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def total(self) -> Decimal:
        """What is asked for: royalty and tax, exact."""
        return self.amount + self.vat

    @property
    def is_credit(self) -> bool:
        """Whether it gives back."""
        return self.total < 0


class Remittance(models.Model):
    """One payment that reached our bank for a store. The payer may be somebody else, e.g. a processor paying for it.

    Put to reports in another currency, as much of it as they take is `changed` into that at the central bank's rate of
    the value date; the rest stays the store's credit in the currency it came in.
    """

    public_id = PublicIdField(prefix="REM")
    licensee = models.ForeignKey(Licensee, on_delete=models.PROTECT, related_name="remittances")
    payer = models.CharField(max_length=200, help_text="Name on the transfer: the store itself, or who pays for it.")
    amount = models.DecimalField(max_digits=24, decimal_places=8)
    currency = models.CharField(max_length=3)
    received_date = models.DateField(help_text="Value date at our bank.")
    reference = models.CharField(max_length=140, help_text="The bank's reference: the same payment is taken once.")
    changed_to = models.CharField(max_length=3, null=True, help_text="Currency of the reports, if it is another.")
    changed = models.DecimalField(max_digits=24, decimal_places=8, null=True, help_text="How much of the amount.")
    worth = models.DecimalField(max_digits=24, decimal_places=8, null=True, help_text="What that came to.")
    rate = models.DecimalField(max_digits=20, decimal_places=10, null=True)
    rate_date = models.DateField(null=True, help_text="The day the rate is of: the last before, if a day has none.")
    rate_source = models.CharField(max_length=40, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(Upper("payer"), Upper("reference"), name="remittance_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="remittance_amount_positive"),
            models.CheckConstraint(
                condition=models.Q(changed_to=None, changed=None, worth=None, rate=None, rate_date=None, rate_source="")
                | models.Q(changed__gt=0, changed__lte=models.F("amount"), worth__gt=0, rate__gt=0)
                & models.Q(changed_to__isnull=False, changed__isnull=False, worth__isnull=False)
                & models.Q(rate__isnull=False, rate_date__isnull=False)
                & ~models.Q(changed_to=models.F("currency"))
                & ~models.Q(rate_source=""),
                name="remittance_rate_recorded",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.public_id} {self.payer}"

    @property
    def paid_in(self) -> str:
        """The currency of the reports it was put to."""
        return self.changed_to or self.currency


class RemittanceAllocation(models.Model):
    """The part of a payment that pays one report. What no row takes is the store's unallocated credit."""

    remittance = models.ForeignKey(Remittance, on_delete=models.PROTECT, related_name="allocations")
    report = models.ForeignKey(SalesReport, on_delete=models.PROTECT, related_name="allocations")
    amount = models.DecimalField(max_digits=24, decimal_places=8)
    vat = models.DecimalField(
        max_digits=24, decimal_places=8, default=0, help_text="How much of the amount is tax: the tax office's."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["remittance", "report"], name="remittanceallocation_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="remittanceallocation_positive"),
            models.CheckConstraint(
                condition=models.Q(vat__gte=0, vat__lte=models.F("amount")), name="remittanceallocation_vat_within"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.remittance} pays {self.report}"


class WriteOff(TwoPersons):
    """A debt of a store that will never be paid: proposed by one person of the money office, decided by another.

    proposed -> approved | refused        what it was for stays visible on the owed side, unfunded
    """

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Waits for a second person")
        APPROVED = "approved", _("Written off")
        REFUSED = "refused", _("Refused")

    MOVES = {
        Status.PROPOSED: {Status.APPROVED, Status.REFUSED},
        Status.APPROVED: set(),
        Status.REFUSED: set(),
    }

    public_id = PublicIdField(prefix="WOF")
    report = models.ForeignKey(SalesReport, on_delete=models.PROTECT, related_name="write_offs")
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(max_digits=24, decimal_places=8)
    vat = models.DecimalField(
        max_digits=24, decimal_places=8, default=0, help_text="Tax asked for beside the amount, not due any more."
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.PROPOSED)

    class Meta:
        constraints = [
            *TwoPersons.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(status__in=["proposed", "approved", "refused"]), name="writeoff_status_known"
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="writeoff_positive"),
            models.CheckConstraint(condition=models.Q(vat__gte=0), name="writeoff_vat_not_negative"),
            models.UniqueConstraint(
                fields=["report", "currency"], condition=models.Q(status="proposed"), name="writeoff_one_open"
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class LateFeeRule(models.Model):
    """What a store owes for paying late, from a day on: a yearly percent of what is overdue, after some days of grace.

    It is shown on the store's account; nothing is posted by a clock.
    """

    licensee = models.ForeignKey(Licensee, on_delete=models.PROTECT, related_name="late_fee_rules")
    start = models.DateField()
    percent_per_year = models.DecimalField(max_digits=9, decimal_places=6)
    grace_days = models.PositiveSmallIntegerField(default=0)
    source_note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["licensee", "start"], name="latefeerule_once"),
            models.CheckConstraint(
                condition=models.Q(percent_per_year__gte=0, percent_per_year__lte=100), name="latefeerule_percent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.licensee} {self.percent_per_year} % from {self.start}"
