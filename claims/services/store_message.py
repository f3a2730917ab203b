"""Telling a store something beside its notices, by webhook and mail, as often as it takes; it can pull it as well.

The row is written with what happened, in its transaction; a task sends it and a sweep finds what the queue forgot
(`claims.services.attempts`). One row per store, kind, subject and way, so nothing is said twice.
"""

from collections.abc import Mapping
from datetime import datetime
from smtplib import SMTPException
from typing import Any
from urllib.parse import urlsplit

from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from claims import selectors, tasks
from claims.formats.store_message import as_json
from claims.letters import STORE_LETTERS
from claims.models import StoreMessage
from claims.services.attempts import attempt, due
from claims.services.store_webhook import caller_of
from claims.services.webhook import CallFailed, CallRules
from core.ids import new_public_id
from sales.models import Licensee

Kind = StoreMessage.Kind
Channel = StoreMessage.Channel


def tell_store(
    *, licensee: Licensee, kind: Kind, subject: str, page: str, now: datetime, data: Mapping[str, Any] | None = None
) -> None:
    """This will write a message for a store, shown at once, and hurry the calls. The same again changes nothing.

    `page` is the path where the store reads and does more; `data` holds ids, codes, figures and days only.
    """
    calls = [Channel.WEBHOOK] if selectors.webhook_of(licensee) else []
    calls += [Channel.MAIL] if licensee.notice_email else []
    said = {"subject": subject, "licensee": licensee.public_id, "page": page, **(data or {})}
    shown = {"state": StoreMessage.State.DELIVERED, "delivered_at": now}
    StoreMessage.objects.bulk_create(
        [
            StoreMessage(
                licensee=licensee,
                kind=kind,
                subject=subject,
                channel=channel,
                data=said,
                created_at=now,
                message_id=new_public_id("MSG"),
                **(shown if channel == Channel.WORKSPACE else {"next_attempt_at": now}),
            )
            for channel in (Channel.WORKSPACE, *calls)
        ],
        ignore_conflicts=True,
    )
    due_now = StoreMessage.objects.filter(licensee=licensee, kind=kind, subject=subject, state=StoreMessage.State.DUE)
    for pk in due_now.order_by("pk").values_list("pk", flat=True):
        tasks.hurry(tasks.deliver_store_message, message_id=pk)


def deliver_store_message(*, message_id: int, now: datetime, origin: str, rules: CallRules) -> StoreMessage | None:
    """This will try once, with links to the portal at `origin`; None: nothing to do, see `attempts.attempt`."""
    rows = StoreMessage.objects.select_related("licensee")
    return attempt(rows, message_id, now, call=lambda message: _send(message, now, origin, rules))


def store_messages_due(*, now: datetime, limit: int = 500) -> list[int]:
    """This will list messages whose time has come, longest waiting first."""
    return due(StoreMessage.objects.all(), now, limit)


def _send(message: StoreMessage, now: datetime, origin: str, rules: CallRules) -> None:
    said = {**message.data, "page": f"{origin}{message.data['page']}"}
    if message.channel == Channel.WEBHOOK:
        call = caller_of(message.licensee, now)
        call(
            message_id=message.message_id,
            body=as_json(message.kind, message.created_at, said),
            now=now,
            rules=rules,
        )
        return
    letter = STORE_LETTERS[message.kind]
    mail = EmailMessage(
        subject=letter.subject % said,
        body=render_to_string("mail/store_message.txt", {"text": letter.text % said, "url": said["page"]}),
        to=[message.licensee.notice_email],
        headers={"Message-ID": f"<{message.message_id}@{urlsplit(origin).hostname}>"},
    )
    try:
        mail.send()
    except (SMTPException, OSError) as error:
        raise CallFailed("mail") from error
