"""Whole repertoires by file: how long a takedown of them takes, and how much memory (`python -m bench.bench_lists`).

    ROMS_BENCH_TRACKS=1000000 python -m bench.bench_lists

With `ROMS_BENCH_NAMES_ONLY=1` the file has no ISRC at all: every row is found by title and artist.

A catalogue of so many tracks belongs to one label, and a store sells them all. Its file names every track by ISRC and,
every tenth, by title and artist only; one row in a hundred is unknown. The dry run is what two workers make of it: one
reads the file, the other looks up each part as soon as it is read, then both do. Then the list is signed as an opt-out,
checked and granted, until its notices stand in the queue. On a shared machine the CPU seconds (ours + PostgreSQL's) say
more than the time.
"""

import os
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.bench_ingest import Run, database_cpu, measured
from bench.goals import said
from bench.world import load_catalogue, names_of, run, running_portal

TRACKS = int(os.environ.get("ROMS_BENCH_TRACKS", "1000000"))
NAMES_ONLY = os.environ.get("ROMS_BENCH_NAMES_ONLY") == "1"
SECONDS, MEGABYTES = 60, 1024
"""What P11 asks of the dry run."""

OWN = """
import django
django.setup()
from django.utils import timezone
from accounts.models import User
from catalog.models import RightsShare, Track
from catalog.territories import worldwide
from sales.models import StoreKey
from tests.conftest import person
from tests.factories import a_holder, a_store
label = a_holder("Label", owner=person("alice"))
person("rita")
shop = a_store("Shop")
User.objects.filter(pk=person("sofia").pk).update(role="reviewer")
place, now, ids = worldwide(), timezone.now(), list(Track.objects.values_list("pk", flat=True))
for start in range(0, len(ids), 20000):
    RightsShare.objects.bulk_create(
        RightsShare(holder=label, track_id=pk, right="phonogram", percent=100, territories=place, source="bench")
        for pk in ids[start : start + 20000]
    )
    StoreKey.objects.bulk_create(
        StoreKey(licensee=shop, kind="track", key=f"S{pk}", url=f"https://shop.example/{pk}", track_id=pk,
            first_seen_at=now)
        for pk in ids[start : start + 20000]
    )
"""

READ = """
import sys, django
django.setup()
from django.utils import timezone
from accounts.models import User
from catalog.models import RightsHolder
from claims import services
terms = services.ListTerms(holder=RightsHolder.objects.get(), purpose="opt_out", rights=["phonogram"])
alice = User.objects.get(email="alice@example.org")
with open(sys.argv[1], "rb") as file:
    found = services.receive_list(terms=terms, file=file, name="list.csv", by=alice, now=timezone.now())
services.read_list(list_id=found.pk, now=timezone.now())
"""

LOOK_UP = """
import time, django
django.setup()
from django.utils import timezone
from claims import services
from claims.models import RepertoireList, RepertoirePart
open_parts = RepertoirePart.objects.filter(done_at=None).order_by("pk").values_list("pk", flat=True)
while True:
    is_read = RepertoireList.objects.filter(status="read").exists()
    done = [services.match_list_part(part_id=part, now=timezone.now()) for part in open_parts.all()]
    if is_read and not open_parts.all():
        break
    if not any(done):
        time.sleep(0.1)
"""

SETTLE = """
import django
django.setup()
from django.utils import timezone
from claims import services
from claims.models import RepertoireList
found = RepertoireList.objects.get()
services.settle_list(list_id=found.pk, now=timezone.now())
found.refresh_from_db()
print(found.status, found.counts)
"""

SEND = """
import django
django.setup()
from django.utils import timezone
from accounts.models import User
from catalog.territories import worldwide
from claims import services
from claims.models import Check, RepertoireList
from tests.factories import send_opt_out
found, alice = RepertoireList.objects.get(), User.objects.get(email="alice@example.org")
terms = services.OptOutTerms(rights=["phonogram"], territories=worldwide())
draft = services.draft_opt_out(holder=found.holder, terms=terms, repertoire=found, by=alice, now=timezone.now())
sent = send_opt_out(draft, alice)
for check in Check.objects.filter(opt_out=sent):
    services.run_check(check_id=check.pk, now=timezone.now())
"""

GRANT = """
import django
django.setup()
from django.utils import timezone
from accounts.models import User
from claims import services
from claims.models import NoticeDelivery, NoticeRow, OptOut
opt_out = OptOut.objects.get()
for name in ("rita", "sofia"):
    by = User.objects.get(email=f"{name}@example.org")
    services.grant_opt_out(opt_out=opt_out, by=by, now=timezone.now())
    opt_out.refresh_from_db()
    if opt_out.status == "granted":
        break
print(opt_out.status, NoticeRow.objects.count(), "rows in", NoticeDelivery.objects.count(), "deliveries")
"""


def main() -> None:
    """This will print the figures of one run."""
    with tempfile.TemporaryDirectory(prefix="roms-bench-") as folder, running_portal(Path(folder)) as environment:
        load_catalogue(Path(folder), [names_of(number) for number in range(1, TRACKS + 1)], environment)
        run(OWN, environment=environment)
        path = Path(folder) / "list.csv"
        _write_list(path)
        dry = _dry_run(path, environment)
        _print("dry run", dry)
        _print("signed and checked", measured([sys.executable, "-c", SEND], environment))
        granted = measured([sys.executable, "-c", GRANT], environment)
        _print("granted, notices queued", granted)
        _goals(dry, granted)


def _write_list(path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write("ISRC,Title,Artist\n")
        for number in range(1, TRACKS + 1):
            title, artist = names_of(number if number % 100 else number + TRACKS)
            isrc = f"ZZX20{number:07}" if number % 10 and not NAMES_ONLY else ""
            file.write(f"{isrc},{title},{artist}\n")


def _dry_run(path: Path, environment: dict[str, str]) -> Run:
    """This will do what the tasks of a list do, one process for each worker."""
    began, database = time.monotonic(), database_cpu(environment)
    with ThreadPoolExecutor() as pool:
        other = pool.submit(measured, [sys.executable, "-c", LOOK_UP], environment)
        read = measured([sys.executable, "-c", READ, str(path)], environment)
        sys.stdout.write(f"  read after {time.monotonic() - began:.1f} s")
        looked = measured([sys.executable, "-c", LOOK_UP], environment)
        looked_too = other.result()
    sys.stdout.write(f", looked up after {time.monotonic() - began:.1f} s")
    settled = measured([sys.executable, "-c", SETTLE], environment)
    sys.stdout.write(f", settled in {settled.seconds:.1f} s: {settled.output}")
    peak = max(read.megabytes + looked_too.megabytes, looked.megabytes + looked_too.megabytes, settled.megabytes)
    cpu = sum(one.cpu for one in (read, looked, looked_too, settled))
    return Run(time.monotonic() - began, cpu, peak, settled.output, database_cpu(environment) - database)


def _print(what: str, found: Run) -> None:
    output = f": {found.output.strip()}" if found.output else ""
    sys.stdout.write(
        f"{what:<24} {TRACKS:,} rows {found.seconds:>7.1f} s  CPU {found.cpu:.0f} + {found.database_cpu:.0f} s"
        f"  peak {found.megabytes} MB{output}\n"
    )
    sys.stdout.flush()


def _goals(dry: Run, granted: Run) -> None:
    """Say what became of P11, by the clock."""
    figure = f"{TRACKS:,} rows: dry run {dry.seconds:.0f} s and {dry.megabytes} MB (goal {SECONDS} s, {MEGABYTES} MB)"
    is_reached = dry.seconds <= SECONDS and dry.megabytes <= MEGABYTES
    sys.stdout.write(said("P11a", figure, is_reached=is_reached) + "\n")
    figure = f"{TRACKS:,} rows: approval to queued notices {granted.seconds:.0f} s (goal {SECONDS} s)"
    sys.stdout.write(said("P11b", figure, is_reached=granted.seconds <= SECONDS) + "\n")


if __name__ == "__main__":
    main()
