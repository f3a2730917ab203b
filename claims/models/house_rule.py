"""The numbers a review goes by, as data: who set each, since when and why. And whom reviewers were warned of."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class HouseRule(models.Model):
    """One number that holds from a day on, until a later row of the same code (and currency) takes its place.

    Rows are only added: what held when a case was decided can be read again. The codes are in claims/house_rules.py.
    """

    code = models.CharField(max_length=40)
    currency = models.CharField(max_length=3, blank=True, help_text="Empty where the number is no money.")
    value = models.DecimalField(max_digits=24, decimal_places=8)
    start = models.DateField(help_text="First day on which it holds.")
    why = models.CharField(max_length=500)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Empty: came with us.",
    )
    set_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["code", "currency", "-start", "-id"], name="houserule_latest")]
        constraints = [
            models.CheckConstraint(condition=models.Q(value__gte=0), name="houserule_not_negative"),
            models.CheckConstraint(condition=~models.Q(why=""), name="houserule_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.value:f} {self.currency}".strip()


class FraudMark(models.Model):
    """Something known from a fraud: only its digest is kept, a hint for people, who added it and why."""

    class Kind(models.TextChoices):
        NAME = "name", _("Name")
        MAIL = "mail", _("Mail address or domain")
        NUMBER = "number", _("Number of a holder, such as ISNI or INN")
        DOCUMENT = "document", _("Document (its SHA-256)")

    kind = models.CharField(max_length=10, choices=Kind)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the normalised value.")
    hint = models.CharField(max_length=100, help_text="What people recognise it by; not the value itself.")
    why = models.CharField(max_length=500)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "digest"], condition=models.Q(ended_at__isnull=True), name="fraudmark_once"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["name", "mail", "number", "document"]), name="fraudmark_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.hint}"
