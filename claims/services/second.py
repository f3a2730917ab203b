"""Two reviewers for large sums: the first one's decision is kept as a proposal, another confirms or sends it back."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from accounts.models import User
from claims import selectors
from claims.models import Claim, DecisionProposal, QueueItem
from claims.services.claim import locked, require_reviewer
from claims.services.errors import NeedsAnother, NothingProposed, WordsNeeded
from claims.services.queue import touch
from core.models import Note
from core.workflow import move, record_event

if TYPE_CHECKING:
    from claims.services.decision import LineDecision

Status = DecisionProposal.Status


def needs_second(claim: Claim, now: datetime) -> bool:
    """This will tell whether the sum that waits for a claim asks for two reviewers."""
    return selectors.rules_on(now.date()).is_above("second_money", selectors.money_of_claim(claim))


def propose_decision(
    *, claim: Claim, decisions: Mapping[int, "LineDecision"], by: User, now: datetime, note: str
) -> DecisionProposal:
    """This will keep a first reviewer's decision until somebody else has looked; called under the claim's lock.

    Raises: NeedsAnother, when one waits already.
    """
    if claim.proposals.filter(status=Status.OPEN).exists():
        raise NeedsAnother
    words = Note.objects.create(text=note, created_at=now) if note.strip() else None
    lines = {
        str(pk): [each.outcome, each.reason, f"{each.percent:f}" if each.percent is not None else None]
        for pk, each in decisions.items()
    }
    proposal = DecisionProposal.objects.create(claim=claim, lines=lines, note=words, by=by, at=now)
    record_event(claim, claim.status, claim.status, by=by, now=now, reason_code="second_asked")
    QueueItem.objects.filter(kind="claim", object_id=claim.pk).update(leased_by=None, lease_until=None, handed_to=None)
    touch(claim, now)
    return proposal


def open_proposal(claim: Claim) -> DecisionProposal | None:
    """This will find the decision that waits for a second reviewer."""
    return claim.proposals.filter(status=Status.OPEN).select_related("by", "note").first()


def proposed_lines(proposal: DecisionProposal) -> dict[int, tuple[str, str, Decimal | None]]:
    """This will give a proposal's outcome, reason and percent by line id."""
    return {
        int(pk): (outcome, reason, Decimal(percent) if percent is not None else None)
        for pk, (outcome, reason, percent) in proposal.lines.items()
    }


def close_proposal(proposal: DecisionProposal, to: str, *, by: User, now: datetime, reason: str = "") -> None:
    """This will end a proposal by a second person. Raises: NeedsAnother, MovedMeanwhile."""
    if proposal.by_id == by.pk:
        raise NeedsAnother
    DecisionProposal.objects.filter(pk=proposal.pk, status=Status.OPEN).update(second_by=by)
    move(proposal, to, by=by, now=now, reason=reason)


def send_back(*, claim: Claim, reason: str, by: User, now: datetime) -> None:
    """This will send a proposed decision back to the first reviewer, in words.

    Raises: NotAReviewer, DecidesOwnCase, NeedsAnother, NothingProposed, WordsNeeded, MoveNotAllowed, MovedMeanwhile.
    """
    require_reviewer(by, claim, now)
    if not reason.strip():
        raise WordsNeeded
    with transaction.atomic():
        claim = locked(claim, Claim.Status.UNDER_REVIEW)
        proposal = open_proposal(claim)
        if proposal is None:
            raise NothingProposed
        close_proposal(proposal, Status.SENT_BACK, by=by, now=now, reason=reason)
        record_event(claim, claim.status, claim.status, by=by, now=now, reason=reason, reason_code="sent_back")
        touch(claim, now)
        QueueItem.objects.filter(kind="claim", object_id=claim.pk).update(
            leased_by=None, lease_until=None, handed_to=proposal.by
        )
