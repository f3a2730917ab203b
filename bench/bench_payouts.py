"""What a large payout costs: `python -m bench.bench_payouts [--payees 10000] [--json]`.

A portal of its own in a temporary folder (fsync on): every payee has an account and three tracks with money of one
fully paid report. Then one batch is drafted, approved, sent as a file checked against its schema, and settled by one
answer of the bank. Seconds by the clock and of this process's CPU; the ledger is verified at the end.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench.world import running_portal

TRACKS_EACH = 3
WAIT = timedelta(days=30)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--payees", type=int, default=10_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures = measure(options.payees)
    lines = [f"{name:24} {figure}" for name, figure in figures.items()]
    sys.stdout.write((json.dumps(figures, indent=2) if options.json else "\n".join(lines)) + "\n")


def measure(payees: int) -> dict[str, Any]:
    """Run everything on a fresh portal."""
    import os

    with tempfile.TemporaryDirectory(prefix="roms-bench-") as folder:
        Path(folder).chmod(0o755)
        with running_portal(Path(folder)) as environment:
            os.environ.update(environment)
            import django

            django.setup()
            from django.db import connections

            try:
                return _cases(payees)
            finally:
                connections.close_all()


def _cases(payees: int) -> dict[str, Any]:
    from django.utils import timezone

    from payouts import services
    from roms_portal.demo.payouts import PAYER, all_paid

    now = timezone.now()
    figures: dict[str, Any] = {}
    frank, fiona = _world(payees, now)
    batch = _timed(figures, "draft", lambda: services.draft_batch(currency="USD", by=frank, now=now))
    assert batch.payments.filter(status="drafted").count() == payees
    _timed(figures, "approve", lambda: services.approve_batch(batch=batch, by=fiona, now=now))
    made = _timed(
        figures,
        "file",
        lambda: services.send_batch(
            batch=batch,
            version="pain.001.001.09",
            execution_date=now.date(),
            debtor=PAYER,
            by=frank,
            now=now,
        ),
    )
    _timed(figures, "settle", lambda: services.take_bank_file(content=all_paid(made), by=frank, now=now))
    assert batch.payments.filter(status="settled").count() == payees
    _verify(figures)
    return figures


def _timed(figures: dict[str, Any], name: str, run: Callable[[], Any]) -> Any:
    clock, cpu = time.perf_counter(), time.process_time()
    found = run()
    figures[name] = f"{time.perf_counter() - clock:.1f} s ({time.process_time() - cpu:.1f} s CPU)"
    return found


def _verify(figures: dict[str, Any]) -> None:
    from ledger.verify import verify

    report = verify()
    assert report.ok, report.checks[-1]
    figures["postings"] = report.postings


def _world(payees: int, now: Any) -> tuple[Any, Any]:
    """Make holders with accounts, tracks, and money of one paid report, set-based where it may be."""
    from accounts.models import User
    from catalog.models import RightsHolder, Track
    from claims.services.evidence import party
    from core import vault
    from core.money import Money
    from payouts import services
    from payouts.formats.account import read_account
    from payouts.models import Payee
    from sales.models import Licensee, SalesReport

    frank, fiona = (
        User.objects.create_user(f"{name}@example.org", display_name=name, role="finance")
        for name in ("frank", "fiona")
    )
    holders = RightsHolder.objects.bulk_create(
        RightsHolder(kind="person", name=f"Holder {n}", name_key=f"holder {n}", status="verified")
        for n in range(payees)
    )
    account = read_account(scheme="iban", name="Holder", account="DE89370400440532013000", bank="COBADEFF")
    before = now - WAIT
    Payee.objects.bulk_create(
        Payee(
            holder=holder,
            scheme="iban",
            country="DE",
            currency="USD",
            sealed=vault.encrypt(party(holder), account.as_json()),
            fingerprint=f"{holder.pk}",
            status="confirmed",
            proposed_by=frank,
            proposed_at=before,
            confirmed_by=fiona,
            confirmed_at=before,
            payable_from=before,
        )
        for holder in holders
    )
    tracks = Track.objects.bulk_create(
        Track(title=f"T{n}", artist="A", name_key=f"t{n} a", search_text="") for n in range(payees * TRACKS_EACH)
    )
    store = Licensee.objects.create(code="store", name="Store")
    report = SalesReport.objects.create(licensee=store, status="posted", received_at=now, sender="x", message_id="x")
    total = _post(holders, tracks, store, report, now)
    services.record_remittance(
        licensee=store,
        payer="Store",
        amount=Money(total, "USD"),
        received_date=now.date(),
        reference="1",
        allocations=[services.Allocation(report)],
        by=frank,
        now=now,
    )
    return frank, fiona


def _post(holders: Any, tracks: Any, store: Any, report: Any, now: Any) -> Decimal:
    """Accrue 1.25 for every track and give it to its holder; return the sum."""
    from ledger import chart, recipes
    from ledger import services as ledger

    each = Decimal("1.25")
    items = [chart.track_item(track.pk, "phonogram") for track in tracks]

    def rows() -> Iterator[Any]:
        for start in range(0, len(items), 20_000):
            part = items[start : start + 20_000]
            lines = recipes.accrual(
                licensee_id=store.pk, currency="USD", parts=[recipes.Part(item, report.pk, each) for item in part]
            )
            yield from ledger.staged(f"accrual:{start}", recipes.Kind.ACCRUAL, lines)
        for number, item in enumerate(items):
            owner = chart.holder(holders[number // TRACKS_EACH].pk)
            deltas = [
                recipes.Delta(item, chart.Place.UNCLAIMED, "", "USD", report.pk, -each),
                recipes.Delta(item, chart.Place.PAYABLE, owner, "USD", report.pk, each),
            ]
            yield from ledger.staged(
                f"award:{number // 10_000}", recipes.Kind.DISTRIBUTION, recipes.distribution(deltas)
            )

    ledger.post_entries(event_at=now, rows=rows())
    return each * len(items)


if __name__ == "__main__":
    main()
