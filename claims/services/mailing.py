"""Handing one mail to the mail server, under an id that is the same on every attempt."""

from smtplib import SMTPException
from urllib.parse import urlsplit

from django.core.mail import EmailMessage

from claims.services.webhook import CallFailed


def send(message: EmailMessage, message_id: str, origin: str) -> None:
    """This will send a mail from the portal at `origin`. Raises: CallFailed when it was not taken."""
    message.extra_headers["Message-ID"] = f"<{message_id}@{urlsplit(origin).hostname}>"
    try:
        message.send()
    except (SMTPException, OSError) as error:
        raise CallFailed("mail") from error
