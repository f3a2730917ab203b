"""The published figures: sums everybody may see, each from one place, dated.

Reported and received are what stores sent (payouts' notes and remittances); royalty, unclaimed and not yet paid are
balances of the ledger. Sums over the ledger are kept until its last entry changes; the count of opt-outs is live.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.cache import cache
from django.db.models import Max, Sum

from claims.models import OptOut
from ledger import selectors as ledger
from ledger.chart import OWED, Place
from ledger.models import Entry
from payouts.models import AmountDue, Remittance, RemittanceAllocation
from payouts.selectors.vat import PAID_IN

KEPT_SECONDS = 3600
ZERO = Decimal(0)
SHOWN_AS = {Place.RECEIVABLE: "unpaid", Place.IN_PAYOUT: "payable", Place.POST_WITHDRAWAL: "held"}


@dataclass
class CurrencyFigures:
    """The sums of one currency."""

    currency: str
    reported: Decimal = ZERO
    royalty: Decimal = ZERO
    received: Decimal = ZERO
    unpaid: Decimal = ZERO
    unclaimed: Decimal = ZERO
    unidentified: Decimal = ZERO
    disputed: Decimal = ZERO
    held: Decimal = ZERO
    payable: Decimal = ZERO
    paid: Decimal = ZERO

    @property
    def waiting(self) -> Decimal:
        """Without an owner so far: no holder has come, or even the track is not known."""
        return self.unclaimed + self.unidentified


@dataclass
class Figures:
    """Everything the public page shows, as of a moment."""

    as_of: datetime
    opt_outs: int
    currencies: list[CurrencyFigures] = field(default_factory=list)


def published(*, now: datetime) -> Figures:
    """This will sum up the portal for the public, main currency first."""
    last_entry = Entry.objects.aggregate(last=Max("pk"))["last"] or 0
    notes = AmountDue.objects.aggregate(last=Max("pk"))["last"] or 0
    currencies = _kept(f"figures:{last_entry}:{notes}", _sums)
    granted = OptOut.objects.filter(status=OptOut.Status.GRANTED).count()
    return Figures(as_of=now, opt_outs=granted, currencies=currencies)


def _kept(key: str, work: Callable[[], Any]) -> Any:
    """This will keep an answer as long as its key stays the same."""
    found = cache.get(key)
    if found is None:
        found = work()
        cache.set(key, found, KEPT_SECONDS)
    return found


def _sums() -> list[CurrencyFigures]:
    by_currency: dict[str, CurrencyFigures] = {}

    def of(currency: str) -> CurrencyFigures:
        return by_currency.setdefault(currency, CurrencyFigures(currency))

    for row in ledger.totals():
        amount, sums = ledger.signed(row.place, row.debit, row.credit), of(row.currency)
        if row.place in OWED:
            sums.royalty += -amount if row.place == Place.RECOVERABLE else amount
        name = SHOWN_AS.get(Place(row.place), row.place)
        if name in ("unclaimed", "unidentified", "disputed", "held", "payable", "paid", "unpaid"):
            setattr(sums, name, getattr(sums, name) + amount)
    for currency, reported in AmountDue.objects.values_list("currency").annotate(Sum("base")).order_by("currency"):
        of(currency).reported = reported
    for currency, received in Remittance.objects.values_list("currency").annotate(Sum("amount")).order_by("currency"):
        of(currency).received = received
    changed = Remittance.objects.filter(changed_to__isnull=False).values_list("currency", "changed_to")
    for currency, into, taken, worth in changed.annotate(Sum("changed"), Sum("worth")).order_by("currency"):
        of(currency).received -= taken
        of(into).received += worth
    taxes = RemittanceAllocation.objects.filter(vat__gt=0).values_list(PAID_IN).annotate(Sum("vat"))
    for currency, tax in taxes.order_by():
        of(currency).received -= tax
    return sorted(by_currency.values(), key=lambda sums: (-sums.royalty, sums.currency))
