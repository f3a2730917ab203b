"""What a holder changed in a filed claim before it was decided: dated rows, each signed anew; nothing is lost."""

from django.conf import settings
from django.db import models

from claims.models.claim import Claim
from claims.models.evidence import AttestationText


class ClaimAmendment(models.Model):
    """One change of the terms of a filed claim: what they were before and after, and the signature under them."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="amendments")
    before = models.JSONField(help_text="Choice, and per right: percent, territories, days, number of lines.")
    after = models.JSONField()
    text = models.ForeignKey(AttestationText, on_delete=models.PROTECT, related_name="+")
    signature_sealed = models.BinaryField(help_text="The typed name, sealed under the holder's key.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["claim", "-id"], name="claimamendment_claim")]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.at}"
