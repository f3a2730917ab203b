"""Where a holder's money goes, and what may keep it from going there."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import RightsHolder
from claims.models.attempt import Attempted
from core.ids import PublicIdField
from core.models import Event


class Payee(models.Model):
    """A bank account of a holder. The account itself is sealed with the holder's key; here are codes only.

    proposed -> confirmed -> replaced          by a newer account; back to confirmed when that one is stopped
        |           +------> stopped           somebody of the holder or finance says it is wrong
        +-> refused

    Two persons make it: who proposes never confirms. Nothing is paid from the moment a change is proposed until
    `payable_from`: a stranger who got into the portal gains nothing before everybody concerned was told.
    """

    class Scheme(models.TextChoices):
        IBAN = "iban", _("IBAN and BIC")
        RU = "ru", _("Russia: account of 20 digits and BIK")
        US = "us", _("United States: routing number and account")
        GB = "gb", _("United Kingdom: sort code and account")
        OTHER = "other", _("Elsewhere: BIC and local account number")

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Waits for a second person")
        CONFIRMED = "confirmed", _("Confirmed")
        REPLACED = "replaced", _("Replaced")
        REFUSED = "refused", _("Refused")
        STOPPED = "stopped", _("Stopped")

    MOVES = {
        Status.PROPOSED: {Status.CONFIRMED, Status.REFUSED},
        Status.CONFIRMED: {Status.REPLACED, Status.STOPPED},
        Status.REPLACED: {Status.CONFIRMED},
        Status.REFUSED: set(),
        Status.STOPPED: set(),
    }

    public_id = PublicIdField(prefix="PEE")
    holder = models.ForeignKey(RightsHolder, on_delete=models.PROTECT, related_name="payees")
    scheme = models.CharField(max_length=5, choices=Scheme)
    country = models.CharField(max_length=2, help_text="Where the bank is.")
    currency = models.CharField(max_length=3, help_text="What the holder is paid in.")
    sealed = models.BinaryField(help_text="The account and the name on it, sealed by core.vault.")
    fingerprint = models.CharField(max_length=64, help_text="The same account has the same one, whoever's it is.")
    status = models.CharField(max_length=10, choices=Status, default=Status.PROPOSED)
    replaces = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    payable_from = models.DateTimeField(null=True, help_text="The end of the cooling-off period.")

    class Meta:
        indexes = [models.Index(fields=["fingerprint"], name="payee_fingerprint")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["proposed", "confirmed", "replaced", "refused", "stopped"]),
                name="payee_status_known",
            ),
            models.UniqueConstraint(
                fields=["holder"], condition=models.Q(status="confirmed"), name="payee_one_confirmed"
            ),
            models.UniqueConstraint(
                fields=["holder"], condition=models.Q(status="proposed"), name="payee_one_proposed"
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_by=None) | ~models.Q(confirmed_by=models.F("proposed_by")),
                name="payee_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_by=None, confirmed_at=None, payable_from=None)
                | models.Q(confirmed_by__isnull=False, confirmed_at__isnull=False, payable_from__isnull=False),
                name="payee_confirmed_whole",
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=["confirmed", "replaced", "stopped"])
                | models.Q(confirmed_by__isnull=False),
                name="payee_confirmed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class PayeeNotice(Attempted):
    """A mail to one address because a holder's bank account changes; written with the change, sent by a task.

    The address is the one known when the change was made, sealed with the person's key: whoever changes a mail address
    first and the bank account next is still found out.
    """

    class Topic(models.TextChoices):
        PROPOSED = "proposed", _("A bank account was proposed")
        CONFIRMED = "confirmed", _("A bank account was confirmed")
        ENDED = "ended", _("A bank account was refused or stopped")

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")
    payee = models.ForeignKey(Payee, on_delete=models.PROTECT, related_name="notices")
    topic = models.CharField(max_length=10, choices=Topic)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField(help_text="Counts the person's addresses.")
    sealed_address = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "user", "position"], name="payeenotice_once"),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"], condition=models.Q(state__in=["due", "failed"]), name="payeenotice_due"
            )
        ]

    def __str__(self) -> str:
        return self.message_id


class PayoutHold(models.Model):
    """A person's order that nothing is paid to a holder until another person lifts it; the money stays the holder's."""

    holder = models.ForeignKey(RightsHolder, on_delete=models.PROTECT, related_name="payout_holds")
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField()
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder"], condition=models.Q(lifted_at=None), name="payouthold_one_open"),
            models.CheckConstraint(
                condition=models.Q(lifted_by=None, lifted_at=None)
                | (models.Q(lifted_by__isnull=False, lifted_at__isnull=False)),
                name="payouthold_lifted_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(lifted_by=None) | ~models.Q(lifted_by=models.F("ordered_by")),
                name="payouthold_lifted_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"hold of {self.holder} since {self.ordered_at}"
