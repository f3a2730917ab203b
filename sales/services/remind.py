"""Reminding stores of months they have not reported: once each, however often the sweep runs."""

from collections.abc import Callable
from datetime import datetime

from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from sales import selectors
from sales.models import Licensee, ReportReminder

STALE_DAYS = 31


def plan_reminders(*, now: datetime) -> list[int]:
    """This will note the reminders that are due, one per store and month, the latest of its rule; returns all unsent.

    A store without a mail address gets none: its workspace shows the same. Nor is one sent for a month whose last
    reminder was due long ago, as after an import of old years.
    """
    stores = Licensee.objects.filter(status=Licensee.Status.ACTIVE).exclude(notice_email="").order_by("pk")
    for store in stores:
        for row in selectors.calendar_of(store, now.date()):
            days_late = (now.date() - row.due_date).days
            due = [days for days in row.reminder_days if days <= days_late]
            if row.state == selectors.MISSING and due and days_late <= max(due) + STALE_DAYS:
                ReportReminder.objects.get_or_create(
                    licensee=store, month=row.month, days_late=max(due), defaults={"created_at": now}
                )
    return list(ReportReminder.objects.filter(tried_at=None).order_by("pk").values_list("pk", flat=True))


def send_reminder(
    *, reminder_id: int, now: datetime, address: Callable[[], str], send: Callable[[EmailMessage], object]
) -> bool:
    """This will send one reminder unless it was sent, or is being sent; one that failed is due again."""
    with transaction.atomic():
        mine = ReportReminder.objects.filter(pk=reminder_id, tried_at=None).update(tried_at=now)
    if not mine:
        return False
    reminder = ReportReminder.objects.select_related("licensee").get(pk=reminder_id)
    context = {"reminder": reminder, "store": reminder.licensee, "address": address()}
    with translation.override("en"):
        subject = render_to_string("mail/report_reminder_subject.txt", context)
        text = render_to_string("mail/report_reminder.txt", context)
    mail = EmailMessage(" ".join(subject.split()), text, to=[reminder.licensee.notice_email])
    try:
        send(mail)
    except OSError:
        ReportReminder.objects.filter(pk=reminder_id, sent_at=None).update(tried_at=None)
        return False
    ReportReminder.objects.filter(pk=reminder_id).update(sent_at=now)
    return True
