"""One answer, or one verdict, for all disputes of a group: kept as what is to be done, and how far it came."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from catalog.models import RightsHolder
from claims.models.evidence import EvidenceDocument
from core.ids import PublicIdField
from core.models import Note


class GroupAct(models.Model):
    """A person says the same in every dispute of a group; each dispute is one transaction that also counts here.

    `dispute_ids` are those that were open when it was said. Killed half-way it goes on behind the last one counted.
    """

    class Kind(models.TextChoices):
        ANSWER = "answer"
        VERDICT = "verdict"

    public_id = PublicIdField(prefix="GRA")
    kind = models.CharField(max_length=7, choices=Kind)
    group_key = models.CharField(max_length=32)
    dispute_ids = ArrayField(models.BigIntegerField(), help_text="In the order they are dealt with.")
    holder = models.ForeignKey(
        RightsHolder, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="Who answers."
    )
    said = models.JSONField(help_text="Kind of answer, percent, days and split, or the percents of the verdict.")
    note = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="+", help_text="The words.")
    documents = models.ManyToManyField(EvidenceDocument, blank=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    done = models.PositiveIntegerField(default=0, help_text="How many of `dispute_ids` were dealt with.")
    ended = models.PositiveIntegerField(default=0, help_text="How many disputes ended by it.")
    refused = models.JSONField(
        default=list, help_text="[public id, code of the reason] of those nothing was written in."
    )
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=models.Q(finished_at=None), name="groupact_unfinished"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=["answer", "verdict"]), name="groupact_kind_known"),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def total(self) -> int:
        """How many disputes it is about."""
        return len(self.dispute_ids)

    @property
    def kept(self) -> int:
        """In how many disputes it was written so far."""
        return self.done - len(self.refused)
