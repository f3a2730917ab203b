"""One small automatic look at a case, run as a Celery task and shown as soon as it has finished."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import RightsHolder


class Proof(models.TextChoices):
    """How much proof a case is asked for, by its risk and its money."""

    LIGHT = "light", _("Light: the signed statement is enough")
    USUAL = "usual", _("Usual: a document, or names and numbers that fit")
    FULL = "full", _("Full: a document of title")


class Scored(models.Model):
    """A case whose checks come to a risk, and the proof that risk asks for; both empty until all checks are done."""

    risk_score = models.PositiveSmallIntegerField(null=True, blank=True, help_text="0 to 100, from the checks.")
    proof = models.CharField(max_length=5, choices=Proof, blank=True, help_text="Empty: the checks are not done.")

    class Meta:
        abstract = True


class Check(models.Model):
    """waiting -> passed | warned | failed; run again at any time. A check informs, only a person decides.

    `params` is its evidence: the counts and the ids of what it found.
    """

    class Result(models.TextChoices):
        WAITING = "waiting", _("Running")
        PASSED = "passed", _("In order")
        WARNED = "warned", _("Look here")
        FAILED = "failed", _("Not in order")

    claim = models.ForeignKey("claims.Claim", null=True, blank=True, on_delete=models.CASCADE, related_name="checks")
    opt_out = models.ForeignKey("claims.OptOut", null=True, blank=True, on_delete=models.CASCADE, related_name="checks")
    holder = models.ForeignKey(RightsHolder, null=True, blank=True, on_delete=models.CASCADE, related_name="checks")
    name = models.CharField(max_length=40, help_text="Which check, see claims/checks.py.")
    result = models.CharField(max_length=8, choices=Result, default=Result.WAITING)
    reason = models.CharField(max_length=60, blank=True, help_text="Reason code; the words are in claims/reasons.py.")
    params = models.JSONField(default=dict, blank=True, help_text="Ids and counts the reason's words need.")
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["claim", "name"], name="check_once_per_claim"),
            models.UniqueConstraint(fields=["opt_out", "name"], name="check_once_per_opt_out"),
            models.UniqueConstraint(fields=["holder", "name"], name="check_once_per_holder"),
            models.CheckConstraint(
                condition=models.Q(claim__isnull=False, opt_out__isnull=True, holder__isnull=True)
                | models.Q(claim__isnull=True, opt_out__isnull=False, holder__isnull=True)
                | models.Q(claim__isnull=True, opt_out__isnull=True, holder__isnull=False),
                name="check_one_case",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.result}"
