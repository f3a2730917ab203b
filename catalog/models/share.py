"""Who owns how much of which right: the fact a decided claim leaves behind.

Never above 100 % of one subject, right, territory and day. The database keeps that rule (catalog/sql/share_limit.sql):
a statement-level trigger locks the subject rows in id order, sums the shares at every start of a period and, only
where the plain sum is above 100, looks at the single territories. Neither shares nor withdrawals can be deleted.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.authority import Authority
from catalog.models.constraints import period_forward, subject_fits_right
from catalog.models.holder import RightsHolder
from catalog.models.territory import TerritorySet
from catalog.models.track import Track
from catalog.models.work import Work
from catalog.rights import Right
from core.ids import PublicIdField


class RightsShare(models.Model):
    """holder x track or work x right x territories x half-open period x percent.

    A share is shortened (`end`), never deleted; one with `end == start` holds on no day at all.
    """

    class Choice(models.TextChoices):
        PAY = "pay", _("Pay me")
        RESERVE = "reserve", _("Pay me under reservation of rights")
        LEAVE = "leave", _("Prove and leave: take nothing now")

    public_id = PublicIdField(prefix="SHR")
    holder = models.ForeignKey(RightsHolder, on_delete=models.PROTECT, related_name="shares")
    authority = models.ForeignKey(
        Authority, null=True, blank=True, on_delete=models.PROTECT, help_text="Set when an agent collects for holder."
    )
    right = models.CharField(max_length=12, choices=Right)
    track = models.ForeignKey(Track, null=True, blank=True, on_delete=models.PROTECT, related_name="shares")
    work = models.ForeignKey(Work, null=True, blank=True, on_delete=models.PROTECT, related_name="shares")
    percent = models.DecimalField(max_digits=9, decimal_places=6)
    territories = models.ForeignKey(TerritorySet, on_delete=models.PROTECT, related_name="+")
    start = models.DateField(null=True, blank=True, help_text="First day; empty = since ever.")
    end = models.DateField(null=True, blank=True, help_text="First day after; empty = until further notice.")
    choice = models.CharField(max_length=8, choices=Choice, default=Choice.PAY)
    source = models.CharField(max_length=60, help_text="Public id of the case or import that proved it.")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(fields=["track", "right"], name="share_track_right"),
            models.Index(fields=["work", "right"], name="share_work_right"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(percent__gt=0, percent__lte=100), name="share_percent"),
            period_forward("share_period_forward"),
            subject_fits_right("share_subject_fits_right"),
        ]

    def __str__(self) -> str:
        return f"{self.holder}: {self.percent} % {self.right}"
