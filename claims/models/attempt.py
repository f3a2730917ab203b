"""What every message that goes out has in common: a row that says "about to" before the call is made."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Attempted(models.Model):
    """due -> delivered | failed | dead;  failed -> delivered | failed | dead      each attempt is an Event as well

    `next_attempt_at` is also the lease: who takes the row moves it into the future, in one conditional update; if that
    worker dies the row is due again by itself. A retry keeps its `message_id`.
    """

    class State(models.TextChoices):
        DUE = "due", _("To be sent")
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Failed, will be tried again")
        DEAD = "dead", _("Given up, a person must act")

    message_id = models.CharField(max_length=60, unique=True, help_text="webhook-id: the same on every attempt.")
    state = models.CharField(max_length=10, choices=State, default=State.DUE)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True
