"""The real Celery worker, killed by SIGKILL in the middle of an import and started again."""

import io
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from ledger.models import Posting
from sales import services
from sales.models import SalesReport
from tests.factories import a_licensee, flat_lines

LINES = 60_000


def waiting_report(monkeypatch, code):
    """A report the queue does not know of yet."""
    lines = [{"DspResourceId": n % 9_000, "Title": f"Song {n % 9_000}", "Usages": n % 5 + 1} for n in range(LINES)]
    with monkeypatch.context() as patch:
        patch.setattr("sales.services.receive.queue", lambda report: None)
        stream = io.BytesIO(flat_lines(*lines))
        licensee = a_licensee(code)
        return services.receive_report(
            licensee=licensee, stream=stream, name=f"{code}.tsv", by=None, now=timezone.now()
        ).report.pk


def state(report_id):
    return SalesReport.objects.values("status", "leased_by").get(pk=report_id)


def owed(report_id):
    """What the report put into the ledger; the two stores have keys of their own, so only places and amounts agree."""
    batch = SalesReport.objects.get(pk=report_id).public_id
    return sorted(Posting.objects.filter(entry__batch=batch).values_list("account__place", "debit", "credit"))


def enqueue(system, call):
    system.manage("shell", "-c", f"from sales import tasks; {call}")


def wait_for(system, report_id, done, seconds=120):
    until = time.monotonic() + seconds
    while not done(now := system.run(lambda: state(report_id))):
        assert time.monotonic() < until, now
        time.sleep(0.05)


@pytest.mark.slow
def test_an_import_survives_the_death_of_its_worker(system, monkeypatch):
    stamp = time.time_ns()
    whole = system.run(lambda: waiting_report(monkeypatch, f"whole-{stamp}"))
    killed = system.run(lambda: waiting_report(monkeypatch, f"killed-{stamp}"))
    enqueue(system, f"tasks.process_report.delay(report_id={whole})")
    wait_for(system, whole, lambda now: now["status"] == "posted")

    enqueue(system, f"tasks.process_report.delay(report_id={killed})")
    wait_for(system, killed, lambda now: now["leased_by"])
    system.kill("worker")
    halfway = system.run(lambda: state(killed))
    system.start("worker")
    system.wait()
    over = timezone.now() - timedelta(seconds=1)  # as if the dead worker's lease had run out
    system.run(lambda: SalesReport.objects.filter(pk=killed).update(lease_until=over))
    enqueue(system, "tasks.sweep_reports.delay()")
    wait_for(system, killed, lambda now: now["status"] == "posted")

    assert halfway["status"] != "posted", "it was killed too late to show anything"
    assert system.run(lambda: owed(killed)) == system.run(lambda: owed(whole)) != []
