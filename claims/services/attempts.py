"""Bringing a message out: one attempt at a time, outside any transaction, every one with the same id.

An attempt is three steps. (1) Take the row: one conditional update counts the attempt, moves `next_attempt_at` past the
time the call may take, and commits. Of two workers one gets it; a worker that dies leaves a row that is due again by
itself. (2) Call, with nothing open in the database. (3) Write down what came of it. The other side may get a message
twice (we died between 2 and 3) and knows it by its id; it cannot miss one, however often either side fell over.

After a failed attempt the row waits longer each time, three days in all; then it is `dead` and a person must act.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import transaction
from django.db.models import F, QuerySet

from claims.models.attempt import Attempted
from claims.services.webhook import CallFailed
from core.workflow import record_event

State = Attempted.State
OPEN = (State.DUE, State.FAILED)
LEASE = timedelta(minutes=2)
"""Longer than any call may take, so nobody else takes a row while its call is still under way."""

WAITS = [timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30)] + [
    timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)
]
"""How long to wait after the first, second ... failure; after the last one the message is dead."""

Row = TypeVar("Row", bound=Attempted)


def attempt(
    rows: QuerySet[Row],
    pk: int,
    now: datetime,
    *,
    call: Callable[[Row], None],
    then: Callable[[Row], None] | None = None,
) -> Row | None:
    """This will try once: `call` raises CallFailed when it was not taken; `then` is done with writing down a success.

    None: there is nothing to do, because it is not due, it is done, or another worker has it.
    """
    row = _take(rows, pk, now)
    if row is None:
        return None
    try:
        call(row)
    except CallFailed as failure:
        _note_failure(row, failure.code, now)
    except Exception:
        _note_failure(row, "internal", now)  # nobody foresaw it: it is logged, and the row waits like any other
        raise
    else:
        _note_success(row, now, then)
    return row


def due(rows: QuerySet[Row], now: datetime, limit: int) -> list[int]:
    """This will list rows whose time has come, longest waiting first."""
    found = rows.filter(state__in=OPEN, next_attempt_at__lte=now).order_by("next_attempt_at")
    return list(found.values_list("pk", flat=True)[:limit])


def _take(rows: QuerySet[Row], pk: int, now: datetime) -> Row | None:
    with transaction.atomic(durable=True):
        free = rows.model._base_manager.filter(pk=pk, state__in=OPEN, next_attempt_at__lte=now)
        if not free.update(attempts=F("attempts") + 1, next_attempt_at=now + LEASE):
            return None
    return rows.get(pk=pk)


def _note_success(row: Row, now: datetime, then: Callable[[Row], None] | None) -> None:
    """Whoever got through tells, even after another attempt began: the other side has the message."""
    with transaction.atomic():
        undelivered = type(row)._base_manager.filter(pk=row.pk).exclude(state=State.DELIVERED)
        if undelivered.update(state=State.DELIVERED, delivered_at=now, next_attempt_at=None, last_error=""):
            record_event(row, row.state, State.DELIVERED, by=None, now=now)
            if then is not None:
                then(row)
    row.state, row.delivered_at = State.DELIVERED, now


def _note_failure(row: Row, code: str, now: datetime) -> None:
    """Only the attempt that holds the row says when the next one is."""
    waited = row.attempts - 1
    state, at = (State.FAILED, now + WAITS[waited]) if waited < len(WAITS) else (State.DEAD, None)
    with transaction.atomic():
        mine = type(row)._base_manager.filter(pk=row.pk, state__in=OPEN, attempts=row.attempts)
        if mine.update(state=state, next_attempt_at=at, last_error=code):
            record_event(row, row.state, state, by=None, now=now, reason_code=code)
    row.state, row.next_attempt_at, row.last_error = state, at, code
