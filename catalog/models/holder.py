"""Who owns rights, who may act for them, and in what order they became known."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.constraints import period_forward
from catalog.models.territory import TerritorySet
from catalog.rights import Right
from core.ids import PublicIdField


class RightsHolder(models.Model):
    """The owner of rights: a person, a company, an heir, or an agent that also owns.

    registered -> under_review -> verified
                       |  ^---------- refused (may come back with better proof)
                       +-> refused
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

    MOVES = {
        Status.REGISTERED: {Status.UNDER_REVIEW},
        Status.UNDER_REVIEW: {Status.VERIFIED, Status.REFUSED},
        Status.REFUSED: {Status.UNDER_REVIEW},
        Status.VERIFIED: set(),
    }

    public_id = PublicIdField(prefix="HLD")
    kind = models.CharField(max_length=12, choices=Kind)
    name = models.CharField(max_length=300)
    name_key = models.CharField(max_length=300, help_text="catalog.names.artist_key of the name.")
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166-1 alpha-2.")
    status = models.CharField(max_length=12, choices=Status, default=Status.REGISTERED)
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
                condition=models.Q(status__in=["registered", "under_review", "verified", "refused"]),
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


class HolderMember(models.Model):
    """A person who acts for a holder. A reader sees everything of it and changes nothing."""

    class Role(models.TextChoices):
        OWNER = "owner", _("Owner")
        EDITOR = "editor", _("May file")
        READER = "reader", _("May read")

    holder = models.ForeignKey(RightsHolder, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="holder_memberships")
    role = models.CharField(max_length=8, choices=Role, default=Role.OWNER)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["holder", "user"], name="holdermember_once")]

    def __str__(self) -> str:
        return f"{self.user} / {self.holder}"


class Authority(models.Model):
    """A principal lets an agent collect for it or take its works down, and shows the document that says so.

    A principal and its agent never conflict; a chain of licences is a chain of these rows. Revoking (`end`)
    moves later accruals only.
    """

    class Purpose(models.TextChoices):
        COLLECT = "collect", _("Collect money")
        TAKE_DOWN = "take_down", _("Take works out of stores")

    public_id = PublicIdField(prefix="AUT")
    principal = models.ForeignKey(RightsHolder, on_delete=models.PROTECT, related_name="authorities_given")
    agent = models.ForeignKey(RightsHolder, on_delete=models.PROTECT, related_name="authorities_held")
    purposes = ArrayField(models.CharField(max_length=12, choices=Purpose))
    rights = ArrayField(models.CharField(max_length=12, choices=Right))
    territories = models.ForeignKey(TerritorySet, on_delete=models.PROTECT, related_name="+")
    tracks = models.ManyToManyField("catalog.Track", blank=True, help_text="Repertoire; empty means all of it.")
    start = models.DateField(null=True, blank=True)
    end = models.DateField(null=True, blank=True, help_text="First day on which it no longer holds.")
    is_exclusive = models.BooleanField(default=False)
    document_sha256 = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(principal=models.F("agent")), name="authority_two_parties"),
            period_forward("authority_period_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.principal} -> {self.agent}"


class Mandate(models.Model):
    """A holder joins ROMS. A separate, optional act: nobody needs it to be paid, and no claim contains it."""

    public_id = PublicIdField(prefix="MND")
    holder = models.ForeignKey(RightsHolder, on_delete=models.PROTECT, related_name="mandates")
    rights = ArrayField(models.CharField(max_length=12, choices=Right))
    territories = models.ForeignKey(TerritorySet, on_delete=models.PROTECT, related_name="+")
    start = models.DateField()
    end = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.holder} from {self.start}"
