"""The clock of a notice: a reminder before the store's time ends, "overdue" after it, a person called in the end.

A clock says things. It moves no money and no right: that a track is overdue makes it nobody's and leaves it out.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from claims import selectors
from claims.models import NoticeRow, StoreMessage, TakedownNotice
from claims.services.reentry import close_returned_rows
from claims.services.store_message import tell_store
from core.workflow import move, record_event

Status = TakedownNotice.Status
State = NoticeRow.State
REMIND_BEFORE = timedelta(days=3)
ESCALATE_AFTER = timedelta(days=7)
"""Our own goals, not law: when a store is reminded, and when an overdue notice is put before a person."""

STILL_OPEN = (State.NOTIFIED, State.ACKNOWLEDGED)


def remind_stores(*, now: datetime) -> int:
    """This will remind stores whose time for a notice ends soon and who have not removed everything. Once each."""
    told = 0
    for notice in selectors.notices_ending(now=now, within=REMIND_BEFORE):
        with transaction.atomic():
            tell_about_notice(notice, StoreMessage.Kind.NOTICE_REMINDER, now)
        told += 1
    return told


def mark_overdue(*, now: datetime) -> int:
    """This will mark notices, and their open rows, whose store has had its time, and tell the store so.

    What came back meanwhile is closed first: nothing of it is asked any more.
    """
    close_returned_rows(now=now)
    marked = 0
    for notice in selectors.overdue_notices(now=now):
        with transaction.atomic():
            locked = TakedownNotice.objects.select_for_update(skip_locked=True).filter(pk=notice.pk).first()
            still = Q(pk=notice.pk, status=notice.status, deadline_at__lte=now)
            if locked is not None and TakedownNotice.objects.filter(still).exists():
                locked.rows.filter(state__in=STILL_OPEN).update(state=State.OVERDUE)
                move(locked, Status.OVERDUE, by=None, now=now, reason_code="deadline_over")
                tell_about_notice(locked, StoreMessage.Kind.NOTICE_OVERDUE, now)
                marked += 1
    return marked


def escalate_overdue(*, now: datetime) -> int:
    """This will put notices that are long overdue before a person at ROMS, once each."""
    found = TakedownNotice.objects.filter(
        status=Status.OVERDUE, escalated_at=None, deadline_at__lte=now - ESCALATE_AFTER
    )
    raised = 0
    for notice in found.order_by("pk")[:500]:
        with transaction.atomic():
            if TakedownNotice.objects.filter(pk=notice.pk, escalated_at=None).update(escalated_at=now):
                record_event(notice, notice.status, notice.status, by=None, now=now, reason_code="escalated")
                raised += 1
    return raised


def tell_about_notice(notice: TakedownNotice, kind: StoreMessage.Kind, now: datetime) -> None:
    """This will tell the store how many rows of a notice are open and until when it has time."""
    rows = notice.rows.count()
    tell_store(
        licensee=notice.licensee,
        kind=kind,
        subject=notice.public_id,
        page=reverse("claims:notice", kwargs={"public_id": notice.public_id}),
        now=now,
        data={
            "notice": notice.public_id,
            "rows": rows,
            "open": rows - notice.rows.filter(state__in=NoticeRow.CLOSED).count(),
            "deadline": notice.deadline_at.date().isoformat() if notice.deadline_at else "",
        },
    )
