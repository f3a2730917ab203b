"""What everybody reads of a store: whether it is licensed, until when, what leaves it, and what it still owes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, Max, Min, Prefetch, Q, QuerySet, Sum

from claims.models import ComplianceFinding
from claims.selectors.finding import is_of_store
from claims.selectors.people import Person, may_review
from core.money import Money
from ledger.chart import Place
from ledger.chart import licensee as owner_of
from ledger.models import AccountBalance
from sales import selectors as sales
from sales.models import LicenceStop, Licensee, Sale, SalesReport, StoppedKey

CONFIRMED = (LicenceStop.Status.CONFIRMED, LicenceStop.Status.LIFTED)


@dataclass(frozen=True, slots=True)
class Owes:
    """Per currency: royalty a store's reports came to, and how much of it the store has not paid."""

    accrued: Money
    unpaid: Money


def stores() -> QuerySet[Licensee]:
    """This will list all stores, with the stops that were confirmed, the latest first; for everybody."""
    stops = Prefetch("stops", queryset=LicenceStop.objects.filter(status__in=CONFIRMED).order_by("-start", "-pk"))
    return Licensee.objects.prefetch_related(stops).order_by("name", "pk")


def stops_of(licensee: Licensee, user: Person) -> QuerySet[LicenceStop]:
    """This will list the stops of a store, newest first: for everybody those confirmed, for staff all."""
    stops = licensee.stops.select_related("asked_by", "confirmed_by", "licensee").order_by("-start", "-pk")
    return stops if may_review(user) else stops.filter(status__in=CONFIRMED)


def current_stop(stops: Sequence[LicenceStop], today: date) -> LicenceStop | None:
    """This will choose which confirmed stop of a store is told first: its end once that has come, else the earliest."""
    confirmed = [stop for stop in stops if stop.status == LicenceStop.Status.CONFIRMED]
    ended = [stop for stop in confirmed if stop.kind == LicenceStop.Kind.END and stop.start <= today]
    return min(ended or confirmed, key=lambda stop: (stop.start, stop.pk), default=None)


def days_left(stop: LicenceStop | None, today: date) -> int | None:
    """This will count the days until a licence stops; 0: it has stopped; None: nothing was confirmed."""
    return None if stop is None else max((stop.start - today).days, 0)


def owed_by(licensee: Licensee) -> list[Owes]:
    """This will read what a store's reports came to and what of it is unpaid, per currency, from the ledger."""
    rows = AccountBalance.objects.filter(
        account__place=Place.RECEIVABLE, account__owner=owner_of(licensee.pk), account__item=""
    )
    sums = rows.values_list("account__currency", "debit", "credit").order_by("account__currency")
    return [Owes(Money(debit, currency), Money(debit - credit, currency)) for currency, debit, credit in sums]


def titles_of(stop: LicenceStop) -> QuerySet[StoppedKey]:
    """This will list what a store had when its licence stopped."""
    return StoppedKey.objects.filter(stop=stop).select_related("store_key__track").order_by("pk")


def may_see_titles(user: Person, stop: LicenceStop) -> bool:
    """This will tell whether somebody may read what a store had: reviewers and the store."""
    return may_review(user) or is_of_store(user, stop.licensee_id)


def unlicensed_findings(licensee: Licensee) -> dict[str, int]:
    """This will count, by status, reports of a store that have sales after its licence stopped."""
    found = ComplianceFinding.objects.filter(licensee=licensee, kind=ComplianceFinding.Kind.UNLICENSED)
    return dict(found.order_by().values_list("status").annotate(n=Count("pk")))


class Unlicensed(NamedTuple):
    """What one report sold, in one currency, after its store's licence had stopped."""

    since: date
    currency: str
    use_start: date
    use_end: date
    line_count: int
    units: int
    royalty: Decimal
    is_estimate: bool
    """Its lines carry no days and the period reaches over the day: how much came after it is not known."""


def unlicensed_in_report(report: SalesReport) -> Iterator[Unlicensed]:
    """This will find what a posted report sold on days without a licence, whatever the track; one statement.

    However many stops lie in its period, also one over another, a sale counts once.
    """
    stops = [
        stop
        for stop in sales.stops_in_force(report.licensee_id).order_by("start", "pk")
        if report.usage_start is not None
        and report.usage_end is not None
        and stop.start < report.usage_end
        and (stop.end is None or stop.end > report.usage_start)
    ]
    if not stops:
        return
    days = Q()
    for stop in stops:
        days |= Q(use_start__gte=stop.start) & (Q() if stop.end is None else Q(use_start__lt=stop.end))
    sure = Q(cut_by__in=("", Sale.CutBy.LINES))
    rows = (
        Sale.objects.filter(days, report=report)
        .order_by()
        .values("currency")
        .annotate(
            first=Min("use_start"),
            last=Max("use_end"),
            lines=Sum("line_count"),
            sold=Sum("units"),
            money=Sum("royalty"),
            sure_lines=Sum("line_count", filter=sure),
            sure_sold=Sum("units", filter=sure),
            sure_money=Sum("royalty", filter=sure),
        )
    )
    for row in rows.order_by("currency"):
        span = stops[0].start, row["currency"], row["first"], row["last"]
        if row["sure_lines"]:
            yield Unlicensed(*span, row["sure_lines"], row["sure_sold"], row["sure_money"], is_estimate=False)
        else:
            yield Unlicensed(*span, row["lines"], row["sold"], row["money"], is_estimate=True)
