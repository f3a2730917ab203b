"""The queue's doors to sales intake. A report that is due is a row; queueing only hurries it."""

import os
import socket
from time import monotonic
from typing import TYPE_CHECKING

from celery import shared_task
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

if TYPE_CHECKING:
    from sales.services import Limits

SECONDS_PER_TASK = 100


def limits() -> "Limits":
    """This will give the bounds this installation sets (`ROMS_INTAKE`), with our own for what it leaves out."""
    from sales.services import Limits

    return Limits(**getattr(settings, "ROMS_INTAKE", {}))


@shared_task(name="sales.process_report")
def process_report(*, report_id: int) -> None:
    """This will take a report through its stages; when time is up, the rest is queued as another task."""
    from sales import services

    left = services.process_report(
        report_id=report_id,
        worker=f"{socket.gethostname()}:{os.getpid()}",
        now=timezone.now(),
        limits=limits(),
        seconds=SECONDS_PER_TASK,
    )
    if left:
        process_report.delay(report_id=report_id)


@shared_task(name="sales.sweep_reports")
def sweep_reports() -> None:
    """This will find reports the queue forgot."""
    from sales import services

    services.sweep_reports(hurry=_hurry, now=timezone.now())


@shared_task(name="sales.rematch_unmatched")
def rematch_unmatched() -> None:
    """This will match old keys with what the catalogue has learned; when time is up, the next sweep goes on."""
    from sales import services

    until = monotonic() + SECONDS_PER_TASK
    while services.rematch_changes(now=timezone.now()) and monotonic() < until:
        pass


def _hurry(report_id: int) -> None:
    process_report.delay(report_id=report_id)


@shared_task(name="sales.receive_upload")
def receive_upload(*, upload_id: int) -> None:
    """This will make a report of a file that came in parts."""
    from sales import services

    services.receive_upload(upload_id=upload_id, now=timezone.now(), limits=limits())


@shared_task(name="sales.sweep_uploads")
def sweep_uploads() -> None:
    """This will find complete uploads the queue forgot, and end those nobody went on with."""
    from sales import services

    services.sweep_uploads(hurry_one=_hurry_upload, now=timezone.now(), limits=limits())


def _hurry_upload(upload_id: int) -> None:
    receive_upload.delay(upload_id=upload_id)


@shared_task(name="sales.read_snapshot")
def read_snapshot(*, snapshot_id: int) -> None:
    """This will read a list of a store's catalogue."""
    from sales import services

    services.read_snapshot(snapshot_id=snapshot_id, now=timezone.now(), limits=limits())


@shared_task(name="sales.sweep_snapshots")
def sweep_snapshots() -> None:
    """This will read lists the queue forgot."""
    from sales import services

    for snapshot_id in services.snapshots_waiting():
        read_snapshot.delay(snapshot_id=snapshot_id)


@shared_task(name="sales.send_reminder")
def send_reminder(*, reminder_id: int) -> None:
    """This will send one reminder of a missing report."""
    from sales import services

    services.send_reminder(
        reminder_id=reminder_id,
        now=timezone.now(),
        address=lambda: f"{settings.ROMS_ORIGIN}{reverse('sales:calendar')}",
        send=lambda mail: mail.send(),
    )


@shared_task(name="sales.remind_stores")
def remind_stores() -> None:
    """This will note which months are missing and queue the reminders that are due."""
    from sales import services

    for reminder_id in services.plan_reminders(now=timezone.now()):
        send_reminder.delay(reminder_id=reminder_id)


@shared_task(name="sales.reread_for_terms")
def reread_for_terms() -> None:
    """This will read posted reports again whose store's terms changed."""
    from sales import services

    services.reread_for_terms(now=timezone.now())


@shared_task(name="sales.follow_stops")
def follow_stops() -> None:
    """This will show stores as suspended, ended or active, as two people confirmed it for today."""
    from sales import services

    services.follow_stops(today=timezone.now().date(), now=timezone.now())
