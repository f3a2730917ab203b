"""Numbered notes of what stores owe: royalty, and the tax on it by the rule of the day."""

from datetime import datetime, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_UP, Context, Decimal

from django.db import transaction
from django.db.models import Max

from core.money import minor_places
from ledger import selectors as ledger_facts
from payouts import selectors
from payouts.models import AmountDue, VatRule
from sales.models import Licensee, ReportTotal, SalesReport

DAYS_TO_PAY = timedelta(days=30)
ZERO = Decimal(0)
_HALF_UP = Context(prec=100, rounding=ROUND_HALF_UP)


def issue_amounts_due(*, report: SalesReport, now: datetime) -> list[AmountDue]:
    """This will give every currency of a posted report its numbered note; the second call returns the first notes.

    The amount is what the ledger accrued; of a report that took another's place what it accrued above the notes of its
    chain so far, below zero as a credit, taxed as the note it corrects. Locks the licensee, so that numbers have no
    gaps.
    """
    with transaction.atomic():
        licensee = Licensee.objects.select_for_update().get(pk=report.licensee_id)
        known = set(AmountDue.objects.filter(report=report).values_list("currency", flat=True))
        bases = dict(ReportTotal.objects.filter(report=report).values_list("currency", "base"))
        noted = selectors.noted(report)
        workings = selectors.workings_of(report)
        last = AmountDue.objects.filter(licensee=licensee).aggregate(last=Max("sequence"))["last"] or 0
        for _lot, currency, accrued, *_rest in ledger_facts.funding([report.lot_number]):
            before = noted[currency]
            amount = accrued - before.amount
            if currency in known or (amount <= 0 and report.lot_id is None):
                continue
            last += 1
            rule = before.last.vat_rule if before.last else selectors.vat_rule_on(licensee, now.date())
            vat = vat_on(accrued, rule, currency) - before.vat
            AmountDue.objects.create(
                report=report,
                licensee=licensee,
                sequence=last,
                number=f"{licensee.code.upper()}-{last:05d}",
                currency=currency,
                base=bases.get(currency, ZERO) - before.base,
                amount=amount,
                vat=vat,
                vat_rule=rule,
                payable=up_to_coin(amount + vat, currency),
                corrects=before.last,
                workings=workings.get(currency, []),
                issued_at=now,
                due_date=now.date() + DAYS_TO_PAY,
            )
    return list(AmountDue.objects.filter(report=report).order_by("currency"))


def vat_on(royalty: Decimal, rule: VatRule | None, currency: str) -> Decimal:
    """This will give the tax on a royalty in whole coins, half a coin up: tax is asked for and paid on in coins."""
    if rule is None:
        return ZERO
    exact = _HALF_UP.multiply(royalty, rule.percent).scaleb(-2, _HALF_UP)
    return exact.quantize(Decimal(1).scaleb(-minor_places(currency)), context=_HALF_UP)


def up_to_coin(amount: Decimal, currency: str) -> Decimal:
    """This will round an amount up to what can be transferred."""
    return amount.quantize(Decimal(1).scaleb(-minor_places(currency)), rounding=ROUND_CEILING)
