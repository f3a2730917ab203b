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

    asked -> granted | refused | retracted

    The principal grants it, or the agent asks with a letter and a reviewer who read the letter grants it. An agent that
    may delegate grants a part of what it has to another (`parent`); what it does not have itself nobody gets from it.
    A principal and its agent never conflict. Revoking (`end`, also of all that hangs on it) moves later accruals only.
    """

    class Status(models.TextChoices):
        ASKED = "asked", _("The letter is being read")
        GRANTED = "granted", _("Granted")
        REFUSED = "refused", _("Refused")
        RETRACTED = "retracted", _("Taken back")

    MOVES = {
        Status.ASKED: {Status.GRANTED, Status.REFUSED, Status.RETRACTED},
        Status.GRANTED: set(),
        Status.REFUSED: set(),
        Status.RETRACTED: set(),
    }

    class Purpose(models.TextChoices):
        COLLECT = "collect", _("Collect money")
        TAKE_DOWN = "take_down", _("Take works out of stores")

    public_id = PublicIdField(prefix="AUT")
    principal = models.ForeignKey(RightsHolder, on_delete=models.PROTECT, related_name="authorities_given")
    agent = models.ForeignKey(RightsHolder, on_delete=models.PROTECT, related_name="authorities_held")
    status = models.CharField(max_length=9, choices=Status, default=Status.GRANTED)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="given_on", help_text="Granted under it."
    )
    purposes = ArrayField(models.CharField(max_length=12, choices=Purpose))
    rights = ArrayField(models.CharField(max_length=12, choices=Right))
    territories = models.ForeignKey(TerritorySet, on_delete=models.PROTECT, related_name="+")
    tracks = models.ManyToManyField("catalog.Track", blank=True, help_text="Repertoire; empty means all of it.")
    start = models.DateField(null=True, blank=True)
    end = models.DateField(null=True, blank=True, help_text="First day on which it no longer holds.")
    is_exclusive = models.BooleanField(default=False)
    may_delegate = models.BooleanField(default=False, help_text="The agent may grant a part of it to others.")
    document_sha256 = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["asked", "granted", "refused", "retracted"]),
                name="authority_status_known",
            ),
            models.CheckConstraint(
                condition=models.Q(status="granted") | models.Q(parent__isnull=True), name="authority_part_is_granted"
            ),
            models.CheckConstraint(condition=~models.Q(principal=models.F("agent")), name="authority_two_parties"),
            period_forward("authority_period_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.principal} -> {self.agent}"

    @property
    def depth(self) -> int:
        """How many hands it went through after the first agent's."""
        return 0 if self.parent is None else self.parent.depth + 1


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
