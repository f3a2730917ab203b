"""A small money world: one store, two posted reports, one holder with an award. Figures a reader can add up."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

from catalog.models import HolderMember, RightsHolder, Track
from ledger import chart, recipes
from ledger import services as ledger
from sales.models import Licensee, LicenseeMember, ReportTotal, SalesReport

D = Decimal
NOW = datetime(2007, 7, 2, 9, tzinfo=UTC)


def posted_report(store, month, accruals, currency="USD"):
    """Make a posted report whose accruals are {(track, right): amount}."""
    total = sum(accruals.values())
    report = SalesReport.objects.create(
        licensee=store,
        sender="template:flat",
        message_id=f"{month}",
        status=SalesReport.Status.POSTED,
        usage_start=month,
        usage_end=date(month.year + month.month // 12, month.month % 12 + 1, 1),
        received_at=NOW,
        posted_at=NOW,
    )
    ReportTotal.objects.create(report=report, currency=currency, units=1, base=total / D("0.15"), royalty=total)
    parts = [
        recipes.Part(chart.track_item(track.pk, right), report.pk, amount)
        for (track, right), amount in accruals.items()
    ]
    ledger.post_entry(
        kind=recipes.Kind.ACCRUAL,
        idempotency_key=f"accrual:{report.pk}",
        event_at=NOW,
        postings=recipes.accrual(licensee_id=store.pk, currency=currency, parts=parts),
    )
    return report


def award(holder, track, right, report, amount, place="payable", currency="USD"):
    """Move money from unclaimed to the holder, as a distribution does."""
    item = chart.track_item(track.pk, right)
    deltas = [
        recipes.Delta(item, chart.Place.UNCLAIMED, "", currency, report.pk, -amount),
        recipes.Delta(item, chart.Place(place), chart.holder(holder.pk), currency, report.pk, amount),
    ]
    return ledger.post_entry(
        kind=recipes.Kind.DISTRIBUTION,
        idempotency_key=f"distribution:{item}:{report.pk}:{holder.pk}",
        event_at=NOW,
        postings=recipes.distribution(deltas),
    )


def a_money_world(alice, bob, store):
    """AllofMP3 with May and June; Alice's label has the phonogram right in one of two tracks, all of June's held."""
    licensee = Licensee.objects.create(code="allofmp3", name="AllofMP3")
    LicenseeMember.objects.create(licensee=licensee, user=store)
    kino = Track.objects.create(title="Группа крови", artist="Кино", name_key="gruppa krovi kino", search_text="")
    star = Track.objects.create(title="Звезда", artist="Кино", name_key="zvezda kino", search_text="")
    label = RightsHolder.objects.create(kind="company", name="Северный ветер", name_key="severnyy veter")
    HolderMember.objects.create(holder=label, user=alice, role="owner")
    HolderMember.objects.create(holder=label, user=bob, role="reader")
    may = posted_report(
        licensee, date(2007, 5, 1), {(kino, "phonogram"): D("10.00000001"), (star, "phonogram"): D("20.00000000")}
    )
    june = posted_report(licensee, date(2007, 6, 1), {(kino, "phonogram"): D("3.33333333")})
    award(label, kino, "phonogram", may, D("10.00000001"))
    award(label, kino, "phonogram", june, D("3.33333333"), place="held")
    return SimpleNamespace(licensee=licensee, kino=kino, star=star, label=label, may=may, june=june)
