"""A track out of our licence from a date, and back from another: the facts opt-outs and returns leave behind."""

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

    A track is out while any withdrawal covers it. Only the requester, a successor or a decision ends this one: by a
    Return, a row of its own. `end` is the first day on which it holds no longer, all its returns taken into account;
    the database writes it when a Return is added, and nobody else may. Leaving again is a further withdrawal.

    What it refers to is checked once per statement (core.sqlfiles.refers): a catalogue may leave in one act.
    """

    public_id = PublicIdField(prefix="WDR")
    holder = models.ForeignKey(RightsHolder, on_delete=models.PROTECT, related_name="withdrawals", db_constraint=False)
    right = models.CharField(max_length=12, choices=Right)
    track = models.ForeignKey(
        Track,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="withdrawals",
        db_index=False,
        db_constraint=False,
    )
    work = models.ForeignKey(
        Work,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="withdrawals",
        db_index=False,
        db_constraint=False,
    )
    territories = models.ForeignKey(
        TerritorySet, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    licensee_ids = ArrayField(models.BigIntegerField(), default=list, blank=True, help_text="Stores; empty = all.")
    except_licensee_ids = ArrayField(
        models.BigIntegerField(), default=list, blank=True, help_text="Stores it does not reach: it came back there."
    )
    follows = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="further",
        help_text="The one it goes on from, after a return to some of its stores.",
    )
    start = models.DateField()
    end = models.DateField(null=True, blank=True, help_text="First day on which it holds no longer.")
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


class Return(models.Model):
    """A withdrawn right comes back: from `start` on its withdrawal holds no longer. Rows are only added.

    What was sold before `start` stays under the withdrawal, what is sold from then on is the holder's as ever. Where it
    comes back to some stores only, a further withdrawal `follows` for the rest. A later row may name an earlier day.
    """

    public_id = PublicIdField(prefix="RET")
    withdrawal = models.ForeignKey(Withdrawal, on_delete=models.PROTECT, related_name="returns")
    start = models.DateField(help_text="First day back.")
    end_before = models.DateField(null=True, blank=True, help_text="End of the withdrawal until then; empty = none.")
    licensee_ids = ArrayField(
        models.BigIntegerField(), default=list, blank=True, help_text="Stores it comes back to; empty = all it reached."
    )
    source = models.CharField(max_length=60, help_text="Public id of the act that brought it back.")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["source"], name="return_source")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(end_before__isnull=True) | models.Q(end_before__gt=models.F("start")),
                name="return_brings_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.public_id} from {self.start}"
