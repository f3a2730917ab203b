"""What waits for a person, one row per open case, so that a queue of any length is one short read of an index.

The case is the truth; its row here is written with every move of it and put right by a sweep. Losing all rows loses
nothing but leases and notes.
"""

from datetime import UTC, datetime
from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.models import Authority, RightsHolder
from claims.models.appeal import Appeal
from claims.models.challenge import Objection
from claims.models.check import Proof
from claims.models.claim import Claim
from claims.models.correction import Correction
from claims.models.counter import CounterNotice
from claims.models.dispute import Dispute
from claims.models.evidence import EvidenceDocument
from claims.models.opt_out import OptOut
from claims.models.suspension import SenderSuspension
from core.money import Money
from sales.models import MatchProposal

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
PAGES = {
    "claim": ("claims:review_claim", "claim_id"),
    "opt_out": ("claims:review_opt_out", "opt_out_id"),
    "holder": ("claims:review_holder", "holder_id"),
    "dispute": ("claims:review_dispute", "dispute_id"),
    "authority": ("claims:authority", "authority_id"),
    "document": ("claims:document", "document_id"),
    "correction": ("claims:correction", "correction_id"),
    "proposal": ("claims:proposal", "proposal_id"),
    "appeal": ("claims:appeal", "appeal_id"),
    "objection": ("claims:objection", "objection_id"),
    "counter": ("claims:counter_notice", "counter_id"),
    "suspension": ("claims:suspension", "suspension_id"),
}
NOUNS: dict[str, type[models.Model]] = {
    "claim": Claim,
    "opt_out": OptOut,
    "holder": RightsHolder,
    "dispute": Dispute,
    "authority": Authority,
    "document": EvidenceDocument,
    "correction": Correction,
    "proposal": MatchProposal,
    "appeal": Appeal,
    "objection": Objection,
    "counter": CounterNotice,
    "suspension": SenderSuspension,
}


class QueueItem(models.Model):
    """One open case: how urgent, how much, since when, who has it.

    A lease is `leased_by` until `lease_until`; it ends by itself. Who takes, hands over or gives back counts
    `lease_token` up, so that an old page cannot act for a lease that is over.
    """

    class Kind(models.TextChoices):
        CLAIM = "claim", _("Claim")
        OPT_OUT = "opt_out", _("Opt-out")
        HOLDER = "holder", _("New holder")
        DISPUTE = "dispute", _("Dispute")
        AUTHORITY = "authority", _("Letter of an agent")
        DOCUMENT = "document", _("Document to check")
        CORRECTION = "correction", _("Correction")
        PROPOSAL = "proposal", _("Proposed match")
        APPEAL = "appeal", _("Appeal")
        OBJECTION = "objection", _("Objection")
        COUNTER = "counter", _("Objection to an opt-out")
        SUSPENSION = "suspension", _("Appeal against a stop of opt-outs")

    kind = models.CharField(max_length=10, choices=Kind)
    object_id = models.BigIntegerField(help_text="Row number of the case in the table `kind` names.")
    public_id = models.CharField(max_length=16, unique=True)
    title = models.CharField(max_length=300)
    status = models.CharField(max_length=20)
    is_waiting = models.BooleanField(default=False, help_text="The other side has been asked and has not answered.")
    since = models.DateTimeField()
    due_at = models.DateTimeField(default=NEVER)
    line_count = models.PositiveIntegerField(default=0)
    money = models.JSONField(default=list, help_text="[[currency, amount]]")
    value = models.DecimalField(
        max_digits=24, decimal_places=8, default=0, help_text="The money as one figure to sort."
    )
    urgency = models.DecimalField(max_digits=16, decimal_places=6, default=0, help_text="Money x age x deadline.")
    proof = models.CharField(max_length=5, choices=Proof, blank=True)
    group_key = models.CharField(max_length=64, blank=True, help_text="Digest of parties, ground and documents.")
    holder_ids = ArrayField(models.BigIntegerField(), default=list, help_text="Parties and their agents.")
    user_ids = ArrayField(models.BigIntegerField(), default=list, help_text="Who made the case.")
    leased_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.PositiveIntegerField(default=0)
    handed_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_id"], name="queueitem_once"),
            models.CheckConstraint(
                condition=models.Q(leased_by__isnull=True) | models.Q(lease_until__isnull=False),
                name="queueitem_lease_ends",
            ),
        ]
        indexes = [
            models.Index(fields=["-urgency", "-id"], name="queueitem_urgency"),
            models.Index(fields=["-value", "-id"], name="queueitem_value"),
            models.Index(fields=["since", "id"], name="queueitem_since"),
            models.Index(fields=["due_at", "id"], name="queueitem_due"),
            models.Index(fields=["leased_by"], condition=models.Q(leased_by__isnull=False), name="queueitem_leased"),
            models.Index(fields=["handed_to"], condition=models.Q(handed_to__isnull=False), name="queueitem_handed"),
            models.Index(fields=["group_key"], condition=~models.Q(group_key=""), name="queueitem_group"),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def kind_label(self) -> str:
        """The kind in words."""
        return str(self.Kind(self.kind).label)

    @property
    def status_label(self) -> Promise | str:
        """The case's status in words."""
        words: dict[str, Promise | str] = dict(NOUNS[self.kind]._meta.get_field("status").flatchoices)  # type: ignore[union-attr]
        return words.get(self.status, self.status)

    @property
    def deadline_at(self) -> datetime | None:
        """When it is due; nothing where no clock runs."""
        return None if self.due_at == NEVER else self.due_at

    @property
    def amounts(self) -> list[Money]:
        """What waits for it, per currency."""
        return [Money(Decimal(amount), currency) for currency, amount in self.money]

    @property
    def url(self) -> str:
        """The page on which it is decided."""
        name, argument = PAGES[self.kind]
        return reverse(name, kwargs={argument: self.public_id})

    def is_leased(self, now: datetime) -> bool:
        """This will tell whether somebody has it now."""
        return self.leased_by_id is not None and self.lease_until is not None and self.lease_until > now


class ReviewNote(models.Model):
    """A reviewer's half-done work on a case, to be taken up again: sealed under a party's key."""

    item = models.ForeignKey(QueueItem, on_delete=models.CASCADE, related_name="notes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    party = models.CharField(max_length=64)
    sealed = models.BinaryField(help_text="The fields of the decision as typed so far.")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "by"], name="reviewnote_once")]

    def __str__(self) -> str:
        return f"{self.item} {self.by}"


class Absence(models.Model):
    """A reviewer is away: what was handed to or taken by them goes to the cover, or to anybody."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="absences")
    start = models.DateField()
    end = models.DateField(help_text="First day back.")
    cover = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(end__gt=models.F("start")), name="absence_forward"),
            models.CheckConstraint(
                condition=models.Q(cover__isnull=True) | ~models.Q(cover=models.F("user")), name="absence_other_cover"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.start}"
