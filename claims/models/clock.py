"""Deadlines as data: named sets of clocks with their source, holidays, and the clocks that run for a case."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ClockSet(models.Model):
    """Clocks of one law or house rule. Its source is shown wherever one of its deadlines is."""

    class Basis(models.TextChoices):
        LAW = "law", _("law")
        HOUSE = "house", _("our own rule")

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=200)
    basis = models.CharField(max_length=5, choices=Basis)
    source = models.CharField(max_length=300, help_text="Article and act, or who decided the rule.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(basis__in=["law", "house"]), name="clockset_basis_known"),
            models.CheckConstraint(condition=~models.Q(source=""), name="clockset_has_source"),
        ]

    def __str__(self) -> str:
        return self.name


class Clock(models.Model):
    """How long something takes: days, or business days without the holidays of a calendar."""

    class Purpose(models.TextChoices):
        CLAIM_DECISION = "claim_decision", _("Decision about a claim")
        CLAIM_ANSWER = "claim_answer", _("Answer to a reviewer's question about a claim")
        OPT_OUT_DECISION = "opt_out_decision", _("Decision about an opt-out")
        OPT_OUT_ANSWER = "opt_out_answer", _("Answer to a reviewer's question about an opt-out")
        COUNTER_DECISION = "counter_decision", _("Decision about an objection or a contest")
        COUNTER_WAIT = "counter_wait", _("Before this nothing comes back on a counter-notice under 17 USC 512(g)")
        COUNTER_RESTORE = "counter_restore", _("Decision about a counter-notice under 17 USC 512(g)")
        APPEAL_DECISION = "appeal_decision", _("Decision about an appeal")
        DISPUTE_ANSWER = "dispute_answer", _("Answers of the parties of a dispute")
        DISPUTE_DECISION = "dispute_decision", _("Decision about a dispute")

    of = models.ForeignKey(ClockSet, on_delete=models.PROTECT, related_name="clocks")
    purpose = models.CharField(max_length=20, choices=Purpose)
    days = models.PositiveSmallIntegerField()
    is_business = models.BooleanField(default=False, help_text="Count Monday to Friday without holidays.")
    calendar = models.CharField(max_length=10, blank=True, help_text="Whose holidays; empty: weekends only.")
    remind_days = models.PositiveSmallIntegerField(default=0, help_text="Remind so many days before; 0: never.")
    start = models.DateField(help_text="First day on which it is used; of several of one purpose the latest counts.")
    why = models.CharField(max_length=500, blank=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    set_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of", "purpose", "start"], name="clock_once")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.days}"


class Holiday(models.Model):
    """A day on which nobody works, in one calendar."""

    calendar = models.CharField(max_length=10)
    day = models.DateField()
    name = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["calendar", "day"], name="holiday_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class CaseClock(models.Model):
    """A clock that runs for one case: running <> paused, then ended. Its end makes a person look and decides nothing.

    `reminded_at` and `escalated_at` are written by one conditional update each, so a sweep that comes late, twice or at
    the same time as another tells nobody twice.
    """

    case = models.CharField(max_length=16, help_text="Public id of the case.")
    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "clock"], condition=models.Q(ended_at__isnull=True), name="caseclock_one_running"
            ),
            models.CheckConstraint(condition=models.Q(due_at__gte=models.F("started_at")), name="caseclock_forward"),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(ended_at__isnull=True, paused_at__isnull=True),
                name="caseclock_running",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.clock}"
