"""How much tax is kept back from whom, and what was kept back in a year."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import ExtractYear

from catalog.models import RightsHolder
from payouts.models import Payment, TaxResidence
from payouts.selectors.terms import withholding_rates


def tax_percents(holder_ids: Collection[int], day: date) -> dict[int, Decimal]:
    """This will give the percent of tax kept back from each holder on a day.

    The rate of the country of an accepted certificate in force, the newest first; else that of who has shown none.
    """
    rates = withholding_rates(day)
    found = dict.fromkeys(holder_ids, rates[""])
    shown = TaxResidence.objects.filter(
        holder__in=holder_ids, status=TaxResidence.Status.ACCEPTED, start__lte=day, end__gt=day
    )
    for holder_id, country in shown.order_by("start", "pk").values_list("holder_id", "country"):
        found[holder_id] = rates.get(country, rates[""])
    return found


def tax_residences_of(holder: RightsHolder) -> QuerySet[TaxResidence]:
    """This will list a holder's certificates, newest first."""
    return TaxResidence.objects.filter(holder=holder).select_related("document", "decided_by").order_by("-id")


def tax_residences_waiting() -> QuerySet[TaxResidence]:
    """This will list the certificates that wait for finance, oldest first."""
    return TaxResidence.objects.filter(status=TaxResidence.Status.PROPOSED).select_related("holder").order_by("id")


class TaxYear(NamedTuple):
    """What was paid to a holder in a year and currency, by the day the bank paid, and what was kept back of it."""

    year: int
    currency: str
    payments: int
    gross: Decimal
    tax: Decimal
    administration: Decimal
    net: Decimal


def tax_years(holder: RightsHolder) -> list[TaxYear]:
    """This will add up a holder's settled payments per year and currency, newest first; what came back is no part."""
    paid = Payment.objects.filter(holder=holder, status=Payment.Status.SETTLED)
    rows = paid.annotate(year=ExtractYear("settled_at")).values("year", "currency")
    sums = rows.annotate(n=Count("pk"), g=Sum("gross"), t=Sum("tax"), a=Sum("administration"), w=Sum("net"))
    return [
        TaxYear(row["year"], row["currency"], row["n"], row["g"], row["t"], row["a"], row["w"])
        for row in sums.order_by("-year", "currency")
    ]


class YearFacts(NamedTuple):
    """What the certificate of one year says."""

    sums: list[TaxYear]
    payments: list[Payment]
    residences: list[TaxResidence]


def tax_year(holder: RightsHolder, year: int) -> YearFacts:
    """This will gather the settled payments of a year, their sums, and the certificates that held on a day of it."""
    paid = Payment.objects.filter(holder=holder, status=Payment.Status.SETTLED, settled_at__year=year)
    shown = TaxResidence.objects.filter(
        holder=holder, status=TaxResidence.Status.ACCEPTED, start__lte=date(year, 12, 31), end__gt=date(year, 1, 1)
    )
    sums = [row for row in tax_years(holder) if row.year == year]
    return YearFacts(sums, list(paid.order_by("settled_at", "pk")), list(shown.order_by("start", "pk")))
