"""Mails that came in for a case: what became of each, once. No address of anybody and no words stand here."""

from django.db import models

from claims.models.case_mail import CaseMail


class RelayedMail(models.Model):
    """One mail that was taken in. Its words are in the case; here is that it came, and what was said to the sender."""

    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of its Message-ID, else of its bytes.")
    sender_digest = models.CharField(max_length=64, help_text="Keyed digest of the sender's address.")
    answers = models.ForeignKey(CaseMail, null=True, blank=True, on_delete=models.PROTECT, related_name="answered_by")
    case = models.CharField(max_length=16, blank=True)
    code = models.CharField(max_length=40, blank=True, help_text="Why it was not posted; empty: it was.")
    is_told = models.BooleanField(default=False, help_text="The sender was told that it was not posted.")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sender_digest", "code"], condition=models.Q(is_told=True), name="relayedmail_told_once"
            ),
            models.CheckConstraint(
                condition=models.Q(is_told=False) | ~models.Q(code=""), name="relayedmail_told_of_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case or '-'} {self.code or 'posted'}"
