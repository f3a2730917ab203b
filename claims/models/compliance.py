"""Whether what left a store stayed out: every posted report is checked, and what it sold all the same is a finding."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import CatalogueImport, RightsHolder, Track, Withdrawal
from core.ids import PublicIdField
from sales.models import CatalogueSnapshot, Licensee, SalesReport, StoreKey


class ComplianceCheck(models.Model):
    """A report, a store's list or a licensor's message was held against the withdrawals. No row: the sweep finds it."""

    report = models.OneToOneField(
        SalesReport, null=True, blank=True, on_delete=models.PROTECT, related_name="compliance_check"
    )
    snapshot = models.OneToOneField(
        CatalogueSnapshot, null=True, blank=True, on_delete=models.PROTECT, related_name="compliance_check"
    )
    batch = models.OneToOneField(
        CatalogueImport, null=True, blank=True, on_delete=models.PROTECT, related_name="compliance_check"
    )
    checked_at = models.DateTimeField()
    is_due = models.BooleanField(default=False, help_text="Sales of it have another track by now: look again.")

    class Meta:
        indexes = [models.Index(fields=["id"], name="compliancecheck_due", condition=models.Q(is_due=True))]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(report__isnull=False, snapshot__isnull=True, batch__isnull=True)
                | models.Q(report__isnull=True, snapshot__isnull=False, batch__isnull=True)
                | models.Q(report__isnull=True, snapshot__isnull=True, batch__isnull=False),
                name="compliancecheck_one_source",
            )
        ]

    def __str__(self) -> str:
        return f"{self.report or self.snapshot or self.batch} checked"


class ComplianceFinding(models.Model):
    """What a store sold, or lists, of a track that a holder took out of it.

    open -> asked -> answered        from each of these: confirmed | cleared | superseded
    confirmed -> cleared             put right later, by a person, with reasons

    A machine finds; a person confirms (that is a Breach) or clears. It moves no money and no right: money of sales
    after a withdrawal is kept apart by the rule in claims/distribution.py, finding or not.
    """

    class Kind(models.TextChoices):
        BREACH = "breach", _("Sold after its time was over")
        UNCLEAR = "unclear", _("Unclear: the period reaches over the day")
        SUSPECTED = "suspected", _("Perhaps the same track under another name")
        LISTED = "listed", _("In the catalogue again")
        UNLICENSED = "unlicensed", _("Sold after the licence had ended")

    class Status(models.TextChoices):
        OPEN = "open", _("Found")
        ASKED = "asked", _("The store was asked")
        ANSWERED = "answered", _("The store has answered")
        CONFIRMED = "confirmed", _("Breach")
        CLEARED = "cleared", _("No breach")
        SUPERSEDED = "superseded", _("Superseded")

    _ENDS = {Status.CONFIRMED, Status.CLEARED, Status.SUPERSEDED}
    MOVES = {
        Status.OPEN: {Status.ASKED, Status.ANSWERED, *_ENDS},
        Status.ASKED: {Status.ANSWERED, *_ENDS},
        Status.ANSWERED: _ENDS,
        Status.CONFIRMED: {Status.CLEARED, Status.SUPERSEDED},
        Status.CLEARED: set(),
        Status.SUPERSEDED: set(),
    }

    public_id = PublicIdField(prefix="FND")
    kind = models.CharField(max_length=10, choices=Kind)
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    licensee = models.ForeignKey(
        Licensee,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="findings",
        help_text="None: of no store.",
    )
    report = models.ForeignKey(SalesReport, null=True, blank=True, on_delete=models.PROTECT, related_name="findings")
    snapshot = models.ForeignKey(
        CatalogueSnapshot, null=True, blank=True, on_delete=models.PROTECT, related_name="findings"
    )
    batch = models.ForeignKey(CatalogueImport, null=True, blank=True, on_delete=models.PROTECT, related_name="findings")
    store_key = models.ForeignKey(StoreKey, null=True, blank=True, on_delete=models.PROTECT, related_name="findings")
    track = models.ForeignKey(
        Track, null=True, blank=True, on_delete=models.PROTECT, related_name="findings", help_text="Empty: all of it."
    )
    holder = models.ForeignKey(RightsHolder, null=True, blank=True, on_delete=models.PROTECT, related_name="findings")
    withdrawal = models.ForeignKey(
        Withdrawal,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="findings",
        help_text="The earliest of this holder.",
    )
    rights = ArrayField(models.CharField(max_length=12), default=list, help_text="Rights withdrawn by this holder.")
    out_since = models.DateField(help_text="First day out.")
    allowed_until = models.DateField(help_text="First day on which the store's time was over.")
    use_start = models.DateField(null=True, blank=True)
    use_end = models.DateField(null=True, blank=True, help_text="Half-open.")
    territories = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    line_count = models.BigIntegerField(default=0)
    units = models.BigIntegerField(default=0)
    royalty = models.DecimalField(
        max_digits=24, decimal_places=8, default=0, help_text="Accrued for the rights withdrawn, of all their holders."
    )
    units_after = models.BigIntegerField(
        null=True, blank=True, help_text="What the store says it sold of it after its time was over."
    )
    found_at = models.DateTimeField()
    deadline_at = models.DateTimeField(null=True, blank=True, help_text="Until when the store should answer.")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["holder", "licensee"], name="finding_holder"),
            models.Index(fields=["licensee", "status"], name="finding_store"),
            models.Index(fields=["status", "found_at"], name="finding_queue"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "track", "holder", "currency", "kind", "store_key"],
                name="finding_once_per_report",
                nulls_distinct=False,
                condition=models.Q(report__isnull=False),
            ),
            models.UniqueConstraint(fields=["snapshot", "track", "holder"], name="finding_once_per_snapshot"),
            models.UniqueConstraint(fields=["batch", "track", "holder"], name="finding_once_per_import"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["breach", "unclear", "suspected", "listed", "unlicensed"]),
                name="finding_kind_known",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="unlicensed")
                | models.Q(track__isnull=False, holder__isnull=False, withdrawal__isnull=False),
                name="finding_names_what_is_out",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["open", "asked", "answered", "confirmed", "cleared", "superseded"]),
                name="finding_status_known",
            ),
            models.CheckConstraint(
                condition=models.Q(report__isnull=False, snapshot__isnull=True, batch__isnull=True)
                | models.Q(report__isnull=True, snapshot__isnull=False, batch__isnull=True)
                | models.Q(report__isnull=True, snapshot__isnull=True, batch__isnull=False),
                name="finding_one_source",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="confirmed") | models.Q(decided_by__isnull=False),
                name="finding_confirmed_by_a_person",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id
