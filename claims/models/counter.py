"""Somebody says a track should not be out: the store that was told, or another holder. A person decides."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import RightsHolder, Withdrawal
from claims.models.evidence import EvidenceDocument
from claims.models.opt_out import OptOut
from claims.models.takedown import NoticeRow, TakedownNotice
from core.ids import PublicIdField
from core.models import Note
from sales.models import Licensee


class CounterNotice(models.Model):
    """filed > under_review > accepted | dismissed      filed, under_review > retracted | settled

    The tracks stay out until a person orders otherwise: no clock restores anything. Settled: what it was about came
    back before it was decided. One that was dismissed may be appealed once, by a further one that names it.
    """

    class Status(models.TextChoices):
        FILED = "filed", _("Filed")
        UNDER_REVIEW = "under_review", _("Under review")
        ACCEPTED = "accepted", _("Accepted")
        DISMISSED = "dismissed", _("Dismissed")
        RETRACTED = "retracted", _("Taken back")
        SETTLED = "settled", _("Settled: the tracks came back")

    _ENDS = {Status.RETRACTED, Status.SETTLED}
    MOVES = {
        Status.FILED: {Status.UNDER_REVIEW, *_ENDS},
        Status.UNDER_REVIEW: {Status.ACCEPTED, Status.DISMISSED, *_ENDS},
        Status.ACCEPTED: set(),
        Status.DISMISSED: set(),
        Status.RETRACTED: set(),
        Status.SETTLED: set(),
    }

    class Ground(models.TextChoices):
        NOT_THIS_TRACK = "not_this_track", _("It is not this track")
        DIRECT_LICENCE = "direct_licence", _("We hold a licence from the owner directly")
        OTHER = "other", _("Another reason")
        USC_512 = "usc_512", _("Counter-notice under 17 USC 512(g): removed by mistake or misidentification")
        NOT_THE_OWNER = "not_the_owner", _("Who took it out may not do so: I hold rights in it")

    public_id = PublicIdField(prefix="CTN")
    status = models.CharField(max_length=12, choices=Status, default=Status.FILED)
    ground = models.CharField(max_length=16, choices=Ground)
    opt_out = models.ForeignKey(OptOut, on_delete=models.PROTECT, related_name="counter_notices")
    notice = models.ForeignKey(
        TakedownNotice, null=True, blank=True, on_delete=models.PROTECT, related_name="counter_notices"
    )
    licensee = models.ForeignKey(
        Licensee, null=True, blank=True, on_delete=models.PROTECT, related_name="counter_notices"
    )
    holder = models.ForeignKey(
        RightsHolder, null=True, blank=True, on_delete=models.PROTECT, related_name="counter_notices"
    )
    rows = models.ManyToManyField(
        NoticeRow, related_name="counter_notices", help_text="Of a store: what it objects to."
    )
    withdrawals = models.ManyToManyField(Withdrawal, related_name="counter_notices", help_text="Of another holder.")
    words = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="+")
    documents = models.ManyToManyField(EvidenceDocument, blank=True, related_name="counter_notices")
    confirmed = ArrayField(
        models.CharField(max_length=16), default=list, blank=True, help_text="Elements of 512(g)(3)."
    )
    sworn_sealed = models.BinaryField(null=True, blank=True, help_text="Name, address, phone, signature.")
    appeal_of = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="appeal", help_text="Dismissed before."
    )
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    filed_at = models.DateTimeField()
    restore_from = models.DateTimeField(
        null=True, blank=True, help_text="17 USC 512(g)(2)(C): not restored before 10 business days."
    )
    deadline_at = models.DateTimeField(null=True, blank=True, help_text="When a person should have decided.")
    suit_filed_at = models.DateTimeField(
        null=True, blank=True, help_text="The sender says it has gone to court: nothing is restored under 512(g)."
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["opt_out"], name="counter_opt_out")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(licensee__isnull=False, notice__isnull=False, holder__isnull=True)
                | models.Q(licensee__isnull=True, notice__isnull=True, holder__isnull=False, ground="not_the_owner"),
                name="counter_one_side",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("filed_by")),
                name="counter_by_another",
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=["accepted", "dismissed"]) | models.Q(decided_by__isnull=False),
                name="counter_decided_by_a_person",
            ),
            models.CheckConstraint(
                condition=~models.Q(ground="usc_512") | models.Q(restore_from__isnull=False),
                name="counter_512_has_its_days",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    status__in=["filed", "under_review", "accepted", "dismissed", "retracted", "settled"]
                ),
                name="counter_status_known",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    ground__in=["not_this_track", "direct_licence", "other", "usc_512", "not_the_owner"]
                ),
                name="counter_ground_known",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class CounterDocument(models.Model):
    """What a store shows, such as its direct licence: sealed under the store's key, for reviewers and the store."""

    counter = models.ForeignKey(CounterNotice, on_delete=models.PROTECT, related_name="papers")
    name_sealed = models.BinaryField()
    content_type = models.CharField(max_length=100, help_text="Decided by the content, not by the name.")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    stored = models.CharField(max_length=300, help_text="Storage name of the sealed bytes.")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["counter", "sha256"], name="counterdocument_once")]

    def __str__(self) -> str:
        return f"{self.counter} {self.sha256[:8]}"
