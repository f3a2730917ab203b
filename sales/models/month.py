"""Months whose books are closed: what still comes in about them needs a person, or counts in the open month as late."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BookMonth(models.Model):
    """One month of use, closed by finance and, with a reason, opened again.

    open <-> closed           a month without a row is open
    """

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    class LateRule(models.TextChoices):
        HOLD = "hold", _("Ask finance about each late report")
        TAKE = "take", _("Take late reports into the open month")

    MOVES = {Status.OPEN: {Status.CLOSED}, Status.CLOSED: {Status.OPEN}}

    month = models.DateField(unique=True, help_text="First day of the month of use.")
    status = models.CharField(max_length=6, choices=Status, default=Status.OPEN)
    late_rule = models.CharField(max_length=4, choices=LateRule, default=LateRule.HOLD)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=["open", "closed"]), name="bookmonth_status_known"),
            models.CheckConstraint(condition=models.Q(month__day=1), name="bookmonth_first_day"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
