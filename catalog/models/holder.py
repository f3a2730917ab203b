"""Who owns rights, under which names and numbers, and whether we know who it is."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.ids import PublicIdField


class RightsHolder(models.Model):
    """The owner of rights: a person, a company, an heir, or an agent that also owns.

    registered -> under_review -> verified -> under_review (looked at again: a new name, an old paper, a doubt)
                    |   ^  ^         +------> suspended -> verified | under_review
                    |   |  +--- refused (may come back with better proof)
                    |   +------ more_asked (the holder answers, and it is looked at again)
                    +-> refused, more_asked

    Of a suspended holder nobody files anything and nothing is paid out; its people still see everything.
    """

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        COMPANY = "company", _("Company or label")
        ESTATE = "estate", _("Heirs of a person")
        SOCIETY = "society", _("Collecting society")

    class Status(models.TextChoices):
        REGISTERED = "registered", _("Registered")
        UNDER_REVIEW = "under_review", _("Identity under review")
        VERIFIED = "verified", _("Verified")
        REFUSED = "refused", _("Not verified")
        MORE_ASKED = "more_asked", _("More asked about the identity")
        SUSPENDED = "suspended", _("Suspended")

    MOVES = {
        Status.REGISTERED: {Status.UNDER_REVIEW},
        Status.UNDER_REVIEW: {Status.VERIFIED, Status.REFUSED, Status.MORE_ASKED},
        Status.MORE_ASKED: {Status.UNDER_REVIEW},
        Status.REFUSED: {Status.UNDER_REVIEW},
        Status.VERIFIED: {Status.UNDER_REVIEW, Status.SUSPENDED},
        Status.SUSPENDED: {Status.VERIFIED, Status.UNDER_REVIEW},
    }

    public_id = PublicIdField(prefix="HLD")
    kind = models.CharField(max_length=12, choices=Kind)
    name = models.CharField(max_length=300)
    name_key = models.CharField(max_length=300, help_text="catalog.names.artist_key of the name.")
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166-1 alpha-2.")
    status = models.CharField(max_length=12, choices=Status, default=Status.REGISTERED)
    verify_again_date = models.DateField(
        null=True, blank=True, help_text="When a paper runs out and a reviewer should look again; decides nothing."
    )
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(fields=["name_key"], name="rightsholder_name_key"),
            models.Index(fields=["status"], name="rightsholder_status"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    status__in=["registered", "under_review", "verified", "refused", "more_asked", "suspended"]
                ),
                name="rightsholder_status_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class HolderName(models.Model):
    """Another name of a holder, in any script: stage name, Latin spelling, former company name."""

    holder = models.ForeignKey(RightsHolder, on_delete=models.CASCADE, related_name="names")
    text = models.CharField(max_length=300)
    language = models.CharField(max_length=12, blank=True, help_text="BCP 47 tag, e.g. ru, ru-Latn.")
    name_key = models.CharField(max_length=300)

    class Meta:
        indexes = [models.Index(fields=["name_key"], name="holdername_name_key")]
        constraints = [models.UniqueConstraint(fields=["holder", "text"], name="holdername_once")]

    def __str__(self) -> str:
        return self.text


class HolderIdentifier(models.Model):
    """A number others know the holder by; the check digit was tested before it was written."""

    class Scheme(models.TextChoices):
        ISNI = "isni", "ISNI"
        IPI = "ipi", "IPI"
        DPID = "dpid", "DPID"
        INN = "inn", "ИНН"
        OGRN = "ogrn", "ОГРН"

    holder = models.ForeignKey(RightsHolder, on_delete=models.CASCADE, related_name="identifiers")
    scheme = models.CharField(max_length=8, choices=Scheme)
    value = models.CharField(max_length=24)

    class Meta:
        indexes = [models.Index(fields=["scheme", "value"], name="holderidentifier_value")]
        constraints = [models.UniqueConstraint(fields=["holder", "scheme", "value"], name="holderidentifier_once")]

    def __str__(self) -> str:
        return f"{self.scheme} {self.value}"
