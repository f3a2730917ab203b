"""Songs as written, apart from the recordings of them."""

from decimal import Decimal

from django.db import models

from catalog.models.constraints import period_forward
from catalog.models.track import Track
from core.ids import PublicIdField


class Work(models.Model):
    """A musical work. One approved claim on it covers every linked track, present and future."""

    public_id = PublicIdField(prefix="WRK")
    title = models.CharField(max_length=500)
    iswc = models.CharField(max_length=11, blank=True, help_text="T + 10 digits, no dots.")
    name_key = models.CharField(max_length=500, help_text="catalog.names.name_key(title, authors).")
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    tracks = models.ManyToManyField(Track, through="TrackWork", related_name="works")

    class Meta:
        indexes = [
            models.Index(fields=["iswc"], condition=~models.Q(iswc=""), name="work_iswc"),
            models.Index(fields=["name_key"], name="work_name_key"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(iswc="") | models.Q(iswc__regex=r"^T[0-9]{10}$"), name="work_iswc_shape"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class WorkAuthor(models.Model):
    """Somebody who wrote the work, as the source names them; not yet a holder."""

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="authors")
    name = models.CharField(max_length=300)
    role = models.CharField(max_length=4, blank=True, help_text="CWR writer designation: C, A, CA, AR, AD, TR.")
    ipi = models.CharField(max_length=11, blank=True)

    def __str__(self) -> str:
        return self.name


class TrackWork(models.Model):
    """This track plays this work, for this part of it, in this period.

    A medley's parts sum to 100; the database refuses more of one track on one day (catalog/sql/share_limit.sql).
    """

    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="work_parts")
    work = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="track_parts")
    percent = models.DecimalField(max_digits=9, decimal_places=6, default=Decimal(100))
    start = models.DateField(null=True, blank=True)
    end = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=60, blank=True, help_text="Who said so: import file, claim id.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(percent__gt=0, percent__lte=100), name="trackwork_percent"),
            period_forward("trackwork_period_forward"),
            models.UniqueConstraint(
                fields=["track", "work", "start", "end"], nulls_distinct=False, name="trackwork_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.work} in {self.track}"
