"""What pages, commands and other apps read here. Lists start from what the person may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery

from core.models import Event
from core.money import Money
from ledger import chart
from ledger import selectors as ledger
from sales.models import (
    BookMonth,
    CatalogueSnapshot,
    LicenceStop,
    Licensee,
    LicenseeMember,
    LineFault,
    MappingTemplate,
    MappingVersion,
    ReportingRule,
    ReportTotal,
    Sale,
    SalesReport,
    StoreKey,
    Tariff,
    Upload,
)

HUNDRED = Decimal(100)


def reports_for(user: Any) -> QuerySet[SalesReport]:
    """This will find the reports a person may see: those of the stores the person acts for, all for staff."""
    reports = SalesReport.objects.select_related("licensee").order_by("-pk")
    if user.role:
        return reports
    return reports.filter(Exists(LicenseeMember.objects.filter(licensee=OuterRef("licensee"), user=user.pk)))


def missing_files(report: SalesReport) -> list[int]:
    """This will name the files of a report that are not in yet, by their number."""
    here = set(report.files.values_list("number", flat=True))
    return [number for number in range(1, report.file_count + 1) if number not in here]


def licensees_for(user: Any) -> QuerySet[Licensee]:
    """This will find the stores a person may send reports for."""
    stores = Licensee.objects.order_by("name")
    if user.role in ("finance", "supervisor"):
        return stores
    return stores.filter(members__user=user.pk)


MISSING, LATE, IN_TIME, WAITING, HELD = "missing", "late", "received", "waiting", "held"
MONTHS_SHOWN = 600


class DueMonth(NamedTuple):
    """One month a store has to report: by when, and what came."""

    month: date
    due_date: date
    state: str
    reports: list[SalesReport]
    received_at: datetime | None
    reminder_days: list[int]


def stops_in_force(licensee_id: int) -> QuerySet[LicenceStop]:
    """This will give the confirmed stops of a store's licence, those lifted since among them, with the days they hold.

    One that was lifted before it began holds on no day.
    """
    confirmed = (LicenceStop.Status.CONFIRMED, LicenceStop.Status.LIFTED)
    return LicenceStop.objects.filter(Q(end=None) | Q(end__gt=F("start")), licensee=licensee_id, status__in=confirmed)


def calendar_of(licensee: Licensee, today: date) -> list[DueMonth]:
    """This will say month by month, newest first, what a store had to report and what came in time, late or not.

    Only months a reporting rule of a licence covers are expected, none in which its licence was stopped all the time; a
    month is due some days after its end.
    """
    rules = list(ReportingRule.objects.filter(license__licensee=licensee).select_related("license").order_by("start"))
    if not rules:
        return []
    reports = SalesReport.objects.filter(licensee=licensee, usage_start__isnull=False).exclude(status="rejected")
    known = list(reports.order_by("received_at", "pk"))
    stops = list(stops_in_force(licensee.pk))
    rows: list[DueMonth] = []
    month = today.replace(day=1)
    while len(rows) < MONTHS_SHOWN and month > rules[0].start.replace(day=1):
        after, month = month, _month_before(month)
        rule = next((r for r in reversed(rules) if r.start <= month and (r.end is None or month < r.end)), None)
        ended = rule.license.end if rule else None
        if rule is None or (ended is not None and ended <= month):
            continue
        if any(stop.start <= month and (stop.end is None or stop.end >= after) for stop in stops):
            continue
        about = [one for one in known if (one.usage_start or after) < after and (one.usage_end or after) > month]
        rows.append(_due_month(month, after + timedelta(days=rule.days), about, rule.reminder_days, today))
    return rows


def _due_month(month: date, due: date, about: list[SalesReport], reminder_days: list[int], today: date) -> DueMonth:
    accepted = [one for one in about if one.status in ("posted", "superseded")]
    if accepted:
        first = accepted[0].received_at
        state = LATE if first.date() > due else IN_TIME
    else:
        first = None
        state = HELD if about else MISSING if today > due else WAITING
    shown = [one for one in about if one.status != "superseded"]
    return DueMonth(month, due, state, shown, first, reminder_days)


def _month_before(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)


def stores_seen_by(user: Any) -> QuerySet[Licensee]:
    """This will find the stores whose reporting a person may look at: all for staff, else those the person acts for."""
    return Licensee.objects.order_by("name") if user.role else licensees_for(user)


def snapshots_for(user: Any) -> QuerySet[CatalogueSnapshot]:
    """This will find the lists of catalogues a person may see."""
    found = CatalogueSnapshot.objects.filter(licensee__in=stores_seen_by(user)).select_related("licensee")
    return found.order_by("-taken_date", "-pk")


class CatalogueSize(NamedTuple):
    """How large a store says its catalogue is, and of which day that is."""

    licensee: Licensee
    entries: int
    taken_date: date


def catalogue_sizes() -> list[CatalogueSize]:
    """This will give the size of each store's catalogue as last reported; stores that never did are left out."""
    read = CatalogueSnapshot.objects.filter(status="read").order_by("licensee__name", "-taken_date", "-pk")
    newest: dict[int, CatalogueSize] = {}
    for one in read.select_related("licensee"):
        newest.setdefault(one.licensee_id, CatalogueSize(one.licensee, one.entry_count, one.taken_date))
    return list(newest.values())


def absent_since(track_ids: Sequence[int], licensee: Licensee) -> dict[int, date]:
    """This will say which of these tracks a store's catalogue no longer lists, and since which of its lists.

    A track is listed as long as any of the store's keys of it is. One the store never listed is not among them: a
    track nobody saw there proves nothing by its absence.
    """
    days = list(
        CatalogueSnapshot.objects.filter(licensee=licensee, status="read")
        .order_by("taken_date")
        .values_list("taken_date", flat=True)
    )
    keys = StoreKey.objects.filter(licensee=licensee, track__in=track_ids, listed_date__isnull=False)
    last = keys.order_by().values("track_id").annotate(last=Max("listed_date")).values_list("track_id", "last")
    return {track: later for track, listed in last if (later := next((day for day in days if day > listed), None))}


def uploads_for(user: Any) -> QuerySet[Upload]:
    """This will find the uploads a person sent, of stores the person may still send for."""
    return Upload.objects.filter(sent_by=user.pk, licensee__in=licensees_for(user)).select_related("licensee", "report")


def faults_of(report: SalesReport, code: str = "") -> QuerySet[LineFault]:
    """This will find what was wrong with lines of a report (with one code, or any), in the order of the lines."""
    faults = LineFault.objects.filter(file__report=report, **({"code": code} if code else {}))
    return faults.select_related("file").order_by("file__number", "line_no", "pk")


def fault_counts(report: SalesReport) -> list[tuple[str, int]]:
    """This will count the faults of a report by code, most frequent first: all rejected lines, and remarks kept."""
    rows = LineFault.objects.filter(file__report=report).order_by().values_list("code").annotate(lines=Count("pk"))
    counted = {**dict(rows), **report.fault_codes}
    return sorted(counted.items(), key=lambda row: (-row[1], row[0]))


def chain_of(report: SalesReport) -> list[SalesReport]:
    """This will list the versions of a report, newest first: what replaced it, what it replaced, what is held."""
    lot = report.lot_number
    chain = SalesReport.objects.filter(Q(pk=lot) | Q(lot=lot)).select_related("licensee").prefetch_related("totals")
    return list(chain.order_by("-pk"))


def tariffs_of(report: SalesReport) -> list[Tariff]:
    """This will find the terms in force in a report's period, with their splits."""
    if report.usage_start is None or report.usage_end is None:
        return []
    running = Tariff.objects.filter(license__licensee=report.licensee_id, start__lt=report.usage_end)
    running = running.filter(Q(end=None) | Q(end__gt=report.usage_start))
    return list(running.prefetch_related("splits").order_by("start"))


def book_months() -> list[tuple[BookMonth, list[Event]]]:
    """This will list the months that were ever closed, newest first, each with its history."""
    rows = list(BookMonth.objects.order_by("-month"))
    noun = BookMonth._meta.label
    events = Event.objects.filter(noun=noun, object_id__in=[row.pk for row in rows]).exclude(from_status="")
    by_row: dict[int, list[Event]] = {}
    for event in events.select_related("by", "note").order_by("-pk"):
        by_row.setdefault(event.object_id, []).append(event)
    return [(row, by_row.get(row.pk, [])) for row in rows]


class Owed(NamedTuple):
    """What a store owes for a report and its corrections in one currency."""

    currency: str
    accrued: Decimal
    received: Decimal
    due: Decimal


def owed_for(report: SalesReport) -> list[Owed]:
    """This will say per currency what was accrued for a report and its corrections, and what the store paid of it."""
    return [
        Owed(currency, accrued, received, accrued - received - written_off - rounded)
        for _lot, currency, accrued, received, written_off, rounded in ledger.funding([report.lot_number])
    ]


def receivables_of(licensee: Licensee) -> list[Money]:
    """This will say what a store owes in all, per currency it ever reported in."""
    totals = ReportTotal.objects.filter(report__licensee=licensee).order_by("currency")
    codes = totals.values_list("currency", flat=True).distinct()
    addresses = {code: chart.receivable(licensee.pk, code).address for code in codes}
    balances = ledger.balances(addresses.values())
    return [balances.get((address, code), Money(Decimal(0), code)) for code, address in addresses.items()]


@dataclass(frozen=True, slots=True)
class Deduction:
    """What a tariff takes off to reach its base."""

    code: str
    percent: Decimal


@dataclass(frozen=True, slots=True)
class ExampleSale:
    """One real Sale, worked out: price, deductions, base, rate, split, royalty."""

    sale: Sale
    tariff: Tariff
    price: Decimal
    deductions: list[Deduction]
    rate_percent: Decimal
    split: list[tuple[str, Decimal, Decimal, bool]]
    """(right in words, percent, amount, whether the percent is an assumption)."""


def example_sale(sale: Sale | None = None) -> ExampleSale | None:
    """This will work out a Sale for the page "15 % of what?": the given one, else the first of the newest report.

    None while nothing was sold.
    """
    if sale is None:
        sold = Sale.objects.filter(report__status="posted", royalty__gt=0, track__isnull=False)
        newest = (
            SalesReport.objects.filter(Exists(sold.filter(report=OuterRef("pk")))).order_by("-usage_end", "-pk").first()
        )
        sale = sold.filter(report=newest).order_by("-units", "pk").first() if newest else None
    if sale is None:
        return None
    tariff = Tariff.objects.prefetch_related("splits").get(pk=sale.tariff_id)
    is_deducted = sale.base_name in (Tariff.Base.NET_AFTER_PROCESSOR_FEES, Tariff.Base.PROFIT)
    return ExampleSale(
        sale=sale,
        tariff=tariff,
        price=sale.base / sale.units if sale.units and not is_deducted else sale.base,
        deductions=[Deduction(row["code"], Decimal(str(row["percent"]))) for row in tariff.deductions if is_deducted],
        rate_percent=tariff.rate * HUNDRED,
        split=[
            (row.get_right_display(), row.percent, getattr(sale, f"royalty_{row.right}"), row.is_assumption)
            for row in tariff.splits.order_by("pk")
        ],
    )


def mapping_templates_for(user: Any) -> QuerySet[MappingTemplate]:
    """This will find the mapping templates of the stores a person may send reports for, those in use first."""
    newest = MappingVersion.objects.filter(template=OuterRef("pk")).order_by("-number")
    return (
        MappingTemplate.objects.filter(licensee__in=licensees_for(user))
        .select_related("licensee")
        .annotate(
            newest=Subquery(newest.values("number")[:1]),
            columns=Subquery(newest.values("columns")[:1]),
            made_at=Subquery(newest.values("made_at")[:1]),
            reports_read=Count("versions__files", distinct=True),
        )
        .order_by(F("retired_at").asc(nulls_first=True), "licensee__name", "name")
    )


def mapping_template_named(licensee: Licensee, name: str) -> MappingTemplate | None:
    """This will find a store's template in use by its name."""
    return MappingTemplate.objects.filter(licensee=licensee, name=name, retired_at=None).first()


def mapping_versions(template: MappingTemplate) -> QuerySet[MappingVersion]:
    """This will find the versions of a template, newest first, each with the files it read."""
    return template.versions.select_related("made_by").prefetch_related("files__report").order_by("-number")
