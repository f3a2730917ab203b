"""Value added tax on what stores owe: dated rules, added to and never changed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from sales.models import Licensee


class VatRule(models.Model):
    """How the royalties of a store are taxed from a day on, until the next rule of the store starts or this one ends.

    Without a rule no tax is asked for and the note says nothing of tax. The rule in force on the day a note is made
    stays with that note for ever, and with whatever corrects it.
    """

    class Treatment(models.TextChoices):
        STANDARD = "standard", _("Taxed")
        REVERSE_CHARGE = "reverse_charge", _("Reverse charge: the recipient owes the tax")
        EXEMPT = "exempt", _("Exempt from tax")

    licensee = models.ForeignKey(Licensee, on_delete=models.PROTECT, related_name="vat_rules")
    start = models.DateField()
    end = models.DateField(null=True, blank=True, help_text="First day on which it no longer holds.")
    treatment = models.CharField(max_length=14, choices=Treatment)
    percent = models.DecimalField(max_digits=9, decimal_places=6, default=0)
    country = models.CharField(max_length=2, help_text="Whose tax: ISO 3166-1 alpha-2.")
    law = models.CharField(max_length=200, help_text="The law and its article, as it stands on the note.")
    words = models.TextField(blank=True, help_text="What the law wants a note to say, e.g. of reverse charge.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["licensee", "start"], name="vatrule_once"),
            models.CheckConstraint(
                condition=models.Q(treatment__in=["standard", "reverse_charge", "exempt"]),
                name="vatrule_treatment_known",
            ),
            models.CheckConstraint(
                condition=models.Q(treatment="standard", percent__gt=0, percent__lt=100)
                | (~models.Q(treatment="standard") & models.Q(percent=0)),
                name="vatrule_percent",
            ),
            models.CheckConstraint(
                condition=models.Q(end=None) | models.Q(end__gt=models.F("start")), name="vatrule_period_forward"
            ),
            models.CheckConstraint(
                condition=models.Q(country__regex="^[A-Z]{2}$") & ~models.Q(law=""), name="vatrule_source"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.licensee} {self.treatment} {self.percent} % from {self.start}"
