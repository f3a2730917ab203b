"""How far the posting of a change has come, track by track, so that a killed worker's successor goes on from there."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DistributionRun(models.Model):
    """Money of some tracks may have to move because of one thing that happened.

    The row is written with the thing itself; a task works through its tracks in the order of their ids and writes down
    each batch in the transaction that posts it. While `finished_at` is empty the sweep finds it. A cause that comes up
    again (a second decision in the same dispute) starts the row again: posting a difference twice posts nothing.
    """

    class Cause(models.TextChoices):
        REPORT = "report", _("A sales report was posted")
        CLAIM = "claim", _("A claim was approved")
        DISPUTE = "dispute", _("A dispute was opened, held or decided")
        OPT_OUT = "opt_out", _("An opt-out was granted")
        MATCH = "match", _("A store's key was matched to a track")
        MONEY = "money", _("A holder asked for money of sales after its withdrawal")
        CORRECTION = "correction", _("Two songs were merged, or a merge was undone")
        RETURN = "return", _("Tracks came back")
        TRANSFER = "transfer", _("A catalogue was handed over to another holder")
        AUTHORITY = "authority", _("An agent's authority to collect began or ended")

    cause = models.CharField(max_length=10, choices=Cause)
    object_id = models.BigIntegerField(help_text="Row number of the thing `cause` names.")
    last_track = models.BigIntegerField(default=0, help_text="Every track up to this row number is done.")
    tracks_done = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cause", "object_id"], name="distributionrun_once")]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(finished_at__isnull=True), name="distributionrun_due")
        ]

    def __str__(self) -> str:
        return f"{self.cause} {self.object_id}"
