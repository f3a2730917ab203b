"""A conflict of two or more holders, from the first review of a rival claim to a settlement or a person's decision.

Opening one moves nobody's money: what is undisputed was granted, an incumbent keeps being paid, and what nobody had
rests as disputed. Only a person orders an incumbent's money held, only a person (or all parties) ends it.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import User
from catalog.models import RightsShare
from catalog.territories import interned
from claims import selectors, tasks
from claims.conflict import Piece, Stake, cut
from claims.models import CaseMail, Claim, ClaimLine, Dispute, DisputeParty, DistributionRun
from claims.services.case_mail import tell_parties
from claims.services.distribution import plan_run
from claims.services.errors import BadSettlement, CaseClosed, DecidesOwnCase, NotAParty, NotAReviewer
from claims.services.moves import move
from claims.services.queue import require_free, touch
from claims.services.shares import rewrite_shares
from core.workflow import record_event

ANSWER_IN = timedelta(days=30)
HELD = "hold_ordered"


def open_dispute(
    *,
    line: ClaimLine,
    percent: Decimal,
    subject: selectors.Subject,
    piece: Piece,
    share: RightsShare | None,
    by: User,
    now: datetime,
) -> Dispute:
    """This will open the dispute about a claim's line, which asks for `percent`, with all who have or claim the same.

    It is about one piece of the line, which has passed its first review; its undisputed part (`share`) is recorded.
    """
    kind, row = subject
    dispute = Dispute.objects.create(
        track_id=line.track_id,
        work_id=row if kind == "work" else None,
        right=line.right,
        territories=interned(piece.territories),
        start=piece.start,
        end=piece.end,
        opened_at=now,
        deadline_at=now + ANSWER_IN,
    )
    parties = [
        DisputeParty(
            dispute=dispute,
            holder_id=line.claim.holder_id,
            percent=percent,
            claim_line=line,
            share=share,
        )
    ]
    for owner, percent in piece.others:
        theirs = _shares(dispute).filter(holder_id=owner).order_by("pk").first()
        parties.append(DisputeParty(dispute=dispute, holder_id=owner, percent=percent, share=theirs))
    DisputeParty.objects.bulk_create(parties)
    record_event(dispute, "", Dispute.Status.OPENED, by=by, now=now, reason_code=line.claim.public_id)
    _money_may_move(dispute, now)
    touch(dispute, now)
    return dispute


def answer_dispute(*, dispute: Dispute, answer: str, by: User, now: datetime) -> Dispute:
    """This will keep what a party says; the first answer moves the dispute on. Raises: NotAParty, CaseClosed."""
    if not any(selectors.may_write(by, party.holder) for party in dispute.parties.select_related("holder")):
        raise NotAParty
    with transaction.atomic():
        dispute = _live(dispute)
        if dispute.status == Dispute.Status.OPENED:
            return move(dispute, Dispute.Status.ANSWERED, by=by, now=now, reason=answer)
        record_event(dispute, dispute.status, dispute.status, by=by, now=now, reason=answer, reason_code="answered")
    return dispute


def order_hold(*, dispute: Dispute, by: User, now: datetime, reason: str) -> Dispute:
    """This will stop paying the incumbents the part others say is theirs, from now until the decision.

    Raises: NotAReviewer, DecidesOwnCase, CaseClosed.
    """
    _require_judge(by, dispute, now)
    with transaction.atomic():
        dispute = _live(dispute)
        if dispute.hold_ordered_by_id is None:
            dispute.hold_ordered_by = by
            dispute.save(update_fields=["hold_ordered_by"])
            record_event(dispute, dispute.status, dispute.status, by=by, now=now, reason=reason, reason_code=HELD)
            tell_parties(dispute, CaseMail.Topic.DISPUTE_HELD, now)
            _money_may_move(dispute, now)
    return dispute


def decide_dispute(
    *, dispute: Dispute, percents: Mapping[int, Decimal], by: User, now: datetime, reason: str, settled: bool = False
) -> Dispute:
    """This will end a dispute: each party (by holder id) has this percent, in the dispute's days and territories.

    `settled` says that the parties agreed; a person records that too. What is given up by all stays unclaimed. Locks
    the dispute, then its tracks in the order of their ids.

    Raises: NotAReviewer, DecidesOwnCase, BadSettlement, MoveNotAllowed, MovedMeanwhile.
    """
    _require_judge(by, dispute, now)
    with transaction.atomic():
        dispute = _locked(dispute)
        parties = list(dispute.parties.select_related("claim_line__claim", "share"))
        _check(dispute, parties, percents)
        list(selectors.tracks_of_dispute(dispute.pk).select_for_update(no_key=True).order_by("pk").values_list("pk"))
        rewrite_shares(
            subject=selectors.subject_of(dispute),
            right=dispute.right,
            territories=dispute.territories.bits,
            start=dispute.start,
            end=dispute.end,
            percents={party: percents[party.holder_id] for party in parties},
            source=dispute.public_id,
            by=by,
            now=now,
        )
        move(dispute, Dispute.Status.SETTLED if settled else Dispute.Status.DECIDED, by=by, now=now, reason=reason)
        tell_parties(dispute, CaseMail.Topic.DISPUTE_ENDED, now)
        _money_may_move(dispute, now)
    return dispute


def escalate_due(*, now: datetime) -> int:
    """This will mark open disputes whose time to answer is over; it moves no money and no right, a person must act."""
    due = Dispute.objects.filter(status__in=selectors.LIVE, deadline_at__lte=now, escalated_at=None)
    count = 0
    for dispute in due.order_by("pk"):
        with transaction.atomic():
            if Dispute.objects.filter(pk=dispute.pk, escalated_at=None).update(escalated_at=now):
                record_event(dispute, dispute.status, dispute.status, by=None, now=now, reason_code="escalated")
                count += 1
    return count


def _require_judge(by: User, dispute: Dispute, now: datetime) -> None:
    if not selectors.may_review(by):
        raise NotAReviewer
    mine = Claim.objects.filter(lines__disputes__dispute=dispute, created_by=by)
    sides = dispute.parties.values_list("holder_id", "claim_line__claim__authority__agent", "share__authority__agent")
    if mine.exists() or selectors.is_member(by, {holder for side in sides for holder in side if holder}):
        raise DecidesOwnCase
    require_free(dispute, by, now)


def _check(dispute: Dispute, parties: list[DisputeParty], percents: Mapping[int, Decimal]) -> None:
    """This will refuse shares that leave a party out, or exceed what holders outside the dispute leave."""
    if {party.holder_id for party in parties} != set(percents) or any(
        not 0 <= each <= 100 for each in percents.values()
    ):
        raise BadSettlement
    kind, row = subject = selectors.subject_of(dispute)
    tracks, works = ([row], []) if kind == "track" else ([], [row])
    stakes = selectors.stakes_about(tracks, works, without=[dispute.pk]).get((subject, dispute.right), [])
    outside = [stake for stake in stakes if stake.is_share and stake.owner not in percents]
    asked = Stake(0, sum(percents.values(), Decimal(0)))
    for piece in cut(asked.owner, dispute.territories.bits, dispute.start, dispute.end, outside):
        if asked.percent > piece.room:
            raise BadSettlement


def _locked(dispute: Dispute) -> Dispute:
    return Dispute.objects.select_for_update(of=("self",)).select_related("territories").get(pk=dispute.pk)


def _live(dispute: Dispute) -> Dispute:
    """Lock a dispute that has not ended. Raises: CaseClosed."""
    locked = _locked(dispute)
    if locked.status not in selectors.LIVE:
        raise CaseClosed
    return locked


def _shares(dispute: Dispute) -> QuerySet[RightsShare]:
    subject = Q(work=dispute.work_id) if dispute.work_id else Q(track=dispute.track_id)
    return RightsShare.objects.filter(subject, right=dispute.right)


def _money_may_move(dispute: Dispute, now: datetime) -> None:
    run = plan_run(cause=DistributionRun.Cause.DISPUTE, object_id=dispute.pk, now=now)
    tasks.hurry(tasks.distribute, run_id=run.pk)
