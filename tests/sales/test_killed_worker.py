"""A worker killed by SIGKILL at any point, and started again, ends with the ledger of an undisturbed run."""

import io
import os
import random
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection, transaction

from ledger.models import Posting
from sales import services
from sales.models import Sale, SalesReport
from tests.factories import a_licensee, a_track, flat_lines

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2006, 11, 3, tzinfo=UTC)

WORKER = """
import importlib, os, signal, sys
import django
django.setup()
from django.utils import timezone
from sales import services
report_id, where = int(sys.argv[1]), sys.argv[2]
if where:
    room, name = where.rsplit(".", 1)
    room = importlib.import_module(room)
    spared = getattr(room, name)
    def and_die(*args, **kwargs):
        spared(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)
    setattr(room, name, and_die)
services.process_report(
    report_id=report_id, worker="test", now=timezone.now(), limits=services.Limits(lease_seconds=0.2, block_bytes=2000)
)
"""

WORKERS = """
import sys, time
import django
django.setup()
from django.utils import timezone
from sales import services
limits = services.Limits(block_bytes=2000)
while due := services.due_reports():
    for report_id in due:
        services.process_report(report_id=report_id, worker=sys.argv[1], now=timezone.now(), limits=limits)
    time.sleep(0.05)
"""

POINTS = {
    "a block is archived": "sales.pipeline.parse._archive_block",
    "lines are checked": "sales.pipeline.facts.make_facts",
    "faults are written": "sales.services.stages._write_faults",
    "keys are matched": "sales.pipeline.match.match_keys",
    "Sales are written": "sales.pipeline.post.write_sales",
    "postings are written": "sales.pipeline.post.write_postings",
}


def work(report, folder, where=""):
    """Run a worker process on the report until it ends, or dies after the function at `where`."""
    command = [sys.executable, "-c", WORKER, str(report.pk), where]
    done = subprocess.run(command, cwd=ROOT, env=environment(folder), capture_output=True, text=True)
    assert done.returncode == (-signal.SIGKILL if where else 0), done.stderr
    report.refresh_from_db()


def environment(folder):
    """What a process of its own needs to work on this test's database and files."""
    address = {name: connection.get_connection_params()[name] for name in ("user", "dbname", "host", "port")}
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "roms_portal.settings.dev",
        "DATABASE_URL": "postgres://{user}@/{dbname}?host={host}&port={port}".format(**address),
        "ROMS_VAR": str(folder),
        "PYTHONPATH": str(ROOT),
    }


def work_together(folder, workers):
    """Run worker processes beside each other until no report is left to do."""
    command = [sys.executable, "-c", WORKERS]
    running = [
        subprocess.Popen([*command, f"worker {number}"], cwd=ROOT, env=environment(folder), stderr=subprocess.PIPE)
        for number in range(workers)
    ]
    for process in running:
        _, said = process.communicate()
        assert process.returncode == 0, said.decode()


def a_waiting_report(monkeypatch, *, shuffle=None):
    """A report of a new store that nobody has begun to read; its lines in another order, where a seed says so."""
    monkeypatch.setattr("sales.services.receive.queue", lambda report: None)
    lines = [
        {"DspResourceId": n, "Title": f"Song {n % 40}", "DisplayArtistName": "y", "Usages": n % 7 or "none"}
        for n in range(200)
    ]
    if shuffle is not None:
        random.Random(shuffle).shuffle(lines)
    stream = io.BytesIO(flat_lines(*lines))
    return services.receive_report(licensee=a_licensee(), stream=stream, name="r", by=None, now=NOW).report


def ledger_of(report):
    sales = Sale.objects.filter(report=report).values_list("store_key__key", "track", "units", "royalty")
    postings = Posting.objects.filter(lot=report.pk, account__place="unclaimed")
    owed = postings.values_list("account__address", "debit", "credit")
    counts = (report.lines_read, report.lines_accepted, report.lines_rejected, report.lines_unmatched)
    return sorted(sales), sorted(owed), counts, Posting.objects.filter(lot=report.pk).count()


@pytest.fixture
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("points", [["Sales are written"], list(POINTS)], ids=["once", "everywhere"])
def test_a_killed_worker_changes_nothing(committed_db, folder, monkeypatch, points):
    for number in range(30):
        a_track(f"Song {number}", "y")
    whole, killed = a_waiting_report(monkeypatch), a_waiting_report(monkeypatch)
    work(whole, folder)

    for point in points:
        work(killed, folder, POINTS[point])
        assert killed.status != "posted"
    work(killed, folder)

    assert (whole.status, killed.status) == ("posted", "posted")
    assert ledger_of(killed) == ledger_of(whole)
    assert len(ledger_of(whole)[1]) == 90


@pytest.mark.slow
def test_eight_workers_on_shuffled_reports_post_what_one_posts(committed_db, folder, monkeypatch):
    for number in range(30):
        a_track(f"Song {number}", "y")
    one = [a_waiting_report(monkeypatch) for _ in range(8)]
    work_together(folder, 1)
    eight = [a_waiting_report(monkeypatch, shuffle=number) for number in range(8)]
    work_together(folder, 8)

    for plain, shuffled in zip(one, eight, strict=True):
        plain.refresh_from_db()
        shuffled.refresh_from_db()
        assert (plain.status, shuffled.status) == ("posted", "posted")
        assert ledger_of(shuffled) == ledger_of(plain)
    assert len(ledger_of(one[0])[1]) == 90


@pytest.mark.slow
def test_two_workers_do_a_report_once(committed_db, folder, monkeypatch):
    report = a_waiting_report(monkeypatch)

    first = services.take_lease(report.pk, "first", 60)
    assert services.take_lease(report.pk, "second", 60) is None
    assert services.process_report(report_id=report.pk, worker="second", now=NOW) is False
    first.release()
    services.process_report(report_id=report.pk, worker="second", now=NOW)

    assert SalesReport.objects.get().status == "posted"


@pytest.mark.slow
def test_a_worker_that_lost_its_lease_writes_nothing(committed_db, folder, monkeypatch):
    report = a_waiting_report(monkeypatch)
    slow = services.take_lease(report.pk, "slow", -1)
    services.process_report(report_id=report.pk, worker="quick", now=NOW)
    posted = Posting.objects.count()

    with pytest.raises(services.LeaseLost), transaction.atomic():
        slow.hold()
    with pytest.raises(services.LeaseLost):
        slow.beat("reading", 10)

    assert Posting.objects.count() == posted


def test_the_sweep_finds_what_the_queue_forgot(committed_db, folder, monkeypatch):
    forgotten, busy = a_waiting_report(monkeypatch), a_waiting_report(monkeypatch)
    services.take_lease(busy.pk, "somebody", 60 * 60 * 24 * 365 * 30)
    hurried = []

    assert services.sweep_reports(hurry=hurried.append, now=NOW) == 1
    assert hurried == [forgotten.pk]
