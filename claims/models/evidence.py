"""Proof: documents kept sealed under the holder's own key, and statements signed word for word."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from catalog.models import Mandate, RightsHolder, TerritorySet, Track
from catalog.rights import Right
from core.ids import PublicIdField


class EvidenceKind(models.Model):
    """A kind of document, as data: what it is called, and whether it proves what is owned or only who somebody is."""

    code = models.CharField(max_length=14, primary_key=True)
    name = models.CharField(max_length=100)
    name_ru = models.CharField(max_length=100)
    proves_title = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True, help_text="May be chosen for new documents.")
    position = models.PositiveSmallIntegerField(default=100)

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Its name in the reader's language."""
        return self.name_ru if (get_language() or "").startswith("ru") else self.name


class EvidenceDocument(models.Model):
    """One file proving something, sealed under the holder's key; never public, streamed only to the allowed.

    kept -> asked -> checked <-> refused         a reviewer may also check what a case shows, without being asked

    A checked document proves its scope (rights, territories, tracks) for every later claim and opt-out of the holder,
    until `valid_until`. Cases decided on it stand, whatever becomes of it.
    """

    class Kind(models.TextChoices):
        CONTRACT = "contract", _("Contract or licence")
        REGISTRATION = "registration", _("Registration or society statement")
        IDENTITY = "identity", _("Identity document")
        INHERITANCE = "inheritance", _("Certificate of inheritance")
        AUTHORITY = "authority", _("Letter of authority")
        OTHER = "other", _("Other")

    class Status(models.TextChoices):
        KEPT = "kept", _("Kept")
        ASKED = "asked", _("Check asked for")
        CHECKED = "checked", _("Checked")
        REFUSED = "refused", _("Proves nothing")

    MOVES = {
        Status.KEPT: {Status.ASKED, Status.CHECKED, Status.REFUSED},
        Status.ASKED: {Status.CHECKED, Status.REFUSED},
        Status.CHECKED: {Status.REFUSED},
        Status.REFUSED: {Status.ASKED, Status.CHECKED},
    }

    public_id = PublicIdField(prefix="EVD")
    holder = models.ForeignKey(RightsHolder, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=14, help_text="Code of an EvidenceKind.")
    status = models.CharField(max_length=8, choices=Status, default=Status.KEPT)
    name_sealed = models.BinaryField(help_text="File name as uploaded, sealed by core.vault.")
    content_type = models.CharField(max_length=100, help_text="Decided by the content, not by the name.")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    stored = models.CharField(max_length=300, help_text="Storage name of the sealed bytes.")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    rights = ArrayField(models.CharField(max_length=12, choices=Right), default=list, blank=True)
    territories = models.ForeignKey(TerritorySet, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    tracks = models.ManyToManyField(Track, blank=True, related_name="+", help_text="Empty: all of the holder's.")
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True, help_text="First day on which it proves nothing new.")
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder", "sha256"], name="evidence_once_per_holder"),
            models.CheckConstraint(
                condition=models.Q(status__in=["kept", "asked", "checked", "refused"]), name="evidence_status_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(status="checked") | models.Q(checked_by__isnull=False, rights__len__gt=0),
                name="evidence_checked_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(checked_by__isnull=True) | ~models.Q(checked_by=models.F("uploaded_by")),
                name="evidence_checked_by_another",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def kind_label(self) -> str:
        """The kind in the reader's language."""
        if self.kind in self.Kind.values:
            return str(self.Kind(self.kind).label)
        return str(EvidenceKind.objects.get(pk=self.kind))


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
    """A typed signature under one exact text, for one case or one mandate."""

    claim = models.OneToOneField(
        "claims.Claim", null=True, blank=True, on_delete=models.CASCADE, related_name="attestation"
    )
    opt_out = models.OneToOneField(
        "claims.OptOut", null=True, blank=True, on_delete=models.CASCADE, related_name="attestation"
    )
    mandate = models.OneToOneField(Mandate, null=True, blank=True, on_delete=models.CASCADE, related_name="attestation")
    text = models.ForeignKey(AttestationText, on_delete=models.PROTECT, related_name="+")
    signature_sealed = models.BinaryField(help_text="The typed name, sealed under the holder's key.")
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(claim__isnull=False, opt_out__isnull=True, mandate__isnull=True)
                | models.Q(claim__isnull=True, opt_out__isnull=False, mandate__isnull=True)
                | models.Q(claim__isnull=True, opt_out__isnull=True, mandate__isnull=False),
                name="attestation_one_case",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.text} for {self.claim or self.opt_out or self.mandate}"
