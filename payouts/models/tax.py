"""Where a holder pays tax, as shown by a certificate: decides how much is kept back, and corrects what was."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import RightsHolder
from claims.models import EvidenceDocument
from core.ids import PublicIdField
from core.models import TwoPersons
from payouts.models.batch import Payment


class TaxResidence(TwoPersons):
    """A certificate that a holder is resident for tax in a country, for a period.

    proposed -> accepted | refused        somebody of the money office who has nothing to do with the holder
    """

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Waits for finance")
        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("Refused")

    MOVES = {
        Status.PROPOSED: {Status.ACCEPTED, Status.REFUSED},
        Status.ACCEPTED: set(),
        Status.REFUSED: set(),
    }

    public_id = PublicIdField(prefix="TAX")
    holder = models.ForeignKey(RightsHolder, on_delete=models.PROTECT, related_name="tax_residences")
    country = models.CharField(max_length=2, help_text="ISO 3166-1 alpha-2.")
    start = models.DateField()
    end = models.DateField(help_text="First day on which the certificate no longer holds.")
    document = models.ForeignKey(EvidenceDocument, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.PROPOSED)

    class Meta:
        constraints = [
            *TwoPersons.Meta.constraints,
            models.CheckConstraint(
                condition=Q(status__in=["proposed", "accepted", "refused"]), name="taxresidence_status_known"
            ),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="taxresidence_period_forward"),
            models.UniqueConstraint(fields=["holder", "country", "start", "document"], name="taxresidence_shown_once"),
        ]

    def __str__(self) -> str:
        return f"{self.holder} {self.country}"


class TaxCorrection(models.Model):
    """What was kept back of a settled payment too much, as a certificate accepted later shows; added to, never changed.

    Of several the sums count; an amount below zero takes back what an earlier correction said.
    """

    public_id = PublicIdField(prefix="TXC")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="tax_corrections")
    tax_percent = models.DecimalField(max_digits=9, decimal_places=6, help_text="What should have been kept back.")
    given_back = models.DecimalField(
        max_digits=24, decimal_places=8, help_text="Was not yet paid to the tax office: goes with the next payment."
    )
    ask_back = models.DecimalField(
        max_digits=24, decimal_places=8, help_text="Was paid to the tax office: the holder asks the office for it."
    )
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(given_back=0, ask_back=0), name="taxcorrection_of_something"),
        ]

    def __str__(self) -> str:
        return self.public_id


class TaxYearKept(models.Model):
    """What the certificate of a year said before it was corrected."""

    holder = models.ForeignKey(RightsHolder, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    edition = models.PositiveSmallIntegerField(help_text="1 is what was first certified.")
    facts = models.JSONField(help_text="The rows of the paper: ids, days, amounts as text.")
    replaced_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder", "year", "edition"], name="taxyearkept_once"),
        ]

    def __str__(self) -> str:
        return f"{self.holder} {self.year}, {self.edition}"
