"""What others state in their feeds: allegations kept as they came, no facts of ours."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.intake import CatalogueImport
from catalog.models.territory import TerritorySet
from catalog.models.track import Track
from catalog.models.work import Work


class WorkDeclaration(models.Model):
    """What a submitter registers about a work (CWR NWR or REV). The newest of a submitter's number counts."""

    batch = models.ForeignKey(CatalogueImport, on_delete=models.PROTECT, related_name="declarations")
    line_no = models.PositiveIntegerField()
    work = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="declarations")
    submitter = models.CharField(max_length=300)
    submitter_number = models.CharField(max_length=14)
    is_revision = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["submitter", "submitter_number"], name="workdeclaration_number")]

    def __str__(self) -> str:
        return f"{self.submitter} {self.submitter_number}"


class DeclaredShare(models.Model):
    """A writer or publisher in a declaration and the percent of the work it is said to have. Nobody is paid by it."""

    declaration = models.ForeignKey(WorkDeclaration, on_delete=models.CASCADE, related_name="shares")
    name = models.CharField(max_length=300)
    role = models.CharField(max_length=2, blank=True, help_text="CWR: C, A, CA, AR, AD, SR, TR; E, AM, SE, PA, AQ, ES.")
    ipi = models.CharField(max_length=11, blank=True)
    is_publisher = models.BooleanField(default=False)
    is_controlled = models.BooleanField(
        default=False, help_text="Of the submitter (SPU, SWR), not of others (OPU, OWR)."
    )
    performing = models.DecimalField(max_digits=5, decimal_places=2)
    mechanical = models.DecimalField(max_digits=5, decimal_places=2)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(performing__range=(0, 100), mechanical__range=(0, 100)), name="declaredshare_percent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.performing}"


class LicensorStatement(models.Model):
    """What a licensor's catalogue message (ERN) says of one release in some territories. It withdraws nothing.

    A message replaces all its sender said before of the same release. Out are: a deal marked as a takedown, a deal
    whose time is over, territories that had a deal and have none in the new message, and a purged release.
    """

    class Kind(models.TextChoices):
        OFFERED = "offered", _("May be sold")
        TAKEN_DOWN = "taken_down", _("Taken down by a deal marked so")
        ENDED = "ended", _("The deal's time is over")
        NO_DEAL = "no_deal", _("No deal any more")
        PURGED = "purged", _("Purged")

    batch = models.ForeignKey(CatalogueImport, on_delete=models.PROTECT, related_name="licensor_statements")
    line_no = models.PositiveIntegerField()
    sender = models.CharField(max_length=40, help_text="DDEX party id of the sender, or of whom it sends for.")
    sender_name = models.CharField(max_length=300, blank=True)
    message_id = models.CharField(max_length=100, blank=True)
    said_at = models.DateTimeField(help_text="When the message was made.")
    release_key = models.CharField(max_length=100, help_text="ICPN, else the first other number the sender gives it.")
    title = models.CharField(max_length=500, blank=True)
    kind = models.CharField(max_length=12, choices=Kind)
    territories = models.ForeignKey(TerritorySet, on_delete=models.PROTECT, related_name="+")
    start = models.DateField(null=True, blank=True)
    end = models.DateField(null=True, blank=True)
    is_stale = models.BooleanField(default=False, help_text="Older than what the sender said last: kept, not followed.")
    is_doubtful = models.BooleanField(default=False, help_text="A purge by a sender who never offered the release.")
    tracks = models.ManyToManyField(Track, related_name="licensor_statements")

    class Meta:
        indexes = [models.Index(fields=["sender", "release_key", "said_at"], name="licensorstatement_last")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["offered", "taken_down", "ended", "no_deal", "purged"]),
                name="licensorstatement_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sender} {self.release_key} {self.kind}"
