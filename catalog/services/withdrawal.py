"""Writes withdrawals and returns. Whether one is granted is decided in `claims`; here it becomes a fact."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from catalog.models import Return, Withdrawal
from catalog.services.errors import EndsWrongly

WITHDRAWALS_PER_STATEMENT = 20_000


@dataclass(frozen=True, slots=True)
class CameBack:
    """What returns wrote: a Return per withdrawal, and what goes on for the other stores, by the one it follows."""

    returns: list[Return]
    further: dict[int, Withdrawal]


def record_withdrawal(*, withdrawal: Withdrawal) -> Withdrawal:
    """This will write one withdrawal."""
    return record_withdrawals(withdrawals=[withdrawal])[0]


def record_withdrawals(*, withdrawals: Sequence[Withdrawal]) -> list[Withdrawal]:
    """This will write withdrawals, all or none, and return them in the order given."""
    return Withdrawal.objects.bulk_create(withdrawals, batch_size=WITHDRAWALS_PER_STATEMENT)


def record_returns(
    *, withdrawals: Collection[Withdrawal], start: date, source: str, licensee_ids: Collection[int] = ()
) -> CameBack:
    """This will bring withdrawn rights back from `start`: to all stores of each withdrawal, or to some of them.

    One that has not begun by then never holds at all. Where it comes back to some stores, a further withdrawal goes on
    from the same day for the rest. Others' withdrawals of the same track go on. Locks the withdrawals in the order of
    their ids until the caller's commit.

    Raises: EndsWrongly, where one ends by then as it is.
    """
    with transaction.atomic():
        locked = Withdrawal.objects.select_for_update(of=("self",)).filter(pk__in=[one.pk for one in withdrawals])
        facts, further = [], []
        for one in locked.order_by("pk"):
            back = max(start, one.start)
            if one.end is not None and one.end <= back:
                raise EndsWrongly
            stores = sorted(set(licensee_ids))
            facts.append(
                Return(withdrawal=one, start=back, end_before=one.end, licensee_ids=stores, source=source),
            )
            if stores:
                further.append(_without(one, stores, back))
        returns = Return.objects.bulk_create(facts, batch_size=WITHDRAWALS_PER_STATEMENT)
        going_on = record_withdrawals(withdrawals=[one for one in further if one is not None])
    return CameBack(returns, {one.follows_id or 0: one for one in going_on})


def _without(one: Withdrawal, stores: Sequence[int], start: date) -> Withdrawal | None:
    """What stands of a withdrawal for the stores to which it does not come back; None: for no store."""
    named = [store for store in one.licensee_ids if store not in stores]
    if one.licensee_ids and not named:
        return None
    return Withdrawal(
        holder_id=one.holder_id,
        right=one.right,
        track_id=one.track_id,
        work_id=one.work_id,
        territories_id=one.territories_id,
        licensee_ids=named,
        except_licensee_ids=[] if named else sorted({*one.except_licensee_ids, *stores}),
        follows=one,
        start=start,
        end=one.end,
        basis=one.basis,
        source=one.source,
    )
