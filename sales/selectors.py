"""What pages, commands and other apps read here. Lists start from what the person may see."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from sales.models import Licensee, LicenseeMember, LineFault, Sale, SalesReport, Tariff

HUNDRED = Decimal(100)


def reports_for(user: Any) -> QuerySet[SalesReport]:
    """This will find the reports a person may see: those of the stores the person acts for, all for staff."""
    reports = SalesReport.objects.select_related("licensee").order_by("-pk")
    if user.role:
        return reports
    return reports.filter(Exists(LicenseeMember.objects.filter(licensee=OuterRef("licensee"), user=user.pk)))


def licensees_for(user: Any) -> QuerySet[Licensee]:
    """This will find the stores a person may send reports for."""
    stores = Licensee.objects.order_by("name")
    if user.role in ("finance", "supervisor"):
        return stores
    return stores.filter(members__user=user.pk)


def faults_of(report: SalesReport) -> QuerySet[LineFault]:
    """This will find what was wrong with lines of a report, in the order of the files' lines."""
    return (
        LineFault.objects.filter(file__report=report).select_related("file").order_by("file__number", "line_no", "pk")
    )


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
