"""A holder who left the stores asks for the money of what they sold nevertheless."""

from django.conf import settings
from django.db import models

from catalog.models import RightsHolder


class MoneyRequest(models.Model):
    """Money of sales inside the holder's withdrawals, before `before`, is payable like any other from now on.

    Without one it rests as `post_withdrawal`. Never taken back and never changed: what was paid stays paid. What is
    sold from `before` on is kept apart again, until the next request. It permits no sale and ends no withdrawal.
    """

    holder = models.ForeignKey(RightsHolder, on_delete=models.PROTECT, related_name="money_requests")
    before = models.DateField(help_text="Uses before this day: the day of the request.")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["holder", "before"], name="moneyrequest_once_a_day")]

    def __str__(self) -> str:
        return f"{self.holder} before {self.before}"
