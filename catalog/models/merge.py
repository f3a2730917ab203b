"""One track, work or holder that turned out to be another: who became part of whom, from when to when, what moved.

Facts that belonged to the source are moved to the target, so that everything which reads them needs to know of no
merge; `MergedRow` remembers each row, so that the merge can be undone exactly, in any order with other merges.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.holder import RightsHolder
from catalog.models.track import Track
from catalog.models.work import Work
from core.ids import PublicIdField


def _one_pair() -> models.Q:
    """Either two tracks, or two works, or two holders."""
    kinds = ("track", "work", "holder")
    allowed = models.Q()
    for chosen in kinds:
        columns = {f"{side}_{kind}__isnull": kind != chosen for kind in kinds for side in ("source", "target")}
        allowed |= models.Q(**columns)
    return allowed


class Merge(models.Model):
    """source became part of target. It stands while `ended_at` is empty; undoing it ends it, nothing is deleted."""

    public_id = PublicIdField(prefix="MRG")
    source_track = models.ForeignKey(Track, null=True, blank=True, on_delete=models.PROTECT, related_name="merges")
    target_track = models.ForeignKey(Track, null=True, blank=True, on_delete=models.PROTECT, related_name="merged")
    source_work = models.ForeignKey(Work, null=True, blank=True, on_delete=models.PROTECT, related_name="merges")
    target_work = models.ForeignKey(Work, null=True, blank=True, on_delete=models.PROTECT, related_name="merged")
    source_holder = models.ForeignKey(
        RightsHolder, null=True, blank=True, on_delete=models.PROTECT, related_name="merges"
    )
    target_holder = models.ForeignKey(
        RightsHolder, null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )
    case = models.CharField(max_length=60, help_text="Public id of the case that decided it.")
    merged_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_one_pair(), name="merge_of_one_pair"),
            models.CheckConstraint(
                condition=~models.Q(source_track=models.F("target_track")), name="merge_of_different_tracks"
            ),
            models.CheckConstraint(
                condition=~models.Q(source_work=models.F("target_work")), name="merge_of_different_works"
            ),
            models.CheckConstraint(
                condition=~models.Q(source_holder=models.F("target_holder")), name="merge_of_different_holders"
            ),
            models.UniqueConstraint(
                fields=["source_holder"],
                condition=models.Q(ended_at__isnull=True, source_holder__isnull=False),
                name="merge_of_holder_once",
            ),
            models.UniqueConstraint(
                fields=["source_track"],
                condition=models.Q(ended_at__isnull=True, source_track__isnull=False),
                name="merge_of_track_once",
            ),
            models.UniqueConstraint(
                fields=["source_work"],
                condition=models.Q(ended_at__isnull=True, source_work__isnull=False),
                name="merge_of_work_once",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class MergedRow(models.Model):
    """A row that a merge moved from the source to the target, made for the target, or changed there."""

    class Change(models.TextChoices):
        MOVED = "moved", _("Moved")
        MADE = "made", _("Made")
        REMOVED = "removed", _("Removed")

    merge = models.ForeignKey(Merge, on_delete=models.CASCADE, related_name="rows")
    table = models.CharField(max_length=60, help_text="Label of the model, e.g. catalog.TrackIsrc.")
    row_id = models.BigIntegerField()
    change = models.CharField(max_length=8, choices=Change, default=Change.MOVED)
    detail = models.JSONField(default=dict, blank=True, help_text="What a removed row said.")

    class Meta:
        indexes = [models.Index(fields=["table", "row_id"], name="mergedrow_row")]
        constraints = [models.UniqueConstraint(fields=["merge", "table", "row_id"], name="mergedrow_once")]

    def __str__(self) -> str:
        return f"{self.table} {self.row_id}"
