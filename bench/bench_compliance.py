"""What holding a sales report against the withdrawals in force adds to its ingest (`python -m bench.bench_compliance`).

    ROMS_BENCH_LINES=10000000 ROMS_BENCH_OUT=10 python -m bench.bench_compliance

The file and the store are those of `bench_ingest`; of every ten tracks (`ROMS_BENCH_OUT`) the store sells one was taken
out months before, so that every line of it is a finding: a store that took no notice of any notice. The check is what
the sweep does after the report is posted. The share is of CPU seconds (ours + PostgreSQL's): on a machine with other
work they say more than the time.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

from bench.bench_ingest import LINES, TRACKS, generate, importing, measured, say
from bench.goals import said
from bench.world import a_store, run, running_portal

OUT = int(os.environ.get("ROMS_BENCH_OUT", "10"))
SHARE_MAX = 10
"""Percent of the ingest that the check may add."""

WITHDRAW = """
import sys
import django
django.setup()
from datetime import date
from catalog import services
from catalog.models import Track, Withdrawal
from catalog.territories import worldwide
from tests.factories import a_holder
like = Withdrawal(holder=a_holder("Label"), right="phonogram", territories=worldwide(), start=date(2006, 3, 1),
    basis="owner_opt_out", source="bench")
tracks = list(Track.objects.order_by("pk").values_list("pk", flat=True)[:: int(sys.argv[1])])
print(services.withdraw_subjects(like=like, track_ids=tracks))
"""

CHECK = """
import json, sys
import django
django.setup()
from django.utils import timezone
from claims import services
from claims.models import ComplianceFinding
from sales.models import SalesReport
report = SalesReport.objects.get(public_id=sys.argv[1])
services.check_report(report_id=report.pk, now=timezone.now())
print(json.dumps({"findings": ComplianceFinding.objects.count(), "sales": report.sales.count()}))
"""

IDLE = """
import django
django.setup()
from django.urls import reverse
reverse("claims:findings")
"""
"""A worker has all its modules long before a report comes."""


def main() -> None:
    """This will print the figures of one run."""
    with tempfile.TemporaryDirectory(prefix="roms-bench-") as name, running_portal(Path(name)) as environment:
        path = Path(name) / "october.tsv"
        generate(path)
        a_store(environment, "bench0", TRACKS)
        out = int(run(WITHDRAW, str(OUT), environment=environment))
        ingest = measured(importing(path, "bench0"), environment)
        report = json.loads(ingest.output)["report"]
        idle = measured([sys.executable, "-c", IDLE], environment)
        check = measured([sys.executable, "-c", CHECK, report], environment)
        found = json.loads(check.output)
        whole = ingest.cpu + ingest.database_cpu
        added = check.cpu + check.database_cpu - idle.cpu - idle.database_cpu
        share = 100 * added / whole
        say(
            [
                f"report of {LINES:,} lines, {found['sales']:,} Sales; {out:,} tracks out;"
                f" {found['findings']:,} findings",
                f"  ingest {ingest.seconds:.1f} s, {whole:.1f} s of CPU; check {check.seconds - idle.seconds:.1f} s,"
                f" {added:.1f} s of CPU, peak {check.megabytes} MB",
                said(
                    "P11c",
                    f"the compliance check adds {share:.1f} % to ingest (goal {SHARE_MAX} %)",
                    is_reached=share <= SHARE_MAX,
                ),
            ]
        )


if __name__ == "__main__":
    main()
