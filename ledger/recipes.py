"""Every business event as postings, on one page and pure: the same facts give the same lines.

A recipe returns lines that balance in every currency, each with exactly one side above zero. Lines on the owed side
keep item and lot (the report the money came in with), so what is funded can be told at any time. An amount below zero
is the same event with the sides turned. Kinds name the event in `Entry.kind`; the published identities sum over them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from ledger.chart import AccountRef, Place, house, of_licensee, owed, paid_out, receivable, resting
from ledger.chart import tax_back as tax_back_account

POSTINGS_MAX = 50_000
ZERO = Decimal(0)


class Kind(StrEnum):
    """What an entry records."""

    ACCRUAL = "accrual"
    DISTRIBUTION = "distribution"
    PAYOUT = "payout"
    SETTLEMENT = "settlement"
    SET_OFF = "set_off"
    DISBURSEMENT = "disbursement"
    PAID_BEFORE = "paid_before"
    REMITTANCE = "remittance"
    FUNDING = "funding"
    VAT = "vat"
    EXCHANGE = "exchange"
    REFUND = "refund"
    WRITE_OFF = "write_off"
    ROUNDING = "rounding"
    TAX_PAYMENT = "tax_payment"
    TAX_BACK = "tax_back"
    BANK_CHARGE = "bank_charge"
    INTEREST = "interest"
    CONVERSION = "conversion"
    EXCHANGE_RESULT = "exchange_result"
    OPENING = "opening"


class PostingLine(NamedTuple):
    """One side of an entry: exactly one of debit and credit is above zero."""

    account: AccountRef
    debit: Decimal
    credit: Decimal
    lot: int | None = None


class Part(NamedTuple):
    """An amount for one item out of one lot."""

    item: str
    lot: int | None
    amount: Decimal


class Delta(NamedTuple):
    """How much more (or, below zero, less) should rest in one place."""

    item: str
    place: Place
    owner: str
    currency: str
    lot: int | None
    amount: Decimal


Lines = list[PostingLine]


class UnbalancedRecipe(ValueError):
    """The facts given to a recipe do not add up."""


def debit(account: AccountRef, amount: Decimal, lot: int | None = None) -> PostingLine:
    """Return the line that debits `amount`; below zero it credits."""
    return PostingLine(account, amount, ZERO, lot) if amount > 0 else PostingLine(account, ZERO, -amount, lot)


def credit(account: AccountRef, amount: Decimal, lot: int | None = None) -> PostingLine:
    """Return the line that credits `amount`; below zero it debits."""
    return debit(account, -amount, lot)


def inverse(lines: Iterable[PostingLine]) -> Lines:
    """Return the lines that undo `lines`."""
    return [line._replace(debit=line.credit, credit=line.debit) for line in lines]


# Sales and what stores owe


def accrual(*, licensee_id: int, currency: str, parts: Sequence[Part]) -> Lines:
    """A store reported sales: it owes the sum; parts wait as unclaimed, or unidentified while no track is known."""
    due: dict[int | None, Decimal] = defaultdict(Decimal)
    for part in parts:
        due[part.lot] += part.amount
    store = receivable(licensee_id, currency)
    return _real(
        [debit(store, amount, lot) for lot, amount in due.items()]
        + [credit(resting(part.item, currency), part.amount, part.lot) for part in parts]
    )


def write_off(*, licensee_id: int, currency: str, lot: int, amount: Decimal) -> Lines:
    """A store will never pay: its debt ends, what it owed for stays visible on the owed side, unfunded."""
    return _real(
        [
            debit(of_licensee(Place.WRITTEN_OFF, licensee_id, currency), amount, lot),
            credit(receivable(licensee_id, currency), amount, lot),
        ]
    )


def rounding(*, licensee_id: int, currency: str, lot: int, amount: Decimal) -> Lines:
    """A store paid the amount due in whole coins: the rest below one coin (either way) leaves its debt."""
    return _real(
        [
            debit(of_licensee(Place.ROUNDING, licensee_id, currency), amount, lot),
            credit(receivable(licensee_id, currency), amount, lot),
        ]
    )


# Money between the places of the owed side


def distribution(deltas: Iterable[Delta]) -> Lines:
    """Money moves between places of the owed side, never between items, lots or currencies.

    Raises: UnbalancedRecipe.
    """
    rest: dict[tuple[str, str, int | None], Decimal] = defaultdict(Decimal)
    lines = []
    for delta in deltas:
        rest[delta.item, delta.currency, delta.lot] += delta.amount
        lines.append(credit(owed(delta.item, delta.place, delta.currency, delta.owner), delta.amount, delta.lot))
    for key, amount in rest.items():
        if amount:
            raise UnbalancedRecipe(f"{key}: {amount} comes from nowhere")
    return _real(lines)


def payout(*, owner: str, currency: str, parts: Iterable[Part]) -> Lines:
    """A payout batch was approved: the amounts leave payable and wait for the bank. Undone by `inverse`."""
    return _between(Place.PAYABLE, Place.IN_PAYOUT, owner, currency, parts)


def settlement(*, owner: str, currency: str, parts: Iterable[Part]) -> Lines:
    """The bank paid: the amounts (before tax) count as paid for ever. A payment returned later is the `inverse`."""
    return _between(Place.IN_PAYOUT, Place.PAID, owner, currency, parts)


def set_off(*, owner: str, currency: str, earned: Sequence[Part], overpaid: Sequence[Part]) -> Lines:
    """What a holder was overpaid for one item counts as paid for others: both fall, no money leaves.

    Raises: UnbalancedRecipe when the sums differ.
    """
    if sum((part.amount for part in earned), ZERO) != sum((part.amount for part in overpaid), ZERO):
        raise UnbalancedRecipe("earned and overpaid differ")
    return _between(Place.PAYABLE, Place.PAID, owner, currency, earned) + _between(
        Place.PAID, Place.RECOVERABLE, owner, currency, overpaid
    )


# Cash


def disbursement(
    *,
    owner: str,
    currency: str,
    net: Decimal,
    tax: Decimal = ZERO,
    administration: Decimal = ZERO,
    back: Decimal = ZERO,
) -> Lines:
    """The cash side of a settlement: net leaves the bank, tax withheld and the deduction stay until paid on.

    `back` is the part of the net that is tax given back (see `tax_back`); below zero it is taken from the net.
    """
    return _real(
        [
            debit(paid_out(owner, currency), net - back + tax + administration),
            debit(tax_back_account(owner, currency), back),
            credit(house(Place.BANK, currency), net),
            credit(house(Place.TAX_OWED, currency), tax),
            credit(house(Place.ADMINISTRATION, currency), administration),
        ]
    )


def paid_before(*, owner: str, currency: str, parts: Sequence[Part], from_bank: bool) -> Lines:
    """A holder had been paid, before the portal or outside it: payable counts as paid, and no money leaves now.

    `from_bank`: it left the house's account; else it never was on it, and the opening stands for it.
    """
    source = house(Place.BANK if from_bank else Place.OPENING, currency)
    total = sum((part.amount for part in parts), ZERO)
    return _between(Place.PAYABLE, Place.PAID, owner, currency, parts) + _real(
        [debit(paid_out(owner, currency), total), credit(source, total)]
    )


def remittance(*, licensee_id: int, currency: str, amount: Decimal) -> Lines:
    """A store (or who pays for it) sent money; it is not yet said for which report."""
    return _real(
        [
            debit(house(Place.BANK, currency), amount),
            credit(of_licensee(Place.UNALLOCATED, licensee_id, currency), amount),
        ]
    )


def funding(*, licensee_id: int, currency: str, lots: Iterable[tuple[int, Decimal]]) -> Lines:
    """Money received is put to reports: that much of each report is funded."""
    received, due = of_licensee(Place.UNALLOCATED, licensee_id, currency), receivable(licensee_id, currency)
    return _real([line for lot, amount in lots for line in (debit(received, amount, lot), credit(due, amount, lot))])


def vat(*, licensee_id: int, currency: str, lots: Iterable[tuple[int, Decimal]]) -> Lines:
    """Of money received that much is tax on what a store owes for a report: the tax office's, nobody's royalty."""
    received, tax = of_licensee(Place.UNALLOCATED, licensee_id, currency), house(Place.TAX_OWED, currency)
    return _real([line for lot, amount in lots for line in (debit(received, amount, lot), credit(tax, amount, lot))])


def exchange(*, licensee_id: int, paid: tuple[str, Decimal], worth: tuple[str, Decimal]) -> Lines:
    """Money a store sent in one currency counts in another: both sides of the rate stay readable, per currency."""
    return _real(
        [
            debit(of_licensee(Place.UNALLOCATED, licensee_id, paid[0]), paid[1]),
            credit(house(Place.FX_DIFFERENCE, paid[0]), paid[1]),
            debit(house(Place.FX_DIFFERENCE, worth[0]), worth[1]),
            credit(of_licensee(Place.UNALLOCATED, licensee_id, worth[0]), worth[1]),
        ]
    )


def refund(*, licensee_id: int, currency: str, amount: Decimal) -> Lines:
    """Money a store paid in excess goes back to it."""
    return inverse(remittance(licensee_id=licensee_id, currency=currency, amount=amount))


def tax_payment(*, currency: str, amount: Decimal) -> Lines:
    """Tax withheld is paid to the tax office."""
    return _real([debit(house(Place.TAX_OWED, currency), amount), credit(house(Place.BANK, currency), amount)])


def tax_back(*, owner: str, currency: str, amount: Decimal) -> Lines:
    """Tax was kept back too much and not yet paid on: it is the holder's, and goes with the next payment."""
    return _real([debit(house(Place.TAX_OWED, currency), amount), credit(tax_back_account(owner, currency), amount)])


def bank_charge(*, currency: str, amount: Decimal) -> Lines:
    """The bank took a fee."""
    return _real([debit(house(Place.BANK_CHARGES, currency), amount), credit(house(Place.BANK, currency), amount)])


def interest(*, currency: str, amount: Decimal) -> Lines:
    """The bank paid interest."""
    return _real([debit(house(Place.BANK, currency), amount), credit(house(Place.INTEREST, currency), amount)])


def conversion(*, sold: tuple[str, Decimal], bought: tuple[str, Decimal]) -> Lines:
    """Money was changed at the bank; both sides of the rate stay readable on fx_difference, per currency."""
    lines: Lines = []
    for currency, amount in ((sold[0], sold[1]), (bought[0], -bought[1])):
        lines += [
            debit(house(Place.FX_DIFFERENCE, currency), amount),
            credit(house(Place.BANK, currency), amount),
        ]
    return _real(lines)


def exchange_result(differences: Iterable[tuple[str, Decimal]]) -> Lines:
    """What the bank changed otherwise than was noted is the house's loss (below zero: gain), in each currency."""
    return _real(
        [
            line
            for currency, amount in differences
            for line in (
                debit(house(Place.EXCHANGE_RESULT, currency), amount),
                credit(house(Place.FX_DIFFERENCE, currency), amount),
            )
        ]
    )


def exchange_difference(*, currency: str, amount: Decimal) -> Lines:
    """The bank took more (below zero: less) for a payment in another currency than its recorded rate came to."""
    return _real([debit(house(Place.EXCHANGE_RESULT, currency), amount), credit(house(Place.BANK, currency), amount)])


def opening(*, currency: str, amount: Decimal) -> Lines:
    """The bank account held this before the first entry."""
    return _real([debit(house(Place.BANK, currency), amount), credit(house(Place.OPENING, currency), amount)])


# Helpers


def pack(groups: Iterable[Sequence[PostingLine]], limit: int = POSTINGS_MAX) -> Iterator[Lines]:
    """Put groups of lines, each balanced by itself, into as few entries as their order allows, none above `limit`."""
    entry: Lines = []
    for group in groups:
        if len(group) > limit:
            raise UnbalancedRecipe(f"a group of {len(group)} lines fits in no entry")
        if len(entry) + len(group) > limit:
            yield entry
            entry = []
        entry.extend(group)
    if entry:
        yield entry


def _between(source: Place, target: Place, owner: str, currency: str, parts: Iterable[Part]) -> Lines:
    return _real(
        [
            line
            for item, lot, amount in parts
            for line in (
                debit(owed(item, source, currency, owner), amount, lot),
                credit(owed(item, target, currency, owner), amount, lot),
            )
        ]
    )


def _real(lines: Lines) -> Lines:
    """Leave out lines about nothing."""
    return [line for line in lines if line.debit or line.credit]
