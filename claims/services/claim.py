"""A claim up to its decision: drafted, filed with a signature, answered, retracted. Deciding is in `decision`."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256

from django.db import transaction
from django.db.models import F, Q

from accounts.models import User
from catalog.models import Authority, RightsHolder, RightsShare, TerritorySet, TrackWork
from catalog.rights import Right
from claims import attestations, selectors
from claims.models import Appeal, CaseMail, CaseMessage, Claim, Clock, Dispute, RepertoireList
from claims.pipeline.list_cases import write_claim_lines
from claims.services.case_mail import tell_sender
from claims.services.checks import start_checks
from claims.services.clock import end_clock, pause_clock, resume_clock, start_clock
from claims.services.errors import (
    AuthorityNeeded,
    BadPercent,
    BadPeriod,
    ClaimEmpty,
    DecidedBefore,
    DecidesOwnCase,
    ListBusy,
    NoRole,
    NotAReviewer,
)
from claims.services.evidence import attestation_text, require_writer, sign
from claims.services.list_choice import use_list
from claims.services.message import keep_message
from claims.services.moves import move
from claims.services.proposal import send_back_stale
from claims.services.queue import require_free, touch
from core.workflow import MovedMeanwhile, MoveNotAllowed, record_event

RIGHT_OF = {
    Claim.Role.OWNS_MASTER: Right.PHONOGRAM,
    Claim.Role.PERFORMED: Right.PERFORMANCE,
    Claim.Role.WROTE: Right.WORK,
}


@dataclass(frozen=True, slots=True)
class Terms:
    """What somebody says: what they did and their percent of it, where, since when, and what shall happen."""

    percents: Mapping[str, Decimal]
    territories: TerritorySet
    start: date | None = None
    end: date | None = None
    standing: str = Claim.Standing.SELF
    choice: str = RightsShare.Choice.PAY
    authority: Authority | None = None
    roles: tuple[str, ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        object.__setattr__(self, "roles", tuple(role for role in Claim.Role.values if role in self.percents))


def create_draft(
    *,
    holder: RightsHolder,
    track_ids: Collection[int] | None = None,
    repertoire: RepertoireList | None = None,
    terms: Terms,
    by: User,
    now: datetime,
) -> Claim:
    """This will make a draft of a claim for these tracks: one line per track and right, all on the same terms.

    With `repertoire` for the tracks that were chosen in a list that was looked up; the list is then used.

    Raises: MayNotWrite, ClaimEmpty, NoRole, BadPercent, BadPeriod, AuthorityNeeded, ListBusy, NothingChosen.
    """
    require_writer(by, holder, terms.authority, now=now)
    with transaction.atomic():
        if repertoire is not None:
            use_list(found=repertoire, holder=holder, by=by, now=now)
        claim = Claim.objects.create(holder=holder, created_by=by, created_at=now, repertoire=repertoire)
        record_event(claim, "", Claim.Status.DRAFT, by=by, now=now)
        write_terms(claim, track_ids, terms)
    return claim


def amend_draft(
    *, claim: Claim, track_ids: Collection[int] | None = None, terms: Terms, by: User, now: datetime
) -> Claim:
    """This will replace the terms of a claim not yet filed, and its tracks where others are given.

    Raises: as `create_draft`, MoveNotAllowed.
    """
    with transaction.atomic():
        claim = locked(claim, Claim.Status.DRAFT)
        require_party(by, claim, now)
        if claim.repertoire is not None:
            use_list(found=claim.repertoire, holder=claim.holder, by=by, now=now)
        write_terms(claim, track_ids, terms)
        record_event(claim, Claim.Status.DRAFT, Claim.Status.DRAFT, by=by, now=now, reason_code="amended")
    return claim


def write_terms(claim: Claim, track_ids: Collection[int] | None, terms: Terms) -> None:
    """This will write the terms and lines of a claim under its lock. Raises: as `create_draft`."""
    _check(claim, terms)
    claim.roles, claim.standing, claim.choice = list(terms.roles), terms.standing, terms.choice
    claim.authority = terms.authority
    claim.save(update_fields=["roles", "standing", "choice", "authority"])
    written = write_claim_lines(
        claim,
        percents={RIGHT_OF[Claim.Role(role)]: terms.percents[role] for role in terms.roles},
        territories_id=terms.territories.pk,
        start=terms.start,
        end=terms.end,
        track_ids=track_ids,
    )
    if not written:
        raise ClaimEmpty


def _check(claim: Claim, terms: Terms) -> None:
    if not terms.roles:
        raise NoRole
    if any(not 0 < percent <= 100 or percent != round(percent, 6) for percent in terms.percents.values()):
        raise BadPercent
    if terms.start is not None and terms.end is not None and terms.end <= terms.start:
        raise BadPeriod
    acts = terms.standing == Claim.Standing.AGENT
    if acts != (terms.authority is not None) or (terms.authority and terms.authority.principal_id != claim.holder_id):
        raise AuthorityNeeded


def file_claim(*, claim: Claim, signature: str, language: str, by: User, now: datetime) -> Claim:
    """This will file a draft: signed, with the facts it stands on, its checks started and its holder put in line.

    Raises: MayNotWrite, ClaimEmpty, SignatureMissing, MoveNotAllowed, MovedMeanwhile.
    """
    with transaction.atomic():
        claim = locked(claim, Claim.Status.DRAFT)
        require_party(by, claim, now)
        if not claim.lines.exists():
            raise ClaimEmpty
        if claim.repertoire is not None and claim.repertoire.status != RepertoireList.Status.CONFIRMED:
            raise ListBusy
        sign(text=attestation_text(attestations.CLAIM, language), signature=signature, by=by, now=now, claim=claim)
        due = start_clock(claim.public_id, Clock.Purpose.CLAIM_DECISION, now).due_at
        claim.filed_at, claim.deadline_at, claim.facts = now, due, facts_now(claim)
        claim.save(update_fields=["filed_at", "deadline_at", "facts"])
        move(claim, Claim.Status.FILED, by=by, now=now)
        ask_for_verification(claim.holder, by=by, now=now)
        start_checks(claim=claim)
    return claim


def ask_for_verification(holder: RightsHolder, *, by: User, now: datetime) -> None:
    """This will put a holder nobody has looked at in the reviewers' queue."""
    if holder.status == RightsHolder.Status.REGISTERED:
        move(holder, RightsHolder.Status.UNDER_REVIEW, by=by, now=now)


def retract_claim(*, claim: Claim, by: User, now: datetime, reason: str = "") -> Claim:
    """This will take a claim back before it is decided. Raises: MayNotWrite, MoveNotAllowed, MovedMeanwhile."""
    require_party(by, claim, now)
    return move(claim, Claim.Status.RETRACTED, by=by, now=now, reason=reason)


def answer_claim(*, claim: Claim, answer: str, by: User, now: datetime) -> Claim:
    """This will hand the holder's answer to the reviewer and put the claim back in line; the checks run again.

    Raises: MayNotWrite, MoveNotAllowed, MovedMeanwhile.
    """
    require_party(by, claim, now)
    with transaction.atomic():
        keep_message(claim, answer, side=CaseMessage.Side.HOLDER, kind=CaseMessage.Kind.ANSWER, by=by, now=now)
        end_clock(claim.public_id, Clock.Purpose.CLAIM_ANSWER, now)
        due = resume_clock(claim.public_id, Clock.Purpose.CLAIM_DECISION, now)
        Claim.objects.filter(pk=claim.pk).update(deadline_at=due)
        move(claim, Claim.Status.UNDER_REVIEW, by=by, now=now, reason_code="answered")
        start_checks(claim=claim)
    return claim


# The reviewer's side, up to the decision -----------------------------------------------------------------------------
def start_review(*, claim: Claim, by: User, now: datetime) -> Claim:
    """This will take a filed claim under review. Raises: NotAReviewer, DecidesOwnCase, MoveNotAllowed."""
    require_reviewer(by, claim, now)
    return move(claim, Claim.Status.UNDER_REVIEW, by=by, now=now)


def request_evidence(*, claim: Claim, question: str, by: User, now: datetime, days: int | None = None) -> Claim:
    """This will ask the holder for more, in words, until a day; the clock of the decision stands still meanwhile.

    Raises: NotAReviewer, DecidesOwnCase, LeasedByAnother, WordsNeeded, MoveNotAllowed, NeedsAnother, when one's own
    decision waits for a second reviewer.
    """
    require_reviewer(by, claim, now)
    with transaction.atomic():
        send_back_stale(locked(claim, Claim.Status.FILED, Claim.Status.UNDER_REVIEW), by=by, now=now, reason=question)
        if claim.status == Claim.Status.FILED:
            move(claim, Claim.Status.UNDER_REVIEW, by=by, now=now)
        keep_message(claim, question, side=CaseMessage.Side.ROMS, kind=CaseMessage.Kind.QUESTION, by=by, now=now)
        pause_clock(claim.public_id, Clock.Purpose.CLAIM_DECISION, now)
        due = start_clock(claim.public_id, Clock.Purpose.CLAIM_ANSWER, now, days=days).due_at
        Claim.objects.filter(pk=claim.pk).update(deadline_at=due)
        move(claim, Claim.Status.EVIDENCE_REQUESTED, by=by, now=now)
        tell_sender(claim, CaseMail.Topic.CLAIM_ASKED, now)
    return claim


def look_again(*, claim: Claim, by: User, now: datetime) -> Claim:
    """This will take today's facts as those the claim is decided on, after a person has seen them; checks run again.

    What a decided claim was decided on stays as it is. What was proposed on other facts goes back to who proposed it.

    Raises: NotAReviewer, DecidesOwnCase, MoveNotAllowed, NeedsAnother, when it is one's own.
    """
    require_reviewer(by, claim, now)
    with transaction.atomic():
        claim = locked(claim, *selectors.OPEN)
        send_back_stale(claim, by=by, now=now)
        claim.facts = facts_now(claim)
        claim.save(update_fields=["facts"])
        record_event(claim, claim.status, claim.status, by=by, now=now, reason_code="facts_seen")
        touch(claim, now)
        start_checks(claim=claim)
    return claim


def require_reviewer(by: User, claim: Claim, now: datetime) -> None:
    """This will stop who may not decide this claim now.

    Raises: NotAReviewer, DecidesOwnCase, DecidedBefore, LeasedByAnother.
    """
    if not selectors.may_review(by):
        raise NotAReviewer
    if selectors.is_own_case(by, claim):
        raise DecidesOwnCase
    if Appeal.objects.filter(reopened=claim, first_decided_by=by).exists():
        raise DecidedBefore
    require_free(claim, by, now)


def require_party(by: User, claim: Claim, now: datetime) -> None:
    """This will stop who may write neither for the claim's holder nor for its agent. Raises: MayNotWrite."""
    require_writer(by, claim.holder, claim.authority, now=now)


def locked(claim: Claim, *statuses: str) -> Claim:
    """This will lock the claim's row and return it as it is now.

    Raises: MovedMeanwhile when its status is none of these any more.
    """
    now = Claim.objects.select_for_update(of=("self",)).select_related("holder", "repertoire").get(pk=claim.pk)
    if now.status not in statuses:
        raise (MoveNotAllowed if now.status == claim.status else MovedMeanwhile)(f"{now}: {now.status}")
    return now


# The facts a decision stands on --------------------------------------------------------------------------------------
def facts_now(claim: Claim) -> dict[str, object]:
    """This will describe what is recorded about the subjects of a claim: shares, open disputes, works.

    A digest of all of it and, for people, the ids of the shares and disputes.
    """
    tracks = claim.lines.values("track_id")
    links = TrackWork.objects.filter(track__in=tracks) if Right.WORK in _rights(claim) else TrackWork.objects.none()
    subject = Q(track__in=tracks) | Q(work__in=links.values("work_id"))
    shares = RightsShare.objects.filter(subject, right__in=_rights(claim)).exclude(start=F("end")).order_by("pk")
    disputes = Dispute.objects.filter(subject, right__in=_rights(claim), status__in=selectors.LIVE).order_by("pk")
    rows: list[Sequence[object]] = [
        *shares.values_list("pk", "holder_id", "percent", "territories_id", "start", "end"),
        *disputes.order_by("pk", "parties__pk").values_list(
            "pk", "parties__holder_id", "parties__percent", "start", "end"
        ),
        *links.order_by("pk").values_list("pk", "work_id", "percent", "start", "end"),
    ]
    return {
        "digest": sha256("\n".join(map(str, rows)).encode()).hexdigest(),
        "shares": list(shares.values_list("public_id", flat=True)[:1000]),
        "disputes": list(disputes.values_list("public_id", flat=True)[:1000]),
    }


def _rights(claim: Claim) -> list[Right]:
    return [RIGHT_OF[Claim.Role(role)] for role in claim.roles]
