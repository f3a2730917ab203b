"""What is corrected in the catalogue when money may hang on it: two tracks that are one, a key matched wrongly."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Merge, Release, RightsHolder, Track, Work
from catalog.rights import Right
from claims.models.dispute import Dispute
from core.ids import PublicIdField
from sales.models import StoreKey


class Correction(models.Model):
    """asked > done | refused | retracted

    Up to a value (the house's number `correction_money`) it is done by who asks; above it a second person does it,
    never the same one.
    Every correction can be taken back by another: a merge by undoing it, a match by matching again.
    """

    class Kind(models.TextChoices):
        MERGE_TRACKS = "merge_tracks", _("Merge of two tracks")
        MERGE_WORKS = "merge_works", _("Merge of two songs")
        MERGE_HOLDERS = "merge_owners", _("Merge of two holders")
        UNDO_MERGE = "undo_merge", _("Merge undone")
        MOVE_KEYS = "move_keys", _("Match corrected")
        MOVE_RELEASE = "move_release", _("Match of a release corrected")

    class Status(models.TextChoices):
        ASKED = "asked", _("Waits for a second person")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")
        RETRACTED = "retracted", _("Taken back")

    MOVES = {
        Status.ASKED: {Status.DONE, Status.REFUSED, Status.RETRACTED},
        Status.DONE: set(),
        Status.REFUSED: set(),
        Status.RETRACTED: set(),
    }

    public_id = PublicIdField(prefix="COR")
    kind = models.CharField(max_length=12, choices=Kind)
    status = models.CharField(max_length=10, choices=Status, default=Status.ASKED)
    source_track = models.ForeignKey(Track, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    target_track = models.ForeignKey(
        Track, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="Empty: no track known."
    )
    target_release = models.ForeignKey(
        Release, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="Empty: none known."
    )
    source_work = models.ForeignKey(Work, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    target_work = models.ForeignKey(Work, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    source_holder = models.ForeignKey(RightsHolder, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    target_holder = models.ForeignKey(RightsHolder, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    merge = models.ForeignKey(
        Merge, null=True, blank=True, on_delete=models.PROTECT, related_name="corrections", help_text="Made, or undone."
    )
    isrcs = ArrayField(
        models.CharField(max_length=12), default=list, blank=True, help_text="Codes that go with keys that move."
    )
    money = models.JSONField(default=list, help_text="[[currency, amount]] it was about when it was asked for.")
    needs_second = models.BooleanField(default=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["asked", "done", "refused", "retracted"]),
                name="correction_status_known",
            ),
            models.CheckConstraint(
                condition=models.Q(needs_second=False)
                | models.Q(done_by__isnull=True)
                | ~models.Q(done_by=models.F("asked_by")),
                name="correction_by_two",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class CorrectionKey(models.Model):
    """A store's key whose match is corrected, and the track or release it had."""

    correction = models.ForeignKey(Correction, on_delete=models.CASCADE, related_name="keys")
    store_key = models.ForeignKey(StoreKey, on_delete=models.PROTECT, related_name="corrections")
    from_track = models.ForeignKey(Track, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    from_release = models.ForeignKey(Release, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["correction", "store_key"], name="correctionkey_once")]

    def __str__(self) -> str:
        return f"{self.store_key} from {self.from_track or self.from_release}"


class MergeConflict(models.Model):
    """Shares of one right that do not fit together after a merge: they stay apart until their dispute ends.

    Until then each side is paid, from what was sold under its own keys, by the shares it had before.
    """

    merge = models.ForeignKey(Merge, on_delete=models.PROTECT, related_name="conflicts")
    right = models.CharField(max_length=12, choices=Right)
    dispute = models.OneToOneField(Dispute, on_delete=models.PROTECT, related_name="merge_conflict")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["merge", "right"], name="mergeconflict_once")]

    def __str__(self) -> str:
        return f"{self.merge} {self.right}"
