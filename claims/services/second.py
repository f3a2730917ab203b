"""Two reviewers for what weighs much: the first one's decision is kept as a proposal, another confirms or returns it.

A claim of a large sum; an opt-out of many tracks, or of tracks in which only others have recorded shares.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from accounts.models import User
from claims import selectors
from claims.models import Claim, DecisionProposal, OptOut, QueueItem
from claims.services.claim import locked, require_reviewer
from claims.services.errors import DecidesOwnCase, NeedsAnother, NotAReviewer, NothingProposed, WordsNeeded
from claims.services.proposal import close_proposal, open_proposal
from claims.services.queue import touch
from core.models import Note
from core.workflow import record_event

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


def propose_grant(
    *, opt_out: OptOut, refused: Mapping[int, str], by: User, now: datetime, note: str
) -> DecisionProposal:
    """This will keep a first reviewer's grant until somebody else has looked; called under the opt-out's lock."""
    words = Note.objects.create(text=note, created_at=now) if note.strip() else None
    lines = {str(pk): ["refused", reason, None] for pk, reason in refused.items()}
    proposal = DecisionProposal.objects.create(opt_out=opt_out, lines=lines, note=words, by=by, at=now)
    record_event(opt_out, opt_out.status, opt_out.status, by=by, now=now, reason_code="second_asked")
    _hand_on(opt_out, None, now)
    return proposal


def send_back_opt_out(*, opt_out: OptOut, reason: str, by: User, now: datetime) -> None:
    """This will send a proposed grant back to the first reviewer, in words.

    Raises: NotAReviewer, DecidesOwnCase, NeedsAnother, NothingProposed, WordsNeeded, MoveNotAllowed, MovedMeanwhile.
    """
    if not selectors.may_review(by):
        raise NotAReviewer
    parties = [opt_out.holder_id, *([opt_out.authority.agent_id] if opt_out.authority else [])]
    if by.pk == opt_out.created_by_id or selectors.is_member(by, parties):
        raise DecidesOwnCase
    if not reason.strip():
        raise WordsNeeded
    with transaction.atomic():
        OptOut.objects.select_for_update(of=("self",)).get(pk=opt_out.pk)
        proposal = open_proposal(opt_out)
        if proposal is None:
            raise NothingProposed
        close_proposal(proposal, Status.SENT_BACK, by=by, now=now, reason=reason)
        record_event(opt_out, opt_out.status, opt_out.status, by=by, now=now, reason=reason, reason_code="sent_back")
        _hand_on(opt_out, proposal.by, now)


def _hand_on(opt_out: OptOut, to: User | None, now: datetime) -> None:
    touch(opt_out, now)
    items = QueueItem.objects.filter(kind="opt_out", object_id=opt_out.pk)
    items.update(leased_by=None, lease_until=None, handed_to=to)


def proposed_lines(proposal: DecisionProposal) -> dict[int, tuple[str, str, Decimal | None]]:
    """This will give a proposal's outcome, reason and percent by line id."""
    return {
        int(pk): (outcome, reason, Decimal(percent) if percent is not None else None)
        for pk, (outcome, reason, percent) in proposal.lines.items()
    }


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
