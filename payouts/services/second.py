"""What another person of the money office decides: nobody who proposed it, nobody who acts for the store."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from core.workflow import move
from payouts import selectors
from payouts.models import Conversion, InstalmentPlan, StoreRefund, WriteOff
from payouts.services.errors import NotTheSecond, OwnStore
from payouts.services.store import require_finance
from sales.models import Licensee


def require_neutral(by: User, licensee: Licensee) -> None:
    """This will raise NotFinance, or OwnStore for who acts for the store."""
    require_finance(by)
    if selectors.acts_for_store(by, licensee):
        raise OwnStore(_("You act for this store: somebody else must decide."))


def decide(
    proposed: Conversion | InstalmentPlan | StoreRefund | WriteOff,
    to: str,
    *,
    by: User,
    now: datetime,
    reason: str = "",
) -> None:
    """This will move what was proposed on as its second person, in the caller's transaction.

    Raises: NotTheSecond, MoveNotAllowed, MovedMeanwhile.
    """
    if proposed.proposed_by_id == by.pk:
        raise NotTheSecond(_("You proposed this: another person must decide."))
    waiting = type(proposed)._base_manager.filter(pk=proposed.pk, status="proposed")
    waiting.update(decided_by=by, decided_at=now)
    move(proposed, to, by=by, now=now, reason=reason)
