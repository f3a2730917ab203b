"""Tax kept back too much, as a later certificate shows: given back, or to be asked back from the tax office."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal

from django.db import connection
from django.db.models import Max

from catalog.models import RightsHolder
from ledger import chart, recipes
from ledger import services as ledger
from payouts import selectors
from payouts.models import Payment, PayoutBatch, TaxCorrection, TaxYearKept
from payouts.selectors.tax import TaxDue

ZERO = Decimal(0)


def lock_tax() -> None:
    """This will let one transaction at a time move tax between the house, holders and the tax office."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('payouts.tax'))")


def correct_tax(*, payments: Iterable[Payment], now: datetime) -> list[TaxCorrection]:
    """This will correct the tax of settled payments to that of the certificates accepted by now.

    The difference is posted, so it can be asked for twice or late. What is not yet paid to the tax office goes to the
    holder with the next payment, without anything kept of it; what is, the holder asks the office for, with the
    corrected certificate of the year. In the caller's transaction, which has locked the holders.
    """
    payments = list(payments)
    if not selectors.taxed_otherwise(payments):
        return []
    lock_tax()
    found = selectors.taxed_otherwise(payments)
    keep_tax_years(payments=[due.payment for due in found], now=now)
    kept = {currency: selectors.tax_still_kept(currency) for currency in {due.payment.currency for due in found}}
    made = [_corrected(due, kept[due.payment.currency].get(due.payment.pk, ZERO), now) for due in found]
    TaxCorrection.objects.bulk_create(made)
    by_batch: dict[PayoutBatch, list[ledger.StagedPosting]] = defaultdict(list)
    for one in made:
        owner, currency = chart.holder(one.payment.holder_id), one.payment.currency
        lines = recipes.tax_back(owner=owner, currency=currency, amount=one.given_back)
        key = f"tax_back:{one.payment.public_id}:{one.public_id}"
        by_batch[one.payment.batch] += ledger.staged(key, recipes.Kind.TAX_BACK, lines)
    for batch, rows in by_batch.items():
        if rows:
            ledger.post_entries(event_at=now, rows=rows, batch=batch.tag)
    return made


def _corrected(due: TaxDue, kept: Decimal, now: datetime) -> TaxCorrection:
    """Say what of a difference is given back and what is asked back; taken back is first what nobody was given."""
    ask = due.too_much - min(due.too_much, kept) if due.too_much > 0 else max(due.too_much, -due.asked)
    return TaxCorrection(
        payment=due.payment, tax_percent=due.percent, given_back=due.too_much - ask, ask_back=ask, made_at=now
    )


def keep_tax_years(*, payments: Sequence[Payment], now: datetime) -> None:
    """This will keep what the certificates of years that are over say, before these settled payments change them."""
    settled = [(payment.holder_id, payment.settled_at) for payment in payments if payment.settled_at is not None]
    years = {(holder_id, at.astimezone(UTC).year) for holder_id, at in settled}
    holders = RightsHolder.objects.in_bulk({holder_id for holder_id, _year in years})
    for holder_id, year in sorted(years):
        if year >= now.year:
            continue
        last = TaxYearKept.objects.filter(holder=holder_id, year=year).aggregate(last=Max("edition"))["last"] or 0
        facts = selectors.tax_year(holders[holder_id], year)
        TaxYearKept.objects.create(
            holder_id=holder_id,
            year=year,
            edition=last + 1,
            facts={name: [[str(cell) for cell in row] for row in rows] for name, rows in facts._asdict().items()},
            replaced_at=now,
        )
