"""Tax on what stores owe: by which rule, and how much of it was asked for, paid and given up.

The notes ask for it; the ledger knows it from the day it is paid, as owed to the tax office. No part of it is ever
anybody's royalty.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Q
from django.db.models.functions import Coalesce

from ledger.funding import Key
from payouts.models import AmountDue, RemittanceAllocation, VatRule, WriteOff
from sales.models import Licensee

ZERO = Decimal(0)
PAID_IN = Coalesce("remittance__changed_to", "remittance__currency")
"""The currency of the reports that an allocation pays."""


def vat_rule_on(licensee: Licensee, day: date) -> VatRule | None:
    """This will find the rule by which a store's notes of a day are taxed; None: no tax is asked for."""
    begun = VatRule.objects.filter(licensee=licensee, start__lte=day).order_by("-start").first()
    return begun if begun and (begun.end is None or day < begun.end) else None


class Vat(NamedTuple):
    """Tax of one report in one currency."""

    asked: Decimal = ZERO
    paid: Decimal = ZERO
    given_up: Decimal = ZERO

    @property
    def due(self) -> Decimal:
        """What is still to be paid."""
        return self.asked - self.paid - self.given_up


def in_lots(lots: Iterable[int]) -> Q:
    """This will say which rows are of these lots: of their first report or of one that corrects it."""
    return Q(report__in=lots) | Q(report__lot__in=lots)


def vat_by_lot(lots: Sequence[int]) -> dict[Key, Vat]:
    """This will add up the tax per (report, currency); what was never taxed is left out."""
    found: defaultdict[Key, Vat] = defaultdict(Vat)
    for note in AmountDue.objects.filter(in_lots(lots)).exclude(vat=0).select_related("report"):
        key = (note.report.lot_number, note.currency)
        found[key] = found[key]._replace(asked=found[key].asked + note.vat)
    if not found:
        return found
    paid = RemittanceAllocation.objects.filter(report__in=lots, vat__gt=0)
    for lot, currency, vat in paid.values_list("report_id", PAID_IN, "vat"):
        found[lot, currency] = found[lot, currency]._replace(paid=found[lot, currency].paid + vat)
    given_up = WriteOff.objects.filter(in_lots(lots), status=WriteOff.Status.APPROVED, vat__gt=0)
    for one in given_up.select_related("report"):
        key = (one.report.lot_number, one.currency)
        found[key] = found[key]._replace(given_up=found[key].given_up + one.vat)
    return found
