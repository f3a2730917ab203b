"""A store's account: what it was asked for, what it paid, how old the rest is, and whom it is owed to."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from catalog.models import RightsHolder
from core.money import UNIT
from ledger.funding import free_sql, funded, received_sql
from payouts.models import AmountDue, LateFeeRule, Remittance, StoreRefund, WriteOff
from payouts.selectors.access import Person, is_finance
from payouts.selectors.instalment import DuePiece, due_pieces
from payouts.selectors.store import due_rows
from payouts.selectors.vat import Vat, vat_by_lot
from sales.models import Licensee, SalesReport

ZERO = Decimal(0)
AGES = (0, 30, 60, 90)
"""Upper bounds, in days after the due date, of the first four columns of an ageing; the fifth has none."""


def stores_for(user: Person) -> QuerySet[Licensee]:
    """This will list the stores whose account a person may see: all for finance, the own ones else."""
    found = Licensee.objects.order_by("name", "pk")
    return found if is_finance(user) else found.filter(members__user=user.pk or 0)


def store_names() -> dict[str, str]:
    """This will give the names of all stores by the short names that data files have."""
    return dict(Licensee.objects.values_list("code", "name"))


class Booking(NamedTuple):
    """One line of an account: what was asked for is above zero, what was paid or given up below."""

    day: date
    what: str
    number: str
    currency: str
    amount: Decimal
    balance: Decimal


def account_of(licensee: Licensee) -> list[Booking]:
    """This will list what a store was asked for, paid, was forgiven and got back, by days, with the balance after each.

    Below zero the store has paid more than it was asked for.
    """
    rows: list[tuple[date, int, str, str, str, Decimal]] = []
    for note in AmountDue.objects.filter(licensee=licensee).order_by("pk"):
        what = "credit_note" if note.is_credit else "note"
        rows.append((note.issued_at.date(), 0, what, note.number, note.currency, note.total))
    for paid in Remittance.objects.filter(licensee=licensee).order_by("pk"):
        rows.append((paid.received_date, 1, "payment", paid.public_id, paid.currency, -paid.amount))
        if paid.changed_to and paid.changed and paid.worth:
            rows.append((paid.received_date, 1, "exchange", paid.public_id, paid.currency, paid.changed))
            rows.append((paid.received_date, 1, "exchange", paid.public_id, paid.changed_to, -paid.worth))
    approved = WriteOff.objects.filter(report__licensee=licensee, status=WriteOff.Status.APPROVED)
    for given_up in approved:
        assert given_up.decided_at is not None
        day = given_up.decided_at.date()
        rows.append((day, 2, "write_off", given_up.public_id, given_up.currency, -given_up.amount - given_up.vat))
    for back in StoreRefund.objects.filter(licensee=licensee, status=StoreRefund.Status.APPROVED).order_by("pk"):
        assert back.decided_at is not None
        rows.append((back.decided_at.date(), 3, "refund", back.public_id, back.currency, back.amount))
    balances: dict[str, Decimal] = defaultdict(Decimal)
    found = []
    for day, _order, what, number, currency, amount in sorted(rows, key=lambda row: row[:2]):
        balances[currency] += amount
        found.append(Booking(day, what, number, currency, amount, balances[currency]))
    return found


class Ageing(NamedTuple):
    """What a store owes in a currency by how long it is overdue; `fee` is what its late-fee rule makes of it."""

    currency: str
    ages: tuple[Decimal, ...]
    total: Decimal
    fee: Decimal


def ageing(licensee: Licensee, day: date) -> list[Ageing]:
    """This will sort what a store still owes by the days since it was due: not yet, 30, 60, 90, more.

    What is paid by instalments is due as the plan says.
    """
    rules = list(LateFeeRule.objects.filter(licensee=licensee, start__lte=day).order_by("start"))
    sums: dict[str, list[Decimal]] = defaultdict(lambda: [ZERO] * (len(AGES) + 1))
    fees: dict[str, Decimal] = defaultdict(Decimal)
    for piece in due_pieces(due_rows(AmountDue.objects.filter(licensee=licensee).select_related("report"))):
        late = (day - piece.due_date).days
        column = next((n for n, limit in enumerate(AGES) if late <= limit), len(AGES))
        sums[piece.currency][column] += piece.amount
        fees[piece.currency] += late_fee(piece, rules, day)
    return [Ageing(code, tuple(columns), sum(columns, ZERO), fees[code]) for code, columns in sorted(sums.items())]


def late_fee(piece: DuePiece, rules: list[LateFeeRule], day: date) -> Decimal:
    """This will compute what the rules in force make of one overdue amount until a day, cut to 1e-8.

    Simple interest by days of 365ths, each day by the rule in force on it.
    """
    total = ZERO
    ends = [*(rule.start for rule in rules[1:]), day]
    for rule, after in zip(rules, ends[: len(rules)], strict=True):
        start = max(rule.start, piece.due_date + timedelta(days=rule.grace_days))
        days = (min(after, day) - start).days
        if days > 0:
            total += piece.amount * rule.percent_per_year * days / Decimal(36500)
    return total.quantize(UNIT, rounding=ROUND_DOWN)


def write_offs_for(user: Person) -> QuerySet[WriteOff]:
    """This will list the write-offs, newest first, for the money office; nobody else sees one."""
    found = WriteOff.objects.select_related("report__licensee", "proposed_by", "decided_by").order_by("-id")
    return found if is_finance(user) else found.none()


def refunds_for(user: Person) -> QuerySet[StoreRefund]:
    """This will list what was or is to be sent back to stores, newest first, for the money office only."""
    found = StoreRefund.objects.select_related("licensee", "proposed_by", "decided_by").order_by("-id")
    return found if is_finance(user) else found.none()


class Unpaid(NamedTuple):
    """What a store has not paid of the money of one owner (a holder's number, or the place where it rests)."""

    owner: str
    currency: str
    amount: Decimal
    received: Decimal
    unpaid: Decimal


UNPAID = """
SELECT coalesce(nullif(r.owner, ''), r.place), r.currency, sum(r.amount), sum({received})
FROM (
    SELECT a.id, a.item, a.owner, a.place, a.currency, p.lot, sum(p.credit - p.debit) AS amount,
        coalesce(sum(sum(p.credit - p.debit)) FILTER (WHERE a.place IN ('in_payout', 'paid'))
            OVER (PARTITION BY a.item, a.owner, a.currency, p.lot), 0) AS gone
    FROM ledger_account a JOIN ledger_posting p ON p.account_id = a.id
    WHERE p.lot = ANY(%s) AND a.item <> ''
    GROUP BY a.id, p.lot
) r
LEFT JOIN unnest(%s::bigint[], %s::text[], %s::numeric[], %s::numeric[]) AS f(lot, currency, paid, accrued)
    ON f.lot = r.lot AND f.currency = r.currency
GROUP BY 1, 2 ORDER BY 2, 1
"""


def unpaid_by_owner(licensee: Licensee) -> Iterator[Unpaid]:
    """This will say to whom the unpaid debt of a store is owed: what a court asks for when the store is insolvent.

    Holders by their public number only; tax is owed to the tax office. The parts are cut at 1e-8 each,
    so their sum may be some 1e-8 above the debt.
    """
    reports = SalesReport.objects.filter(licensee=licensee, lot=None)
    lots = list(reports.values_list("pk", flat=True))
    known = funded(lots)
    rate = "coalesce(f.paid, 1)", "coalesce(f.accrued, 1)"
    received = (
        f"CASE r.place WHEN 'in_payout' THEN r.amount WHEN 'paid' THEN r.amount"
        f" WHEN 'payable' THEN {free_sql('r.amount', 'r.gone', *rate)} ELSE {received_sql('r.amount', *rate)} END"
    )
    columns: list[Any] = [
        [lot for lot, _ in known],
        [currency for _, currency in known],
        [paid.received for paid in known.values()],
        [paid.accrued for paid in known.values()],
    ]
    with connection.cursor() as cursor:
        cursor.execute(UNPAID.format(received=received), [lots, *columns])
        rows = cursor.fetchall()
    holders = {int(owner.removeprefix("holder:")) for owner, *_ in rows if owner.startswith("holder:")}
    names = dict(RightsHolder.objects.filter(pk__in=holders).values_list("pk", "public_id"))
    for owner, currency, amount, got in rows:
        if amount != got:
            who = names[int(owner.removeprefix("holder:"))] if owner.startswith("holder:") else owner
            yield Unpaid(who, currency, amount, got, amount - got)
    for currency, tax in _taxes(lots):
        if tax.asked != tax.paid:
            yield Unpaid("tax", currency, tax.asked, tax.paid, tax.asked - tax.paid)


def _taxes(lots: Sequence[int]) -> list[tuple[str, Vat]]:
    """Add up the tax of all lots per currency."""
    sums: dict[str, Vat] = defaultdict(Vat)
    for (_lot, currency), vat in vat_by_lot(lots).items():
        known = sums[currency]
        sums[currency] = Vat(known.asked + vat.asked, known.paid + vat.paid, known.given_up + vat.given_up)
    return sorted(sums.items())
