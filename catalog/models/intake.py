"""Catalogue files as they came in, and what was wrong with single rows of them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.ids import PublicIdField


class CatalogueImport(models.Model):
    """One catalogue file, exactly as received, and what became of it. The original is never changed or deleted.

    received -> previewed -> confirmed -> imported      previewed: a dry run told what would change, nothing is written
        |           +------> dropped -> previewed       dropped: a person left it
        +--> confirmed                                  a door that needs no preview
        from received, previewed and confirmed also: rejected      (nothing in it can be read; the original is kept)

    The same bytes again are no new import: they change nothing, and the answer is the first one's.
    """

    class Status(models.TextChoices):
        RECEIVED = "received", _("Received")
        PREVIEWED = "previewed", _("Looked through")
        CONFIRMED = "confirmed", _("Being taken in")
        IMPORTED = "imported", _("Imported")
        REJECTED = "rejected", _("Rejected")
        DROPPED = "dropped", _("Left out")

    MOVES = {
        Status.RECEIVED: {Status.PREVIEWED, Status.CONFIRMED, Status.REJECTED},
        Status.PREVIEWED: {Status.CONFIRMED, Status.DROPPED, Status.REJECTED},
        Status.CONFIRMED: {Status.IMPORTED, Status.REJECTED},
        Status.DROPPED: {Status.PREVIEWED},
        Status.IMPORTED: set(),
        Status.REJECTED: set(),
    }

    public_id = PublicIdField(prefix="IMP")
    name = models.CharField(max_length=300, help_text="The sender's file name; never used to decide anything.")
    sha256 = models.CharField(max_length=64, unique=True, help_text="Of the bytes as received.")
    size = models.BigIntegerField(help_text="Bytes as received.")
    stored = models.CharField(max_length=300, help_text="Storage name of the original.")
    format = models.CharField(max_length=40, blank=True, help_text="What the content was recognised as.")
    status = models.CharField(max_length=12, choices=Status, default=Status.RECEIVED)
    error = models.CharField(max_length=60, blank=True, help_text="Code, when the whole file cannot be read.")
    error_found = models.CharField(max_length=200, blank=True)
    rows_read = models.PositiveIntegerField(default=0)
    rows_rejected = models.PositiveIntegerField(default=0)
    tracks_added = models.PositiveIntegerField(default=0)
    tracks_changed = models.PositiveIntegerField(default=0)
    works_added = models.PositiveIntegerField(default=0)
    statements = models.PositiveIntegerField(
        default=0, help_text="What a licensor said of releases: LicensorStatement."
    )
    preview = models.JSONField(
        default=list, blank=True, help_text="[{line, kind, text}]: the first changes of a dry run."
    )
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["received_at"], name="catalogueimport_received")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    status__in=["received", "previewed", "confirmed", "imported", "rejected", "dropped"]
                ),
                name="catalogueimport_status_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RowFault(models.Model):
    """What was wrong with one row: line, column, what was found and, by its code, what to do.

    `is_fatal` rejected the row; otherwise the row was taken without the cell at fault.
    """

    batch = models.ForeignKey(CatalogueImport, on_delete=models.CASCADE, related_name="faults")
    line_no = models.PositiveIntegerField(help_text="1 = first line of the file, where the headers are.")
    column = models.CharField(max_length=60, blank=True)
    code = models.CharField(max_length=60)
    found = models.CharField(max_length=200, blank=True)
    is_fatal = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["batch", "line_no"], name="rowfault_place")]

    def __str__(self) -> str:
        return f"line {self.line_no}: {self.code}"
