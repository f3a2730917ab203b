"""The society's side of an opt-out: reviewed and decided by a person who has nothing to do with the case.

A grant is one transaction: outcome per row, one Withdrawal per row and right, a notice per store with its deliveries,
and the note that money may have to move. There is no withdrawal without its notice and no notice without its
withdrawal, wherever the machine stops.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from catalog import services as catalog
from catalog.models import RightsHolder, Withdrawal
from catalog.rights import Right
from claims import selectors, tasks
from claims.models import (
    Appeal,
    CaseMail,
    CaseMessage,
    Check,
    Clock,
    Decision,
    DecisionProposal,
    DistributionRun,
    OptOut,
    OptOutLine,
)
from claims.pipeline import opt_out_grant, opt_out_standing
from claims.services.case_mail import tell_sender
from claims.services.clock import pause_clock, start_clock
from claims.services.distribution import plan_run
from claims.services.errors import (
    ChecksRunning,
    DecidedBefore,
    DecidesOwnCase,
    HolderNotVerified,
    LeasedByAnother,
    NotAReviewer,
    NothingAccepted,
    PeriodIsOver,
    WordsNeeded,
)
from claims.services.message import keep_message
from claims.services.moves import move
from claims.services.opt_out import lock
from claims.services.proposal import close_proposal, open_proposal, send_back_stale
from claims.services.queue import require_free, touch
from claims.services.record import record_decision
from claims.services.second import propose_grant, proposed_lines
from claims.services.takedown import queue_notices
from core.workflow import MoveNotAllowed

Status = OptOut.Status
Outcome = OptOutLine.Outcome


def may_decide_opt_out(user: User, opt_out: OptOut, now: datetime) -> bool:
    """This will tell whether a person may decide this very case."""
    try:
        _require_decider(user, opt_out, now)
    except (NotAReviewer, DecidesOwnCase, DecidedBefore, LeasedByAnother):
        return False
    return True


def start_opt_out_review(*, opt_out: OptOut, by: User, now: datetime) -> OptOut:
    """This will take a requested case into review. Raises: NotAReviewer, DecidesOwnCase, MoveNotAllowed."""
    _require_decider(by, opt_out, now)
    return move(opt_out, Status.UNDER_REVIEW, by=by, now=now)


def request_opt_out_evidence(
    *, opt_out: OptOut, by: User, now: datetime, reason: str, days: int | None = None
) -> OptOut:
    """This will ask the holder for more proof, in words, until a day; the clock of the decision stands still.

    Raises: NotAReviewer, DecidesOwnCase, WordsNeeded, NeedsAnother, when one's own grant waits for a second reviewer.
    """
    with transaction.atomic():
        locked = _decide_without_rows(opt_out, Status.EVIDENCE_REQUESTED, by, now, reason)
        keep_message(locked, reason, side=CaseMessage.Side.ROMS, kind=CaseMessage.Kind.QUESTION, by=by, now=now)
        pause_clock(locked.public_id, Clock.Purpose.OPT_OUT_DECISION, now)
        due = start_clock(locked.public_id, Clock.Purpose.OPT_OUT_ANSWER, now, days=days).due_at
        OptOut.objects.filter(pk=locked.pk).update(deadline_at=due)
        touch(locked, now)
        tell_sender(locked, CaseMail.Topic.OPT_OUT_ASKED, now)
    return locked


def refuse_opt_out(*, opt_out: OptOut, by: User, now: datetime, reason: str, reason_code: str = "other") -> OptOut:
    """This will refuse a whole case, in words; every open row is refused with the code.

    Raises: NotAReviewer, DecidesOwnCase, WordsNeeded, NeedsAnother (one's own grant waits for a second reviewer),
    MoveNotAllowed, MovedMeanwhile.
    """
    with transaction.atomic():
        locked = _decide_without_rows(opt_out, Status.REFUSED, by, now, reason)
        open_rows = locked.lines.filter(outcome=Outcome.PENDING)
        open_rows.update(outcome=Outcome.REFUSED, outcome_reason=reason_code)
        _sign_decision(locked, by, now)
        _record(locked, Decision.Outcome.REFUSED, by, now, reason, reason_code)
        tell_sender(locked, CaseMail.Topic.OPT_OUT_REFUSED, now)
    return locked


def grant_opt_out(
    *, opt_out: OptOut, by: User, now: datetime, refused: Mapping[int, str] | None = None, reason: str = ""
) -> OptOut:
    """This will grant a case: every row leaves except those in `refused` (line id -> reason code).

    The first day out is the day asked for, but never before the day of the grant: no store can have obeyed earlier, and
    what was sold until then is owed as ever. A row that is out already is refused by itself, with that reason.

    More tracks than the house's number, or a track in which only others have recorded shares, ask for two reviewers:
    the first one's grant is kept as a proposal and changes nothing, the second one's confirms it as it was proposed.

    Locks the case, then its tracks in the order of their ids. However many the rows, the statements are few.

    Raises: NeedsAnother, NotAReviewer, DecidesOwnCase, ChecksRunning, HolderNotVerified, PeriodIsOver, NothingAccepted,
    MoveNotAllowed, MovedMeanwhile.
    """
    with transaction.atomic():
        locked = lock(opt_out)
        _require_decider(by, locked, now)
        if Check.objects.filter(opt_out=locked, result=Check.Result.WAITING).exists():
            raise ChecksRunning
        if locked.holder.status != RightsHolder.Status.VERIFIED:
            raise HolderNotVerified
        if locked.status == Status.REQUESTED:
            move(locked, Status.UNDER_REVIEW, by=by, now=now)
        if locked.status != Status.UNDER_REVIEW:
            raise MoveNotAllowed(f"{locked}: {locked.status} > {Status.GRANTED}")
        refused = _reasons(refused or {})
        proposal = open_proposal(locked)
        if proposal is None and needs_second_grant(locked, refused, now):
            propose_grant(opt_out=locked, refused=refused, by=by, now=now, note=reason)
            return locked
        if proposal is not None:
            close_proposal(proposal, DecisionProposal.Status.CONFIRMED, by=by, now=now)
            refused = {line: code for line, (_outcome, code, _percent) in proposed_lines(proposal).items()}
            reason = reason or (proposal.note.text if proposal.note else "")
        start = max(locked.start or now.date(), now.date())
        if locked.end and locked.end <= start:
            raise PeriodIsOver
        with opt_out_grant.leaving(locked, now.date(), refused) as count:
            if not count:
                raise NothingAccepted
            _withdraw(locked, start)
            opt_out_grant.tie_lines(locked)
            queue_notices(opt_out=locked, start=start, now=now)
        _sign_decision(locked, by, now)
        move(locked, Status.GRANTED, by=by, now=now, reason=reason)
        _record(locked, Decision.Outcome.GRANTED, by, now, reason, proposal=proposal)
        tell_sender(locked, CaseMail.Topic.OPT_OUT_GRANTED, now)
        run = plan_run(cause=DistributionRun.Cause.OPT_OUT, object_id=locked.pk, now=now)
        tasks.hurry(tasks.distribute, run_id=run.pk)
    return locked


def needs_second_grant(opt_out: OptOut, refused: Collection[int], now: datetime) -> bool:
    """This will tell whether what would leave, all rows but `refused`, asks for two reviewers."""
    found = opt_out_standing.recorded(opt_out, now.date(), but=refused)
    return found.rivals > 0 or found.tracks > selectors.rules_on(now.date()).count("second_tracks")


def _reasons(refused: Mapping[int, str]) -> dict[int, str]:
    return {line: code or "other" for line, code in refused.items()}


def _withdraw(opt_out: OptOut, start: date) -> None:
    """Record a Withdrawal for each right of each track that leaves; of the song's right the subject is the work.

    A track whose song nobody catalogued gets a work of its own.
    """
    fact = Withdrawal(
        holder_id=opt_out.holder.merged_into_id or opt_out.holder_id,
        territories_id=opt_out.territories_id,
        licensee_ids=sorted(opt_out.licensees.values_list("pk", flat=True)),
        start=start,
        end=opt_out.end,
        basis=opt_out.basis,
        source=opt_out.public_id,
    )
    for fact.right in opt_out.rights:
        tracks = opt_out_grant.tracks_leaving(fact.right)
        if fact.right == Right.WORK:
            catalog.ensure_works_for_tracks(track_ids=tracks, source=opt_out.public_id)
            catalog.withdraw_subjects(like=fact, work_ids=opt_out_grant.works_leaving())
        else:
            catalog.withdraw_subjects(like=fact, track_ids=tracks)


def _decide_without_rows(opt_out: OptOut, to: str, by: User, now: datetime, reason: str) -> OptOut:
    """Refuse, or ask for proof. A grant that waits for a second reviewer goes back: nobody confirms it afterwards."""
    with transaction.atomic():
        locked = lock(opt_out)
        _require_decider(by, locked, now)
        if not reason.strip():
            raise WordsNeeded
        send_back_stale(locked, by=by, now=now, reason=reason.strip())
        if locked.status == Status.REQUESTED:
            move(locked, Status.UNDER_REVIEW, by=by, now=now)
        said = "" if to == Status.EVIDENCE_REQUESTED else reason.strip()
        return move(locked, to, by=by, now=now, reason=said)


def _record(
    opt_out: OptOut,
    outcome: str,
    by: User,
    now: datetime,
    note: str,
    code: str = "",
    proposal: DecisionProposal | None = None,
) -> None:
    facts = {"risk": opt_out.risk_score, "proof": opt_out.proof, "rows": opt_out.lines.count()}
    record_decision(
        case=opt_out.public_id,
        outcome=outcome,
        by=by,
        now=now,
        note=note,
        reason_code=code,
        facts=facts,
        proposal=proposal,
    )


def _sign_decision(opt_out: OptOut, by: User, now: datetime) -> None:
    opt_out.decided_by, opt_out.decided_at = by, now
    opt_out.save(update_fields=["decided_by", "decided_at"])


def _require_decider(by: User, opt_out: OptOut, now: datetime) -> None:
    if not selectors.may_review(by):
        raise NotAReviewer
    parties = [opt_out.holder_id, *([opt_out.authority.agent_id] if opt_out.authority else [])]
    if by.pk == opt_out.created_by_id or selectors.is_member(by, parties):
        raise DecidesOwnCase
    overruled = Appeal.objects.filter(Q(opt_out=opt_out, status="reversed") | Q(reopened_opt_out=opt_out))
    if overruled.filter(first_decided_by=by).exists():
        raise DecidedBefore
    require_free(opt_out, by, now)
