"""Writes withdrawals and returns. Whether one is granted is decided in `claims`; here it becomes a fact."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction

from catalog.models import Return, Withdrawal
from catalog.services.errors import EndsWrongly
from core.ids import new_public_id

WITHDRAWALS_PER_STATEMENT = 20_000
SUBJECTS = """
INSERT INTO catalog_withdrawal (public_id, holder_id, "right", track_id, work_id, territories_id, licensee_ids,
    except_licensee_ids, follows_id, start, "end", basis, source, recorded_at)
SELECT s.public_id, %(holder)s, %(right)s, s.track_id, s.work_id, %(territories)s, %(stores)s::bigint[],
    '{}', NULL, %(start)s, %(end)s, %(basis)s, %(source)s, now()
FROM unnest(%(ids)s::text[], %(tracks)s::bigint[], %(works)s::bigint[]) AS s (public_id, track_id, work_id)
"""


def withdraw_subjects(*, like: Withdrawal, track_ids: Sequence[int] = (), work_ids: Sequence[int] = ()) -> int:
    """This will write a withdrawal `like` the given one for each of these tracks and works; returns how many.

    For whole repertoires: 20,000 in a statement, none of them read back.
    """
    subjects: list[tuple[int | None, int | None]] = [(track, None) for track in track_ids]
    subjects += [(None, work) for work in work_ids]
    terms: dict[str, Any] = {
        "holder": like.holder_id,
        "right": like.right,
        "territories": like.territories_id,
        "stores": like.licensee_ids,
        "start": like.start,
        "end": like.end,
        "basis": like.basis,
        "source": like.source,
    }
    with connection.cursor() as cursor:
        for first in range(0, len(subjects), WITHDRAWALS_PER_STATEMENT):
            some = subjects[first : first + WITHDRAWALS_PER_STATEMENT]
            tracks, works = zip(*some, strict=True)
            ids = [new_public_id("WDR") for _ in some]
            cursor.execute(SUBJECTS, terms | {"ids": ids, "tracks": list(tracks), "works": list(works)})
    return len(subjects)


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
