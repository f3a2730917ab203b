"""What was said and voted in a dispute, step by step: rows that are only added."""

from django.conf import settings
from django.db import models

from claims.models.dispute import Dispute, DisputeParty
from claims.models.evidence import EvidenceDocument
from core.models import Note


class DisputeAnswer(models.Model):
    """One answer of one party. The words are the Note of the Event beside it; the latest answer is on the party."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="answers")
    party = models.ForeignKey(DisputeParty, on_delete=models.PROTECT, related_name="answers")
    kind = models.CharField(max_length=8, choices=DisputeParty.Answer)
    percent = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    start = models.DateField(null=True, blank=True)
    end = models.DateField(null=True, blank=True)
    split = models.JSONField(null=True, blank=True)
    documents = models.ManyToManyField(EvidenceDocument, blank=True, related_name="dispute_answers")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["dispute", "-id"], name="disputeanswer_dispute")]

    def __str__(self) -> str:
        return f"{self.party_id} {self.kind}"


class DisputeVerdict(models.Model):
    """What one reviewer of the panel finds: a percent per party. The dispute ends when two find the same.

    Of one reviewer the latest counts. Nobody is bound by an earlier one, and no verdict moves anything alone.
    """

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="verdicts")
    percents = models.JSONField(help_text="{holder id: percent}")
    note = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["dispute", "-id"], name="disputeverdict_dispute")]

    def __str__(self) -> str:
        return f"{self.dispute} {self.by_id}"


class DisputeDigest(models.Model):
    """The weekly letter about open disputes was written for this week (its Monday): one row, so never twice."""

    week = models.DateField(unique=True)
    written_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.week)
