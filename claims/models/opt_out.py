"""A holder asks that its works leave the stores. Opting out never gives up money already accrued."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Authority, RightsHolder, TerritorySet, Track, Withdrawal
from catalog.rights import Right
from claims.models.check import Scored
from claims.models.repertoire import RepertoireList
from core.ids import PublicIdField
from sales.models import Licensee


class OptOut(Scored):
    """A case. What it wins is one Withdrawal per line and right: a fact in `catalog`.

    draft -> requested -> under_review <-> evidence_requested
                  |             |-> granted
                  |             |-> refused -> under_review, when another reviewer reverses it on appeal
                  +-------------+-> retracted
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        REQUESTED = "requested", _("Requested")
        UNDER_REVIEW = "under_review", _("Under review")
        EVIDENCE_REQUESTED = "evidence_requested", _("More evidence asked for")
        GRANTED = "granted", _("Granted")
        REFUSED = "refused", _("Refused")
        RETRACTED = "retracted", _("Retracted by the holder")

    MOVES = {
        Status.DRAFT: {Status.REQUESTED, Status.RETRACTED},
        Status.REQUESTED: {Status.UNDER_REVIEW, Status.RETRACTED},
        Status.UNDER_REVIEW: {Status.GRANTED, Status.REFUSED, Status.EVIDENCE_REQUESTED, Status.RETRACTED},
        Status.EVIDENCE_REQUESTED: {Status.UNDER_REVIEW, Status.RETRACTED},
        Status.GRANTED: set(),
        Status.REFUSED: {Status.UNDER_REVIEW},
        Status.RETRACTED: set(),
    }

    class Basis(models.TextChoices):
        """The clock set whose legal elements the sender signs."""

        OWNER_OPT_OUT = "owner_opt_out", _("House rule: proof of ownership is enough")
        USC_512 = "usc_512", _("17 USC 512(c)(3)")
        DSA_16 = "dsa_16", _("EU Digital Services Act, article 16")

    class Standing(models.TextChoices):
        """In whose name the sender signs."""

        SELF = "self", _("For myself or my company")
        HEIR = "heir", _("I inherited it")
        AGENT = "agent", _("I act for somebody else")

    class Element(models.TextChoices):
        """What the sender confirms one by one; which of them a basis asks for is in claims/legal.py."""

        AUTHORISED = "authorised", _("I am the owner of a right in these tracks, or may act for the owner.")
        ACCURATE = "accurate", _("What I write here is correct and complete to the best of my knowledge.")
        GOOD_FAITH = "good_faith", _("I believe in good faith that this use is not allowed by the owner or by law.")
        PERJURY = "perjury", _("Under penalty of perjury: I may act for the owner of an exclusive right.")

    public_id = PublicIdField(prefix="OPT")
    holder = models.ForeignKey(RightsHolder, on_delete=models.PROTECT, related_name="opt_outs")
    authority = models.ForeignKey(Authority, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=20, choices=Status, default=Status.DRAFT)
    repertoire = models.ForeignKey(
        RepertoireList,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="opt_outs",
    )
    claim = models.OneToOneField(
        "claims.Claim",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="leaving",
        help_text="Filed in one form with this claim: paid to date, removed from then on.",
    )
    basis = models.CharField(max_length=16, choices=Basis, default=Basis.OWNER_OPT_OUT)
    standing = models.CharField(max_length=8, choices=Standing, default=Standing.SELF)
    rights = ArrayField(models.CharField(max_length=12, choices=Right), default=list)
    territories = models.ForeignKey(TerritorySet, on_delete=models.PROTECT, related_name="+")
    licensees = models.ManyToManyField(Licensee, blank=True, help_text="Stores; empty = all.")
    start = models.DateField(null=True, blank=True, help_text="First day out; empty = the day it is granted.")
    end = models.DateField(null=True, blank=True)
    contact_sealed = models.BinaryField(null=True, blank=True, help_text="Name, address, phone, mail of the sender.")
    explanation_sealed = models.BinaryField(null=True, blank=True, help_text="Why the use is not allowed, own words.")
    confirmed = ArrayField(models.CharField(max_length=12, choices=Element), default=list, blank=True)
    is_name_public = models.BooleanField(default=False, help_text="The holder wants to be named in the register.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    requested_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    deadline_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["status", "requested_at"], name="optout_queue")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    status__in=[
                        "draft",
                        "requested",
                        "under_review",
                        "evidence_requested",
                        "granted",
                        "refused",
                        "retracted",
                    ]
                ),
                name="optout_status_known",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("created_by")),
                name="optout_decided_by_another",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class OptOutLine(models.Model):
    """One row as it was typed or pasted, the track it was found to be, and what became of it.

    What it refers to is checked once per statement (core.sqlfiles.refers): a catalogue may leave in one act.
    """

    class Outcome(models.TextChoices):
        PENDING = "pending", _("Not decided")
        UNKNOWN = "unknown", _("No track to take out")
        ACCEPTED = "accepted", _("Leaves the stores")
        REFUSED = "refused", _("Refused")

    opt_out = models.ForeignKey(
        OptOut, on_delete=models.CASCADE, related_name="lines", db_index=False, db_constraint=False
    )
    row_no = models.PositiveIntegerField()
    typed = models.CharField(max_length=500, help_text="Exactly what the holder gave: ISRC, or artist - title.")
    found_by = models.CharField(max_length=12, blank=True, help_text="isrc, names, track_id, store_key, address ...")
    track = models.ForeignKey(
        Track, null=True, blank=True, on_delete=models.PROTECT, related_name="opt_out_lines", db_constraint=False
    )
    candidates = ArrayField(
        models.BigIntegerField(), default=list, blank=True, help_text="Tracks it may be, while nobody has chosen."
    )
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.PENDING)
    outcome_reason = models.CharField(max_length=60, blank=True, help_text="Reason code, see claims/reasons.py.")
    withdrawals = models.ManyToManyField(Withdrawal, blank=True, related_name="opt_out_lines", db_constraint=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["opt_out", "row_no"], name="optoutline_once"),
            models.CheckConstraint(
                condition=models.Q(outcome__in=["pending", "unknown", "accepted", "refused"]),
                name="optoutline_outcome_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(outcome="accepted") | models.Q(track__isnull=False),
                name="optoutline_accepted_has_track",
            ),
        ]

    def __str__(self) -> str:
        return self.typed
