"""Payments received from stores, put to reports: royalty to those it is owed to, tax to the tax office."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.money import Money, TooManyDecimals, check_decimals, minor_places
from ledger import recipes
from ledger import services as ledger
from payouts import selectors
from payouts.models import Remittance, RemittanceAllocation
from payouts.services.errors import BadRemittance, MoreThanDue, NotFinance, OwnStore, RemittanceKnown
from sales.models import Licensee, SalesReport

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Allocation:
    """The part of a payment that is for one report; `amount` empty = all that is still due, as far as money reaches."""

    report: SalesReport
    amount: Decimal | None = None


class Part(NamedTuple):
    """How much of a payment goes to a lot, and how much of that is tax."""

    lot: int
    amount: Decimal
    vat: Decimal


def require_finance(by: User) -> None:
    """This will stop who is not of the money office. Raises: NotFinance."""
    if not selectors.is_finance(by):
        raise NotFinance(_("Only finance enters payments."))


def record_remittance(
    *,
    licensee: Licensee,
    payer: str,
    amount: Money,
    received_date: date,
    reference: str,
    allocations: Sequence[Allocation],
    by: User,
    now: datetime,
) -> Remittance:
    """This will enter a payment and put it to reports, in the order given; what is left stays the store's credit.

    The same payer and reference, in capitals or not, with the same figures and reports is the same payment and changes
    nothing. Locks the reports, so that two payments cannot pay the same debt.

    Raises: NotFinance, OwnStore, BadRemittance, MoreThanDue, RemittanceKnown.
    """
    require_finance(by)
    if selectors.acts_for_store(by, licensee):
        raise OwnStore(_("You act for this store: somebody else must enter its payments."))
    _check_amount(amount, licensee, allocations)
    payer, reference = " ".join(payer.split()), " ".join(reference.split())
    with transaction.atomic():
        remittance, is_new = Remittance.objects.get_or_create(
            payer__iexact=payer,
            reference__iexact=reference,
            defaults={
                "payer": payer,
                "reference": reference,
                "licensee": licensee,
                "amount": amount.amount,
                "currency": amount.currency,
                "received_date": received_date,
                "entered_by": by,
                "entered_at": now,
            },
        )
        if not is_new:
            if not _is_same(remittance, licensee, amount, received_date, allocations):
                raise RemittanceKnown(
                    _("This reference was entered before with other figures or reports: %s") % remittance.public_id
                )
            return remittance
        parts = _parts(amount, allocations)
        RemittanceAllocation.objects.bulk_create(
            RemittanceAllocation(remittance=remittance, report_id=part.lot, amount=part.amount, vat=part.vat)
            for part in parts
        )
        _post(remittance, parts)
    return remittance


def _check_amount(amount: Money, licensee: Licensee, allocations: Sequence[Allocation]) -> None:
    try:
        check_decimals(amount.amount, minor_places(amount.currency))
    except TooManyDecimals as error:
        raise BadRemittance(_("A payment comes in whole coins.")) from error
    if amount.amount <= 0:
        raise BadRemittance(_("A payment is more than zero."))
    reports = [allocation.report for allocation in allocations]
    if len({report.lot_number for report in reports}) != len(reports):
        raise BadRemittance(_("A report is named twice."))
    if any(report.licensee_id != licensee.pk for report in reports):
        raise BadRemittance(_("A report of another store is named."))


def _is_same(
    known: Remittance, licensee: Licensee, amount: Money, received_date: date, allocations: Sequence[Allocation]
) -> bool:
    """Tell whether entering a known payment again would say nothing new: same figures, put to the same reports.

    A report that was named without an amount may have got nothing, because nothing was due or no money was left.
    """
    figures = (known.licensee_id, known.amount, known.currency, known.received_date)
    put = dict(known.allocations.values_list("report_id", "amount"))
    asked = {allocation.report.lot_number: allocation.amount for allocation in allocations}
    if figures != (licensee.pk, amount.amount, amount.currency, received_date) or not put.keys() <= asked.keys():
        return False
    if any(wish is not None and wish != put.get(lot, ZERO) for lot, wish in asked.items()):
        return False
    due = selectors.open_amounts(sorted(asked.keys() - put.keys()))
    open_amount = max((due[lot, known.currency].total for lot in asked.keys() - put.keys()), default=ZERO)
    return open_amount <= 0 or sum(put.values()) == known.amount


def _parts(amount: Money, allocations: Sequence[Allocation]) -> list[Part]:
    """Decide how much goes to each report, oldest wish first, and how much of that is tax: in proportion."""
    lots = [allocation.report.lot_number for allocation in allocations]
    list(SalesReport.objects.select_for_update().filter(pk__in=lots).order_by("pk"))
    due = selectors.open_amounts(lots)
    left, parts = amount.amount, []
    for allocation in allocations:
        lot = allocation.report.lot_number
        owed = due[lot, amount.currency]
        part = max(ZERO, min(owed.total, left)) if allocation.amount is None else allocation.amount
        if part < 0 or part > min(max(owed.total, ZERO), left):
            raise MoreThanDue(
                _("%(report)s still owes %(owed)s, and %(left)s of the payment is left.")
                % {
                    "report": allocation.report.public_id,
                    "owed": Money(owed.total, amount.currency),
                    "left": Money(left, amount.currency),
                }
            )
        if part:
            parts.append(Part(lot, part, owed.vat_in(part)))
            left -= part
    return parts


def _post(remittance: Remittance, parts: Iterable[Part]) -> None:
    event_at = datetime.combine(remittance.received_date, time(12), tzinfo=UTC)
    store, currency = remittance.licensee_id, remittance.currency
    royalties = [(part.lot, part.amount - part.vat) for part in parts]
    taxes = [(part.lot, part.vat) for part in parts]
    entries = {
        recipes.Kind.REMITTANCE: recipes.remittance(licensee_id=store, currency=currency, amount=remittance.amount),
        recipes.Kind.FUNDING: recipes.funding(licensee_id=store, currency=currency, lots=royalties),
        recipes.Kind.VAT: recipes.vat(licensee_id=store, currency=currency, lots=taxes),
    }
    for kind, lines in entries.items():
        if lines:
            ledger.post_entry(
                kind=kind,
                idempotency_key=f"{kind}:{remittance.public_id}",
                event_at=event_at,
                postings=lines,
            )
