"""Who may act for whom: agents of a principal, and a holder's own mandate to the society."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.constraints import period_forward
from catalog.models.holder import RightsHolder
from catalog.models.territory import TerritorySet
from catalog.rights import Right
from core.ids import PublicIdField


class Authority(models.Model):
    """A principal lets an agent collect for it or take its works down, and shows the document that says so.

    A principal and its agent never conflict; a chain of licences is a chain of these rows. Revoking (`end`)
    moves later accruals only.
    """

    class Purpose(models.TextChoices):
        COLLECT = "collect", _("Collect money")
        TAKE_DOWN = "take_down", _("Take works out of stores")

    public_id = PublicIdField(prefix="AUT")
    principal = models.ForeignKey(RightsHolder, on_delete=models.PROTECT, related_name="authorities_given")
    agent = models.ForeignKey(RightsHolder, on_delete=models.PROTECT, related_name="authorities_held")
    purposes = ArrayField(models.CharField(max_length=12, choices=Purpose))
    rights = ArrayField(models.CharField(max_length=12, choices=Right))
    territories = models.ForeignKey(TerritorySet, on_delete=models.PROTECT, related_name="+")
    tracks = models.ManyToManyField("catalog.Track", blank=True, help_text="Repertoire; empty means all of it.")
    start = models.DateField(null=True, blank=True)
    end = models.DateField(null=True, blank=True, help_text="First day on which it no longer holds.")
    is_exclusive = models.BooleanField(default=False)
    document_sha256 = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(principal=models.F("agent")), name="authority_two_parties"),
            period_forward("authority_period_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.principal} -> {self.agent}"


class Mandate(models.Model):
    """A holder joins ROMS. A separate, optional act: nobody needs it to be paid, and no claim contains it."""

    public_id = PublicIdField(prefix="MND")
    holder = models.ForeignKey(RightsHolder, on_delete=models.PROTECT, related_name="mandates")
    rights = ArrayField(models.CharField(max_length=12, choices=Right))
    territories = models.ForeignKey(TerritorySet, on_delete=models.PROTECT, related_name="+")
    start = models.DateField()
    end = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.holder} from {self.start}"
