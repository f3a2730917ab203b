"""How long money takes to find its holders (`python -m bench.bench_distribution`).

    ROMS_BENCH_SOLD=1000000 ROMS_BENCH_SHARES=200000 python -m bench.bench_distribution

So many tracks are sold by three stores, one report each, accrued by SQL; of every fifth track somebody holds a share
(of every second one, half of it). Then the runs of the three reports go on as the worker takes
them, batch by batch: all three in one pass. A run that slows down
with its length shows in the last tenth of its batches.
"""

import os
import sys
import tempfile
from pathlib import Path

from bench.bench_ingest import measured
from bench.world import load_catalogue, names_of, run, running_portal

TRACKS = int(os.environ.get("ROMS_BENCH_SOLD", "1000000"))
SHARES = int(os.environ.get("ROMS_BENCH_SHARES", str(TRACKS // 5)))

SELL = """
import django
django.setup()
from django.db import connection, transaction
from django.utils import timezone
from ledger import services
from sales.models import SalesReport
from tests import factories
sales = [factories.a_sale(licensee=factories.a_licensee()) for _ in range(3)]
SALES = '''
INSERT INTO sales_sale (report_id, store_key_id, track_id, tariff_id, sold_as, territory, is_outside_license,
    use_start, use_end, channel, currency, line_count, units, base, base_name, royalty, royalty_phonogram,
    royalty_performance, royalty_work)
SELECT s.report_id, s.store_key_id, t.id, s.tariff_id, 'track', (ARRAY['US', 'RU', 'DE'])[1 + t.id %% 3], false,
    s.use_start, s.use_end, 'visa', 'USD', 1, 1, 1, s.base_name, 0.10, 0.05, 0.02, 0.03
FROM sales_sale s, catalog_track t WHERE s.id = %s AND t.id >= %s AND t.id < %s
'''
ACCRUED = '''
INSERT INTO {stage}
SELECT 'bulk:{report}:{first}:' || t.id / 10000, 'accrual', p.address, 'USD', p.place, p.owner, p.item, {report},
    p.debit, p.credit
FROM catalog_track t, LATERAL (
    SELECT 'track:' || t.id || ':' || r.name || ':unclaimed' AS address, 'unclaimed' AS place, '' AS owner,
        'track:' || t.id || ':' || r.name AS item, 0 AS debit, r.amount AS credit
    FROM (VALUES ('phonogram', 0.05), ('performance', 0.02), ('work', 0.03)) AS r (name, amount)
    UNION ALL
    SELECT 'licensee:{store}:receivable', 'receivable', 'licensee:{store}', '', 0.10, 0
) p
WHERE t.id >= {first} AND t.id < {last}
'''
with connection.cursor() as cursor:
    cursor.execute("SELECT max(id) FROM catalog_track")
    end = cursor.fetchone()[0] + 1
for sale in sales:
    for first in range(1, end, 100000):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(SALES, [sale.pk, first, first + 100000])
            stage = services.open_stage()
            places = dict(stage=stage, report=sale.report_id, store=sale.report.licensee_id)
            cursor.execute(ACCRUED.format(first=first, last=first + 100000, **places))
            services.post_entries(stage=stage, event_at=timezone.now())
"""

OWN = """
import sys, django
django.setup()
from django.db import connection
from catalog.models import RightsShare, Track
from catalog.territories import worldwide
from tests.factories import a_holder
holders, world = [a_holder() for _ in range(1000)], worldwide()
ids = list(Track.objects.order_by("pk").values_list("pk", flat=True))[:: max(1, int(sys.argv[1]) // int(sys.argv[2]))]
for start in range(0, len(ids), 20000):
    RightsShare.objects.bulk_create(
        RightsShare(holder=holders[pk % 1000], track_id=pk, right="phonogram", percent=50 if pk % 10 == 0 else 100,
            territories=world, source="bench")
        for pk in ids[start : start + 20000]
    )
"""

ANALYZE = """
import django
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("ANALYZE")
"""

MOVE = """
import time, django
django.setup()
from django.utils import timezone
from claims import services
from claims.models import DistributionRun
from ledger.models import Posting
before = Posting.objects.count()
for run_id in services.plan_due_runs(now=timezone.now()):
    seconds, is_left = [], True
    while is_left:
        began = time.perf_counter()
        is_left = services.continue_run(run_id=run_id, now=timezone.now())
        seconds.append(time.perf_counter() - began)
    tenth = max(1, len(seconds) // 10)
    done = DistributionRun.objects.get(pk=run_id).tracks_done
    print(f"  run of {done:,} tracks: {sum(seconds):.1f} s, {done / sum(seconds):,.0f} tracks/s,"
        f" a batch of the first tenth {sum(seconds[:tenth]) / tenth:.2f} s,"
        f" of the last {sum(seconds[-tenth:]) / tenth:.2f} s")
print(f"  {Posting.objects.count() - before:,} postings")
"""


def main() -> None:
    """This will print the figures of one run."""
    with tempfile.TemporaryDirectory(prefix="roms-bench-") as folder, running_portal(Path(folder)) as environment:
        load_catalogue(Path(folder), [names_of(number) for number in range(1, TRACKS + 1)], environment)
        run(SELL, environment=environment)
        run(OWN, str(TRACKS), str(SHARES), environment=environment)
        run(ANALYZE, environment=environment | {"ROMS_DB_ROLE": "owner"})
        moved = measured([sys.executable, "-c", MOVE], environment)
    sys.stdout.write(
        f"{TRACKS:,} tracks of three stores, {SHARES:,} shares: {moved.seconds:.1f} s,"
        f" {3 * SHARES / moved.seconds:,.0f} Sales with a share a second,"
        f" CPU {moved.cpu:.0f} + {moved.database_cpu:.0f} s, peak {moved.megabytes} MB\n{moved.output}"
    )


if __name__ == "__main__":
    main()
