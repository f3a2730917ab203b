"""Stores under our licence, and the dated terms on which they owe."""

from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import TerritorySet
from catalog.rights import Right
from core.ids import PublicIdField


class Licensee(models.Model):
    """Who sells under our licence (on screen: "store").

    active <-> suspended -> ended        what accrued stays claimable for ever in every state
    """

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")
        SUSPENDED = "suspended", _("Suspended")
        ENDED = "ended", _("Ended")

    MOVES = {
        Status.ACTIVE: {Status.SUSPENDED, Status.ENDED},
        Status.SUSPENDED: {Status.ACTIVE, Status.ENDED},
        Status.ENDED: set(),
    }

    public_id = PublicIdField(prefix="LIC")
    code = models.SlugField(max_length=40, unique=True, help_text="Short name for commands and addresses.")
    name = models.CharField(max_length=200)
    dpid = models.CharField(max_length=18, blank=True, help_text="DDEX party id, if it has one.")
    status = models.CharField(max_length=12, choices=Status, default=Status.ACTIVE)
    notice_email = models.EmailField(blank=True, help_text="Where takedown notices go by mail.")
    compliance_days = models.PositiveSmallIntegerField(default=10, help_text="Days a store has to remove a track.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["active", "suspended", "ended"]), name="licensee_status_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class LicenseeMember(models.Model):
    """A person who acts for a store."""

    licensee = models.ForeignKey(Licensee, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="licensee_memberships")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["licensee", "user"], name="licenseemember_once")]

    def __str__(self) -> str:
        return f"{self.user} / {self.licensee}"


class License(models.Model):
    """The agreement: where and how long the store may sell."""

    licensee = models.ForeignKey(Licensee, on_delete=models.PROTECT, related_name="licenses")
    territories = models.ForeignKey(TerritorySet, on_delete=models.PROTECT, related_name="+")
    start = models.DateField()
    end = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.licensee} from {self.start}"


class Tariff(models.Model):
    """What the store owes in a period: a rate of a *named* base. Readers extract quantities; only this picks the base.

    Sources differ on whether the 15 % of 2006 was of profit or of proceeds; `source_note` says which this one uses
    and why, and the public page "15 % of what?" quotes it.
    """

    class Base(models.TextChoices):
        CONSUMER_PRICE_EX_TAX = "consumer_price_ex_tax", _("Consumer price without sales tax")
        NET_REVENUE = "net_revenue", _("Net revenue")
        NET_AFTER_PROCESSOR_FEES = "net_after_processor_fees", _("Net revenue after payment fees")
        PROFIT = "profit", _("Profit after the listed deductions")

    class ReleaseKey(models.TextChoices):
        EQUAL = "equal", _("The same for every track")
        DURATION = "duration", _("By playing time")

    license = models.ForeignKey(License, on_delete=models.PROTECT, related_name="tariffs")
    start = models.DateField()
    end = models.DateField(null=True, blank=True)
    rate = models.DecimalField(max_digits=7, decimal_places=6, help_text="0.150000 is the ROMS royalty.")
    base = models.CharField(max_length=30, choices=Base)
    fallbacks = ArrayField(
        models.CharField(max_length=30, choices=Base),
        default=list,
        blank=True,
        help_text="Tried in order where a report lacks a quantity; after that the money waits as `base missing`.",
    )
    deductions = models.JSONField(
        default=list, blank=True, help_text="[{code, percent}] taken off to reach the named base; percent as a string."
    )
    release_key = models.CharField(max_length=10, choices=ReleaseKey, default=ReleaseKey.EQUAL)
    source_note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(rate__gte=0, rate__lte=1), name="tariff_rate"),
        ]

    def __str__(self) -> str:
        return f"{self.license}: {self.rate} of {self.base}"

    @property
    def rate_percent(self) -> Decimal:
        """The rate as people say it: 15 for 0.15."""
        return self.rate * 100


class TariffSplit(models.Model):
    """How the royalty divides over the three rights. The rows of one tariff sum to 100."""

    tariff = models.ForeignKey(Tariff, on_delete=models.CASCADE, related_name="splits")
    right = models.CharField(max_length=12, choices=Right)
    percent = models.DecimalField(max_digits=9, decimal_places=6)
    is_assumption = models.BooleanField(default=False, help_text="Shown as such: no source gives the figure.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tariff", "right"], name="tariffsplit_once")]

    def __str__(self) -> str:
        return f"{self.right} {self.percent} %"
