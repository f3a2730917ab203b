"""Tracks that left come back: asked by who took them out or has the catalogue now, or ordered with reasons."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.rights import Right
from claims.models.opt_out import OptOut
from claims.models.transfer import CatalogueTransfer
from core.ids import PublicIdField
from core.models import Note
from sales.models import Licensee


class Reentry(models.Model):
    """An act, not a case: it holds from the moment it is written. What it writes is one Return per withdrawal.

    A track comes back only as far as no other withdrawal, of the same holder or of another, keeps it out.
    """

    class Ground(models.TextChoices):
        RETURN = "return", _("The holder comes back")
        RETRACTION = "retraction", _("The holder takes the notice back: it was a mistake")
        ORDER = "order", _("Ordered by a person at ROMS")
        SUCCESSION = "succession", _("The new owner of the catalogue brings back")

    public_id = PublicIdField(prefix="RTN")
    opt_out = models.ForeignKey(OptOut, on_delete=models.PROTECT, related_name="reentries")
    transfer = models.ForeignKey(
        CatalogueTransfer,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reentries",
        help_text="By which the one who asks owns what the sender of the opt-out had.",
    )
    ground = models.CharField(max_length=10, choices=Ground)
    rights = ArrayField(models.CharField(max_length=12, choices=Right))
    licensees = models.ManyToManyField(Licensee, blank=True, help_text="Stores; empty = all they had left.")
    start = models.DateField(help_text="First day back.")
    track_count = models.PositiveIntegerField(default=0, help_text="Tracks whose rights came back.")
    still_out_count = models.PositiveIntegerField(default=0, help_text="Of these, kept out by another withdrawal.")
    note = models.ForeignKey(Note, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ground__in=["return", "retraction", "order", "succession"]),
                name="reentry_ground_known",
            ),
            models.CheckConstraint(
                condition=models.Q(ground="succession", transfer__isnull=False)
                | (~models.Q(ground="succession") & models.Q(transfer__isnull=True)),
                name="reentry_successor_by_transfer",
            ),
            models.CheckConstraint(
                condition=~models.Q(ground="order") | models.Q(note__isnull=False), name="reentry_order_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.public_id
