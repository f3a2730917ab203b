"""A store pays what it owes in parts, on days agreed with it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.ids import PublicIdField
from core.models import TwoPersons
from payouts.models.store import AmountDue
from sales.models import Licensee


class InstalmentPlan(TwoPersons):
    """Dated parts in which a store pays the notes named in it: proposed by one of the money office, decided by another.

    proposed -> agreed -> ended        a part was missed, and a person ended the plan; no clock does
        \\----> refused
    """

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Waits for a second person")
        AGREED = "agreed", _("Agreed")
        REFUSED = "refused", _("Refused")
        ENDED = "ended", _("Ended")

    MOVES = {
        Status.PROPOSED: {Status.AGREED, Status.REFUSED},
        Status.AGREED: {Status.ENDED},
        Status.REFUSED: set(),
        Status.ENDED: set(),
    }

    public_id = PublicIdField(prefix="INS")
    licensee = models.ForeignKey(Licensee, on_delete=models.PROTECT, related_name="instalment_plans")
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=10, choices=Status, default=Status.PROPOSED)

    class Meta:
        constraints = [
            *TwoPersons.Meta.constraints,
            models.CheckConstraint(
                condition=Q(status__in=["proposed", "agreed", "refused", "ended"]), name="instalmentplan_status_known"
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class InstalmentNote(models.Model):
    """A note that is paid by a plan; by one plan at a time: it is free again when the plan is refused or ended."""

    plan = models.ForeignKey(InstalmentPlan, on_delete=models.PROTECT, related_name="notes")
    note = models.ForeignKey(AmountDue, on_delete=models.PROTECT, related_name="instalments")
    freed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "note"], name="instalmentnote_once"),
            models.UniqueConstraint(fields=["note"], condition=Q(freed_at=None), name="instalmentnote_one_plan"),
        ]

    def __str__(self) -> str:
        return f"{self.plan} {self.note}"


class InstalmentPart(models.Model):
    """One dated part of a plan, in whole coins."""

    plan = models.ForeignKey(InstalmentPlan, on_delete=models.PROTECT, related_name="parts")
    due_date = models.DateField()
    amount = models.DecimalField(max_digits=24, decimal_places=8)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "due_date"], name="instalmentpart_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="instalmentpart_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.plan} {self.due_date}"
