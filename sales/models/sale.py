"""The finest thing money is divided by. Single sales lines stay in the archive; only sums come here."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Release, Track
from core.ids import PublicIdField
from sales.models.licensee import Licensee, Tariff
from sales.models.report import SalesReport


class StoreKey(models.Model):
    """How one store names one track or release: its own id, or a digest of the names where it sends no id.

    Money of an unmatched key rests as `unidentified` under it and moves the day it is matched, however late. The
    archive's lines carry this id, so a match needs no rewriting.

    What it refers to is checked by statement-level triggers (sales/sql/key_references.sql): a first report has some
    hundred thousand keys.
    """

    class Kind(models.TextChoices):
        TRACK = "track", _("Track")
        RELEASE = "release", _("Release")

    public_id = PublicIdField(prefix="KEY")
    licensee = models.ForeignKey(
        Licensee, on_delete=models.PROTECT, related_name="store_keys", db_index=False, db_constraint=False
    )
    kind = models.CharField(max_length=8, choices=Kind)
    key = models.CharField(max_length=200)
    isrc = models.CharField(max_length=12, blank=True)
    icpn = models.CharField(max_length=14, blank=True)
    title = models.CharField(max_length=500, blank=True)
    artist = models.CharField(max_length=500, blank=True)
    url = models.CharField(max_length=500, blank=True, help_text="The store's own address of it, for notices.")
    name_key = models.CharField(max_length=1000)
    track = models.ForeignKey(
        Track,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="store_keys",
        db_index=False,
        db_constraint=False,
    )
    release = models.ForeignKey(
        Release,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="store_keys",
        db_index=False,
        db_constraint=False,
    )
    match_method = models.CharField(max_length=30, blank=True)
    match_score = models.DecimalField(max_digits=5, decimal_places=4, null=True, blank=True)
    match_reasons = models.JSONField(default=list, blank=True)
    first_seen_at = models.DateTimeField()
    listed_date = models.DateField(null=True, blank=True, help_text="Last day the store's catalogue list had it.")
    isrcs = ArrayField(
        models.CharField(max_length=12), default=list, blank=True, help_text="All codes its lines gave, when several."
    )
    match_codes = ArrayField(
        models.IntegerField(), null=True, editable=False, help_text="catalog.matching.codes, while it is unmatched."
    )

    is_late = models.BooleanField(
        db_default=False, editable=False, help_text="Matched after it was seen: money may still rest as unidentified."
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["licensee", "kind", "key"], name="storekey_once")]
        indexes = [
            models.Index(fields=["track"], name="storekey_track"),
            models.Index(fields=["release"], name="storekey_release", condition=models.Q(release__isnull=False)),
            models.Index(fields=["id"], name="storekey_late", condition=models.Q(is_late=True)),
            models.Index(
                fields=["id"],
                name="storekey_without_codes",
                condition=models.Q(kind="track", track__isnull=True, release__isnull=True, match_codes__isnull=True),
            ),
            models.Index(
                fields=["name_key"],
                condition=models.Q(track__isnull=True, release__isnull=True),
                name="storekey_unmatched_name",
            ),
            models.Index(
                fields=["isrc"],
                condition=models.Q(track__isnull=True, release__isnull=True) & ~models.Q(isrc=""),
                name="storekey_unmatched_isrc",
            ),
            models.Index(
                fields=["icpn"],
                condition=models.Q(track__isnull=True, release__isnull=True) & ~models.Q(icpn=""),
                name="storekey_unmatched_icpn",
            ),
            GinIndex(
                fields=["match_codes"],
                condition=models.Q(track__isnull=True, release__isnull=True),
                name="storekey_unmatched_codes",
                fastupdate=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.artist} - {self.title}"


class Sale(models.Model):
    """report x store key x track x territory x use period x channel x currency -> units, base, royalty, three parts.

    `track` is empty while nobody knows what was sold. A release sale has one row per track of the release, sharing
    the release's store key. parts sum to royalty, royalties of a report and currency sum to rate x base, both exactly.

    What it refers to is checked by statement-level triggers (sales/sql/sale_references.sql), a million rows at once:
    four foreign keys looked up row by row at commit took longer than everything else together.
    """

    class SoldAs(models.TextChoices):
        TRACK = "track", _("Sold as a track")
        RELEASE = "release", _("Sold with its release")

    class CutBy(models.TextChoices):
        WHOLE = "", _("The report's whole period")
        LINES = "lines", _("Cut by the dates of its lines")
        DAYS = "days", _("Cut by days, an estimate: its lines carry no dates")

    report = models.ForeignKey(
        SalesReport, on_delete=models.PROTECT, related_name="sales", db_index=False, db_constraint=False
    )
    store_key = models.ForeignKey(
        StoreKey, on_delete=models.PROTECT, related_name="sales", db_index=False, db_constraint=False
    )
    track = models.ForeignKey(
        Track, null=True, on_delete=models.PROTECT, related_name="sales", db_index=False, db_constraint=False
    )
    tariff = models.ForeignKey(Tariff, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    sold_as = models.CharField(max_length=8, choices=SoldAs)
    territory = models.CharField(max_length=20, blank=True, help_text="ISO or TIS code; empty = the line had none.")
    is_outside_license = models.BooleanField(default=False, help_text="Sold where the licence does not reach.")
    use_start = models.DateField()
    use_end = models.DateField(help_text="Half-open.")
    cut_by = models.CharField(
        max_length=5, blank=True, choices=CutBy, db_default="", help_text="How a part of the period came to be one."
    )
    channel = models.CharField(max_length=30, default="unknown", help_text="visa, mastercard, xrost ... unknown.")
    currency = models.CharField(max_length=3)
    line_count = models.BigIntegerField()
    units = models.BigIntegerField(help_text="Usages minus returns.")
    base = models.DecimalField(max_digits=24, decimal_places=8)
    base_name = models.CharField(
        max_length=30, blank=True, choices=Tariff.Base, help_text="The base used, named or fallback; empty: none there."
    )
    royalty = models.DecimalField(max_digits=24, decimal_places=8)
    royalty_phonogram = models.DecimalField(max_digits=24, decimal_places=8)
    royalty_performance = models.DecimalField(max_digits=24, decimal_places=8)
    royalty_work = models.DecimalField(max_digits=24, decimal_places=8)

    class Meta:
        indexes = [
            models.Index(fields=["track", "report"], name="sale_track_report"),
            models.Index(fields=["report"], name="sale_report"),
            models.Index(fields=["store_key"], name="sale_store_key"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    royalty=models.F("royalty_phonogram") + models.F("royalty_performance") + models.F("royalty_work")
                ),
                name="sale_parts_sum_to_royalty",
            ),
            models.CheckConstraint(condition=models.Q(use_end__gt=models.F("use_start")), name="sale_period_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.report} {self.track or self.store_key}"
