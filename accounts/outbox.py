"""Mail on a machine without a mail server: kept as rows for the outbox page."""

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from .models import OutboxMessage


class EmailBackend(BaseEmailBackend):
    """Django's mail backend that keeps each message instead of sending it."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """This will keep the messages and say how many."""
        kept = OutboxMessage.objects.bulk_create(
            OutboxMessage(to=", ".join(mail.recipients()), subject=str(mail.subject), body=str(mail.body))
            for mail in email_messages
        )
        return len(kept)


def has_page() -> bool:
    """This will tell whether kept mail may be read on the outbox page: never on a production installation."""
    return bool(settings.ROMS_OUTBOX_PAGE) and f"{__name__}.EmailBackend" == settings.EMAIL_BACKEND
