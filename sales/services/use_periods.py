"""Cutting Sales where a right in their track begins or ends inside the period: before money is distributed by day."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction

from core.money import allocate
from sales.models import Sale, SalesReport, Tariff
from sales.pipeline import use_periods as pipeline

PARTS = ("royalty_performance", "royalty_phonogram", "royalty_work")
KEPT = (
    "report_id",
    "store_key_id",
    "track_id",
    "tariff_id",
    "sold_as",
    "territory",
    "is_outside_license",
    "channel",
    "currency",
    "base_name",
)


@dataclass(frozen=True, slots=True)
class Since:
    """What lines of one Sale sold from a day on: lines, units, and the royalty of each right."""

    lines: int
    units: int
    royalty: Mapping[str, Decimal]


class CutMeanwhile(Exception):
    """A Sale to be cut was changed by another transaction; the caller tries again."""


def cut_use_periods(*, track_ids: Collection[int] = (), report_id: int | None = None) -> int:
    """This will cut the Sales of these tracks (or of one report) where their rights change, and count them.

    Each Sale is replaced by its parts in one transaction. Amounts, units and lines of the parts sum to the Sale's, so
    the ledger stays right as it is; who is owed which part follows at the next distribution. Done twice, the second
    finds nothing to cut. Locks the Sales in the order of their ids.

    Raises: CutMeanwhile.
    """
    with transaction.atomic():
        found = pipeline.within(track_ids=track_ids, report_id=report_id)
        if not found:
            return 0
        locked = Sale.objects.select_for_update(of=("self",)).filter(pk__in=found).order_by("pk")
        by_report: dict[int, list[Sale]] = defaultdict(list)
        for sale in locked.select_related("store_key"):
            by_report[sale.report_id].append(sale)
        if sum(map(len, by_report.values())) != len(found):
            raise CutMeanwhile
        parts = [part for pk, sales in by_report.items() for part in _parts_of_report(pk, sales, found)]
        Sale.objects.filter(pk__in=found).delete()
        Sale.objects.bulk_create(parts, batch_size=2000)
        return len(found)


def sold_since(days: Mapping[int, date]) -> dict[int, Since]:
    """This will say what the lines of each Sale (id -> day) sold from that day on, as far as they carry days.

    Reads the archive, writes nothing.
    """
    by_report: dict[int, list[Sale]] = defaultdict(list)
    for sale in Sale.objects.filter(pk__in=days).select_related("store_key").order_by("pk"):
        by_report[sale.report_id].append(sale)
    found: dict[int, Since] = {}
    for report_id, sales in by_report.items():
        lines = pipeline.dated_lines(SalesReport.objects.get(pk=report_id), sales)
        terms = Tariff.objects.in_bulk({sale.tariff_id for sale in sales})
        for sale in sales:
            day = days[sale.pk]
            if not sale.use_start < day < sale.use_end or sale.cut_by == Sale.CutBy.DAYS:
                continue
            cut, by_lines = pipeline.stretches(sale, [day], lines.get(pipeline.told(sale), []), terms[sale.tariff_id])
            if by_lines:
                weights = pipeline.by_gross(cut)
                royalty = {name.removeprefix("royalty_"): allocate(getattr(sale, name), weights)[1] for name in PARTS}
                found[sale.pk] = Since(cut[1].lines, cut[1].units, royalty)
    return found


def _parts_of_report(report_id: int, sales: Sequence[Sale], found: dict[int, list[date]]) -> list[Sale]:
    lines = pipeline.dated_lines(SalesReport.objects.get(pk=report_id), sales)
    terms = Tariff.objects.in_bulk({sale.tariff_id for sale in sales})
    parts = []
    for sale in sales:
        told = lines.get(pipeline.told(sale), [])
        cut, by_lines = pipeline.stretches(sale, found[sale.pk], told, terms[sale.tariff_id])
        parts += _parts(sale, cut, by_lines=by_lines)
    return parts


def _parts(sale: Sale, cut: Sequence[pipeline.Stretch], *, by_lines: bool) -> list[Sale]:
    """This will divide one Sale over its stretches; those in which nothing was sold are left out."""
    weights = pipeline.by_gross(cut) if by_lines else pipeline.by_days(cut)
    shares = {name: allocate(getattr(sale, name), weights) for name in ("base", *PARTS)}
    units = {n: Decimal(one.units) for n, one in enumerate(cut)}
    lines = {n: Decimal(one.lines) for n, one in enumerate(cut)}
    if not by_lines:
        units, lines = (allocate(Decimal(whole), weights, places=0) for whole in (sale.units, sale.line_count))
    parts = [
        Sale(
            use_start=one.start,
            use_end=one.end,
            cut_by=Sale.CutBy.LINES if by_lines else Sale.CutBy.DAYS,
            units=int(units[number]),
            line_count=int(lines[number]),
            royalty=sum((shares[name][number] for name in PARTS), Decimal(0)),
            **{name: getattr(sale, name) for name in KEPT},
            **{name: shares[name][number] for name in shares},
        )
        for number, one in enumerate(cut)
        if not by_lines or lines[number] or shares["base"][number]
    ]
    for name in ("units", "line_count", "base", "royalty", *PARTS):
        assert sum(getattr(part, name) for part in parts) == getattr(sale, name), (sale.pk, name)
    return parts
