"""How far the posting of a change has come, track by track, so that a killed worker's successor goes on from there."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.ids import PublicIdField
from sales.models import Licensee


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
        RUN = "run", _("A run was ordered")

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


class PlannedRun(models.Model):
    """A run over all money, or that of one store, ordered by a person: first counted, then posted.

    counting -> counted -> approved        another person approves; what follows is a DistributionRun like any other
        +----------+-> discarded

    Counting asks the same rule as posting and posts nothing. A change that comes in between is posted along: the run
    posts what should stand then, and the page shows both. The same order may be given again at any time.
    """

    class Status(models.TextChoices):
        COUNTING = "counting", _("Being counted")
        COUNTED = "counted", _("Counted")
        APPROVED = "approved", _("Approved")
        DISCARDED = "discarded", _("Discarded")

    MOVES = {
        Status.COUNTING: {Status.COUNTED, Status.DISCARDED},
        Status.COUNTED: {Status.APPROVED, Status.DISCARDED},
        Status.APPROVED: set(),
        Status.DISCARDED: set(),
    }

    public_id = PublicIdField(prefix="RUN")
    licensee = models.ForeignKey(
        Licensee, null=True, on_delete=models.PROTECT, related_name="+", help_text="Empty: of every store."
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.COUNTING)
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField()
    last_track = models.BigIntegerField(default=0, help_text="Every track up to this row number is counted.")
    tracks_counted = models.PositiveIntegerField(default=0)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["counting", "counted", "approved", "discarded"]), name="plannedrun_status_known"
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("ordered_by")), name="plannedrun_approved_by_another"
            ),
            models.CheckConstraint(
                condition=~Q(status="approved") | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="plannedrun_approved_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["status"], condition=Q(status="counting"), name="plannedrun_counting")]

    def __str__(self) -> str:
        return self.public_id


class PlannedTotal(models.Model):
    """What a planned run would move into (above zero) or out of one place of one owner."""

    run = models.ForeignKey(PlannedRun, on_delete=models.CASCADE, related_name="totals")
    place = models.CharField(max_length=20)
    owner = models.CharField(max_length=40, blank=True, help_text="`holder:4`; empty where it is nobody's yet.")
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(max_digits=24, decimal_places=8)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "owner", "place", "currency"], name="plannedtotal_once")]

    def __str__(self) -> str:
        return f"{self.run} {self.place} {self.owner} {self.amount} {self.currency}"
