"""Proof: documents kept sealed under the holder's own key, and statements signed word for word."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import RightsHolder
from core.ids import PublicIdField


class EvidenceDocument(models.Model):
    """One file proving something, sealed under the holder's key; never public, streamed only to the allowed."""

    class Kind(models.TextChoices):
        CONTRACT = "contract", _("Contract or licence")
        REGISTRATION = "registration", _("Registration or society statement")
        IDENTITY = "identity", _("Identity document")
        INHERITANCE = "inheritance", _("Certificate of inheritance")
        AUTHORITY = "authority", _("Letter of authority")
        OTHER = "other", _("Other")

    public_id = PublicIdField(prefix="EVD")
    holder = models.ForeignKey(RightsHolder, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=14, choices=Kind)
    name_sealed = models.BinaryField(help_text="File name as uploaded, sealed by core.vault.")
    content_type = models.CharField(max_length=100, help_text="Decided by the content, not by the name.")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    stored = models.CharField(max_length=300, help_text="Storage name of the sealed bytes.")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["holder", "sha256"], name="evidence_once_per_holder")]

    def __str__(self) -> str:
        return self.public_id


class EvidenceUse(models.Model):
    """A document shown for a case; the same document may serve many."""

    document = models.ForeignKey(EvidenceDocument, on_delete=models.PROTECT, related_name="uses")
    claim = models.ForeignKey(
        "claims.Claim", null=True, blank=True, on_delete=models.CASCADE, related_name="evidence_uses"
    )
    opt_out = models.ForeignKey(
        "claims.OptOut", null=True, blank=True, on_delete=models.CASCADE, related_name="evidence_uses"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(claim__isnull=False, opt_out__isnull=True)
                | models.Q(claim__isnull=True, opt_out__isnull=False),
                name="evidenceuse_one_case",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document} for {self.claim or self.opt_out}"


class AttestationText(models.Model):
    """The exact wording somebody signs; a change of one letter is a new version."""

    code = models.CharField(max_length=40)
    language = models.CharField(max_length=12)
    version = models.PositiveIntegerField()
    text = models.TextField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "language", "version"], name="attestationtext_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.language} v{self.version}"


class Attestation(models.Model):
    """A typed signature under one exact text, for one case."""

    claim = models.OneToOneField(
        "claims.Claim", null=True, blank=True, on_delete=models.CASCADE, related_name="attestation"
    )
    opt_out = models.OneToOneField(
        "claims.OptOut", null=True, blank=True, on_delete=models.CASCADE, related_name="attestation"
    )
    text = models.ForeignKey(AttestationText, on_delete=models.PROTECT, related_name="+")
    signature_sealed = models.BinaryField(help_text="The typed name, sealed under the holder's key.")
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(claim__isnull=False, opt_out__isnull=True)
                | models.Q(claim__isnull=True, opt_out__isnull=False),
                name="attestation_one_case",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.text} for {self.claim or self.opt_out}"
