"""Somebody without an account wants to know when something under a name turns up."""

from collections.abc import Mapping, Set
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import NameKind
from claims.models.attempt import Attempted
from core.ids import PublicIdField


class NameWatch(models.Model):
    """asked -> watching; whoever stops it, or never confirms it, leaves no row      each step is an Event as well

    The address is encrypted under the watch's own key (core.vault), which is destroyed when it ends; `address_hash`
    (keyed) tells that an address watches a name already. What was there at the last look is kept as two counts.
    """

    class Status(models.TextChoices):
        ASKED = "asked", _("To be confirmed")
        WATCHING = "watching", _("Watching")

    MOVES: Mapping[Any, Set[Any]] = {Status.ASKED: {Status.WATCHING}}

    public_id = PublicIdField(prefix="WAT")
    kind = models.CharField(max_length=10, choices=NameKind)
    key = models.CharField(max_length=250, help_text="catalog.names.artist_key of the name.")
    name = models.CharField(max_length=300, help_text="As it was typed.")
    address_hash = models.CharField(max_length=64)
    sealed_address = models.BinaryField()
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    status = models.CharField(max_length=10, choices=Status, default=Status.ASKED)
    asked_at = models.DateTimeField()
    looked_at = models.DateTimeField()
    tracks_seen = models.PositiveIntegerField(default=0)
    sales_seen = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key", "address_hash"], name="namewatch_once"),
            models.CheckConstraint(condition=models.Q(status__in=["asked", "watching"]), name="namewatch_status_known"),
            models.CheckConstraint(condition=models.Q(kind__in=["artist", "label"]), name="namewatch_kind_known"),
        ]
        indexes = [
            models.Index(fields=["address_hash", "asked_at"], name="namewatch_address"),
            models.Index(fields=["status", "looked_at"], name="namewatch_due"),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def party(self) -> str:
        """Whose key the address is encrypted under."""
        return f"watch:{self.public_id}"


class WatchMail(Attempted):
    """A mail to who watches a name: to confirm it, or because something turned up. Gone with the watch."""

    class Topic(models.TextChoices):
        CONFIRM = "confirm", _("Please confirm")
        NEWS = "news", _("Something turned up")

    watch = models.ForeignKey(NameWatch, on_delete=models.CASCADE, related_name="mails")
    topic = models.CharField(max_length=10, choices=Topic)
    tracks_new = models.PositiveIntegerField(default=0)
    sales_new = models.PositiveIntegerField(default=0)
    written_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["next_attempt_at"], condition=models.Q(state__in=["due", "failed"]), name="watchmail_due"
            )
        ]

    def __str__(self) -> str:
        return self.message_id
