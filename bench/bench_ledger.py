"""How fast the ledger posts, with every guard on: `python -m bench.bench_ledger [--json]`.

Runs on its own PostgreSQL with default settings (fsync on) in a temporary folder, as roms_app, through the services:
staging by COPY, checks, accounts, entries, postings, balances, commit. Medians of three rounds. The floor is the same
postings, already resolved, inserted into a table with the same columns and indexes and no guard, in the same run; the
peer is django-hordak on the same server. The log is measured by what giving entries their leaves costs in CPU against
what posting them did, PostgreSQL's share included, and by what posting loses while the sequencer runs beside it.
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

from bench import hordak
from bench.goals import said
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
    figures, goals = measure(_say)
    lines = [f"{name:36} {figure:>12,}" for name, figure in figures.items()] + goals
    sys.stdout.write((json.dumps(figures, indent=2) if wants_json else "\n".join(lines)) + "\n")


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def measure(say: Callable[[str], None] = _say) -> tuple[dict[str, int], list[str]]:
    """Run every case on a fresh server: figures per second, ratios in percent, and what became of the goals."""
    with tempfile.TemporaryDirectory(prefix="roms-bench-") as folder, serve(_open(folder)) as (postgres, _redis):
        environment = {"ROMS_VAR": folder, "DJANGO_SETTINGS_MODULE": "roms_portal.settings.dev"}
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
        subprocess.run(migrate, cwd=ROOT, env=os.environ | environment | {"ROMS_DB_ROLE": "owner"}, check=True)
        os.environ.update(environment)
        import django

        django.setup()
        from django.db import connections

        try:
            figures = _cases(say)
            goals = _log_goals(figures)
            with hordak.peer(postgres) as rates:
                goals = _against(figures, rates, say) + goals
        finally:
            connections.close_all()
        return figures, goals


def _open(folder: str) -> Path:
    path = Path(folder)
    path.chmod(0o755)
    return path


def _log_goals(figures: dict[str, int]) -> list[str]:
    overhead = figures["log, percent of posting"]
    lost = figures["posting beside the sequencer, percent"]
    return [
        said("P5c", f"leaves cost {overhead} % of what posting costs, in CPU (goal 10)", is_reached=overhead <= 10),
        f"     posting goes on at {lost} % of its speed while the sequencer runs beside it",
    ]


def _against(
    figures: dict[str, int], rates: Callable[[], hordak.Rates] | None, say: Callable[[str], None]
) -> list[str]:
    """Post in turns with the peer, each round against the peer's next; by the clock, and in CPU."""
    if rates is None:
        return [f"P5   {hordak.PACKAGES[0]}: not to be installed here, not compared"]
    times: list[tuple[float, ...]] = []
    for number in range(ROUNDS):
        cpu, clock = _spent(lambda number=number: _staged_pairs(200 + number))  # type: ignore[misc]
        theirs = rates()
        ours, ours_cpu = ENTRIES / clock, ENTRIES / cpu
        times.append(
            (ours / theirs.single, ours / theirs.bulk, ours_cpu / theirs.single_cpu, ours_cpu / theirs.bulk_cpu)
        )
        say(f"in turns: {ours:,.0f}/s, hordak {theirs.single:,.0f}/s and {theirs.bulk:,.0f}/s")
        say(f"by CPU: {ours_cpu:,.0f}/s, hordak {theirs.single_cpu:,.0f}/s and {theirs.bulk_cpu:,.0f}/s")
    single, bulk, single_cpu, bulk_cpu = (median(column) for column in zip(*times, strict=True))
    figures["times hordak transfer_to"], figures["times hordak bulk_create"] = round(single), round(bulk)
    return [
        said(
            "P5a",
            f"{single:.0f} times transfer_to, one per commit (goal 50); {single_cpu:.0f} times in CPU",
            is_reached=single >= 50,
        ),
        said("P5b", f"{bulk:.1f} times bulk_create (goal 8); {bulk_cpu:.1f} times in CPU", is_reached=bulk >= 8),
    ]


def _cases(say: Callable[[str], None]) -> dict[str, int]:
    figures = {
        "two-leg entries/s, staged by SQL": _per_second(say, "pairs", ENTRIES, _staged_pairs),
        "two-leg entries/s": _per_second(say, "two-leg", ENTRIES, lambda n: _post(_pairs(n))),
        "postings/s, entries of 50,000": _per_second(say, "large", 2 * ENTRIES, lambda n: _post(_large(n))),
        "postings/s, staged by SQL": _per_second(say, "staged", 2 * ENTRIES, _staged),
        "floor: bare inserts/s": _per_second(say, "floor", 2 * ENTRIES, _bare),
        "entries/s, one per commit": _per_second(say, "single", 500, _singles),
    }
    figures |= _logged(say)
    figures["postings/s verified"] = _verified()
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


STAGED_PAIRS = STAGED.replace("n / 12500", "n").replace("staged:", "pairs:")


def _staged(number: int) -> None:
    _post_staged(STAGED, number)


def _staged_pairs(number: int) -> None:
    _post_staged(STAGED_PAIRS, number)


def _post_staged(sql: str, number: int) -> None:
    from django.db import connection, transaction

    from ledger import services

    with transaction.atomic(), connection.cursor() as cursor:
        stage = services.open_stage()
        cursor.execute(sql.format(stage=stage, number=number, last=ENTRIES - 1))
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


def _logged(say: Callable[[str], None]) -> dict[str, int]:
    """Sequence everything; then post again, alone and with a sequencer beside, which works in another process."""
    from ledger import services
    from ledger.models import Posting

    began = time.perf_counter()
    services.sequence_log(batches_max=10_000)
    seconds = time.perf_counter() - began
    sequenced = Posting.objects.count()
    say(f"sequenced: {sequenced / seconds:,.0f} postings/s")
    posting, alone = _spent(lambda: _staged_pairs(100))
    leaves, _ = _spent(lambda: services.sequence_log(batches_max=10_000))
    _staged_pairs(101)
    with subprocess.Popen([sys.executable, "-c", SEQUENCER], cwd=ROOT) as beside:
        _, together = _spent(lambda: _staged_pairs(102))
        beside.terminate()
    return {
        "postings/s sequenced": round(sequenced / seconds),
        "log, percent of posting": round(100 * leaves / posting),
        "posting beside the sequencer, percent": round(100 * alone / together),
    }


SEQUENCER = """
import django
django.setup()
from ledger.services import sequence_log
while True:
    sequence_log()
"""


def _spent(run: Callable[[], object]) -> tuple[float, float]:
    """Return the CPU seconds of this process and its PostgreSQL connection, and the seconds by the clock."""
    from django.db import connection

    connection.ensure_connection()
    server = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")

    def cpu() -> float:
        return time.process_time() + int(server.read_text().split()[0]) / 1e9

    clock, before = time.perf_counter(), cpu()
    run()
    return cpu() - before, time.perf_counter() - clock


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
