"""A holder asks for the money of sales after its withdrawal; until then it is kept apart, without end."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from catalog.models import RightsHolder
from claims import selectors, tasks
from claims.models import DistributionRun, MoneyRequest
from claims.services.distribution import plan_run
from claims.services.errors import NothingAsked
from claims.services.evidence import require_writer
from core.workflow import record_event


def ask_for_money(*, holder: RightsHolder, by: User, now: datetime) -> MoneyRequest:
    """This will make payable what was sold before today inside the holder's withdrawals. Asked twice a day is once.

    Only the holder's own people ask: no agent, no staff. A task posts it, by the rule of `claims.distribution`. Locks
    the holder's row until the caller's commit.

    Raises: MayNotWrite, NothingAsked when nothing is kept apart.
    """
    require_writer(by, holder, now=now)
    with transaction.atomic():
        RightsHolder.objects.select_for_update(no_key=True).get(pk=holder.pk)
        known = MoneyRequest.objects.filter(holder=holder, before=now.date()).first()
        if known is not None:
            return known
        if not selectors.kept_apart(holder):
            raise NothingAsked
        asked = MoneyRequest.objects.create(holder=holder, before=now.date(), asked_by=by, asked_at=now)
        record_event(asked, "", "asked", by=by, now=now)
        run = plan_run(cause=DistributionRun.Cause.MONEY, object_id=asked.pk, now=now)
        tasks.hurry(tasks.distribute, run_id=run.pk)
    return asked
