"""When a store has to report, as data, and the reminders that were sent because it did not."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from sales.models.licensee import License, Licensee


def usual_reminders() -> list[int]:
    """Return the days after the due day on which a store is reminded unless its rule says otherwise."""
    return [1, 10, 30]


class ReportingRule(models.Model):
    """What a licence says about reporting: every month of use is due `days` after the month has ended."""

    license = models.ForeignKey(License, on_delete=models.PROTECT, related_name="reporting_rules")
    start = models.DateField(help_text="First month it holds for; its first day.")
    end = models.DateField(null=True, blank=True, help_text="Half-open.")
    days = models.PositiveSmallIntegerField(help_text="A month is due this many days after its end.")
    reminder_days = ArrayField(models.PositiveSmallIntegerField(), default=usual_reminders, blank=True)
    source_note = models.TextField(blank=True, help_text="Where in the licence it stands.")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(days__lte=366), name="reportingrule_days")]

    def __str__(self) -> str:
        return f"{self.license}: {self.days} days"


class ReportReminder(models.Model):
    """One reminder about one month: the row is there before the mail goes out, so it goes out once.

    A worker that dies between `tried_at` and `sent_at` leaves it unknown whether the mail went; it is not sent again.
    """

    licensee = models.ForeignKey(Licensee, on_delete=models.PROTECT, related_name="reminders")
    month = models.DateField()
    days_late = models.PositiveSmallIntegerField(help_text="Which of the rule's reminders it is.")
    created_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["licensee", "month", "days_late"], name="reportreminder_once"),
        ]

    def __str__(self) -> str:
        return f"{self.licensee} {self.month:%Y-%m} +{self.days_late}"
