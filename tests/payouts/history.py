"""Reports as posted, written straight into the tables: many months of sales without reading a file."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

from core.money import allocate
from ledger import chart, recipes
from ledger import services as ledger
from sales.models import ReportTotal, Sale, SalesReport, StoreKey, Tariff

D = Decimal
SPLIT = [("performance", D(20)), ("phonogram", D(50)), ("work", D(30))]


def after(day):
    """The first day of the month after."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def at_noon(day):
    return datetime.combine(day, time(12), tzinfo=UTC)


def posted(store, month, lines, currency="USD"):
    """A posted report of a month; `lines` are (track, territory, royalty)."""
    report = SalesReport.objects.create(
        licensee=store,
        sender="template:flat",
        message_id=f"{month}-{currency}",
        status=SalesReport.Status.POSTED,
        usage_start=month,
        usage_end=after(month),
        received_at=at_noon(after(month)),
        posted_at=at_noon(after(month)),
    )
    tariff = Tariff.objects.get(license__licensee=store)
    parts, total = [], D(0)
    for track, territory, royalty in lines:
        key, _ = StoreKey.objects.get_or_create(
            licensee=store,
            kind="track",
            key=f"T{track.pk}",
            defaults={"track": track, "name_key": "x", "first_seen_at": at_noon(month)},
        )
        shares = allocate(royalty, SPLIT)
        Sale.objects.create(
            report=report, store_key=key, track=track, tariff=tariff, sold_as="track", territory=territory,
            use_start=month, use_end=after(month), currency=currency, line_count=1, units=1, base=royalty / D("0.15"),
            royalty=royalty, **{f"royalty_{right}": amount for right, amount in shares.items()},
        )  # fmt: skip
        parts += [
            recipes.Part(chart.track_item(track.pk, right), report.lot_number, amount)
            for right, amount in shares.items()
        ]
        total += royalty
    ReportTotal.objects.create(
        report=report, currency=currency, units=len(lines), base=total / D("0.15"), royalty=total
    )
    ledger.post_entry(
        kind=recipes.Kind.ACCRUAL,
        idempotency_key=f"accrual:{report.pk}",
        event_at=at_noon(after(month)),
        postings=recipes.accrual(licensee_id=store.pk, currency=currency, parts=parts),
    )
    return report
