"""Deciding a claim, line by line, and posting what it won. A person decides, never alone on an own case.

The decision commits alone and at once: shares recorded, outcomes and reasons written, money not yet moved. A task then
posts the award in batches (approved > awarding > awarded); killed at any point, it or the sweep goes on from there.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from catalog import services as catalog
from catalog.models import RightsHolder, RightsShare, Track
from catalog.rights import Right
from claims import selectors, tasks
from claims.conflict import Piece
from claims.models import (
    CaseMail,
    Claim,
    ClaimLine,
    Decision,
    DecisionProposal,
    Dispute,
    DistributionRun,
    Proof,
    ReviewBatch,
)
from claims.pipeline.list_cases import write_outcomes
from claims.reasons import DECISION
from claims.services.case_mail import tell_rivals, tell_sender
from claims.services.challenge import open_window
from claims.services.checks import drop_waiting_checks
from claims.services.claim import facts_now, locked, require_reviewer
from claims.services.dispute_opening import Fight, open_disputes
from claims.services.distribution import continue_run, plan_run
from claims.services.errors import (
    BadReduction,
    FactsChanged,
    HolderNotVerified,
    KinHasIt,
    LinesUndecided,
    NeedsAnother,
    NothingProposed,
    ProofTooThin,
    ReasonNeeded,
)
from claims.services.moves import move
from claims.services.proposal import close_proposal, open_proposal
from claims.services.record import facts_of_decision, record_decision
from claims.services.risk import has_title
from claims.services.second import needs_second, propose_decision, proposed_lines
from claims.services.shares import Sets, SharePlace, new_share
from core.workflow import MovedMeanwhile

Outcome = ClaimLine.Outcome
Topic = CaseMail.Topic
WON = (Outcome.ACCEPTED, Outcome.REDUCED, Outcome.DISPUTED)


@dataclass(frozen=True, slots=True)
class LineDecision:
    """What a reviewer says of one line: accepted, reduced to `percent`, or rejected; a reason code for the last two."""

    outcome: str
    reason: str = "proof_in_order"
    percent: Decimal | None = None


def decide_claim(
    *,
    claim: Claim,
    decisions: Mapping[int, LineDecision],
    by: User,
    now: datetime,
    note: str = "",
    batch: ReviewBatch | None = None,
    proposal: DecisionProposal | None = None,
) -> Claim:
    """This will decide every line of a claim (`decisions` by line id) and record the shares it wins.

    The claim is approved when any line is, else rejected. A line that would exceed 100 % with what others have or
    claim is granted as far as nobody else says it is his, and becomes a dispute for the rest, only for the days and
    territories in conflict. Locks the claim, then its tracks in the order of their ids.

    A sum above the limit for one reviewer is only proposed (the claim stays under review) until another confirms.

    Raises: NotAReviewer, DecidesOwnCase, MoveNotAllowed, MovedMeanwhile, LinesUndecided, ReasonNeeded, BadReduction,
    HolderNotVerified, FactsChanged, ProofTooThin, KinHasIt.
    """
    require_reviewer(by, claim, now)
    with transaction.atomic():
        claim = locked(claim, Claim.Status.UNDER_REVIEW)
        if proposal is None and claim.proposals.filter(status=DecisionProposal.Status.OPEN).exists():
            raise NeedsAnother
        lines = list(claim.lines.order_by("track_id", "right", "pk"))
        _check(claim, lines, decisions)
        won = [line for line in lines if decisions[line.pk].outcome != Outcome.REJECTED]
        tracks = Track.objects.select_for_update(no_key=True).filter(pk__in=claim.lines.values("track_id"))
        list(tracks.order_by("pk").values_list("pk"))
        if claim.facts.get("digest") != facts_now(claim)["digest"]:
            raise FactsChanged
        if won and claim.holder.status != RightsHolder.Status.VERIFIED:
            raise HolderNotVerified
        if won and claim.proof == Proof.FULL and not has_title(claim):
            raise ProofTooThin
        if won and proposal is None and needs_second(claim, now):
            propose_decision(claim=claim, decisions=decisions, by=by, now=now, note=note)
            return claim
        facts = facts_of_decision(claim)
        for line in lines:
            decision = decisions[line.pk]
            line.outcome, line.outcome_reason = decision.outcome, decision.reason
            line.granted_percent = decision.percent if decision.outcome == Outcome.REDUCED else line.percent
        disputes = _grant(claim, won, by=by, now=now)
        for line in lines:
            if line.outcome == Outcome.REJECTED:
                line.granted_percent = None
        write_outcomes(lines)
        Claim.objects.filter(pk=claim.pk).update(decided_by=by, decided_at=now)
        claim.decided_by, claim.decided_at = by, now
        record_decision(
            case=claim.public_id,
            outcome=Decision.Outcome.APPROVED if won else Decision.Outcome.REJECTED,
            reason_code="" if won else next((each.reason for each in decisions.values()), ""),
            note=note,
            by=by,
            now=now,
            facts=facts | {"outcomes": dict(Counter(line.outcome for line in lines))},
            proposal=proposal,
            batch=batch,
        )
        drop_waiting_checks(claim)
        move(claim, Claim.Status.APPROVED if won else Claim.Status.REJECTED, by=by, now=now, reason=note)
        tell_sender(claim, Topic.CLAIM_APPROVED if won else Topic.CLAIM_REJECTED, now)
        tell_rivals(claim, disputes, now)
        if won:
            open_window(claim, now)
            plan_run(cause=DistributionRun.Cause.CLAIM, object_id=claim.pk, now=now)
            tasks.hurry(tasks.award_claim, claim_id=claim.pk)
    return claim


def confirm_decision(*, claim: Claim, by: User, now: datetime) -> Claim:
    """This will do, as the second reviewer, what the first proposed; on the facts of today, or not at all.

    Raises: NothingProposed, NeedsAnother, and as `decide_claim`.
    """
    require_reviewer(by, claim, now)
    with transaction.atomic():
        proposal = open_proposal(locked(claim, Claim.Status.UNDER_REVIEW))
        if proposal is None:
            raise NothingProposed
        close_proposal(proposal, DecisionProposal.Status.CONFIRMED, by=by, now=now)
        decisions = {pk: LineDecision(*each) for pk, each in proposed_lines(proposal).items()}
        note = proposal.note.text if proposal.note else ""
        return decide_claim(claim=claim, decisions=decisions, by=by, now=now, note=note, proposal=proposal)


def approve_claim(*, claim: Claim, by: User, now: datetime, note: str = "") -> Claim:
    """This will accept every line as claimed. Raises: as `decide_claim`."""
    return decide_claim(
        claim=claim,
        decisions={pk: LineDecision(Outcome.ACCEPTED) for pk in claim.lines.values_list("pk", flat=True)},
        by=by,
        now=now,
        note=note,
    )


def reject_claim(*, claim: Claim, reason: str, by: User, now: datetime, note: str = "") -> Claim:
    """This will reject every line for one reason. Raises: as `decide_claim`."""
    return decide_claim(
        claim=claim,
        decisions={pk: LineDecision(Outcome.REJECTED, reason) for pk in claim.lines.values_list("pk", flat=True)},
        by=by,
        now=now,
        note=note,
    )


def _check(claim: Claim, lines: Sequence[ClaimLine], decisions: Mapping[int, LineDecision]) -> None:
    if {line.pk for line in lines} != set(decisions):
        raise LinesUndecided
    for line in lines:
        decision = decisions[line.pk]
        if decision.outcome not in (Outcome.ACCEPTED, Outcome.REDUCED, Outcome.REJECTED):
            raise LinesUndecided
        if decision.outcome != Outcome.ACCEPTED and (
            decision.reason not in DECISION or decision.reason == "proof_in_order"
        ):
            raise ReasonNeeded
        if decision.outcome == Outcome.REDUCED and not (
            decision.percent is not None and 0 < decision.percent < line.percent
        ):
            raise BadReduction


def _grant(claim: Claim, won: Sequence[ClaimLine], *, by: User, now: datetime) -> list[Dispute]:
    """This will record the shares of the lines won, open disputes where they conflict, and return those.

    Lines about one song meet in it: what the first (the largest) is granted or disputed, the others share.
    """
    _give_works([line for line in won if line.right == Right.WORK], claim)
    places: list[SharePlace] = []
    fights: dict[tuple[object, ...], tuple[ClaimLine, selectors.Subject, Piece, Decimal]] = {}
    lines_of: dict[tuple[selectors.Subject, str], list[ClaimLine]] = {}
    kin = selectors.kin_of(claim.holder.merged_into_id or claim.holder_id)
    asked = {line.pk: line.percent if line.granted_percent is None else line.granted_percent for line in won}
    for each in selectors.pieces_of(claim, sorted(won, key=lambda line: -asked[line.pk])):
        line, percent = each.line, asked[each.line.pk]
        lines_of.setdefault((each.subject, line.right), []).append(line)
        for piece in each.pieces:
            if piece.conflicts(percent) and not piece.conflicts_without(kin, percent):
                raise KinHasIt
            if piece.conflicts(percent):
                line.outcome, line.granted_percent = Outcome.DISPUTED, min(line.granted_percent or percent, piece.room)
                where = each.subject, line.right, piece.territories, piece.start, piece.end
                fights.setdefault(where, (line, each.subject, piece, percent))
            if grant := piece.grant(percent):
                places.append(SharePlace(line, each.subject, piece, grant))
                each.add(claim.holder.merged_into_id or claim.holder_id, piece, grant)
    sets = Sets()
    recorded = catalog.record_shares(shares=[new_share(claim, place, sets) for place in places])
    shares: dict[tuple[selectors.Subject, str, Piece], RightsShare] = {}
    for place, share in zip(places, recorded, strict=True):
        shares[place.subject, place.line.right, place.piece] = share
        for line in lines_of[place.subject, place.line.right]:
            line.share = line.share or share
    found = [
        Fight(line, subject, piece, percent, shares.get((subject, line.right, piece)))
        for line, subject, piece, percent in fights.values()
    ]
    return open_disputes(claim=claim, fights=found, by=by, now=now)


def _give_works(lines: Sequence[ClaimLine], claim: Claim) -> None:
    """This will make a work for each track claimed by its writer that has none."""
    if lines:
        catalog.ensure_works_for_tracks(track_ids={line.track_id for line in lines}, source=claim.public_id)


# The award ------------------------------------------------------------------------------------------------------------
def award_claim(*, claim_id: int, now: datetime) -> bool:
    """This will post the next batch of an approved claim's award; returns True while something is left.

    approved > awarding with the first batch, awarding > awarded with the last. Any number of workers, any number of
    times: each batch is one transaction that also writes down how far it came.
    """
    claim = Claim.objects.get(pk=claim_id)
    if claim.status == Claim.Status.APPROVED:
        with suppress(MovedMeanwhile), transaction.atomic():  # another worker began: it, or this one, goes on
            move(locked(claim, Claim.Status.APPROVED), Claim.Status.AWARDING, by=None, now=now)
        return True
    if claim.status != Claim.Status.AWARDING:
        return False
    run = DistributionRun.objects.get(cause=DistributionRun.Cause.CLAIM, object_id=claim_id)
    left = continue_run(run_id=run.pk, now=now)
    run.refresh_from_db()
    lines = claim.lines.filter(track_id__lte=run.last_track) if run.finished_at is None else claim.lines.all()
    Claim.objects.filter(pk=claim_id).update(awarded_lines=lines.count())
    if run.finished_at is not None:
        with transaction.atomic():
            if Claim.objects.select_for_update().get(pk=claim_id).status == Claim.Status.AWARDING:
                move(claim, Claim.Status.AWARDED, by=None, now=now)
    return left


def claims_unawarded(*, limit: int = 100) -> list[int]:
    """This will name claims that are decided but whose award is not all posted."""
    waiting = Claim.objects.filter(status__in=(Claim.Status.APPROVED, Claim.Status.AWARDING)).order_by("decided_at")
    return list(waiting.values_list("pk", flat=True)[:limit])
