"""Words of a case that may be public once a person has taken out of them what is personal."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.ids import PublicIdField
from core.models import Note
from register.models.entry import Entry


class Passage(models.Model):
    """waiting > published <> withheld      waiting > withheld

    The original stays sealed where the sender put it and is read only to be redacted, each time noted as an Event. What
    the public reads is the latest PassageText; nothing at all until a person has written one.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waits for a reviewer")
        PUBLISHED = "published", _("Published")
        WITHHELD = "withheld", _("Withheld")

    MOVES = {
        Status.WAITING: {Status.PUBLISHED, Status.WITHHELD},
        Status.PUBLISHED: {Status.WITHHELD},
        Status.WITHHELD: {Status.PUBLISHED},
    }

    class Part(models.TextChoices):
        EXPLANATION = "explanation", _("Why the holder opts out")
        OBJECTION = "objection", _("What is said against it")
        REASON = "reason", _("Reasons of the decision")

    public_id = PublicIdField(prefix="PSG")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="passages")
    part = models.CharField(max_length=12, choices=Part)
    note = models.ForeignKey(
        Note,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The original; empty: the sealed explanation of the opt-out.",
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "part"], name="passage_once"),
            models.CheckConstraint(
                condition=models.Q(status__in=["waiting", "published", "withheld"]), name="passage_status_known"
            ),
            models.CheckConstraint(
                condition=models.Q(part__in=["explanation", "objection", "reason"]), name="passage_part_known"
            ),
        ]
        indexes = [models.Index(fields=["status", "created_at", "id"], name="passage_queue")]

    def __str__(self) -> str:
        return self.public_id


class PassageText(models.Model):
    """What may be read of a passage from a moment on: rows are only added, the latest counts.

    The words are a Note, so they can be erased if something personal slipped through.
    """

    passage = models.ForeignKey(Passage, on_delete=models.PROTECT, related_name="texts")
    note = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["passage", "-id"], name="passagetext_latest")]

    def __str__(self) -> str:
        return f"{self.passage} as of {self.at:%Y-%m-%d}"
