"""Names on a sanctions list: a list uploaded whole, and a case for each holder whose name is on one."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models import RightsHolder
from core.ids import PublicIdField


class SanctionsList(models.Model):
    """One edition of a list, as uploaded and kept for ever; which one counts says the latest `SanctionsChoice`."""

    public_id = PublicIdField(prefix="SLS")
    name = models.CharField(max_length=100, help_text="Whose list: EU, UN, OFAC SDN ...")
    sha256 = models.CharField(max_length=64)
    entry_count = models.PositiveIntegerField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "sha256"], name="sanctionslist_once")]

    def __str__(self) -> str:
        return self.name


class SanctionsChoice(models.Model):
    """A person put an edition of a list in force: a newly uploaded one, or an earlier one again."""

    edition = models.ForeignKey(SanctionsList, on_delete=models.PROTECT, related_name="choices")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    screened_at = models.DateTimeField(null=True, help_text="When everybody was looked for by it; empty: still due.")

    class Meta:
        indexes = [models.Index(fields=["id"], condition=Q(screened_at=None), name="sanctionschoice_due")]

    def __str__(self) -> str:
        return f"{self.edition} {self.at:%Y-%m-%d}"


class SanctionsEntry(models.Model):
    """One name of a list, and the key it is compared by (`catalog.names.artist_key`): any script, any order."""

    edition = models.ForeignKey(SanctionsList, on_delete=models.PROTECT, related_name="entries")
    number = models.CharField(max_length=60, blank=True, help_text="The list's own number of the person.")
    name = models.CharField(max_length=300)
    name_key = models.CharField(max_length=300)

    class Meta:
        indexes = [models.Index(fields=["name_key"], name="sanctionsentry_name_key")]

    def __str__(self) -> str:
        return self.name


class ScreeningCase(models.Model):
    """A holder has a name of a list: a person looks whether it is the same one. It stops nothing by itself.

    open -> cleared | confirmed        who confirms orders the hold, if there shall be one, as a decision of its own
    """

    class Status(models.TextChoices):
        OPEN = "open", _("Waits for a person")
        CLEARED = "cleared", _("Another person of that name")
        CONFIRMED = "confirmed", _("The same person")

    MOVES = {Status.OPEN: {Status.CLEARED, Status.CONFIRMED}, Status.CLEARED: set(), Status.CONFIRMED: set()}

    public_id = PublicIdField(prefix="SCR")
    holder = models.ForeignKey(RightsHolder, on_delete=models.PROTECT, related_name="screening_cases")
    entry = models.ForeignKey(SanctionsEntry, on_delete=models.PROTECT, related_name="cases")
    list_name = models.CharField(max_length=100)
    number = models.CharField(max_length=60, blank=True)
    name_key = models.CharField(max_length=300)
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    found_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder", "list_name", "number", "name_key"], name="screeningcase_once"),
            models.CheckConstraint(
                condition=Q(status__in=["open", "cleared", "confirmed"]), name="screeningcase_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status="open") | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="screeningcase_decided_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["holder"], condition=Q(status="open"), name="screeningcase_open")]

    def __str__(self) -> str:
        return self.public_id
