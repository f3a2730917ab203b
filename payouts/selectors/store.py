"""What stores owe and what they paid."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Q, QuerySet

from core.money import Money
from ledger import chart
from ledger import selectors as ledger_facts
from ledger.funding import Key
from payouts.models import AmountDue, Remittance
from payouts.selectors.access import Person, is_finance
from payouts.selectors.balance import ZERO
from sales.models import Licensee, SalesReport


def outstanding(lots: Sequence[int]) -> dict[Key, Decimal]:
    """This will give what is still due per (report, currency)."""
    return {
        (lot, currency): accrued - received - written_off - rounded
        for lot, currency, accrued, received, written_off, rounded in ledger_facts.funding(list(lots))
    }


class DueRow(NamedTuple):
    """A note with what was paid on it so far."""

    note: AmountDue
    received: Decimal
    outstanding: Decimal


def due_rows(notes: Iterable[AmountDue]) -> list[DueRow]:
    """This will put beside each note what the ledger says was received for its report."""
    notes = list(notes)
    facts = {(f.lot, f.currency): f for f in ledger_facts.funding([note.report_id for note in notes])}
    rows = []
    for note in notes:
        found = facts.get((note.report_id, note.currency))
        received = found.received if found else ZERO
        left = found.accrued - found.received - found.written_off - found.rounded if found else note.amount
        rows.append(DueRow(note, received, left))
    return rows


def amounts_due_for(user: Person) -> QuerySet[AmountDue]:
    """This will find the notes a person may see: all for finance, a store's own for its people."""
    notes = AmountDue.objects.select_related("report", "licensee").order_by("-id")
    if is_finance(user):
        return notes
    return notes.filter(licensee__members__user_id=user.pk) if user.pk else notes.none()


def remittances_for(user: Person) -> QuerySet[Remittance]:
    """This will find the payments a person may see: all for finance, a store's own for its people."""
    found = Remittance.objects.select_related("licensee", "entered_by").prefetch_related("allocations__report")
    found = found.order_by("-received_date", "-id")
    if is_finance(user):
        return found
    return found.filter(licensee__members__user_id=user.pk) if user.pk else found.none()


def open_reports(licensee: Licensee, currency: str) -> list[SalesReport]:
    """This will find the posted reports a store still owes for, oldest usage first."""
    posted = SalesReport.objects.filter(licensee=licensee, status=SalesReport.Status.POSTED)
    reports = list(posted.order_by("usage_start", "id"))
    due = outstanding([report.pk for report in reports])
    return [report for report in reports if due.get((report.pk, currency), ZERO) > 0]


def unallocated(licensee: Licensee, currency: str) -> Money:
    """This will give the store's credit: what it paid that no report has taken."""
    account = chart.of_licensee(chart.Place.UNALLOCATED, licensee.pk, currency)
    return ledger_facts.balance(account.address, currency)


def credits_for(user: Person) -> list[tuple[Licensee, Money]]:
    """This will give the credit of every store the person may see, per currency it ever paid in."""
    pairs = remittances_for(user).order_by().values_list("licensee_id", "currency").distinct()
    stores = Licensee.objects.in_bulk({licensee_id for licensee_id, _ in pairs})
    found = [(stores[licensee_id], unallocated(stores[licensee_id], currency)) for licensee_id, currency in pairs]
    return sorted(
        ((store, credit) for store, credit in found if credit), key=lambda row: (row[0].name, row[1].currency)
    )


def open_report_choices() -> list[tuple[str, str]]:
    """This will offer the reports somebody still owes for, oldest usage first, with what is due on each."""
    reports = SalesReport.objects.filter(status=SalesReport.Status.POSTED).select_related("licensee")
    known = {report.pk: report for report in reports.order_by("usage_start", "id")}
    due: dict[int, list[str]] = {}
    for (lot, currency), amount in outstanding(list(known)).items():
        if lot is not None and amount > 0:
            due.setdefault(lot, []).append(f"{amount:f} {currency}")
    return [
        (report.public_id, f"{report.licensee} {report.usage_start or report.received_at.date()}: {', '.join(due[pk])}")
        for pk, report in known.items()
        if pk in due
    ]


def reports_without_note() -> QuerySet[SalesReport]:
    """This will find posted reports that have no amount-due note yet although something was accrued."""
    return SalesReport.objects.filter(
        Q(status=SalesReport.Status.POSTED), ~Q(amounts_due__isnull=False), totals__royalty__gt=0
    ).distinct()
