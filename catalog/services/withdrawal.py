"""Writes withdrawals and returns. Whether one is granted is decided in `claims`; here it becomes a fact."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django.db import connection, transaction

from catalog.models import Withdrawal
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


def record_withdrawal(*, withdrawal: Withdrawal) -> Withdrawal:
    """This will write one withdrawal."""
    return record_withdrawals(withdrawals=[withdrawal])[0]


def record_withdrawals(*, withdrawals: Sequence[Withdrawal]) -> list[Withdrawal]:
    """This will write withdrawals, all or none, and return them in the order given."""
    return Withdrawal.objects.bulk_create(withdrawals, batch_size=WITHDRAWALS_PER_STATEMENT)


def record_returns(
    *, withdrawal_ids: Sequence[int], start: date, source: str, licensee_ids: Collection[int] = ()
) -> int:
    """This will bring withdrawn rights back from `start`: to all stores of each withdrawal, or to some of them.

    One that has not begun by then never holds at all. Where it comes back to some stores, a further withdrawal
    `follows` it from the same day for the rest. Others' withdrawals of the same track go on. Locks the withdrawals in
    the order of their ids until the caller's commit; 20,000 in a statement, none is read. Gives how many came back.

    Raises: EndsWrongly, where one ends by then as it is.
    """
    terms: dict[str, Any] = {"day": start, "source": source, "stores": sorted(set(licensee_ids))}
    ids = sorted(withdrawal_ids)
    with transaction.atomic(), connection.cursor() as cursor:
        for first in range(0, len(ids), WITHDRAWALS_PER_STATEMENT):
            some = ids[first : first + WITHDRAWALS_PER_STATEMENT]
            terms |= {"ids": some, "returns": [new_public_id("RET") for _ in some]}
            cursor.execute(ENDING, terms)
            if cursor.fetchone() != (0,):
                raise EndsWrongly
            cursor.execute(RETURNS, terms)
            if terms["stores"]:
                cursor.execute(GOING_ON, terms)
                going_on = cursor.fetchall()
                cursor.execute(
                    FURTHER,
                    terms | {"further": [new_public_id("WDR") for _ in going_on], "from": [pk for (pk,) in going_on]},
                )
    return len(ids)


ENDING = """
SELECT count(*) FILTER (WHERE held."end" <= greatest(held.start, %(day)s)) FROM (
    SELECT start, "end" FROM catalog_withdrawal WHERE id = ANY (%(ids)s::bigint[]) ORDER BY id FOR UPDATE
) held
"""
RETURNS = """
INSERT INTO catalog_return (public_id, withdrawal_id, start, end_before, licensee_ids, source, recorded_at)
SELECT s.public_id, w.id, greatest(w.start, %(day)s), w."end", %(stores)s::bigint[], %(source)s, now()
FROM unnest(%(ids)s::bigint[], %(returns)s::text[]) AS s (id, public_id) JOIN catalog_withdrawal w ON w.id = s.id
ORDER BY w.id
"""
GOING_ON = """
SELECT id FROM catalog_withdrawal
WHERE id = ANY (%(ids)s::bigint[]) AND (licensee_ids = '{}' OR NOT licensee_ids <@ %(stores)s::bigint[]) ORDER BY id
"""
FURTHER = """
INSERT INTO catalog_withdrawal (public_id, holder_id, "right", track_id, work_id, territories_id, licensee_ids,
    except_licensee_ids, follows_id, start, "end", basis, source, recorded_at)
SELECT s.public_id, w.holder_id, w."right", w.track_id, w.work_id, w.territories_id,
    ARRAY(SELECT store FROM unnest(w.licensee_ids) AS store WHERE NOT store = ANY (%(stores)s::bigint[])),
    CASE WHEN w.licensee_ids = '{}'
        THEN ARRAY(SELECT DISTINCT store FROM unnest(w.except_licensee_ids || %(stores)s::bigint[]) AS store ORDER BY 1)
        ELSE '{}' END,
    w.id, r.start, r.end_before, w.basis, w.source, now()
FROM unnest(%(from)s::bigint[], %(further)s::text[]) AS s (id, public_id)
JOIN catalog_withdrawal w ON w.id = s.id
JOIN catalog_return r ON r.withdrawal_id = w.id AND r.source = %(source)s AND r.start = w."end"
ORDER BY w.id
"""
