"""Payout batches: drafted by one person, approved by another, sent, answered by the bank.

What is locked, in this order: the batch (by its conditional move), the holders paid, the tracks whose money moves. Bank
accounts and holds lock the holder's row too, distribution locks the tracks: what approving looked at cannot change
before it is posted. Every entry has the payment's number in its key, so nothing is posted twice whoever repeats it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import RightsHolder, Track
from claims import services as cases
from core.money import Money
from core.workflow import move, move_many, record_event
from ledger import chart, recipes
from ledger import services as ledger
from ledger.recipes import Lines, Part, PostingLine
from payouts import selectors
from payouts.amounts import Terms, amounts, take, without
from payouts.formats.rates import NoRate, Rate, rate_on
from payouts.models import Payee, Payment, PayoutBatch
from payouts.services.errors import DecidedThemselves, NothingToPay, NotTheSecond, OwnHolder
from payouts.services.screening import screen_holders
from payouts.services.store import require_finance
from payouts.services.tax_back import correct_tax, lock_tax

Status = Payment.Status
ZERO = Decimal(0)


def draft_batch(*, currency: str, by: User, now: datetime, rates: str = "") -> PayoutBatch:
    """This will draft what can be paid of one currency: a payment, or the reason why not, for every holder with money.

    `rates` is the path of a newer file of exchange rates than the packaged one. Holders are screened against the
    sanctions lists; a name that fits raises a case and keeps nobody out. Nothing is posted but what was paid before
    (see `claims.services.cover_paid_before`), also where nothing else is payable. Two drafts at once wait for each
    other. Raises: NotFinance, NothingToPay, OwnHolder, where a holder the drafter acts for would be paid.
    """
    require_finance(by)
    with transaction.atomic():
        _one_at_a_time()
        cases.cover_paid_before(currency=currency, now=now)
    with transaction.atomic():
        _one_at_a_time()
        free, tax_back = selectors.free_parts(currency), selectors.tax_back_of(currency)
        available = {owner: sum((part.amount for part in parts), ZERO) for owner, parts in free.items()}
        holder_ids = {holder_id_of(owner): owner for owner in available.keys() | tax_back.keys()}
        if not any(amount > 0 for amount in (*available.values(), *tax_back.values())):
            raise NothingToPay(_("Nothing is payable in %s that the stores have paid for.") % currency)
        batch = PayoutBatch.objects.create(currency=currency, drafted_by=by, drafted_at=now)
        record_event(batch, "", batch.status, by=by, now=now)
        screen_holders(holder_ids=list(holder_ids), now=now)
        drafter = _Drafter(batch, list(holder_ids), now, rates)
        Payment.objects.bulk_create(
            drafter.payment(holder_id, available.get(owner, ZERO), tax_back.get(owner, ZERO))
            for holder_id, owner in sorted(holder_ids.items())
        )
        if selectors.acts_for_any(by, list(selectors.holders_paid(batch))):
            raise OwnHolder(_("You act for a holder that would be paid here: somebody else must draft."))
    return batch


def holder_id_of(owner: str) -> int:
    """This will read `holder:4` back into the holder's row number."""
    return int(owner.removeprefix("holder:"))


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('payouts.draft_batch'))")


class _Drafter:
    """Everything that decides about payments of one draft, read at once."""

    def __init__(self, batch: PayoutBatch, holder_ids: Sequence[int], now: datetime, rates: str) -> None:
        self.batch, self.day, self.rates = batch, now.date(), rates
        self.unfit = selectors.unfit(holder_ids, now)
        self.payees = selectors.payees_in_force(holder_ids, now)[0]
        self.failed = selectors.payees_that_failed([payee.pk for payee in self.payees.values()])
        open_too = Payment.objects.filter(holder__in=holder_ids, currency=batch.currency, status__in=Payment.OPEN)
        self.under_way = set(open_too.values_list("holder_id", flat=True))
        self.overpaid = {
            holder_id_of(owner): sum((part.amount for part in parts), ZERO)
            for owner, parts in selectors.overpaid_parts(
                batch.currency, [chart.holder(holder_id) for holder_id in holder_ids]
            ).items()
        }
        self.terms = selectors.terms_on(self.day)
        self.minimum = selectors.minimum_on(batch.currency, self.day)
        self.tax = selectors.tax_percents(holder_ids, self.day)
        self.known_rates: dict[str, Rate | None] = {}

    def payment(self, holder_id: int, available: Decimal, tax_back: Decimal) -> Payment:
        """This will make one holder's row."""
        row = Payment(batch=self.batch, holder_id=holder_id, currency=self.batch.currency, available=available)
        payee = self.payees.get(holder_id)
        fault = "unfunded" if available <= 0 and tax_back <= 0 else self._fault(holder_id, payee)
        if not fault and payee is not None:
            fault = self._fill(row, payee, tax_back)
        if fault:
            row.status, row.reason, row.payee = Status.LEFT_OUT, fault, None
        return row

    def _fault(self, holder_id: int, payee: Payee | None) -> str:
        if holder_id in self.under_way:
            return "being_paid"
        if holder_id in self.unfit:
            return self.unfit[holder_id]
        return "account_failed" if payee is not None and payee.pk in self.failed else ""

    def _fill(self, row: Payment, payee: Payee, tax_back: Decimal) -> str:
        rate = self._rate(payee.currency)
        if rate is None and payee.currency != self.batch.currency:
            return "no_rate"
        terms = Terms(
            minimum=self.minimum,
            tax=self.tax[row.holder_id],
            administration=self.terms.administration_percent,
            set_off=self.terms.set_off_percent,
        )
        overpaid = self.overpaid.get(row.holder_id, ZERO)
        available = Money(row.available, row.currency)
        found = amounts(available, overpaid, terms, payee.currency, rate.rate if rate else None, tax_back)
        if found is None:
            return "below_minimum"
        row.payee, row.paid_currency = payee, payee.currency
        row.tax_percent, row.administration_percent = terms.tax, terms.administration
        for name, amount in found._asdict().items():
            setattr(row, name, amount)
        if rate is not None:
            row.rate, row.rate_date, row.rate_source = rate
        return ""

    def _rate(self, currency: str) -> Rate | None:
        if currency == self.batch.currency:
            return None
        if currency not in self.known_rates:
            try:
                self.known_rates[currency] = rate_on(self.day, self.batch.currency, currency, self.rates)
            except NoRate:
                self.known_rates[currency] = None
        return self.known_rates[currency]


def approve_batch(*, batch: PayoutBatch, by: User, now: datetime) -> PayoutBatch:
    """This will approve a draft as the second person and post every payment that still stands: payable to in payout.

    A payment that no longer fits (holder stopped, account changed, less payable) is dropped with its reason; the rest
    goes on. Raises: NotFinance, NotTheSecond, OwnHolder, DecidedThemselves, MoveNotAllowed, MovedMeanwhile.
    """
    require_finance(by)
    if batch.drafted_by_id == by.pk:
        raise NotTheSecond(_("You drafted this batch: another person must approve it."))
    holder_ids = list(selectors.holders_paid(batch))
    if selectors.acts_for_any(by, holder_ids):
        raise OwnHolder(_("You act for a holder that is paid here: somebody else must approve."))
    if selectors.decided_for_any(by, holder_ids):
        raise DecidedThemselves(_("You decided a claim of a holder that is paid here: somebody else must approve."))
    with transaction.atomic():
        draft = PayoutBatch.objects.filter(pk=batch.pk, status=PayoutBatch.Status.DRAFTED)
        draft.update(approved_by=by, approved_at=now)
        move(batch, PayoutBatch.Status.APPROVED, by=by, now=now)
        payments = list(batch.payments.filter(status=Status.DRAFTED).order_by("holder_id").select_related("payee"))
        lock_holders(payments)
        cases.cover_paid_before(currency=batch.currency, now=now, holder_ids=[one.holder_id for one in payments])
        faults = _faults(payments, now)
        free, overpaid = _locked_parts(batch, [one for one in payments if one.pk not in faults])
        tax_back = selectors.tax_back_of(batch.currency)
        standing: list[tuple[Payment, Lines, Lines]] = []
        for payment in payments:
            if payment.pk in faults:
                continue
            owner = chart.holder(payment.holder_id)
            lines = _lines(payment, free.get(owner, []), overpaid.get(owner, []), tax_back.get(owner, ZERO))
            if lines is None:
                faults[payment.pk] = "less_available"
            else:
                standing.append((payment, *lines))
        rows = (row for payment, *lines in standing for row in _staged(payment, *lines))
        if standing:
            ledger.post_entries(event_at=now, rows=rows, batch=batch.tag)
        move_many([payment for payment, *_lines_ in standing], Status.APPROVED, by=by, now=now)
        _drop(payments, faults, by, now)
    batch.refresh_from_db()
    return batch


def lock_holders(payments: Iterable[Payment]) -> None:
    """This will lock the holders in one order: no account changes, no hold and no certificate comes while we look."""
    holders = RightsHolder.objects.select_for_update(no_key=True).filter(pk__in=[one.holder_id for one in payments])
    list(holders.order_by("pk").values_list("pk", flat=True))


def _faults(payments: Sequence[Payment], now: datetime) -> dict[int, str]:
    """Say which payments can no longer be made: {payment: reason}."""
    holder_ids = [payment.holder_id for payment in payments]
    unfit = selectors.unfit(holder_ids, now)
    payees = selectors.payees_in_force(holder_ids, now)[0]
    found = {payment.pk: unfit[payment.holder_id] for payment in payments if payment.holder_id in unfit}
    for payment in payments:
        if payment.pk not in found and payees[payment.holder_id].pk != payment.payee_id:
            found[payment.pk] = "account_changes"
    return found


def _locked_parts(
    batch: PayoutBatch, payments: Sequence[Payment]
) -> tuple[dict[str, list[Part]], dict[str, list[Part]]]:
    """Lock the tracks whose money will move, as distribution does, and read what is free and what was overpaid."""
    owners = [chart.holder(payment.holder_id) for payment in payments]
    wanted = selectors.free_parts(batch.currency, owners), selectors.overpaid_parts(batch.currency, owners)
    items = {part.item for found in wanted for parts in found.values() for part in parts}
    tracks = {int(item.split(":")[1]) for item in items if item.startswith("track:")}
    locked = Track.objects.select_for_update(no_key=True).filter(pk__in=tracks).order_by("pk")
    list(locked.values_list("pk", flat=True))
    return selectors.free_parts(batch.currency, owners), selectors.overpaid_parts(batch.currency, owners)


def _lines(payment: Payment, free: list[Part], overpaid: list[Part], tax_back: Decimal) -> tuple[Lines, Lines] | None:
    """Return the lines of the set-off and of the payout, or None when there is less than was drafted."""
    available, wanted = sum((part.amount for part in free), ZERO), payment.gross + payment.set_off
    if (wanted and available < wanted) or sum((p.amount for p in overpaid), ZERO) < payment.set_off:
        return None
    if not min(tax_back, ZERO) <= payment.tax_back <= max(tax_back, ZERO):
        return None
    if not wanted:
        return Lines(), Lines()
    owner, set_off = chart.holder(payment.holder_id), Lines()
    if payment.set_off:
        earned = take(free, payment.set_off)
        set_off = recipes.set_off(
            owner=owner, currency=payment.currency, earned=earned, overpaid=take(overpaid, payment.set_off)
        )
        free = without(free, earned)
    return set_off, recipes.payout(owner=owner, currency=payment.currency, parts=take(free, payment.gross))


def _staged(payment: Payment, set_off: Lines, payout: Lines) -> Iterator[ledger.StagedPosting]:
    yield from _packed(payment, "set_off", recipes.Kind.SET_OFF, set_off)
    yield from _packed(payment, "payout", recipes.Kind.PAYOUT, payout)


def _packed(payment: Payment, name: str, kind: str, lines: Lines) -> Iterator[ledger.StagedPosting]:
    """Stage the lines of one event under the payment's number; they come in pairs that balance, so many may be cut."""
    pairs: list[Sequence[PostingLine]] = [lines[at : at + 2] for at in range(0, len(lines), 2)]
    for number, entry in enumerate(recipes.pack(pairs)):
        yield from ledger.staged(f"{name}:{payment.public_id}:{number}", kind, entry)


def _drop(payments: Sequence[Payment], faults: dict[int, str], by: User, now: datetime) -> None:
    """Write down which payments are not made, and why."""
    for reason in sorted(set(faults.values())):
        dropped = [payment for payment in payments if faults.get(payment.pk) == reason]
        move_many(dropped, Status.DROPPED, by=by, now=now, reason_code=reason)
        Payment.objects.filter(pk__in=[payment.pk for payment in dropped]).update(reason=reason)


def discard_batch(*, batch: PayoutBatch, by: User, now: datetime, reason: str = "") -> PayoutBatch:
    """This will give up a batch that was not sent; what was approved is payable again.

    Raises: NotFinance, MoveNotAllowed, MovedMeanwhile.
    """
    require_finance(by)
    with transaction.atomic():
        move(batch, PayoutBatch.Status.DISCARDED, by=by, now=now, reason=reason)
        payments = list(batch.payments.filter(status__in=[Status.DRAFTED, Status.APPROVED]).order_by("pk"))
        undo(batch, [payment for payment in payments if payment.status == Status.APPROVED], now)
        for status in (Status.DRAFTED, Status.APPROVED):
            these = [payment for payment in payments if payment.status == status]
            _drop(these, {payment.pk: "discarded" for payment in these}, by, now)
    return batch


def drop_unfit(batch: PayoutBatch, by: User, now: datetime) -> None:
    """This will take out of an approved batch what can no longer be paid; its money is payable again.

    In the caller's transaction; locks the holders.
    """
    payments = list(batch.payments.filter(status=Status.APPROVED).order_by("holder_id"))
    lock_holders(payments)
    faults = _faults(payments, now)
    undo(batch, [payment for payment in payments if payment.pk in faults], now)
    _drop(payments, faults, by, now)


def settle(batch: PayoutBatch, payments: Sequence[Payment], *, event_at: datetime, cost: Mapping[int, Decimal]) -> None:
    """This will post that the bank paid: in payout to paid, and the cash that left. In the caller's transaction.

    `cost` is what the bank really took for a payment in another currency; what it differs by from the net is nobody's
    gain: it stands on the exchange difference. A certificate accepted since the draft corrects the tax at once; the
    caller has locked the holders.
    """
    posted = selectors.lines_of_payments(batch, [payment.public_id for payment in payments], [recipes.Kind.PAYOUT])

    def rows() -> Iterator[ledger.StagedPosting]:
        for payment in payments:
            owner = chart.holder(payment.holder_id)
            parts = [
                Part(line.item, line.lot, line.credit - line.debit)
                for line in posted[payment.public_id]
                if line.place == chart.Place.IN_PAYOUT
            ]
            lines = recipes.settlement(owner=owner, currency=payment.currency, parts=parts)
            yield from _packed(payment, "settlement", recipes.Kind.SETTLEMENT, lines)
            cash = recipes.disbursement(
                owner=owner,
                currency=payment.currency,
                net=payment.net,
                tax=payment.tax,
                administration=payment.administration,
                back=payment.tax_back,
            )
            yield from ledger.staged(f"disbursement:{payment.public_id}:0", recipes.Kind.DISBURSEMENT, cash)
            difference = cost.get(payment.pk, payment.net) - payment.net
            changed = recipes.exchange_difference(currency=payment.currency, amount=difference)
            yield from ledger.staged(f"exchange:{payment.public_id}:0", recipes.Kind.CONVERSION, changed)

    if payments:
        lock_tax()  # before the entries lock the balance of the tax owed: who pays it on takes both in this order
        ledger.post_entries(event_at=event_at, rows=rows(), batch=batch.tag)
        Payment.objects.filter(pk__in=[payment.pk for payment in payments]).update(settled_at=event_at)
        correct_tax(payments=payments, now=event_at)


def undo(batch: PayoutBatch, payments: Collection[Payment], now: datetime) -> None:
    """This will post the opposite of everything that was posted for payments that came to nothing.

    Their money is payable again, the set-off with it. In the caller's transaction.
    """
    posted = selectors.lines_of_payments(batch, [payment.public_id for payment in payments])
    rows = [
        ledger.StagedPosting(f"undo:{line.entry_key}", line.kind, *line[2:8], debit=line.credit, credit=line.debit)
        for lines in posted.values()
        for line in lines
    ]
    if rows:
        ledger.post_entries(event_at=now, rows=rows, batch=batch.tag)
