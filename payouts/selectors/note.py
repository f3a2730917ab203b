"""What an amount-due note says: how the royalty was reached, how it is taxed, what it corrects."""

from collections import defaultdict
from datetime import date
from decimal import Context, Decimal
from typing import Any, NamedTuple

from django.db.models import Sum

from core.money import UNIT, allocate
from payouts.models import AmountDue
from payouts.selectors.vat import in_lots
from sales.models import Sale, SalesReport, Tariff

HUNDRED = Decimal(100)
_WIDE = Context(prec=100)
DEDUCTED = (Tariff.Base.NET_AFTER_PROCESSOR_FEES, Tariff.Base.PROFIT)


def workings_of(report: SalesReport) -> dict[str, list[dict[str, Any]]]:
    """This will say per currency how a report's royalty was reached, one row per tariff and base used.

    A row has the tariff's number within its licence (`version`), its days and rate, the base before and after the
    deductions the tariff lists, and the royalty; numbers are text, exact. Only the base after deductions is kept with
    the sales, so the one before is worked back from it, to 1e-8.
    """
    sold = Sale.objects.filter(report=report).exclude(base_name="")
    sums = sold.values("currency", "tariff_id", "base_name").annotate(of_base=Sum("base"), of_royalty=Sum("royalty"))
    tariffs = Tariff.objects.in_bulk({row["tariff_id"] for row in sums})
    versions = _versions({tariff.license_id for tariff in tariffs.values()})
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in sorted(sums, key=lambda row: (versions[row["tariff_id"]], row["base_name"])):
        tariff = tariffs[row["tariff_id"]]
        gross, deductions = _deductions(row["of_base"], tariff, row["base_name"])
        found[row["currency"]].append(
            {
                "version": versions[tariff.pk],
                "start": tariff.start.isoformat(),
                "end": tariff.end.isoformat() if tariff.end else None,
                "base_name": row["base_name"],
                "gross": f"{gross:f}",
                "deductions": deductions,
                "base": f"{row['of_base']:f}",
                "rate": f"{tariff.rate:f}",
                "royalty": f"{row['of_royalty']:f}",
            }
        )
    return found


def _versions(licenses: set[int]) -> dict[int, int]:
    """Number the tariffs of each licence in the order they begin."""
    counts: dict[int, int] = defaultdict(int)
    found = {}
    rows = Tariff.objects.filter(license__in=licenses).order_by("start", "pk").values_list("pk", "license_id")
    for tariff_id, license_id in rows:
        counts[license_id] += 1
        found[tariff_id] = counts[license_id]
    return found


def _deductions(base: Decimal, tariff: Tariff, base_name: str) -> tuple[Decimal, list[dict[str, str]]]:
    """Work back what a base was before deductions, and how much each took off."""
    percents = {row["code"]: Decimal(str(row["percent"])) for row in tariff.deductions}
    if base_name not in DEDUCTED or not percents:
        return base, []
    stays = HUNDRED - sum(percents.values())
    gross = _WIDE.divide(_WIDE.multiply(base, HUNDRED), stays).quantize(UNIT, context=_WIDE)
    parts = allocate(gross - base, list(percents.items()))
    return gross, [
        {"code": code, "percent": f"{percent:f}", "amount": f"{parts[code]:f}"} for code, percent in percents.items()
    ]


class Working(NamedTuple):
    """One row of the workings of a note, as numbers."""

    version: int
    start: date
    end: date | None
    base_name: str
    gross: Decimal
    deductions: list[tuple[str, Decimal, Decimal]]
    """(code, percent, amount)"""
    base: Decimal
    rate_percent: Decimal
    royalty: Decimal


class NoteFacts(NamedTuple):
    """A note as it was made: nothing in it changes later."""

    note: AmountDue
    workings: list[Working]
    earlier: list[AmountDue]
    """Notes of the same report, or of those it corrects, made before; what this one asks for is above them."""

    @property
    def reported(self) -> Decimal:
        """The base of the report as it stands with this note."""
        return self.note.base + sum((note.base for note in self.earlier), Decimal(0))

    @property
    def royalty(self) -> Decimal:
        """The royalty of the report as it stands with this note."""
        return self.note.amount + sum((note.amount for note in self.earlier), Decimal(0))

    @property
    def tax(self) -> Decimal:
        """The tax on it."""
        return self.note.vat + sum((note.vat for note in self.earlier), Decimal(0))


def note_facts(note: AmountDue) -> NoteFacts:
    """This will gather what a note says."""
    chain = AmountDue.objects.filter(in_lots([note.report.lot_number]), currency=note.currency, pk__lt=note.pk)
    return NoteFacts(note, [_working(row) for row in note.workings], list(chain.order_by("pk")))


def _working(row: dict[str, Any]) -> Working:
    return Working(
        version=row["version"],
        start=date.fromisoformat(row["start"]),
        end=date.fromisoformat(row["end"]) if row["end"] else None,
        base_name=str(Tariff.Base(row["base_name"]).label),
        gross=Decimal(row["gross"]),
        deductions=[(one["code"], Decimal(one["percent"]), Decimal(one["amount"])) for one in row["deductions"]],
        base=Decimal(row["base"]),
        rate_percent=Decimal(row["rate"]) * HUNDRED,
        royalty=Decimal(row["royalty"]),
    )
