"""Where a store's server takes notices, and the secrets that sign them."""

from django.db import models

from core.ids import PublicIdField
from sales.models import Licensee


class Webhook(models.Model):
    """The one address a store's server listens at; empty: it is not called. Every change is an Event."""

    public_id = PublicIdField(prefix="WHK")
    licensee = models.OneToOneField(Licensee, on_delete=models.PROTECT, related_name="webhook")
    url = models.URLField(max_length=500, blank=True)

    def __str__(self) -> str:
        return self.public_id


class WebhookSecret(models.Model):
    """One signing secret; at most one has no end. A renewed one signs beside its successor until its end.

    Sealed by core.vault under `licensee:<id>`: nobody can read it again, only sign with it.
    """

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="secrets")
    sealed = models.BinaryField()
    created_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["webhook"], condition=models.Q(ends_at=None), name="webhooksecret_one_without_end"
            )
        ]

    def __str__(self) -> str:
        return f"{self.webhook} secret of {self.created_at:%Y-%m-%d}"
