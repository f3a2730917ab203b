"""Cutting Sales where a right in their track begins or ends inside the period: before money is distributed by day."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q

from catalog.models import RightsShare, TrackWork, Withdrawal
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


# Put together again -------------------------------------------------------------------------------------------------
def bounds_of(track_ids: Collection[int]) -> set[date]:
    """This will list the days on which a right in these tracks begins or ends."""
    played = TrackWork.objects.filter(track__in=track_ids)
    about = Q(track__in=track_ids) | Q(work__in=played.values("work"))
    rows: list[tuple[date | None, date | None]] = list(played.values_list("start", "end"))
    for model in (RightsShare, Withdrawal):
        rows += model.objects.filter(about).values_list("start", "end")
    return {day for row in rows for day in row if day is not None}


def joined(parts: Iterable[Sale], days: Collection[date]) -> tuple[list[Sale], list[int]]:
    """This will make (not write) the Sales that parts cut at these days came from; also the ids of the parts used."""
    groups: dict[tuple[Any, ...], list[Sale]] = defaultdict(list)
    for part in parts:
        groups[tuple(getattr(part, name) for name in KEPT)].append(part)
    whole, gone = [], []
    for group in groups.values():
        for run in _runs(sorted(group, key=lambda part: part.use_start), days):
            whole.append(_joined(run))
            gone += [part.pk for part in run]
    return whole, gone


def _runs(parts: Sequence[Sale], days: Collection[date]) -> list[list[Sale]]:
    """This will give the parts that follow each other at one of these days, two or more together."""
    runs: list[list[Sale]] = []
    for part in parts:
        if runs and runs[-1][-1].use_end == part.use_start and part.use_start in days:
            runs[-1].append(part)
        else:
            runs.append([part])
    return [run for run in runs if len(run) > 1]


def _joined(run: Sequence[Sale]) -> Sale:
    summed = ("units", "line_count", "base", "royalty", *PARTS)
    return Sale(
        use_start=run[0].use_start,
        use_end=run[-1].use_end,
        **{name: getattr(run[0], name) for name in KEPT},
        **{name: sum(getattr(part, name) for part in run) for name in summed},
    )
