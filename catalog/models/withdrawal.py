"""A track out of our licence from a date: the fact a granted opt-out leaves behind."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from catalog.models.constraints import period_forward, subject_fits_right
from catalog.models.holder import RightsHolder
from catalog.models.territory import TerritorySet
from catalog.models.track import Track
from catalog.models.work import Work
from catalog.rights import Right
from core.ids import PublicIdField


class Withdrawal(models.Model):
    """subject x right x requesting holder x territories x stores x half-open period, with its basis.

    A track is out while any withdrawal covers it. Only the requester, a successor or a decision ends this one;
    coming back and leaving again are further rows, never an overwrite.
    """

    public_id = PublicIdField(prefix="WDR")
    holder = models.ForeignKey(RightsHolder, on_delete=models.PROTECT, related_name="withdrawals")
    right = models.CharField(max_length=12, choices=Right)
    track = models.ForeignKey(Track, null=True, blank=True, on_delete=models.PROTECT, related_name="withdrawals")
    work = models.ForeignKey(Work, null=True, blank=True, on_delete=models.PROTECT, related_name="withdrawals")
    territories = models.ForeignKey(TerritorySet, on_delete=models.PROTECT, related_name="+")
    licensee_ids = ArrayField(models.BigIntegerField(), default=list, blank=True, help_text="Stores; empty = all.")
    start = models.DateField()
    end = models.DateField(null=True, blank=True)
    basis = models.CharField(max_length=40, help_text="Code of the ground, e.g. owner_opt_out, usc_512, dsa_16.")
    source = models.CharField(max_length=60, help_text="Public id of the case that granted it.")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(fields=["track", "right"], name="withdrawal_track_right"),
            models.Index(fields=["work", "right"], name="withdrawal_work_right"),
        ]
        constraints = [
            period_forward("withdrawal_period_forward"),
            subject_fits_right("withdrawal_subject_fits_right"),
        ]

    def __str__(self) -> str:
        return f"{self.public_id} from {self.start}"
