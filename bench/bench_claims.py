"""What a claim on a large catalogue is worth: the ledger against the raw lines (`python -m bench.bench_claims`).

    ROMS_BENCH_CLAIMED=100000 ROMS_BENCH_MONTHS=36 python -m bench.bench_claims

Every track sells once a month, in one of two currencies. The raw lines lie in a PostgreSQL table with an index on the
ISRC and are accrued to the ledger from there. Then the sum that stands at a claim on all tracks, from the balances,
is set against summing the raw lines of the same ISRCs, both exact; beside them what its page shows, received and not
yet received apart, which needs every lot. Medians of five, in one session of the application's role.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

from bench.world import load_catalogue, names_of, run, running_portal

TRACKS = int(os.environ.get("ROMS_BENCH_CLAIMED", "100000"))
MONTHS = int(os.environ.get("ROMS_BENCH_MONTHS", "36"))
GOAL = 10

LINES = """
import sys, django
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("CREATE TABLE bench_line (isrc text, month int, currency text, units int, price numeric(18, 6))")
    cursor.execute(
        "INSERT INTO bench_line SELECT i.isrc, m, CASE t.id %% 2 WHEN 0 THEN 'USD' ELSE 'RUB' END, 1 + (t.id + m) %% 5,"
        " ((t.id * 7919 + m) %% 997 + 1) / 1000.0 FROM catalog_track t JOIN catalog_trackisrc i ON i.track_id = t.id,"
        " generate_series(1, %s) m",
        [int(sys.argv[1])],
    )
    cursor.execute("CREATE INDEX ON bench_line (isrc)")
    cursor.execute("GRANT SELECT ON bench_line TO roms_app")
    cursor.execute("VACUUM ANALYZE bench_line")
"""

ACCRUE = """
import sys, django
django.setup()
from django.db import connection, transaction
from django.utils import timezone
from ledger import services
SUM = '''
INSERT INTO {stage}
WITH owed AS (
    SELECT 'month:{month}:' || i.track_id / 20000 AS entry, 'track:' || i.track_id || ':phonogram' AS item, l.currency,
        sum(l.units * l.price * 0.15 * 0.5) AS amount
    FROM bench_line l JOIN catalog_trackisrc i ON i.isrc = l.isrc WHERE l.month = {month} GROUP BY 1, 2, 3
)
SELECT entry, 'accrual', item || ':unclaimed', currency, 'unclaimed', '', item, {month}, 0, amount FROM owed
UNION ALL
SELECT entry, 'accrual', 'licensee:1:receivable', currency, 'receivable', 'licensee:1', '', {month}, sum(amount), 0
FROM owed GROUP BY entry, currency
'''
for month in range(1, int(sys.argv[1]) + 1):
    with transaction.atomic(), connection.cursor() as cursor:
        stage = services.open_stage()
        cursor.execute(SUM.format(stage=stage, month=month))
        services.post_entries(stage=stage, event_at=timezone.now())
"""

COMPARE = """
import json, time, django
django.setup()
from decimal import Decimal
from statistics import median
from django.db import connection
from django.utils import timezone
from catalog.models import Track
from claims import selectors, services
from tests.conftest import person
from tests.factories import a_holder, the_world
alice = person("alice")
label = a_holder("Label", owner=alice)
terms = services.Terms(percents={"owns_master": Decimal(100)}, territories=the_world())
ids = list(Track.objects.values_list("pk", flat=True))
claim = services.create_draft(holder=label, track_ids=ids, terms=terms, by=alice, now=timezone.now())
RAW = '''
SELECT l.currency, sum(l.units * l.price * 0.15 * 0.5) FROM claims_claimline c
JOIN catalog_trackisrc i ON i.track_id = c.track_id JOIN bench_line l ON l.isrc = i.isrc
WHERE c.claim_id = %s GROUP BY 1 ORDER BY 1
'''
def raw():
    with connection.cursor() as cursor:
        cursor.execute(RAW, [claim.pk])
        return cursor.fetchall()
def preview():
    return [(money.currency, money.amount) for money in selectors.money_of_claim(claim)]
def shown():
    return [(amount.currency, amount.total.amount) for amount in selectors.claim_amounts(claim).waiting]
def timed(read):
    seconds = []
    for _ in range(5):
        began = time.perf_counter()
        found = read()
        seconds.append(time.perf_counter() - began)
    return found, median(seconds)
with connection.cursor() as cursor:
    cursor.execute("ANALYZE")
lines, of_raw = timed(raw)
balances, of_balances = timed(preview)
page, of_page = timed(shown)
print(json.dumps({"equal": lines == balances == page, "raw": of_raw, "balances": of_balances, "page": of_page,
    "sums": [f"{amount} {currency}" for currency, amount in page]}))
"""


def main() -> None:
    """This will print the figures of one run."""
    with tempfile.TemporaryDirectory(prefix="roms-bench-") as folder, running_portal(Path(folder)) as environment:
        load_catalogue(Path(folder), [names_of(number) for number in range(1, TRACKS + 1)], environment)
        run(LINES, str(MONTHS), environment=environment | {"ROMS_DB_ROLE": "owner"})
        run(ACCRUE, str(MONTHS), environment=environment)
        found = json.loads(run(COMPARE, environment=environment))
    if not found["equal"]:
        raise SystemExit("The sums of the raw lines, the balances and the page differ.")
    times = found["raw"] / found["balances"]
    sys.stdout.write(
        f"{TRACKS:,} tracks, {MONTHS} months, {' + '.join(found['sums'])}, equal to the last digit\n"
        f"raw lines {found['raw'] * 1000:.0f} ms, balances {found['balances'] * 1000:.0f} ms,"
        f" page with what was received apart {found['page'] * 1000:.0f} ms\n"
        f"P9   raw lines take {times:.1f} times what the balances take (goal {GOAL}):"
        f" {'reached' if times >= GOAL else 'NOT reached'}\n"
    )


if __name__ == "__main__":
    main()
