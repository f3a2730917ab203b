"""Writes and ends withdrawals. Whether one is granted is decided in `claims`; here it becomes a fact."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from catalog import selectors
from catalog.models import Withdrawal
from catalog.services.errors import EndsWrongly, NotOnesWithdrawal
from core.workflow import record_event

WITHDRAWALS_PER_STATEMENT = 20_000


def record_withdrawal(*, withdrawal: Withdrawal) -> Withdrawal:
    """This will write one withdrawal."""
    return record_withdrawals(withdrawals=[withdrawal])[0]


def record_withdrawals(*, withdrawals: Sequence[Withdrawal]) -> list[Withdrawal]:
    """This will write withdrawals, all or none, and return them in the order given."""
    return Withdrawal.objects.bulk_create(withdrawals, batch_size=WITHDRAWALS_PER_STATEMENT)


def end_withdrawal(
    *, withdrawal: Withdrawal, end: date, by: User, now: datetime, reason: str = "", is_decision: bool = False
) -> Withdrawal:
    """This will end a withdrawal on `end`: the holder comes back, or a decision orders it (`is_decision`).

    Others' withdrawals of the same track go on. Raises: NotOnesWithdrawal, EndsWrongly.
    """
    with transaction.atomic():
        current = Withdrawal.objects.select_for_update(of=("self",)).select_related("holder").get(pk=withdrawal.pk)
        allowed = selectors.may_review(by) if is_decision else selectors.may_write(by, current.holder)
        if not allowed:
            raise NotOnesWithdrawal
        if end < current.start or (current.end is not None and end > current.end):
            raise EndsWrongly
        Withdrawal.objects.filter(pk=current.pk).update(end=end)
        record_event(current, "", "ended", by=by, now=now, reason=reason)
    withdrawal.end = end
    return withdrawal
