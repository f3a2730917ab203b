"""How much tax is kept back from whom, and what was kept back in a year."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import UTC, date
from decimal import Decimal
from typing import NamedTuple

from django.db import connection
from django.db.models import DecimalField, QuerySet, Sum
from django.db.models.functions import Coalesce

from catalog.models import RightsHolder
from core.money import PLACES, minor_places
from ledger import chart
from ledger import selectors as ledger_facts
from payouts.amounts import percent_of
from payouts.models import Payment, TaxResidence, TaxYearKept
from payouts.selectors.terms import withholding_rates

ZERO = Decimal(0)


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


class TaxedPayment(NamedTuple):
    """A settled payment as a year's certificate lists it; everything as text but the day, so it can be kept as it is.

    `given_back` and `ask_back` are what of the tax was kept back too much, as shown later by a certificate.
    """

    day: date
    payment: str
    currency: str
    gross: Decimal
    tax_percent: Decimal
    tax: Decimal
    given_back: Decimal
    ask_back: Decimal
    administration: Decimal

    @property
    def net(self) -> Decimal:
        """What is the holder's of it: what left for the holder, and what of the tax was given back later."""
        return self.gross - self.tax + self.given_back - self.administration


class ShownResidence(NamedTuple):
    """A certificate of residence in force on a day of the year."""

    number: str
    country: str
    start: date
    end: date


class TaxYear(NamedTuple):
    """What was paid to a holder in a year and currency, by the day the bank paid, and what was kept back of it."""

    year: int
    currency: str
    payments: int
    gross: Decimal
    tax: Decimal
    given_back: Decimal
    ask_back: Decimal
    administration: Decimal
    net: Decimal


class YearFacts(NamedTuple):
    """What the certificate of one year says."""

    payments: list[TaxedPayment]
    residences: list[ShownResidence]

    @property
    def sums(self) -> list[TaxYear]:
        """The sums per currency."""
        by_year = tax_sums(self.payments)
        return sorted(by_year, key=lambda row: row.currency)


def taxed_payments(holder: RightsHolder, year: int | None = None) -> list[TaxedPayment]:
    """This will list a holder's settled payments, by the day the bank paid; what came back is no part."""
    paid = Payment.objects.filter(holder=holder, status=Payment.Status.SETTLED)
    if year is not None:
        paid = paid.filter(settled_at__year=year)
    rows = paid.annotate(given=corrected("given_back"), ask=corrected("ask_back")).order_by("settled_at", "pk")
    return [
        TaxedPayment(
            row.settled_at.astimezone(UTC).date(),
            row.public_id,
            row.currency,
            row.gross,
            row.tax_percent,
            row.tax,
            row.given,
            row.ask,
            row.administration,
        )
        for row in rows
        if row.settled_at is not None
    ]


def corrected(name: str) -> Coalesce:
    """This will be the sum of one amount of a payment's corrections, in a query of payments."""
    return Coalesce(Sum(f"tax_corrections__{name}"), ZERO, output_field=DecimalField(max_digits=24, decimal_places=8))


def tax_sums(payments: Iterable[TaxedPayment]) -> list[TaxYear]:
    """This will add up payments per year and currency, newest first."""
    groups: dict[tuple[int, str], list[TaxedPayment]] = defaultdict(list)
    for one in payments:
        groups[-one.day.year, one.currency].append(one)
    figures = ("gross", "tax", "given_back", "ask_back", "administration", "net")
    return [
        TaxYear(-year, currency, len(ones), *(sum((getattr(one, name) for one in ones), ZERO) for name in figures))
        for (year, currency), ones in sorted(groups.items())
    ]


def tax_years(holder: RightsHolder) -> list[TaxYear]:
    """This will add up a holder's settled payments per year and currency, newest first."""
    return tax_sums(taxed_payments(holder))


def tax_year(holder: RightsHolder, year: int) -> YearFacts:
    """This will gather the settled payments of a year and the certificates that held on a day of it."""
    shown = TaxResidence.objects.filter(
        holder=holder, status=TaxResidence.Status.ACCEPTED, start__lte=date(year, 12, 31), end__gt=date(year, 1, 1)
    ).order_by("start", "pk")
    return YearFacts(
        taxed_payments(holder, year), [ShownResidence(one.public_id, one.country, one.start, one.end) for one in shown]
    )


def tax_years_kept(holder: RightsHolder) -> QuerySet[TaxYearKept]:
    """This will list what yearly certificates said before they were corrected, the first edition first."""
    return TaxYearKept.objects.filter(holder=holder).order_by("year", "edition")


def kept_facts(kept: TaxYearKept) -> YearFacts:
    """This will read a certificate as it was before it was corrected."""
    payments = [
        TaxedPayment(date.fromisoformat(row[0]), row[1], row[2], *(Decimal(figure) for figure in row[3:]))
        for row in kept.facts["payments"]
    ]
    residences = [
        ShownResidence(row[0], row[1], date.fromisoformat(row[2]), date.fromisoformat(row[3]))
        for row in kept.facts["residences"]
    ]
    return YearFacts(payments, residences)


class TaxDue(NamedTuple):
    """A settled payment of which another tax should have been kept back; `too_much` is beyond what is corrected.

    Below zero it was corrected too far; `asked` is how much of the correction the tax office was to be asked for.
    """

    payment: Payment
    percent: Decimal
    too_much: Decimal
    asked: Decimal


def taxed_otherwise(payments: Iterable[Payment]) -> list[TaxDue]:
    """This will find the payments whose tax is not that of the certificates accepted by now, on the day of the draft.

    Never more than was kept back first is due: who has shown a certificate of a dearer country owes nothing later.
    """
    by_day: dict[date, list[tuple[Payment, Decimal, Decimal]]] = defaultdict(list)
    known = Payment.objects.filter(pk__in=[payment.pk for payment in payments], status=Payment.Status.SETTLED)
    rows = known.annotate(given=corrected("given_back"), ask=corrected("ask_back")).select_related("batch")
    for row in rows.order_by("pk"):
        by_day[row.batch.drafted_at.astimezone(UTC).date()].append((row, row.given, row.ask))
    found = []
    for day, of_it in by_day.items():
        percents = tax_percents({payment.holder_id for payment, _given, _asked in of_it}, day)
        for payment, given, asked in of_it:
            percent = percents[payment.holder_id]
            places = minor_places(payment.currency) if payment.paid_currency == payment.currency else PLACES
            due = min(percent_of(payment.gross, percent, places), payment.tax)
            too_much = payment.tax - due - given - asked
            if too_much:
                found.append(TaxDue(payment, percent, too_much, asked))
    return found


STILL_KEPT = """
SELECT id, greatest(0, least(stays, %s - (sum(stays) OVER (ORDER BY settled_at DESC, id DESC) - stays)))
FROM (
    SELECT 0 AS id, e.event_at AS settled_at, sum(l.credit - l.debit) AS stays
    FROM ledger_entry e JOIN ledger_posting l ON l.entry_id = e.id JOIN ledger_account a ON a.id = l.account_id
    WHERE a.place = 'tax_owed' AND a.currency = %s AND e.kind = 'vat' GROUP BY e.id
    UNION ALL
    SELECT p.id, p.settled_at, p.tax - coalesce(sum(c.given_back), 0) AS stays
    FROM payouts_payment p LEFT JOIN payouts_taxcorrection c ON c.payment_id = p.id
    WHERE p.status = 'settled' AND p.currency = %s GROUP BY p.id
) kept
"""


def tax_still_kept(currency: str) -> dict[int, Decimal]:
    """This will say per settled payment how much of its tax is not yet paid to the tax office.

    The office is paid the oldest first, whether kept back from a holder or paid by a store (id 0).
    """
    owed = ledger_facts.balance(chart.house(chart.Place.TAX_OWED, currency).address, currency).amount
    with connection.cursor() as cursor:
        cursor.execute(STILL_KEPT, [owed, currency, currency])
        return dict(cursor.fetchall())
