"""The rules of paying out as dated data: a row holds from its first day until the next one begins, none is changed."""

from decimal import Decimal

from django.db import models


class PayoutTerms(models.Model):
    """How money leaves the house from a day on."""

    start = models.DateField(unique=True)
    cooling_off_days = models.PositiveSmallIntegerField(
        default=7, help_text="Days after a bank account was confirmed in which nothing is paid to it."
    )
    administration_percent = models.DecimalField(
        max_digits=9, decimal_places=6, default=Decimal(0), help_text="Kept of what is paid out; 0 unless decided."
    )
    set_off_percent = models.DecimalField(
        max_digits=9,
        decimal_places=6,
        default=Decimal(50),
        help_text="At most this part of what could be paid is set off against an overpayment, per run.",
    )
    source_note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(administration_percent__gte=0, administration_percent__lt=100)
                & models.Q(set_off_percent__gte=0, set_off_percent__lte=100),
                name="payoutterms_percents",
            )
        ]

    def __str__(self) -> str:
        return f"from {self.start}"


class PayoutMinimum(models.Model):
    """What must have gathered in a currency before it is paid; less is carried over, without end."""

    currency = models.CharField(max_length=3)
    start = models.DateField()
    amount = models.DecimalField(max_digits=24, decimal_places=8)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["currency", "start"], name="payoutminimum_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payoutminimum_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} from {self.start}"


class WithholdingRate(models.Model):
    """The tax kept back from who has shown to be resident in a country; an empty country is everybody else."""

    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166-1; empty: no certificate was accepted.")
    start = models.DateField()
    percent = models.DecimalField(max_digits=9, decimal_places=6)
    source_note = models.TextField(blank=True, help_text="The law or treaty and its article.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["country", "start"], name="withholdingrate_once"),
            models.CheckConstraint(condition=models.Q(percent__gte=0, percent__lt=100), name="withholdingrate_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.country or '-'} {self.percent} % from {self.start}"
