"""The public register: one row per opt-out, notice, objection, decision and breach, with an address that stays."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.models import OptOut
from core.ids import PublicIdField
from sales.models import Licensee


class Entry(models.Model):
    """What the register says of one thing, in ids and codes only: nothing here names a person.

    The facts are the cases' own rows and Events; this row is what is read of them, brought up to date by a difference
    (services.entry), so that a list stays an index look-up at a million entries. It is never taken out again.
    """

    class Kind(models.TextChoices):
        OPT_OUT = "opt_out", _("Opt-out")
        NOTICE = "notice", _("Notice to a store")
        OBJECTION = "objection", _("Objection of a store")
        CONTEST = "contest", _("Contest of another holder")
        DECISION = "decision", _("Decision")
        RETURN = "return", _("Return to the stores")
        BREACH = "breach", _("Breach by a store")
        APPEAL = "appeal", _("Appeal of the sender")

    public_id = PublicIdField(prefix="REG")
    kind = models.CharField(max_length=12, choices=Kind)
    noun = models.CharField(max_length=64, help_text="Model of what it is about.")
    object_id = models.BigIntegerField()
    number = models.CharField(max_length=16, help_text="Public id of it, or of what it belongs to: OPT-..., TDN-...")
    opt_out = models.ForeignKey(OptOut, on_delete=models.PROTECT, related_name="+")
    licensee = models.ForeignKey(
        Licensee, null=True, on_delete=models.PROTECT, related_name="+", help_text="Empty: several stores, or all."
    )
    store_ids = ArrayField(
        models.BigIntegerField(), default=list, blank=True, help_text="Where `licensee` is empty; empty = all stores."
    )
    state = models.CharField(max_length=24, help_text="A status of the thing itself; its words are the model's own.")
    track_count = models.PositiveIntegerField(default=0, help_text="Tracks granted, or rows of the notice.")
    at = models.DateTimeField(help_text="Sent, written, said or decided at.")
    changed_at = models.DateTimeField(help_text="When the register last read something new of it.")

    class Meta:
        verbose_name_plural = "entries"
        constraints = [
            models.UniqueConstraint(fields=["kind", "noun", "object_id"], name="entry_once"),
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=[
                        "opt_out",
                        "notice",
                        "objection",
                        "contest",
                        "decision",
                        "return",
                        "breach",
                        "appeal",
                    ]
                ),
                name="entry_kind_known",
            ),
        ]
        indexes = [
            models.Index(fields=["-at", "-id"], name="entry_newest"),
            models.Index(fields=["kind", "-at", "-id"], name="entry_kind"),
            models.Index(fields=["state", "-at", "-id"], name="entry_state"),
            models.Index(fields=["licensee", "-at", "-id"], name="entry_store"),
            models.Index(fields=["licensee", "kind", "-at", "-id"], name="entry_store_kind"),
            models.Index(fields=["licensee", "state", "-at", "-id"], name="entry_store_state"),
            models.Index(fields=["opt_out", "-at", "-id"], name="entry_opt_out"),
            models.Index(fields=["number"], name="entry_number"),
            models.Index(fields=["-changed_at"], name="entry_changed"),
        ]

    def __str__(self) -> str:
        return self.public_id


class ReadUntil(models.Model):
    """How far the register has read the Events: the one row that lets one reader at a time go on.

    Ids commit out of order, so what was read is read again until a while has passed: `event_id` is behind us for good,
    `seen_id` will be as soon as it was seen long enough ago.
    """

    event_id = models.BigIntegerField(default=0)
    seen_id = models.BigIntegerField(default=0)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="readuntil_one_row")]

    def __str__(self) -> str:
        return str(self.event_id)
