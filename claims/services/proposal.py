"""What waits for a second reviewer: found, ended, and sent back where the case is no longer what was proposed about."""

from datetime import datetime

from accounts.models import User
from claims.models import Claim, DecisionProposal, OptOut
from claims.services.errors import NeedsAnother
from core.workflow import move

Status = DecisionProposal.Status


def open_proposal(case: Claim | OptOut) -> DecisionProposal | None:
    """This will find the decision that waits for a second reviewer."""
    return case.proposals.filter(status=Status.OPEN).select_related("by", "note").first()


def close_proposal(proposal: DecisionProposal, to: str, *, by: User, now: datetime, reason: str = "") -> None:
    """This will end a proposal by a second person. Raises: NeedsAnother, MovedMeanwhile."""
    if proposal.by_id == by.pk:
        raise NeedsAnother
    DecisionProposal.objects.filter(pk=proposal.pk, status=Status.OPEN).update(second_by=by)
    move(proposal, to, by=by, now=now, reason=reason)


def send_back_stale(case: Claim | OptOut, *, by: User, now: datetime, reason: str = "") -> None:
    """This will send back what was proposed, if anything: the case changes, so nobody confirms it afterwards.

    Called under the lock of the case. Raises: NeedsAnother, when it is one's own.
    """
    proposal = open_proposal(case)
    if proposal is not None:
        close_proposal(proposal, Status.SENT_BACK, by=by, now=now, reason=reason)
