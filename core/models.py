"""Who did what when, in rows that last, and the words they used, in rows that can be erased.

`Event` holds ids and codes only and is append-only: the database refuses to change one, and the application's role may
only insert and select. What a person typed (a reason) lives in `Note`, whose text can be erased later without touching
the Event that points to it. `PartyKey` holds the wrapped key of one party's encrypted data (see `core.vault`). Both
can be erased and nothing else (sql/erasable.sql): no words are put into a person's mouth later, no key comes back.
"""

from django.conf import settings
from django.db import connection, models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Note(models.Model):
    """The erasable words of a person: a reason, a remark. Erasing empties the text and keeps the row."""

    text = models.TextField(_("text"), blank=True)
    created_at = models.DateTimeField(_("created"))
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(erased_at__isnull=True) | models.Q(text=""), name="core_note_erased_is_empty"
            )
        ]

    def __str__(self) -> str:
        return f"note {self.pk}"


class PartyKey(models.Model):
    """The data key of one party, wrapped by a master key; destroying it makes the party's data unreadable for ever."""

    party = models.CharField(_("party"), max_length=64, unique=True)
    wrapped = models.BinaryField(_("wrapped key"), null=True)
    created_at = models.DateTimeField(_("created"), db_default=models.functions.Now())
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)

    class Meta:
        verbose_name = _("party key")
        verbose_name_plural = _("party keys")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(wrapped__isnull=True) ^ models.Q(erased_at__isnull=True),
                name="core_partykey_erased_has_no_key",
            )
        ]

    def __str__(self) -> str:
        return self.party


class TwoPersons(models.Model):
    """What one person proposes and another decides. Abstract: a model with a `status` that begins as `proposed`.

    A child names its own constraints after `*TwoPersons.Meta.constraints`.
    """

    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")), name="%(class)s_decided_by_another"
            ),
            models.CheckConstraint(
                condition=Q(status="proposed") | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="%(class)s_decided_by_somebody",
            ),
        ]


class Event(models.Model):
    """One move of one noun from one status to another: append-only, ids and codes only."""

    noun = models.CharField(_("noun"), max_length=64)
    object_id = models.BigIntegerField(_("object"))
    from_status = models.CharField(_("from"), max_length=32, blank=True)
    to_status = models.CharField(_("to"), max_length=32)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))
    reason_code = models.CharField(_("reason code"), max_length=64, blank=True)
    note = models.ForeignKey(Note, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("note"))

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [models.Index(fields=["noun", "object_id"], name="core_event_noun_object")]

    def __str__(self) -> str:
        return f"{self.noun} {self.object_id}: {self.from_status} > {self.to_status}"


class Installation(models.Model):
    """What kind of installation this database belongs to: one row, written when it is created; no row means real.

    The demo world is loaded only where `kind` is demo, and every page there says so.
    """

    class Kind(models.TextChoices):
        REAL = "real", _("Real")
        DEMO = "demo", _("Demonstration")

    kind = models.CharField(_("kind"), max_length=4, choices=Kind, default=Kind.REAL)
    created_at = models.DateTimeField(_("created"), db_default=models.functions.Now())

    class Meta:
        verbose_name = _("installation")
        verbose_name_plural = _("installations")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="core_installation_one_row"),
            models.CheckConstraint(condition=models.Q(kind__in=["real", "demo"]), name="core_installation_kind_known"),
        ]

    def __str__(self) -> str:
        return self.kind

    @classmethod
    def is_demo(cls) -> bool:
        """Tell whether everything here is invented."""
        with connection.cursor() as cursor:  # on every page
            cursor.execute(f"SELECT 1 FROM {cls._meta.db_table} WHERE id = 1 AND kind = %s", [cls.Kind.DEMO.value])
            return cursor.fetchone() is not None
