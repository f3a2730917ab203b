"""Money that came in, as the bank or a table tells it: said by a person for which store and reports it is."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.money import Money
from core.workflow import record_event
from payouts.formats.payments_table import BadTable, read_table
from payouts.models import BankFile, BankLine, Conversion, HouseBooking, Remittance, StoreRefund
from payouts.services.bank import Taken
from payouts.services.errors import BadBankAnswer, EntryDiffers, LineDone, ReasonMissing
from payouts.services.payment_parts import Allocation
from payouts.services.store import record_remittance, require_finance
from sales.models import Licensee, SalesReport

Outcome = BankLine.Outcome
Explained = Remittance | HouseBooking | StoreRefund | Conversion


def take_payments_table(*, content: bytes, by: User, now: datetime) -> Taken:
    """This will take in a table of payments received (CSV); every row waits for a person to say what it is for.

    The same file again changes nothing. Raises: NotFinance, BadBankAnswer naming the row.
    """
    require_finance(by)
    sha256 = hashlib.sha256(content).hexdigest()
    known = BankFile.objects.filter(sha256=sha256).first()
    if known is not None:
        return Taken(known, is_new=False)
    try:
        rows = read_table(content)
    except BadTable as error:
        raise BadBankAnswer(_("This table cannot be read: %s") % error) from error
    with transaction.atomic():
        file = BankFile.objects.create(kind="csv", message_id=sha256, sha256=sha256, taken_by=by, taken_at=now)
        BankLine.objects.bulk_create(
            BankLine(
                file=file,
                number=number,
                amount=row.amount,
                currency=row.currency,
                value_date=row.day,
                reference=row.reference,
                payer=row.payer,
                text=row.text,
                outcome=Outcome.WAITING,
                reason="not_understood",
            )
            for number, row in enumerate(rows, 1)
        )
    return Taken(file, is_new=True)


def enter_bank_line(
    *,
    line: BankLine,
    licensee: Licensee,
    reports: Sequence[SalesReport],
    by: User,
    now: datetime,
    paid_in: str = "",
    rates: str = "",
) -> Remittance:
    """This will enter money that came in as a payment of a store for these reports, in the order given.

    Entered again, the first payment stands. Locks the line. Raises: LineDone, and what `record_remittance` raises.
    """
    with transaction.atomic():
        current = BankLine.objects.select_for_update().get(pk=line.pk)
        if current.remittance is not None:
            return current.remittance
        amount = current.amount
        if current.outcome != Outcome.WAITING or amount is None or amount <= 0 or current.value_date is None:
            raise LineDone(_("This line is no money that came in and waits."))
        remittance = record_remittance(
            licensee=licensee,
            payer=current.payer or licensee.name,
            amount=Money(amount, current.currency),
            received_date=current.value_date,
            reference=current.reference or f"{current.file.public_id}-{current.number}",
            allocations=[Allocation(report) for report in reports],
            by=by,
            now=now,
            paid_in=paid_in,
            rates=rates,
        )
        _end(current, Outcome.ENTERED, by, now, explains=("remittance", remittance))
    return remittance


def explain_bank_line(*, line: BankLine, number: str, by: User, now: datetime) -> BankLine:
    """This will say which entry a waiting line explains: a payment entered by hand, a booking, a refund, a conversion.

    Amount and currency must be those of the entry (of a conversion those of one side), and no other line may explain
    it. Locks the line.
    Raises: NotFinance, LineDone, EntryDiffers.
    """
    require_finance(by)
    with transaction.atomic():
        current = BankLine.objects.select_for_update(of=("self",)).get(pk=line.pk)
        if current.outcome != Outcome.WAITING or current.amount is None:
            raise LineDone(_("This line does not wait any more."))
        column, found, moved = _entry_named(number.strip().upper())
        ours = next((one for one in moved if one.currency == current.currency), moved[0])
        if (ours.amount, ours.currency) != (current.amount, current.currency):
            raise EntryDiffers(
                _("%(number)s is %(ours)s, the line %(bank)s.")
                % {"number": found.public_id, "ours": ours, "bank": Money(current.amount, current.currency)}
            )
        if BankLine.objects.filter(**{column: found, "currency": current.currency}).exists():
            raise EntryDiffers(_("Another line explains %s.") % found.public_id)
        outcome = Outcome.ENTERED if column == "remittance" else Outcome.EXPLAINED
        _end(current, outcome, by, now, explains=(column, found))
    return current


def _entry_named(number: str) -> tuple[str, Explained, list[Money]]:
    """Find what a number names and what of it moved at the bank, above zero to us. Raises: EntryDiffers."""
    if (paid := Remittance.objects.filter(public_id=number).first()) is not None:
        return "remittance", paid, [Money(paid.amount, paid.currency)]
    if (booking := HouseBooking.objects.filter(public_id=number).first()) is not None:
        moved = Money(booking.amount, booking.currency)
        comes = booking.kind in (HouseBooking.Kind.INTEREST, HouseBooking.Kind.OPENING)
        return "booking", booking, [moved if comes else -moved]
    sent = StoreRefund.objects.filter(public_id=number, status=StoreRefund.Status.APPROVED).first()
    if sent is not None:
        return "refund", sent, [-Money(sent.amount, sent.currency)]
    changed = Conversion.objects.filter(public_id=number, status=Conversion.Status.APPROVED).first()
    if changed is not None:
        bought = Money(changed.bought, changed.bought_currency)
        return "conversion", changed, [-Money(changed.sold, changed.sold_currency), bought]
    raise EntryDiffers(_("No payment, booking, refund or conversion has the number %s.") % number)


def pass_bank_line(*, line: BankLine, reason: str, by: User, now: datetime) -> BankLine:
    """This will set a waiting line aside, with words. Raises: NotFinance, ReasonMissing, LineDone."""
    require_finance(by)
    if not reason.strip():
        raise ReasonMissing(_("Say why."))
    with transaction.atomic():
        current = BankLine.objects.select_for_update().get(pk=line.pk)
        if current.outcome != Outcome.WAITING:
            raise LineDone(_("This line does not wait any more."))
        _end(current, Outcome.PASSED, by, now, reason=reason)
    return current


def _end(
    line: BankLine,
    outcome: str,
    by: User,
    now: datetime,
    *,
    reason: str = "",
    explains: tuple[str, Explained] | None = None,
) -> None:
    """Write down what came of a line; `explains` is the column and what it names."""
    line.outcome, line.reason = outcome, ""
    if explains is not None:
        setattr(line, *explains)
    line.save(update_fields=["outcome", "reason", *([explains[0]] if explains else [])])
    record_event(line, Outcome.WAITING, outcome, by=by, now=now, reason=reason)
