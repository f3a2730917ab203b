"""Payments received from stores, put to reports: royalty to those it is owed to, tax to the tax office."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.money import Money, TooManyDecimals, check_decimals, minor_places
from ledger import recipes
from ledger import services as ledger
from payouts import selectors
from payouts.models import Remittance, RemittanceAllocation
from payouts.services.errors import BadRemittance, NotFinance, OwnStore, RemittanceKnown
from payouts.services.payment_parts import Allocation, Incoming, Part
from sales.models import Licensee, SalesReport


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
    paid_in: str = "",
    rates: str = "",
) -> Remittance:
    """This will enter a payment and put it to reports, in the order given; what is left stays the store's credit.

    `paid_in` is the currency in which the reports are paid, if it is another than the payment's: as much of the payment
    as they take is changed at the central bank's rate of the day it came; `rates` is a newer file of rates.

    The same payer and reference, in capitals or not, with the same figures and reports is the same payment and changes
    nothing. Locks the reports, so that two payments cannot pay the same debt.

    Raises: NotFinance, OwnStore, BadRemittance, MoreThanDue, RemittanceKnown.
    """
    require_finance(by)
    if selectors.acts_for_store(by, licensee):
        raise OwnStore(_("You act for this store: somebody else must enter its payments."))
    _check_amount(amount, licensee, allocations)
    payer, reference = " ".join(payer.split()), " ".join(reference.split())
    wish = Incoming(licensee, amount, received_date, allocations, paid_in or amount.currency, rates)
    with transaction.atomic():
        list(SalesReport.objects.select_for_update().filter(pk__in=wish.lots).order_by("pk"))
        known = Remittance.objects.filter(payer__iexact=payer, reference__iexact=reference).first()
        remittance, is_new = (known, False) if known else _enter(wish, payer, reference, by, now)
        if not is_new and not wish.is_same(remittance):
            raise RemittanceKnown(
                _("This reference was entered before with other figures or reports: %s") % remittance.public_id
            )
    return remittance


def _enter(wish: Incoming, payer: str, reference: str, by: User, now: datetime) -> tuple[Remittance, bool]:
    """Write a payment that is not known and post it; if somebody was faster, give theirs."""
    parts, change = wish.decide()
    remittance, is_new = Remittance.objects.get_or_create(
        payer__iexact=payer,
        reference__iexact=reference,
        defaults={
            "payer": payer,
            "reference": reference,
            "licensee": wish.licensee,
            "amount": wish.amount.amount,
            "currency": wish.amount.currency,
            "received_date": wish.received_date,
            "entered_by": by,
            "entered_at": now,
            **change,
        },
    )
    if is_new:
        RemittanceAllocation.objects.bulk_create(
            RemittanceAllocation(remittance=remittance, report_id=part.lot, amount=part.amount, vat=part.vat)
            for part in parts
        )
        _post(remittance, parts)
    return remittance, is_new


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


def _post(remittance: Remittance, parts: Iterable[Part]) -> None:
    event_at = datetime.combine(remittance.received_date, time(12), tzinfo=UTC)
    store, currency = remittance.licensee_id, remittance.paid_in
    royalties = [(part.lot, part.amount - part.vat) for part in parts]
    taxes = [(part.lot, part.vat) for part in parts]
    came = Money(remittance.amount, remittance.currency)
    entries = {
        recipes.Kind.REMITTANCE: recipes.remittance(licensee_id=store, currency=came.currency, amount=came.amount),
        recipes.Kind.EXCHANGE: _exchange(remittance),
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


def _exchange(remittance: Remittance) -> recipes.Lines:
    if remittance.changed_to is None:
        return []
    assert remittance.changed is not None
    assert remittance.worth is not None
    return recipes.exchange(
        licensee_id=remittance.licensee_id,
        paid=(remittance.currency, remittance.changed),
        worth=(remittance.changed_to, remittance.worth),
    )
