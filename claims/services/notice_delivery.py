"""Bringing a notice to its store, by webhook, mail or workspace; how often and until when, `attempts` says."""

from collections.abc import Callable
from datetime import datetime
from smtplib import SMTPException
from urllib.parse import urlsplit

from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from claims import selectors, tasks
from claims.formats.takedown_notice import ROWS_ATTACHED_MAX, ROWS_INLINE_MAX, NoticeMessage, as_csv, as_json
from claims.legal import BASES
from claims.models import NoticeDelivery, TakedownNotice
from claims.services.attempts import attempt, due
from claims.services.errors import NotStaff
from claims.services.opt_out import contact_of
from claims.services.store_webhook import caller_of
from claims.services.takedown import mark_sent
from claims.services.webhook import CallFailed, CallRules
from core.workflow import record_event

State = NoticeDelivery.State


def deliver_notice(*, delivery_id: int, now: datetime, origin: str, rules: CallRules) -> NoticeDelivery | None:
    """This will try once, with links to the portal at `origin`; None: nothing to do, see `attempts.attempt`."""
    return attempt(
        NoticeDelivery.objects.select_related("notice__licensee", "notice__opt_out__holder"),
        delivery_id,
        now,
        call=lambda delivery: _SEND[NoticeDelivery.Channel(delivery.channel)](delivery, now, origin, rules),
        then=lambda delivery: mark_sent(notice=delivery.notice, now=now),
    )


def deliveries_due(*, now: datetime, limit: int = 500) -> list[int]:
    """This will list deliveries whose time has come, longest waiting first."""
    return due(NoticeDelivery.objects.all(), now, limit)


def retry_delivery(*, delivery: NoticeDelivery, by: User, now: datetime) -> None:
    """This will bring a notice out again with the same id, in a new round: one given up, or one the store has lost.

    Raises: NotStaff.
    """
    if not by.role:
        raise NotStaff
    with transaction.atomic():
        ended = NoticeDelivery.objects.filter(pk=delivery.pk, state__in=(State.DEAD, State.DELIVERED))
        ended = ended.exclude(channel=NoticeDelivery.Channel.WORKSPACE)
        if ended.update(state=State.DUE, attempts=0, next_attempt_at=now, last_error=""):
            record_event(delivery, delivery.state, State.DUE, by=by, now=now)
            tasks.hurry(tasks.deliver_notice, delivery_id=delivery.pk)


# The ways -----------------------------------------------------------------------------------------------------------
def message_of(notice: TakedownNotice, origin: str, *, rows_max: int = ROWS_INLINE_MAX) -> NoticeMessage:
    """This will put a notice into the words of the message; the same whenever it is asked for.

    Of more than `rows_max` rows it only says how many there are: nobody loads a million to send none of them.
    """
    total = notice.rows.count()
    rows = tuple(selectors.message_rows(selectors.notice_rows(notice))) if total <= rows_max else ()

    def address(name: str) -> str:
        return f"{origin}{reverse(name, kwargs={'public_id': notice.public_id})}"

    return NoticeMessage(
        kind=notice.kind,
        notice=notice.public_id,
        opt_out=notice.opt_out.public_id,
        licensee=notice.licensee.public_id,
        basis=notice.opt_out.basis,
        created_at=notice.created_at,
        compliance_days=notice.licensee.compliance_days,
        page_url=address("claims:notice"),
        rows_url=address("api-takedown-notice-rows"),
        acknowledge_url=address("api-takedown-notice-acknowledge"),
        sender=sender_of(notice),
        rows_total=total,
        rows=rows,
    )


def sender_of(notice: TakedownNotice) -> dict[str, str] | None:
    """This will name who sends it, only where the ground asks for it; never who claimed or was paid."""
    if not BASES[notice.opt_out.basis].names_sender:
        return None
    return {"holder": notice.opt_out.holder.name, **contact_of(notice.opt_out)}


def _by_webhook(delivery: NoticeDelivery, now: datetime, origin: str, rules: CallRules) -> None:
    body = as_json(message_of(delivery.notice, origin))
    call = caller_of(delivery.notice.licensee, now)
    call(message_id=delivery.message_id, body=body, now=now, rules=rules)


def _by_mail(delivery: NoticeDelivery, now: datetime, origin: str, rules: CallRules) -> None:
    notice = delivery.notice
    message = message_of(notice, origin, rows_max=ROWS_ATTACHED_MAX)
    context = {"message": message, "notice": notice, "store": notice.licensee}
    with translation.override("en"):
        subject = render_to_string("mail/takedown_notice_subject.txt", context)
        text = render_to_string("mail/takedown_notice.txt", context)
    mail = EmailMessage(
        subject=" ".join(subject.split()),
        body=text,
        to=[notice.licensee.notice_email],
        headers={"Message-ID": f"<{delivery.message_id}@{urlsplit(origin).hostname}>"},
    )
    if message.rows:
        mail.attach(f"{notice.public_id}.csv", "".join(as_csv(notice.public_id, message.rows)), "text/csv")
    try:
        mail.send()
    except (SMTPException, OSError) as error:
        raise CallFailed("mail") from error


def _shown(delivery: NoticeDelivery, now: datetime, origin: str, rules: CallRules) -> None:
    """The workspace shows it by itself."""


_SEND: dict[NoticeDelivery.Channel, Callable[[NoticeDelivery, datetime, str, CallRules], None]] = {
    NoticeDelivery.Channel.WEBHOOK: _by_webhook,
    NoticeDelivery.Channel.MAIL: _by_mail,
    NoticeDelivery.Channel.WORKSPACE: _shown,
}
