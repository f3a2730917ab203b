"""What people say about the store's keys: proposals of holders, rules of a store's names, tracks that were not it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Release, RightsHolder, Track
from core.ids import PublicIdField
from sales.models.licensee import Licensee
from sales.models.sale import StoreKey


class MatchProposal(models.Model):
    """proposed > accepted | rejected | retracted

    A holder says: this is my track, sold under another name. It moves no money; staff decide, with a reason.
    """

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Waits for ROMS")
        ACCEPTED = "accepted", _("Accepted")
        REJECTED = "rejected", _("Rejected")
        RETRACTED = "retracted", _("Taken back")

    MOVES = {
        Status.PROPOSED: {Status.ACCEPTED, Status.REJECTED, Status.RETRACTED},
        Status.ACCEPTED: set(),
        Status.REJECTED: set(),
        Status.RETRACTED: set(),
    }

    public_id = PublicIdField(prefix="MPR")
    store_key = models.ForeignKey(StoreKey, on_delete=models.PROTECT, related_name="proposals")
    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="+")
    holder = models.ForeignKey(RightsHolder, on_delete=models.PROTECT, related_name="+")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Status, default=Status.PROPOSED)

    class Meta:
        indexes = [models.Index(fields=["holder"], name="matchproposal_holder")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["proposed", "accepted", "rejected", "retracted"]),
                name="matchproposal_status_known",
            ),
            models.UniqueConstraint(
                fields=["store_key", "track", "holder"],
                condition=models.Q(status="proposed"),
                name="matchproposal_open_once",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class MatchRejection(models.Model):
    """A person said that this key is not this track, or not this release: it is not matched to it by itself again."""

    store_key = models.ForeignKey(StoreKey, on_delete=models.CASCADE, related_name="rejections")
    track = models.ForeignKey(Track, null=True, on_delete=models.CASCADE, related_name="+")
    release = models.ForeignKey(Release, null=True, on_delete=models.CASCADE, related_name="+")
    rejected_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    rejected_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store_key", "track"], name="matchrejection_once"),
            models.UniqueConstraint(fields=["store_key", "release"], name="matchrejection_release_once"),
            models.CheckConstraint(
                condition=models.Q(track__isnull=True, release__isnull=False)
                | models.Q(track__isnull=False, release__isnull=True),
                name="matchrejection_of_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.store_key} is not {self.track or self.release}"


class SameAsRule(models.Model):
    """What one store calls `pattern` is this track: applies to its unmatched keys, those of today and later ones.

    The pattern is compared with the key and with "artist - title", whatever the case; `*` stands for any text.
    """

    public_id = PublicIdField(prefix="SAR")
    licensee = models.ForeignKey(Licensee, on_delete=models.CASCADE, related_name="same_as_rules")
    pattern = models.CharField(max_length=500)
    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["licensee", "pattern"],
                condition=models.Q(removed_at__isnull=True),
                name="sameasrule_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.pattern} = {self.track}"
