"""The disk is full, the database goes away, the broker is lost, a task is delivered twice: one correct posting."""

import io
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from ledger.models import Entry, Posting
from sales import services
from sales.models import SalesReport
from sales.pipeline import files
from tests.factories import a_licensee, a_track, flat_lines
from tests.sales.test_killed_worker import POINTS, ROOT, a_waiting_report, folder, ledger_of
from tests.sales.test_killed_worker import work as undisturbed

__all__ = ["folder"]
pytestmark = pytest.mark.slow
NOW = datetime(2006, 11, 3, tzinfo=UTC)

WORKER = """
import importlib, os, resource, signal, sys
import django
django.setup()
from django.db import connection
from django.utils import timezone
from sales import services
report_id, fault, where = int(sys.argv[1]), sys.argv[2], sys.argv[3]
room, name = where.rsplit(".", 1)
room = importlib.import_module(room)
spared = getattr(room, name)
def faulty(*args, **kwargs):
    if fault == "disk":
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
    given = spared(*args, **kwargs)
    if fault == "crash":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            os.kill(cursor.fetchone()[0], signal.SIGKILL)
    if fault == "database":
        connection.cursor().execute("SELECT pg_terminate_backend(pg_backend_pid())")
    return given
setattr(room, name, faulty)
limits = services.Limits(lease_seconds=30, block_bytes=2000)
try:
    services.process_report(report_id=report_id, worker="test", now=timezone.now(), limits=limits)
except services.NoSpace as error:
    print("no space:", error)
    sys.exit(3)
"""


def environment(folder):
    address = {name: connection.get_connection_params()[name] for name in ("user", "dbname", "host", "port")}
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "roms_portal.settings.dev",
        "DATABASE_URL": "postgres://{user}@/{dbname}?host={host}&port={port}".format(**address),
        "ROMS_VAR": str(folder),
        "PYTHONPATH": str(ROOT),
    }


def started(report, folder, fault="", where=POINTS["keys are matched"]):
    """A worker process on the report that meets this fault in the function `where`."""
    command = [sys.executable, "-c", WORKER, str(report.pk), fault, where]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, env=environment(folder), stdout=pipe, stderr=pipe, text=True)


def ended(process):
    output, errors = process.communicate(timeout=120)
    return process.returncode, output, errors


def free(report):
    """As if the lease of a worker that could not give it back had run out."""
    SalesReport.objects.filter(pk=report.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def two_reports(monkeypatch):
    for number in range(30):
        a_track(f"Song {number}", "y")
    return a_waiting_report(monkeypatch), a_waiting_report(monkeypatch)


FULL = {
    "the archive": "sales.pipeline.parse._archive_block",
    "the sums": "sales.pipeline.facts.make_facts",
    "the storage": "sales.services.stages._keep_archives",
}


@pytest.mark.parametrize(
    "points",
    [["the sums"], pytest.param(list(FULL), marks=pytest.mark.slow)],
    ids=["once", "everywhere"],
)
def test_a_full_disk_stops_a_report_and_says_so_until_there_is_space(committed_db, folder, monkeypatch, points):
    whole, stopped = two_reports(monkeypatch)
    undisturbed(whole, folder)
    entries = Entry.objects.count()

    for point in points:
        code, output, errors = ended(started(stopped, folder, "disk", FULL[point]))
        stopped.refresh_from_db()
        assert (code, output.strip()) == (3, "no space: no_space"), errors
        assert (stopped.status, stopped.stage, stopped.leased_by) == ("received", "no_space", "")
        assert Entry.objects.count() == entries
    undisturbed(stopped, folder)

    assert (stopped.status, stopped.stage) == ("posted", "")
    assert ledger_of(stopped) == ledger_of(whole)


@pytest.mark.parametrize(
    "points",
    [["postings are written"], pytest.param(list(POINTS), marks=pytest.mark.slow)],
    ids=["once", "everywhere"],
)
def test_a_database_that_goes_away_loses_nothing(committed_db, folder, monkeypatch, points):
    whole, broken = two_reports(monkeypatch)
    undisturbed(whole, folder)

    for point in points:
        code, _, errors = ended(started(broken, folder, "database", POINTS[point]))
        assert code == 1, errors
        assert "terminating connection" in errors or "closed" in errors
        broken.refresh_from_db()
        assert broken.status != "posted"
        free(broken)
    undisturbed(broken, folder)

    assert ledger_of(broken) == ledger_of(whole)


def test_a_restart_of_postgresql_in_the_middle_loses_nothing(committed_db, folder, monkeypatch):
    whole, broken = two_reports(monkeypatch)
    undisturbed(whole, folder)

    code, _, errors = ended(started(broken, folder, "crash", POINTS["postings are written"]))

    assert code != 0, errors
    wait_for_postgresql()
    broken.refresh_from_db()
    assert broken.status in ("parsed", "matched"), "the tests' server may lose its last commits, as none in use does"
    assert not Posting.objects.filter(lot=broken.pk).exists()
    free(broken)
    undisturbed(broken, folder)
    assert ledger_of(broken) == ledger_of(whole)


def wait_for_postgresql():
    """A backend that is killed takes the server down with it; it recovers from its log and comes back."""
    for _ in range(120):
        connection.close()
        try:
            connection.ensure_connection()
        except OperationalError:
            time.sleep(0.5)
        else:
            return
    raise AssertionError("PostgreSQL did not come back")


def test_a_task_delivered_twice_at_the_same_time_posts_once(committed_db, folder, monkeypatch):
    whole, twice = two_reports(monkeypatch)
    undisturbed(whole, folder)

    both = [started(twice, folder), started(twice, folder)]
    codes = [ended(process)[0] for process in both]

    twice.refresh_from_db()
    assert codes == [0, 0]
    assert twice.status == "posted"
    assert ledger_of(twice) == ledger_of(whole)


@pytest.mark.django_db
def test_a_lost_broker_delays_a_report_and_no_more(settings, monkeypatch, django_capture_on_commit_callbacks):
    def lost(**_):
        raise ConnectionError("no broker")

    monkeypatch.setattr("sales.tasks.process_report.delay", lost)
    lines = io.BytesIO(flat_lines({"Title": "x"}))
    with django_capture_on_commit_callbacks(execute=True):
        report = services.receive_report(licensee=a_licensee(), stream=lines, name="r", by=None, now=NOW).report

    hurried = []
    services.sweep_reports(hurry=hurried.append, now=timezone.now())

    assert hurried == [report.pk]
    assert not Posting.objects.exists()


def test_scratch_of_the_dead_is_swept_and_of_the_living_is_not(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    dead = subprocess.Popen(
        [
            sys.executable,
            "-c",
            f"""
import sys, tempfile, time
tempfile.tempdir = {str(tmp_path)!r}
from sales.pipeline import files
with files.scratch() as folder:
    print(folder, flush=True)
    time.sleep(60)
""",
        ],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "roms_portal.settings.test"},
        stdout=subprocess.PIPE,
        text=True,
    )
    left = dead.stdout.readline().strip()
    old = time.time() - 2 * files.YOUNG
    os.utime(left, (old, old))

    assert files.sweep_scratch() == 0
    dead.send_signal(signal.SIGKILL)
    dead.wait()
    with files.scratch() as mine:
        os.utime(mine, (old, old))
        assert files.sweep_scratch() == 0

    assert list(tmp_path.iterdir()) == []


def test_a_file_stored_in_part_is_stored_again(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    whole = tmp_path / "whole"
    whole.write_bytes(b"x" * 1000)
    files.keep("originals/a", whole)
    (settings.MEDIA_ROOT / "originals/a").write_bytes(b"x" * 10)

    files.keep("originals/a", whole)

    assert (settings.MEDIA_ROOT / "originals/a").read_bytes() == whole.read_bytes()
