"""Taking the next case and beginning with it at once."""

from contextlib import suppress
from datetime import datetime

from accounts.models import User
from claims.models import Claim, OptOut, QueueItem
from claims.services.claim import start_review
from claims.services.errors import Refused
from claims.services.opt_out_review import start_opt_out_review
from claims.services.queue import take_next
from core.workflow import MovedMeanwhile, MoveNotAllowed


def take_and_start(*, by: User, now: datetime, kind: str = "") -> QueueItem | None:
    """This will lend the most urgent case and take it under review; None: nothing waits. Raises: NotAReviewer.

    The lease is committed before the case is touched: a lease locks the queue's row first, a decision the case's.
    """
    item = take_next(by=by, now=now, kind=kind)
    if item is not None and item.kind in ("claim", "opt_out") and item.status in ("filed", "requested"):
        with suppress(Refused, MoveNotAllowed, MovedMeanwhile):  # its page says what has happened meanwhile
            if item.kind == "claim":
                start_review(claim=Claim.objects.get(pk=item.object_id), by=by, now=now)
            else:
                start_opt_out_review(opt_out=OptOut.objects.get(pk=item.object_id), by=by, now=now)
    return item
