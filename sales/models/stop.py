"""A store's licence stops on a day: suspended or ended, by whose act and why; and what it sold until then."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.ids import PublicIdField
from sales.models.licensee import Licensee
from sales.models.sale import StoreKey


class LicenceStop(models.Model):
    """asked > confirmed | refused      confirmed > lifted (a suspension only)

    One person asks, another confirms. From `start` on the store sells nothing under our licence, also what it takes up
    later; what accrued stays claimable for ever. The day is part of what was confirmed: no clock decides it.
    """

    class Status(models.TextChoices):
        ASKED = "asked", _("Waits for a second person")
        CONFIRMED = "confirmed", _("Confirmed")
        REFUSED = "refused", _("Refused")
        LIFTED = "lifted", _("Lifted")

    MOVES = {
        Status.ASKED: {Status.CONFIRMED, Status.REFUSED},
        Status.CONFIRMED: {Status.LIFTED},
        Status.REFUSED: set(),
        Status.LIFTED: set(),
    }

    class Kind(models.TextChoices):
        SUSPENSION = "suspension", _("Suspended until further notice")
        END = "end", _("Ended for good")

    class Reason(models.TextChoices):
        REGULATOR = "regulator", _("By order of a regulator or a court")
        BREACH = "breach", _("The store broke the licence")
        OWN_WISH = "own_wish", _("The store asked for it")
        INSOLVENCY = "insolvency", _("The store is insolvent")
        OTHER = "other", _("Another reason")

    public_id = PublicIdField(prefix="STP")
    licensee = models.ForeignKey(Licensee, on_delete=models.PROTECT, related_name="stops")
    status = models.CharField(max_length=10, choices=Status, default=Status.ASKED)
    kind = models.CharField(max_length=10, choices=Kind)
    reason = models.CharField(max_length=10, choices=Reason)
    source = models.CharField(max_length=500, help_text="Who ordered it, by which act and number. Shown to everybody.")
    start = models.DateField(help_text="First day without a licence.")
    end = models.DateField(null=True, blank=True, help_text="First day licensed again, of a lifted suspension.")
    key_count = models.PositiveIntegerField(default=0, help_text="Titles the store had when it was confirmed.")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["licensee"], condition=models.Q(status="asked"), name="licencestop_one_asked"
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_by__isnull=True) | ~models.Q(confirmed_by=models.F("asked_by")),
                name="licencestop_by_two",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["asked", "refused"]) | models.Q(confirmed_by__isnull=False),
                name="licencestop_confirmed_by_a_person",
            ),
            models.CheckConstraint(
                condition=models.Q(end__isnull=True)
                | (models.Q(kind="suspension") & models.Q(end__gte=models.F("start"))),
                name="licencestop_only_suspensions_end",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["asked", "confirmed", "refused", "lifted"]),
                name="licencestop_status_known",
            ),
            models.CheckConstraint(condition=models.Q(kind__in=["suspension", "end"]), name="licencestop_kind_known"),
            models.CheckConstraint(condition=~models.Q(source=""), name="licencestop_has_source"),
        ]

    def __str__(self) -> str:
        return f"{self.licensee} from {self.start}"


class StoppedKey(models.Model):
    """A title the store sold or listed when its licence stopped: what leaves it, written in one statement."""

    stop = models.ForeignKey(LicenceStop, on_delete=models.PROTECT, related_name="keys")
    store_key = models.ForeignKey(StoreKey, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stop", "store_key"], name="stoppedkey_once")]

    def __str__(self) -> str:
        return f"{self.stop}: {self.store_key}"
