"""Debts that will never be paid: proposed by one person, decided by another, the claim of every holder kept visible."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.workflow import record_event
from ledger import recipes
from ledger import services as ledger
from payouts import selectors
from payouts.models import WriteOff
from payouts.services.errors import MoreThanDue, NothingDue, ReasonMissing
from payouts.services.second import decide, require_neutral
from sales.models import SalesReport

Status = WriteOff.Status
ZERO = Decimal(0)


def propose_write_off(*, report: SalesReport, currency: str, reason: str, by: User, now: datetime) -> WriteOff:
    """This will propose to give up all that a store still owes for a report in a currency, tax too.

    Proposed again while it waits, the first proposal stands. Locks the report.
    Raises: NotFinance, OwnStore, ReasonMissing, NothingDue.
    """
    require_neutral(by, report.licensee)
    if not reason.strip():
        raise ReasonMissing(_("Say why."))
    with transaction.atomic():
        SalesReport.objects.select_for_update().get(pk=report.lot_number)
        known = WriteOff.objects.filter(report=report, currency=currency, status=Status.PROPOSED).first()
        if known is not None:
            return known
        due = selectors.open_amounts([report.lot_number])[report.lot_number, currency]
        if due.royalty <= 0:
            raise NothingDue(_("Nothing is due for this report."))
        made = WriteOff.objects.create(
            report=report,
            currency=currency,
            amount=due.royalty,
            vat=max(due.vat, ZERO),
            proposed_by=by,
            proposed_at=now,
        )
        record_event(made, "", Status.PROPOSED, by=by, now=now, reason=reason)
    return made


def decide_write_off(*, write_off: WriteOff, approve: bool, by: User, now: datetime, reason: str = "") -> WriteOff:
    """This will approve (the debt ends, nothing becomes received) or refuse a write-off, as the second person.

    Raises: NotFinance, OwnStore, NotTheSecond, MoreThanDue, MoveNotAllowed, MovedMeanwhile.
    """
    report = write_off.report
    require_neutral(by, report.licensee)
    with transaction.atomic():
        SalesReport.objects.select_for_update().get(pk=report.lot_number)
        due = selectors.open_amounts([report.lot_number])[report.lot_number, write_off.currency]
        decide(write_off, Status.APPROVED if approve else Status.REFUSED, by=by, now=now, reason=reason)
        if approve:
            if due.royalty < write_off.amount or due.vat < write_off.vat:
                raise MoreThanDue(_("Meanwhile less is due for this report: refuse this and propose it anew."))
            ledger.post_entry(
                kind=recipes.Kind.WRITE_OFF,
                idempotency_key=f"write_off:{write_off.public_id}",
                event_at=now,
                postings=recipes.write_off(
                    licensee_id=report.licensee_id,
                    currency=write_off.currency,
                    lot=report.lot_number,
                    amount=write_off.amount,
                ),
            )
    write_off.refresh_from_db()
    return write_off
