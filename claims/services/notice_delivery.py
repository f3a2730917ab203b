"""Bringing a notice to its store: one attempt at a time, each outside any transaction, every one with the same id.

An attempt is three steps. (1) Take the row: one conditional update counts the attempt, moves `next_attempt_at` past the
time the call may take, and commits. Of two workers one gets it; a worker that dies leaves a row that is due again by
itself. (2) Call, with nothing open in the database. (3) Write down what came of it. A store may get a message twice (we
died between 2 and 3) and knows it by its id; it cannot miss one, however often either side fell over.

After a failed attempt the row waits longer each time, three days in all; then it is `dead` and a person must act.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from smtplib import SMTPException
from urllib.parse import urlsplit

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from claims import selectors, tasks
from claims.formats.takedown_notice import NoticeMessage, as_csv, as_json
from claims.legal import BASES
from claims.models import NoticeDelivery, TakedownNotice
from claims.services.errors import NotStaff
from claims.services.opt_out import contact_of
from claims.services.store_webhook import caller_of
from claims.services.takedown import mark_sent
from claims.services.webhook import CallFailed, CallRules
from core.workflow import record_event

State = NoticeDelivery.State
OPEN = (State.DUE, State.FAILED)
LEASE = timedelta(minutes=2)
"""Longer than any call may take, so nobody else takes a row while its call is still under way."""

WAITS = [timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30)] + [
    timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)
]
"""How long to wait after the first, second ... failure; after the last one the delivery is dead."""


def deliver_notice(*, delivery_id: int, now: datetime, origin: str, rules: CallRules) -> NoticeDelivery | None:
    """This will try once, with links to the portal at `origin`.

    None: there is nothing to do, because it is not due, it is done, or another worker has it.
    """
    delivery = _take(delivery_id, now)
    if delivery is None:
        return None
    try:
        _SEND[NoticeDelivery.Channel(delivery.channel)](delivery, now, origin, rules)
    except CallFailed as failure:
        _note_failure(delivery, failure.code, now)
    except Exception:
        _note_failure(delivery, "internal", now)  # nobody foresaw it: it is logged, and the row waits like any other
        raise
    else:
        _note_success(delivery, now)
    return delivery


def deliveries_due(*, now: datetime, limit: int = 500) -> list[int]:
    """This will list deliveries whose time has come, longest waiting first."""
    due = NoticeDelivery.objects.filter(state__in=OPEN, next_attempt_at__lte=now).order_by("next_attempt_at")
    return list(due.values_list("pk", flat=True)[:limit])


def retry_delivery(*, delivery: NoticeDelivery, by: User, now: datetime) -> None:
    """This will give a dead delivery a new round of attempts, with the same id. Raises: NotStaff."""
    if not by.role:
        raise NotStaff
    with transaction.atomic():
        dead = NoticeDelivery.objects.filter(pk=delivery.pk, state=State.DEAD)
        if dead.update(state=State.DUE, attempts=0, next_attempt_at=now, last_error=""):
            record_event(delivery, State.DEAD, State.DUE, by=by, now=now)
            tasks.hurry(tasks.deliver_notice, delivery_id=delivery.pk)


def _take(delivery_id: int, now: datetime) -> NoticeDelivery | None:
    with transaction.atomic(durable=True):
        free = NoticeDelivery.objects.filter(pk=delivery_id, state__in=OPEN, next_attempt_at__lte=now)
        if not free.update(attempts=F("attempts") + 1, next_attempt_at=now + LEASE):
            return None
    rows = NoticeDelivery.objects.select_related("notice__licensee", "notice__opt_out__holder")
    return rows.get(pk=delivery_id)


def _note_success(delivery: NoticeDelivery, now: datetime) -> None:
    """Whoever got through tells, even after another attempt began: the store has the message."""
    with transaction.atomic():
        undelivered = NoticeDelivery.objects.filter(pk=delivery.pk).exclude(state=State.DELIVERED)
        if undelivered.update(state=State.DELIVERED, delivered_at=now, next_attempt_at=None, last_error=""):
            record_event(delivery, delivery.state, State.DELIVERED, by=None, now=now)
            mark_sent(notice=delivery.notice, now=now)
    delivery.state, delivery.delivered_at = State.DELIVERED, now


def _note_failure(delivery: NoticeDelivery, code: str, now: datetime) -> None:
    """Only the attempt that holds the row says when the next one is."""
    waited = delivery.attempts - 1
    state, at = (State.FAILED, now + WAITS[waited]) if waited < len(WAITS) else (State.DEAD, None)
    with transaction.atomic():
        mine = NoticeDelivery.objects.filter(pk=delivery.pk, state__in=OPEN, attempts=delivery.attempts)
        if mine.update(state=state, next_attempt_at=at, last_error=code):
            record_event(delivery, delivery.state, state, by=None, now=now, reason_code=code)
    delivery.state, delivery.next_attempt_at, delivery.last_error = state, at, code


# The ways -----------------------------------------------------------------------------------------------------------
def message_of(notice: TakedownNotice, origin: str) -> NoticeMessage:
    """This will put a notice into the words of the message; the same whenever it is asked for."""
    rows = selectors.message_rows(selectors.notice_rows(notice))

    def address(name: str) -> str:
        return f"{origin}{reverse(name, kwargs={'public_id': notice.public_id})}"

    return NoticeMessage(
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
        rows_total=len(rows),
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
    message = message_of(notice, origin)
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
