"""How fast the ledger posts, with every guard on: `python -m bench.bench_ledger [--json]`.

Runs on its own PostgreSQL with default settings (fsync on) in a temporary folder, as roms_app, through the services:
staging by COPY, checks, accounts, entries, postings, balances, commit. Medians of three rounds. The floor is the same
postings, already resolved, inserted into a table with the same columns and indexes and no guard, in the same run.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from roms_portal.embedded import serve

if TYPE_CHECKING:
    from ledger.services import StagedPosting

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 3
ENTRIES = 50_000
ITEMS = 100_000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    wants_json = parser.parse_args().json
    figures = measure(_say)
    lines = [f"{name:32} {figure:>12,}" for name, figure in figures.items()]
    sys.stdout.write((json.dumps(figures, indent=2) if wants_json else "\n".join(lines)) + "\n")


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def measure(say: Callable[[str], None] = _say) -> dict[str, int]:
    """Run every case on a fresh server and return figures per second, and ratios to the floor in percent."""
    with tempfile.TemporaryDirectory(prefix="roms-bench-") as folder, serve(_open(folder)):
        environment = {"ROMS_VAR": folder, "DJANGO_SETTINGS_MODULE": "roms_portal.settings.dev"}
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
        subprocess.run(migrate, cwd=ROOT, env=os.environ | environment | {"ROMS_DB_ROLE": "owner"}, check=True)
        os.environ.update(environment)
        import django

        django.setup()
        from django.db import connections

        try:
            return _cases(say)
        finally:
            connections.close_all()


def _open(folder: str) -> Path:
    path = Path(folder)
    path.chmod(0o755)
    return path


def _cases(say: Callable[[str], None]) -> dict[str, int]:
    figures = {
        "two-leg entries/s": _per_second(say, "two-leg", ENTRIES, lambda n: _post(_pairs(n))),
        "postings/s, entries of 50,000": _per_second(say, "large", 2 * ENTRIES, lambda n: _post(_large(n))),
        "postings/s, staged by SQL": _per_second(say, "staged", 2 * ENTRIES, _staged),
        "floor: bare inserts/s": _per_second(say, "floor", 2 * ENTRIES, _bare),
        "entries/s, one per commit": _per_second(say, "single", 500, _singles),
        "postings/s sequenced": _sequenced(),
        "postings/s verified": _verified(),
    }
    figures["staged, percent of floor"] = round(
        100 * figures["postings/s, staged by SQL"] / figures["floor: bare inserts/s"]
    )
    return figures


def _per_second(say: Callable[[str], None], name: str, units: int, run: Callable[[int], None]) -> int:
    seconds = []
    for number in range(ROUNDS):
        started = time.perf_counter()
        run(number)
        seconds.append(time.perf_counter() - started)
        say(f"{name}: {units / seconds[-1]:,.0f}/s")
    return round(units / median(seconds))


def _post(rows: "Iterator[StagedPosting]") -> None:
    from ledger import services

    services.post_entries(rows=rows, event_at=_now())


def _pairs(number: int) -> "Iterator[StagedPosting]":
    """Money moves from unclaimed to disputed, one entry each."""
    from ledger import chart, recipes, services

    for n in range(ENTRIES):
        item, amount = chart.track_item(n * 7919 % ITEMS, "phonogram"), Decimal(n % 1000 + 1) / 1000
        deltas = [
            recipes.Delta(item, chart.Place.UNCLAIMED, "", "USD", number, -amount),
            recipes.Delta(item, chart.Place.DISPUTED, "", "USD", number, amount),
        ]
        yield from services.staged(f"pair:{number}:{n}", "distribution", recipes.distribution(deltas))


def _large(number: int) -> "Iterator[StagedPosting]":
    """A report accrues to 49,999 items in each of two entries."""
    from ledger import chart, recipes, services

    for entry in range(2):
        parts = [
            recipes.Part(chart.track_item(n, "work"), number, Decimal(n % 1000 + 1) / 1000)
            for n in range(entry * 49_999, (entry + 1) * 49_999)
        ]
        lines = recipes.accrual(licensee_id=1, currency="USD", parts=parts)
        yield from services.staged(f"large:{number}:{entry}", "accrual", lines)


STAGED = """
INSERT INTO {stage}
SELECT 'staged:{number}:' || n / 12500, 'distribution', 'track:' || n || ':performance:' || place, 'USD', place, '',
    'track:' || n || ':performance', {number}, debit * (n % 1000 + 1) / 1000.0, (1 - debit) * (n % 1000 + 1) / 1000.0
FROM generate_series(0, {last}) n, (VALUES ('unclaimed', 1), ('disputed', 0)) v (place, debit)
"""


def _staged(number: int) -> None:
    from django.db import connection, transaction

    from ledger import services

    with transaction.atomic(), connection.cursor() as cursor:
        stage = services.open_stage()
        cursor.execute(STAGED.format(stage=stage, number=number, last=ENTRIES - 1))
        services.post_entries(stage=stage, event_at=_now())


BARE = """
CREATE TEMP TABLE IF NOT EXISTS bare (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, entry_id bigint,
    account_id bigint, lot bigint, debit numeric, credit numeric);
CREATE INDEX IF NOT EXISTS bare_entry ON bare (entry_id);
CREATE INDEX IF NOT EXISTS bare_account ON bare (account_id);
INSERT INTO bare (entry_id, account_id, lot, debit, credit)
SELECT entry_id, account_id, lot, debit, credit FROM ledger_posting ORDER BY id LIMIT %s
"""


def _bare(number: int) -> None:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(BARE, [2 * ENTRIES])


def _singles(number: int) -> None:
    from ledger import recipes, services

    for n in range(500):
        lines = recipes.remittance(licensee_id=n, currency="USD", amount=Decimal(1))
        services.post_entry(kind="remittance", idempotency_key=f"one:{number}:{n}", event_at=_now(), postings=lines)


def _sequenced() -> int:
    from ledger import services
    from ledger.models import Posting

    started = time.perf_counter()
    services.sequence_log(batches_max=20)
    seconds = time.perf_counter() - started
    return round(Posting.objects.filter(entry__leaf__isnull=False).count() / seconds)


def _verified() -> int:
    from ledger.verify import verify

    started = time.perf_counter()
    report = verify()
    assert report.ok, report.checks[-1]
    return round(report.postings / (time.perf_counter() - started))


def _now() -> Any:
    from django.utils import timezone

    return timezone.now()


if __name__ == "__main__":
    main()
