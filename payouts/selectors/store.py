"""What stores owe and what they paid."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import ROUND_DOWN, Context, Decimal
from typing import NamedTuple

from django.db.models import Q, QuerySet

from core.money import UNIT, Money
from ledger import chart
from ledger import selectors as ledger_facts
from ledger.funding import Key
from payouts.models import AmountDue, Remittance
from payouts.selectors.access import Person, is_finance
from payouts.selectors.balance import ZERO
from payouts.selectors.vat import in_lots, vat_by_lot
from sales.models import Licensee, LicenseeMember, SalesReport

_CUT = Context(prec=100, rounding=ROUND_DOWN)


def outstanding(lots: Sequence[int]) -> dict[Key, Decimal]:
    """This will give what is still due per (report, currency), before tax."""
    return {
        (lot, currency): accrued - received - written_off - rounded
        for lot, currency, accrued, received, written_off, rounded in ledger_facts.funding(list(lots))
    }


class Open(NamedTuple):
    """What is still due for a report in a currency: royalty, and the tax its notes asked for beside it."""

    royalty: Decimal = ZERO
    vat: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        """Both."""
        return self.royalty + self.vat

    def vat_in(self, paid: Decimal) -> Decimal:
        """This will say how much of a payment of at most `total` is tax: in proportion, cut; the last takes all."""
        if self.vat <= 0 or self.royalty <= 0:
            return min(paid, max(self.vat, ZERO))
        if paid >= self.total:
            return self.vat
        return _CUT.divide(_CUT.multiply(paid, self.vat), self.total).quantize(UNIT, context=_CUT)


def open_amounts(lots: Sequence[int]) -> defaultdict[Key, Open]:
    """This will give what is still due per (report, currency), tax apart. No tax is booked before it is paid."""
    found: defaultdict[Key, Open] = defaultdict(Open)
    for key, royalty in outstanding(lots).items():
        found[key] = Open(royalty)
    for key, vat in vat_by_lot(lots).items():
        found[key] = found[key]._replace(vat=vat.due)
    return found


class DueRow(NamedTuple):
    """A note with what was paid on it so far; tax is part of all figures."""

    note: AmountDue
    received: Decimal
    outstanding: Decimal


class Noted(NamedTuple):
    """What the notes of a chain of reports come to so far, and the last of them."""

    base: Decimal = ZERO
    amount: Decimal = ZERO
    vat: Decimal = ZERO
    last: AmountDue | None = None


def noted(report: SalesReport) -> defaultdict[str, Noted]:
    """This will add up, per currency, the notes of the other reports of a report's chain."""
    found: defaultdict[str, Noted] = defaultdict(Noted)
    notes = AmountDue.objects.filter(in_lots([report.lot_number])).exclude(report=report)
    for note in notes.select_related("vat_rule").order_by("id"):
        sums = found[note.currency]
        found[note.currency] = Noted(sums.base + note.base, sums.amount + note.amount, sums.vat + note.vat, note)
    return found


def due_rows(notes: Iterable[AmountDue]) -> list[DueRow]:
    """This will put beside each note what the ledger says was received for its report.

    Notes of one chain of reports share one lot: what is still due of it stands on its newest notes.
    """
    notes = list(notes)
    lots = {note.report.lot_number for note in notes}
    facts = {(f.lot, f.currency): f for f in ledger_facts.funding(sorted(lots))}
    left: dict[Key, Decimal] = {key: f.accrued - f.received - f.written_off - f.rounded for key, f in facts.items()}
    received: dict[Key, Decimal] = {key: f.received for key, f in facts.items()}
    for key, vat in vat_by_lot(sorted(lots)).items():
        left[key] = left.get(key, ZERO) + vat.due
        received[key] = received.get(key, ZERO) + vat.paid
    rows: dict[int, tuple[Decimal, Decimal]] = {}
    chains = AmountDue.objects.filter(in_lots(lots)).select_related("report").order_by("id")
    by_lot: dict[Key, list[AmountDue]] = {}
    for note in chains:
        by_lot.setdefault((note.report.lot_number, note.currency), []).append(note)
    for key, chain in by_lot.items():
        rows |= _over_notes(chain, received.get(key, ZERO), left.get(key, chain[-1].total))
    return [DueRow(note, *rows[note.pk]) for note in notes]


def _over_notes(chain: Sequence[AmountDue], received: Decimal, left: Decimal) -> dict[int, tuple[Decimal, Decimal]]:
    """Put what was received on the oldest notes of a chain, what is left on the newest: {note: (received, left)}."""
    if len(chain) == 1:
        return {chain[0].pk: (received, left)}
    paid, due = {}, {}
    for note in chain[:-1]:
        paid[note.pk] = min(max(ZERO, note.total), received)
        received -= paid[note.pk]
    paid[chain[-1].pk] = received
    for note in reversed(chain[1:]):
        due[note.pk] = min(max(ZERO, note.total), max(ZERO, left))
        left -= due[note.pk]
    due[chain[0].pk] = left
    return {note.pk: (paid[note.pk], due[note.pk]) for note in chain}


def stores_of(user: Person) -> QuerySet[LicenseeMember, int]:
    """This will find the stores a person acts for."""
    return LicenseeMember.objects.filter(user_id=user.pk or 0).values_list("licensee_id", flat=True)


def amounts_due_for(user: Person, report_id: str = "") -> QuerySet[AmountDue]:
    """This will find the notes a person may see: all for finance, a store's own for its people.

    With a report only those of its chain: the report itself, what it corrected and what corrects it.
    """
    notes = AmountDue.objects.select_related("report", "licensee", "vat_rule", "corrects").order_by("-id")
    if report_id:
        report = SalesReport.objects.filter(public_id=report_id).first()
        notes = notes.filter(in_lots([report.lot_number])) if report else notes.none()
    if is_finance(user):
        return notes
    return notes.filter(licensee__in=stores_of(user))


def remittances_for(user: Person) -> QuerySet[Remittance]:
    """This will find the payments a person may see: all for finance, a store's own for its people."""
    found = Remittance.objects.select_related("licensee", "entered_by").prefetch_related("allocations__report")
    found = found.order_by("-received_date", "-id")
    if is_finance(user):
        return found
    return found.filter(licensee__in=stores_of(user))


def unallocated(licensee: Licensee, currency: str) -> Money:
    """This will give the store's credit: what it paid that no report has taken."""
    account = chart.of_licensee(chart.Place.UNALLOCATED, licensee.pk, currency)
    return ledger_facts.balance(account.address, currency)


def credits_for(user: Person) -> list[tuple[Licensee, Money]]:
    """This will give the credit of every store the person may see, per currency it ever paid in."""
    pairs = remittances_for(user).order_by().values_list("licensee_id", "currency").distinct()
    accounts = {
        (licensee_id, currency): chart.of_licensee(chart.Place.UNALLOCATED, licensee_id, currency).address
        for licensee_id, currency in pairs
    }
    stores = Licensee.objects.in_bulk({licensee_id for licensee_id, _ in accounts})
    balances = ledger_facts.balances(accounts.values())
    found = [
        (stores[licensee_id], balances[address, currency])
        for (licensee_id, currency), address in accounts.items()
        if balances.get((address, currency))
    ]
    return sorted(found, key=lambda row: (row[0].name, row[1].currency))


def open_report_choices() -> list[tuple[str, str]]:
    """This will offer the reports somebody still owes for, oldest usage first, with what is due on each."""
    reports = SalesReport.objects.filter(status=SalesReport.Status.POSTED).select_related("licensee")
    known = {report.lot_number: report for report in reports.order_by("usage_start", "id")}
    due: dict[int, list[str]] = {}
    for (lot, currency), amount in open_amounts(list(known)).items():
        if lot is not None and amount.total > 0:
            due.setdefault(lot, []).append(f"{amount.total:f} {currency}")
    return [
        (one.public_id, f"{one.licensee} {one.usage_start or one.received_at.date()}: {', '.join(due[lot])}")
        for lot, one in known.items()
        if lot in due
    ]


def reports_without_note() -> QuerySet[SalesReport]:
    """This will find posted reports that have no amount-due note yet although something was accrued, or corrected."""
    accrued = Q(lot=None, totals__royalty__gt=0) | Q(lot__isnull=False, totals__isnull=False)
    return SalesReport.objects.filter(
        accrued, Q(status=SalesReport.Status.POSTED), ~Q(amounts_due__isnull=False)
    ).distinct()


def notes_named(text: str) -> list[AmountDue]:
    """This will find the amount-due notes whose numbers stand in the text of a transfer, oldest first."""
    numbers = re.findall(r"[A-Z0-9][A-Z0-9_-]*-[0-9]{5}", text.upper())
    return list(AmountDue.objects.filter(number__in=numbers).select_related("licensee", "report").order_by("id"))
