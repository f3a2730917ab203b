"""To the bank and back: the file of a batch, and what the bank answers.

A bank file is taken in once: the same bytes again change nothing, another file with the same number is refused. What a
line says is done only if payment, amount and currency are those we ordered; anything else waits for a person.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import chain

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.money import TooManyDecimals, check_decimals, minor_places
from core.workflow import move, move_many, record_event
from payouts.formats import bank_answers, pain001
from payouts.formats.bank_answers import Answer, Line, NotABankFile
from payouts.models import BankBalance, BankFile, BankLine, Payment, PaymentFile, PayoutBatch
from payouts.services.batch import drop_unfit, lock_holders, settle, undo
from payouts.services.errors import (
    BadBankAnswer,
    BankFileChanged,
    FileNotTheSame,
    NoDebtor,
    NothingToPay,
    OrderDiffers,
)
from payouts.services.payee import open_payees
from payouts.services.store import require_finance
from payouts.services.tax_back import keep_tax_years

Status, Outcome = Payment.Status, BankLine.Outcome
ZERO = Decimal(0)


# Sending --------------------------------------------------------------------------------------------------------------
def send_batch(
    *,
    batch: PayoutBatch,
    version: str,
    execution_date: date,
    debtor: pain001.Debtor,
    by: User,
    now: datetime,
) -> PaymentFile:
    """This will make the bank file of an approved batch; who can no longer be paid is taken out before.

    Sent again, the first file stands. Raises: NotFinance, NoDebtor, NothingToPay, MoveNotAllowed, MovedMeanwhile.
    """
    require_finance(by)
    if not (debtor.iban and debtor.bic and debtor.name):
        raise NoDebtor(_("Nobody has said from which account is paid: ROMS_PAYER_NAME, _IBAN and _BIC."))
    with transaction.atomic():
        known = PaymentFile.objects.filter(batch=batch).first()
        if known is not None:
            return known
        move(batch, PayoutBatch.Status.SENT, by=by, now=now)
        drop_unfit(batch, by, now)
        payments = _live(batch, Status.APPROVED)
        if not payments:
            raise NothingToPay(_("No payment of this batch can be made any more: discard it."))
        content = pain001.write(_order(batch, payments, execution_date, debtor, now), version)
        made = PaymentFile.objects.create(
            batch=batch,
            version=version,
            sha256=hashlib.sha256(content).hexdigest(),
            payment_count=len(payments),
            control_sum=sum((payment.paid for payment in payments), ZERO),
            execution_date=execution_date,
            made_by=by,
            made_at=now,
        )
        move_many(payments, Status.SENT, by=by, now=now)
    return made


def bank_file(*, batch: PayoutBatch, debtor: pain001.Debtor, by: User, now: datetime) -> bytes:
    """This will make the file of a sent batch once more, the same to the last byte, and write down who took it.

    Raises: NotFinance, FileNotTheSame, core.vault.VaultError, PaymentFile.DoesNotExist.
    """
    require_finance(by)
    made = PaymentFile.objects.get(batch=batch)
    payments = _live(batch, Status.SENT, Status.SETTLED, Status.RETURNED, Status.REFUSED)
    content = pain001.write(_order(batch, payments, made.execution_date, debtor, made.made_at), made.version)
    if hashlib.sha256(content).hexdigest() != made.sha256:
        raise FileNotTheSame(_("The file cannot be made as it was sent: the paying account has changed."))
    record_event(batch, batch.status, "fetched", by=by, now=now)
    return content


def _live(batch: PayoutBatch, *statuses: str) -> list[Payment]:
    found = batch.payments.filter(status__in=statuses).select_related("payee__holder", "holder")
    return list(found.order_by("pk"))


def _order(
    batch: PayoutBatch, payments: Iterable[Payment], day: date, debtor: pain001.Debtor, made_at: datetime
) -> pain001.Order:
    paid = [(payment, payment.payee) for payment in payments if payment.payee is not None]
    transfers = []
    accounts = open_payees(payees=[payee for _payment, payee in paid])
    for (payment, _payee), account in zip(paid, accounts, strict=True):
        coins = payment.paid.quantize(Decimal(1).scaleb(-minor_places(payment.paid_currency)))
        text = f"ROMS {payment.public_id} {payment.holder.public_id}"
        transfers.append(pain001.Transfer(payment.public_id, coins, payment.paid_currency, account, text))
    return pain001.Order(batch.public_id, made_at.astimezone(UTC), day, debtor, transfers)


# Answers --------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Taken:
    """A bank file taken in; `is_new` is false for the same file again, which changes nothing."""

    file: BankFile
    is_new: bool


def take_bank_file(*, content: bytes, by: User, now: datetime) -> Taken:
    """This will take in a pain.002, camt.053 or camt.054 and do what it says.

    All or nothing: a file that contradicts itself or our order as a whole is refused and leaves no trace.

    Raises: NotFinance, BadBankAnswer, BankFileChanged, OrderDiffers.
    """
    require_finance(by)
    sha256 = hashlib.sha256(content).hexdigest()
    known = BankFile.objects.filter(sha256=sha256).first()
    if known is not None:
        return Taken(known, is_new=False)
    try:
        answer = bank_answers.read(content)
    except NotABankFile as error:
        raise BadBankAnswer(_("This is no bank file we can read: %s") % error) from error
    with transaction.atomic():
        _one_at_a_time()
        same = BankFile.objects.filter(kind=answer.kind, message_id=answer.message_id).first()
        if same is not None:
            if same.sha256 == sha256:
                return Taken(same, is_new=False)
            raise BankFileChanged(_("Another file with the number %s was taken in before.") % answer.message_id)
        file = BankFile.objects.create(
            kind=answer.kind, message_id=answer.message_id, sha256=sha256, taken_by=by, taken_at=now
        )
        _Taking(file, answer, by, now).do()
    return Taken(file, is_new=True)


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('payouts.take_bank_file'))")


class _Taking:
    """One bank file being taken in."""

    def __init__(self, file: BankFile, answer: Answer, by: User, now: datetime) -> None:
        self.file, self.answer, self.by, self.now = file, answer, by, now
        self.order = self._order()
        numbers = [line.end_to_end_id for line in answer.lines if line.end_to_end_id]
        found = Payment.objects.select_related("batch").filter(public_id__in=numbers)
        self.payments = {payment.public_id: payment for payment in found}
        self.settled: dict[tuple[int, datetime], list[Payment]] = defaultdict(list)
        self.cost: dict[int, Decimal] = {}
        self.refused: list[Payment] = []
        self.returned: list[Payment] = []

    def _order(self) -> PayoutBatch | None:
        """Find the batch a pain.002 answers. Raises: OrderDiffers."""
        if not self.answer.order_id:
            return None
        batch = PayoutBatch.objects.filter(public_id=self.answer.order_id).first()
        made = PaymentFile.objects.filter(batch=batch).first() if batch else None
        if batch is None or made is None:
            raise OrderDiffers(_("No order of ours has the number %s.") % self.answer.order_id)
        if self.answer.order_count not in (None, made.payment_count) or (
            self.answer.order_sum is not None and self.answer.order_sum != made.control_sum
        ):
            raise OrderDiffers(
                _("The answer speaks of %(count)s payments and %(sum)s; our order has %(ours)s and %(total)s.")
                % {
                    "count": self.answer.order_count,
                    "sum": self.answer.order_sum,
                    "ours": made.payment_count,
                    "total": f"{made.control_sum:f}",
                }
            )
        return batch

    def do(self) -> None:
        """Judge every line, then post what came of them, a batch at a time."""
        rows = [self._judged(number, line) for number, line in enumerate(self.answer.lines, 1)]
        rows += self._rest(len(rows))
        BankLine.objects.bulk_create(rows)
        BankBalance.objects.bulk_create(
            [
                BankBalance(file=self.file, currency=balance.currency, day=balance.day, amount=balance.amount)
                for balance in self.answer.balances
            ],
            ignore_conflicts=True,
        )
        self._post()

    def _judged(self, number: int, line: Line) -> BankLine:
        payment = self.payments.get(line.end_to_end_id)
        outcome, reason = self._judge(line, payment)
        if reason or outcome == Outcome.NOTED:
            payment = payment if reason else None
        return BankLine(
            file=self.file,
            number=number,
            end_to_end_id=line.end_to_end_id[:35],
            amount=line.amount,
            currency=line.currency[:3],
            value_date=line.value_date,
            reference=line.reference[:140],
            reason_code=line.reason[:35],
            payer=line.payer,
            text=line.text,
            outcome=outcome,
            reason=reason,
            payment=payment,
        )

    def _judge(self, line: Line, payment: Payment | None) -> tuple[str, str]:
        """Say what a line does, or why a person must look at it: (outcome, reason)."""
        if line.what == "noted":
            return Outcome.NOTED, ""
        if payment is None:
            if line.what == "booked" and not line.end_to_end_id.startswith("PMT-"):
                return Outcome.WAITING, "not_understood"
            return Outcome.WAITING, "unknown_payment"
        if self.order is not None and payment.batch_id != self.order.pk:
            return Outcome.WAITING, "other_batch"
        if not _is_amount_of(line, payment):
            return Outcome.WAITING, "amount_differs"
        if line.what == "refused":
            return self._do(payment, Status.SENT, Status.REFUSED, self.refused, Outcome.REFUSED)
        if line.what == "booked" and (line.amount or ZERO) > 0:
            return self._do(payment, Status.SETTLED, Status.RETURNED, self.returned, Outcome.RETURNED)
        if line.instructed is not None and line.amount is not None and line.currency == payment.currency:
            self.cost[payment.pk] = -line.amount
        at = datetime.combine(line.value_date, time(12), tzinfo=UTC) if line.value_date else self.now
        return self._do(payment, Status.SENT, Status.SETTLED, self.settled[payment.batch_id, at], Outcome.SETTLED)

    def _do(self, payment: Payment, before: str, after: str, todo: list[Payment], outcome: str) -> tuple[str, str]:
        """Note a move of a payment; the same said twice is known, and what does not fit its state waits."""
        if payment.status == after or (after == Status.SETTLED and payment.status == Status.RETURNED):
            return Outcome.KNOWN, ""
        if payment.status != before:
            return Outcome.WAITING, "state_differs"
        todo.append(payment)
        payment.status = after  # what later lines of this file are compared with; written by `_post`
        return outcome, ""

    def _rest(self, number: int) -> list[BankLine]:
        """Give a line to every payment of the order that the answer speaks of only as a whole."""
        if self.order is None or not self.answer.rest:
            return []
        listed = {line.end_to_end_id for line in self.answer.lines}
        sent = self.order.payments.filter(status=Status.SENT).select_related("batch").order_by("pk")
        rest = [payment for payment in sent if payment.public_id not in listed]
        self.payments |= {payment.public_id: payment for payment in rest}
        return [
            self._judged(number + count, Line(self.answer.rest, payment.public_id))
            for count, payment in enumerate(rest, 1)
        ]

    def _post(self) -> None:
        answered = [*chain.from_iterable(self.settled.values()), *self.refused, *self.returned]
        lock_holders(answered)
        keep_tax_years(payments=self.returned, now=self.now)
        for (_batch, at), payments in sorted(self.settled.items()):
            if payments:
                self._moved(payments, Status.SENT, Status.SETTLED)
                settle(payments[0].batch, payments, event_at=at, cost=self.cost)
        for payments, before, after in (
            (self.refused, Status.SENT, Status.REFUSED),
            (self.returned, Status.SETTLED, Status.RETURNED),
        ):
            self._moved(payments, before, after)
            for batch, of_it in _by_batch(payments).items():
                undo(batch, of_it, self.now)
        batches = {payment.batch for payment in answered}
        for batch in sorted(batches, key=lambda batch: batch.pk):
            self._close(batch)

    def _moved(self, payments: Sequence[Payment], before: str, after: str) -> None:
        for payment in payments:
            payment.status = before
        move_many(payments, after, by=self.by, now=self.now)

    def _close(self, batch: PayoutBatch) -> None:
        """End a batch for which the bank has answered every payment."""
        batch.refresh_from_db()
        states = set(batch.payments.values_list("status", flat=True))
        if Status.SENT in states:
            return
        end = PayoutBatch.Status.SETTLED if Status.SETTLED in states else PayoutBatch.Status.RETURNED
        if batch.status != end and batch.status in (PayoutBatch.Status.SENT, PayoutBatch.Status.SETTLED):
            move(batch, end, by=self.by, now=self.now)


def _by_batch(payments: Iterable[Payment]) -> dict[PayoutBatch, list[Payment]]:
    found: dict[PayoutBatch, list[Payment]] = defaultdict(list)
    for payment in payments:
        found[payment.batch].append(payment)
    return found


def _is_amount_of(line: Line, payment: Payment) -> bool:
    """Tell whether a line is about the amount we ordered; an answer may leave the amount out."""
    amount, currency = (line.amount, line.currency)
    if line.instructed is not None:
        amount, currency = line.instructed, line.instructed_currency
    if amount is None:
        return True
    try:
        check_decimals(amount, minor_places(currency))
    except TooManyDecimals:
        return False
    return (abs(amount), currency) == (payment.paid, payment.paid_currency)
