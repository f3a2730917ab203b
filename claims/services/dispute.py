"""What parties answer in a dispute, how they settle it, and how a reviewer orders a hold.

An answer is an offer and moves nobody's money. When all that is asked for fits together, the parties agree: that is
recorded as their settlement, and only then money and rights move. Silence is no answer, and no clock ends a dispute.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from catalog.models import RightsHolder
from claims import selectors, tasks
from claims.agreement import Room, Side, Stretch, agreed
from claims.conflict import cut
from claims.models import (
    CaseMail,
    Claim,
    Decision,
    Dispute,
    DisputeAnswer,
    DisputeParty,
    DistributionRun,
    EvidenceDocument,
)
from claims.services.case_mail import tell_parties
from claims.services.clock import start_panel_clock
from claims.services.distribution import plan_run
from claims.services.errors import (
    BadAnswer,
    BadSettlement,
    CaseClosed,
    DecidesOwnCase,
    NotAParty,
    NotAReviewer,
    ProofNeeded,
    WordsNeeded,
)
from claims.services.moves import move
from claims.services.queue import require_free, touch
from claims.services.record import record_decision
from claims.services.shares import rewrite_shares
from core.workflow import record_event

HELD = "hold_ordered"
Kind = DisputeParty.Answer


@dataclass(frozen=True, slots=True)
class Said:
    """What a party answers: `percent` where it asks for less, days where it is only theirs then, a split by holder."""

    kind: str = Kind.SAY
    percent: Decimal | None = None
    start: date | None = None
    end: date | None = None
    split: Mapping[int, Decimal] = field(default_factory=dict)
    words: str = ""
    documents: tuple[EvidenceDocument, ...] = ()


def answer_dispute(
    *, dispute: Dispute, said: Said, by: User, now: datetime, holder: RightsHolder | None = None
) -> Dispute:
    """This will keep what a party answers, and record the settlement when all parties agree by it.

    `holder` says for which party, where the person acts for several. Locks the dispute, then its tracks in the order of
    their ids when it settles.

    Raises: NotAParty, CaseClosed, WordsNeeded, ProofNeeded, BadAnswer.
    """
    with transaction.atomic():
        dispute = lock_live(dispute)
        party = require_answer(dispute, said, by, now, holder)
        _keep(dispute, party, said, by, now)
        if dispute.status == Dispute.Status.OPENED:
            move(dispute, Dispute.Status.ANSWERED, by=by, now=now, reason=said.words, reason_code=said.kind)
        else:
            record_event(
                dispute, dispute.status, dispute.status, by=by, now=now, reason=said.words, reason_code=said.kind
            )
        sides = list(dispute.parties.select_related("claim_line__claim", "share").order_by("pk"))
        if said.kind == Kind.VERSION:
            _call_person(dispute, now)
        elif said.kind != Kind.SAY and (stretches := _agreement(dispute, sides)):
            return settle(dispute, sides, stretches, by, now)
        if all(side.answered_at for side in sides):
            start_panel_clock(dispute, now)
            touch(dispute, now)
    return dispute


def require_answer(
    dispute: Dispute, said: Said, by: User, now: datetime, holder: RightsHolder | None = None
) -> DisputeParty:
    """This will give the party a person answers for, and stop an answer it cannot give; nothing is written.

    Raises: NotAParty, CaseClosed, WordsNeeded, ProofNeeded, BadAnswer.
    """
    if dispute.status not in selectors.LIVE:
        raise CaseClosed
    party = _party_of(dispute, by, holder, now)
    _check(dispute, party, said)
    return party


def agreement_of(dispute: Dispute, party: DisputeParty, said: Said) -> list[Stretch]:
    """This will say on what the parties would agree by this answer (a dry run); an empty list: not yet.

    Raises: WordsNeeded, ProofNeeded, BadAnswer.
    """
    _check(dispute, party, said)
    if said.kind in (Kind.SAY, Kind.VERSION):
        return []
    sides = [each for each in dispute.parties.all() if each.pk != party.pk]
    _take(party, said)
    return _agreement(dispute, [*sides, party])


def is_said(party: DisputeParty, said: Said) -> bool:
    """This will tell whether a party says just this already, so that saying it again would add nothing."""
    if said.kind == Kind.SAY or said.kind != party.answer:
        return False
    split = _as_json(said.split) if said.split else None
    days = (party.asks_start, party.asks_end) == (said.start, said.end) or said.kind != Kind.PERIOD
    return days and party.split == split and (said.kind != Kind.REDUCE or party.asks == said.percent)


def order_hold(*, dispute: Dispute, by: User, now: datetime, reason: str) -> Dispute:
    """This will stop paying incumbents what others say is theirs, from now until the decision.

    Raises: NotAReviewer, DecidesOwnCase, CaseClosed.
    """
    require_judge(by, dispute, now)
    with transaction.atomic():
        dispute = lock_live(dispute)
        if dispute.hold_ordered_by_id is None:
            dispute.hold_ordered_by = by
            dispute.save(update_fields=["hold_ordered_by"])
            record_event(dispute, dispute.status, dispute.status, by=by, now=now, reason=reason, reason_code=HELD)
            tell_parties(dispute, CaseMail.Topic.DISPUTE_HELD, now)
            _money_may_move(dispute, now)
    return dispute


# Ending one -----------------------------------------------------------------------------------------------------------
def settle(
    dispute: Dispute, parties: Sequence[DisputeParty], stretches: Sequence[Stretch], by: User, now: datetime
) -> Dispute:
    """This will record what the parties agree on and end the dispute; under its lock, by who made it complete."""
    write_shares(dispute, parties, stretches, by, now)
    record_decision(
        case=dispute.public_id, outcome=Decision.Outcome.SETTLED, by=by, now=now, facts={"shares": _words(stretches)}
    )
    end(dispute, Dispute.Status.SETTLED, by, now)
    return dispute


def write_shares(
    dispute: Dispute, parties: Sequence[DisputeParty], stretches: Sequence[Stretch], by: User, now: datetime
) -> None:
    """This will give each party its percents, stretch by stretch; locks the dispute's tracks in the order of ids.

    Raises: BadSettlement, when it exceeds what holders outside the dispute leave.
    """
    lock_tracks(dispute)
    require_fit(dispute, stretches)
    for each in stretches:
        rewrite_shares(
            subject=selectors.subject_of(dispute),
            right=dispute.right,
            territories=dispute.territories.bits,
            start=each.start,
            end=each.end,
            percents={party: each.percents[party.holder_id] for party in parties},
            source=dispute.public_id,
            by=by,
            now=now,
        )


def require_fit(dispute: Dispute, stretches: Sequence[Stretch]) -> None:
    """This will stop percents that exceed what holders outside the dispute leave. Raises: BadSettlement."""
    for each in stretches:
        if sum(each.percents.values(), Decimal(0)) > _room(dispute, each.percents)(each.start, each.end):
            raise BadSettlement


def end(dispute: Dispute, to: str, by: User, now: datetime, reason: str = "") -> None:
    """This will end a dispute whose shares are written, tell the parties, and let the money follow."""
    move(dispute, to, by=by, now=now, reason=reason)
    tell_parties(dispute, CaseMail.Topic.DISPUTE_ENDED, now)
    _money_may_move(dispute, now)


# Who, and in which state ----------------------------------------------------------------------------------------------
def require_judge(by: User, dispute: Dispute, now: datetime) -> None:
    """This will stop who may not decide in this dispute now. Raises: NotAReviewer, DecidesOwnCase, LeasedByAnother."""
    if not selectors.may_review(by):
        raise NotAReviewer
    mine = Claim.objects.filter(lines__disputes__dispute=dispute, created_by=by)
    sides = dispute.parties.values_list("holder_id", "claim_line__claim__authority__agent", "share__authority__agent")
    if mine.exists() or selectors.is_member(by, {holder for side in sides for holder in side if holder}):
        raise DecidesOwnCase
    require_free(dispute, by, now)


def lock_live(dispute: Dispute) -> Dispute:
    """This will lock a dispute that has not ended, and return it as it is now. Raises: CaseClosed."""
    locked = Dispute.objects.select_for_update(of=("self",)).select_related("territories").get(pk=dispute.pk)
    if locked.status not in selectors.LIVE:
        raise CaseClosed
    return locked


def lock_tracks(dispute: Dispute) -> None:
    """This will lock the tracks a dispute is about, in the order of their ids, as every decision about them does."""
    list(selectors.tracks_of_dispute(dispute.pk).select_for_update(no_key=True).order_by("pk").values_list("pk"))


def _party_of(dispute: Dispute, by: User, holder: RightsHolder | None, now: datetime) -> DisputeParty:
    parties = selectors.own_parties(dispute, by, now.date())
    chosen = [party for party in parties if holder is None or party.holder_id == holder.pk]
    if not chosen:
        raise NotAParty
    return chosen[0]


# What an answer says --------------------------------------------------------------------------------------------------
def _check(dispute: Dispute, party: DisputeParty, said: Said) -> None:
    if said.kind not in Kind.values:
        raise BadAnswer
    if said.kind in (Kind.SAY, Kind.VERSION) and not said.words.strip():
        raise WordsNeeded
    if any(document.holder_id != party.holder_id for document in said.documents):
        raise BadAnswer
    if said.kind == Kind.CONFIRM and not said.documents:
        raise ProofNeeded
    if said.kind == Kind.REDUCE and not (said.percent is not None and 0 < said.percent < party.percent):
        raise BadAnswer
    if said.kind == Kind.PERIOD and not _inside(dispute, said):
        raise BadAnswer
    if said.kind == Kind.SPLIT:
        holders = {each.holder_id for each in dispute.parties.all()}
        parts = said.split.values()
        if set(said.split) != holders or not all(0 <= part <= 100 for part in parts) or sum(parts) > 100:
            raise BadAnswer


def _inside(dispute: Dispute, said: Said) -> bool:
    """Tell whether the days a party gives are some, and not all, of the days in dispute."""
    if said.start is None and said.end is None:
        return False
    if said.start is not None and said.end is not None and said.end <= said.start:
        return False
    begins = said.start is None or dispute.end is None or said.start < dispute.end
    lasts = said.end is None or dispute.start is None or dispute.start < said.end
    return begins and lasts


def _keep(dispute: Dispute, party: DisputeParty, said: Said, by: User, now: datetime) -> None:
    answer = DisputeAnswer.objects.create(
        dispute=dispute,
        party=party,
        kind=said.kind,
        percent=said.percent,
        start=said.start,
        end=said.end,
        split=_as_json(said.split) if said.split else None,
        by=by,
        at=now,
    )
    answer.documents.set(said.documents)
    if said.kind != Kind.SAY:
        _take(party, said)
    party.answered_at = now
    party.save(update_fields=["answer", "asks", "asks_start", "asks_end", "split", "answered_at"])


def _take(party: DisputeParty, said: Said) -> None:
    """Let the party ask for what it says now; what it said before is over."""
    party.answer, party.asks, party.asks_start, party.asks_end, party.split = said.kind, None, None, None, None
    if said.kind == Kind.RELEASE:
        party.asks = Decimal(0)
    elif said.kind == Kind.REDUCE:
        party.asks = said.percent
    elif said.kind == Kind.PERIOD:
        party.asks_start, party.asks_end = said.start, said.end
    elif said.kind == Kind.SPLIT:
        party.split = _as_json(said.split)


def _call_person(dispute: Dispute, now: datetime) -> None:
    """Two recordings under one track are no matter of percents: a person looks at the catalogue, not the clock."""
    Dispute.objects.filter(pk=dispute.pk, escalated_at=None).update(escalated_at=now)
    record_event(dispute, dispute.status, dispute.status, by=None, now=now, reason_code="escalated")
    start_panel_clock(dispute, now)
    touch(dispute, now)


def _agreement(dispute: Dispute, parties: Collection[DisputeParty]) -> list[Stretch]:
    sides = [
        Side(
            party.holder_id,
            party.percent if party.asks is None else party.asks,
            party.asks_start,
            party.asks_end,
            {int(holder): Decimal(part) for holder, part in party.split.items()} if party.split else None,
        )
        for party in parties
    ]
    return agreed(sides, dispute.start, dispute.end, _room(dispute, {side.holder for side in sides}))


def _room(dispute: Dispute, holders: Collection[int]) -> Room:
    """What shares of holders outside the dispute leave, in days of it."""
    kind, row = subject = selectors.subject_of(dispute)
    tracks, works = ([row], []) if kind == "track" else ([], [row])
    stakes = selectors.stakes_about(tracks, works, without=[dispute.pk]).get((subject, dispute.right), [])
    outside = [stake for stake in stakes if stake.is_share and stake.owner not in holders]

    def room(start: date | None, end: date | None) -> Decimal:
        return min(
            (piece.room for piece in cut(0, dispute.territories.bits, start, end, outside)), default=Decimal(100)
        )

    return room


def _as_json(split: Mapping[int, Decimal]) -> dict[str, str]:
    return {str(holder): f"{part.quantize(Decimal('0.000001')):f}" for holder, part in sorted(split.items())}


def _words(stretches: Sequence[Stretch]) -> list[dict[str, object]]:
    return [
        {
            "start": each.start.isoformat() if each.start else None,
            "end": each.end.isoformat() if each.end else None,
            "percents": _as_json(each.percents),
        }
        for each in stretches
    ]


def _money_may_move(dispute: Dispute, now: datetime) -> None:
    run = plan_run(cause=DistributionRun.Cause.DISPUTE, object_id=dispute.pk, now=now)
    tasks.hurry(tasks.distribute, run_id=run.pk)
