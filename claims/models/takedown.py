"""What a store is told after a withdrawal, how it was delivered, and what the store answered."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Track, Withdrawal
from claims.models.attempt import Attempted
from claims.models.opt_out import OptOut
from claims.models.reentry import Reentry
from core.ids import PublicIdField
from sales.models import Licensee


class TakedownNotice(models.Model):
    """One notice per store and granted opt-out, and one more whenever the store turns out to sell under further keys.

    queued -> sent -> acknowledged -> complied       from sent or acknowledged also: overdue, countered,
                                                     breached
                                                     overdue -> complied, countered, breached, acknowledged
    complied -> overdue | acknowledged               somebody has seen a track there again
    countered -> acknowledged | overdue              the store's objection was dismissed or taken back
    sent, acknowledged, overdue, countered, breached -> closed       every open row came back or was excused

    A notice of return says which tracks may be sold again. It asks for nothing: no clock, no answer but the receipt.

    `overdue` is what a clock may say: the store's time is over and not all rows are removed. It moves no money and
    no right. `breached` needs a report with sales after that time and a person.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", _("To be sent")
        SENT = "sent", _("Sent")
        ACKNOWLEDGED = "acknowledged", _("Acknowledged")
        COMPLIED = "complied", _("Removed")
        COUNTERED = "countered", _("Objected")
        OVERDUE = "overdue", _("Overdue")
        BREACHED = "breached", _("Breached")
        CLOSED = "closed", _("Nothing to do any more")

    class Kind(models.TextChoices):
        TAKEDOWN = "takedown", _("Takedown notice")
        RETURN = "return", _("Notice of return")

    _ENDS = {Status.COUNTERED, Status.BREACHED, Status.CLOSED}
    MOVES = {
        Status.QUEUED: {Status.SENT},
        Status.SENT: {Status.ACKNOWLEDGED, Status.COMPLIED, Status.OVERDUE, *_ENDS},
        Status.OVERDUE: {Status.ACKNOWLEDGED, Status.COMPLIED, *_ENDS},
        Status.ACKNOWLEDGED: {Status.COMPLIED, Status.OVERDUE, *_ENDS},
        Status.COMPLIED: {Status.BREACHED, Status.OVERDUE, Status.ACKNOWLEDGED},
        Status.COUNTERED: {Status.ACKNOWLEDGED, Status.COMPLIED, Status.OVERDUE, Status.CLOSED},
        Status.BREACHED: {Status.COMPLIED, Status.CLOSED},
        Status.CLOSED: set(),
    }

    public_id = PublicIdField(prefix="TDN")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.TAKEDOWN)
    opt_out = models.ForeignKey(OptOut, on_delete=models.PROTECT, related_name="notices")
    reentry = models.ForeignKey(
        Reentry, null=True, blank=True, on_delete=models.PROTECT, related_name="notices", help_text="What came back."
    )
    licensee = models.ForeignKey(Licensee, on_delete=models.PROTECT, related_name="notices")
    follows = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="further",
        help_text="The first notice of the opt-out to this store; this one names keys that one did not.",
    )
    status = models.CharField(max_length=14, choices=Status, default=Status.QUEUED)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    deadline_at = models.DateTimeField(null=True, blank=True, help_text="End of the store's compliance time.")
    escalated_at = models.DateTimeField(
        null=True, blank=True, help_text="Long overdue: a person at ROMS has to act. Moves no money and no right."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["opt_out", "licensee"],
                condition=models.Q(follows__isnull=True, reentry__isnull=True),
                name="takedownnotice_once_per_store",
            ),
            models.UniqueConstraint(fields=["reentry", "licensee"], name="takedownnotice_once_per_return"),
            models.CheckConstraint(
                condition=models.Q(kind="takedown", reentry__isnull=True)
                | models.Q(kind="return", reentry__isnull=False),
                name="takedownnotice_return_names_it",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    status__in=[
                        "queued",
                        "sent",
                        "acknowledged",
                        "complied",
                        "countered",
                        "overdue",
                        "breached",
                        "closed",
                    ]
                ),
                name="takedownnotice_status_known",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class NoticeRow(models.Model):
    """One track of a notice with the store's own keys and addresses of it, and how far this one has come.

    What it refers to is checked once per statement (core.sqlfiles.refers): a notice may name a whole catalogue.
    """

    class State(models.TextChoices):
        NOTIFIED = "notified", _("Notified")
        ACKNOWLEDGED = "acknowledged", _("Acknowledged")
        REMOVED = "removed", _("Removed")
        OBJECTED = "objected", _("Objected")
        OVERDUE = "overdue", _("Overdue")
        BREACHED = "breached", _("Breached")
        RETURNED = "returned", _("Came back: nothing to do any more")
        EXCUSED = "excused", _("Objection accepted: nothing to do")

    CLOSED = (State.REMOVED, State.RETURNED, State.EXCUSED)
    """Nothing is asked of the store about such a row any more."""

    class Proof(models.TextChoices):
        """How well it is known that the track is gone, weakest first."""

        NONE = "", _("Not shown yet")
        STORE_WORD = "store_word", _("The store says so")
        ABSENT_SNAPSHOT = "absent_snapshot", _("Missing in a later catalogue of the store")
        OBSERVED = "observed", _("Confirmed by looking")

    notice = models.ForeignKey(
        TakedownNotice, on_delete=models.CASCADE, related_name="rows", db_index=False, db_constraint=False
    )
    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    withdrawals = models.ManyToManyField(Withdrawal, related_name="notice_rows", db_constraint=False)
    store_keys = ArrayField(models.CharField(max_length=200), default=list, help_text="The store's own ids of it.")
    urls = ArrayField(models.CharField(max_length=500), default=list, help_text="The store's own addresses of it.")
    state = models.CharField(max_length=14, choices=State, default=State.NOTIFIED)
    changed_at = models.DateTimeField(null=True, blank=True, help_text="When the store last said something about it.")
    proof = models.CharField(max_length=16, choices=Proof, blank=True, default=Proof.NONE)
    reference = models.CharField(max_length=200, blank=True, help_text="The store's own number for this row.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "track"], name="noticerow_once"),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=[
                        "notified",
                        "acknowledged",
                        "removed",
                        "objected",
                        "overdue",
                        "breached",
                        "returned",
                        "excused",
                    ]
                ),
                name="noticerow_state_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice} {self.track}"

    @property
    def is_open(self) -> bool:
        """Whether anything is asked of the store about it."""
        return self.state not in self.CLOSED


class NoticeDelivery(Attempted):
    """One way a notice goes out."""

    class Channel(models.TextChoices):
        WEBHOOK = "webhook", _("Signed webhook")
        MAIL = "mail", _("Mail")
        WORKSPACE = "workspace", _("Store's workspace")

    notice = models.ForeignKey(TakedownNotice, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=10, choices=Channel)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "channel"], name="noticedelivery_once")]
        indexes = [
            models.Index(
                fields=["next_attempt_at"], condition=models.Q(state__in=["due", "failed"]), name="noticedelivery_due"
            )
        ]

    def __str__(self) -> str:
        return f"{self.notice} by {self.channel}"


class Acknowledgement(models.Model):
    """The store's receipt of a notice, from page or API."""

    notice = models.OneToOneField(TakedownNotice, on_delete=models.CASCADE, related_name="acknowledgement")
    received_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=200, blank=True, help_text="The store's own number for it.")

    def __str__(self) -> str:
        return f"{self.notice} acknowledged"
