"""Appeals against refusals, and taking an approval back: each a new dated decision by another person than the first."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from accounts.models import User
from catalog import services as catalog
from catalog.models import Authority, RightsShare, Track
from claims import selectors, tasks
from claims.models import (
    Appeal,
    Appealed,
    Attestation,
    CaseMail,
    Claim,
    ClaimLine,
    Clock,
    CounterNotice,
    Decision,
    Dispute,
    DistributionRun,
    EvidenceDocument,
    EvidenceUse,
    OptOut,
    OptOutLine,
)
from claims.reasons import DECISION
from claims.services.case_mail import tell_appellant, tell_sender
from claims.services.checks import start_checks
from claims.services.claim import facts_now, locked, require_reviewer
from claims.services.clock import start_clock
from claims.services.counter_appeal import leave_anew
from claims.services.dispute_appeal import appellant_of, judges_of, open_anew
from claims.services.distribution import plan_run
from claims.services.errors import (
    CaseClosed,
    DecidedBefore,
    DecidesOwnCase,
    DisputeFirst,
    KnownAlready,
    NotAReviewer,
    NothingRefused,
    ReasonNeeded,
    WordsNeeded,
)
from claims.services.evidence import party, require_writer
from claims.services.moves import move
from claims.services.queue import touch
from claims.services.record import facts_of_decision, record_decision
from core import vault
from core.workflow import record_event

Status = Appeal.Status
Outcome = ClaimLine.Outcome
REFUSED = (Outcome.REJECTED, Outcome.REDUCED)


# Appeals --------------------------------------------------------------------------------------------------------------
def file_appeal(
    *,
    case: Appealed,
    words: str,
    by: User,
    now: datetime,
    documents: Collection[EvidenceDocument] = (),
) -> Appeal:
    """This will file an appeal against what was refused in a case, or decided in a dispute, with what is added.

    The sender of an opt-out appeals against a contest or counter-notice that was accepted: the tracks stay as they are.

    Raises: MayNotWrite, NotAParty, WordsNeeded, NothingRefused, KnownAlready.
    """
    first, second = _deciders(case, by, now)
    if isinstance(case, Dispute):
        holder = appellant_of(case, by, now)
    else:
        holder = case.opt_out.holder if isinstance(case, CounterNotice) else case.holder
    assert holder is not None
    if not words.strip():
        raise WordsNeeded
    try:
        with transaction.atomic():
            appeal = Appeal.objects.create(
                claim=case if isinstance(case, Claim) else None,
                opt_out=case if isinstance(case, OptOut) else None,
                dispute=case if isinstance(case, Dispute) else None,
                counter=case if isinstance(case, CounterNotice) else None,
                holder=holder,
                words_sealed=vault.encrypt(party(holder), words.strip().encode()),
                first_decided_by=first,
                also_decided_by=second,
                filed_by=by,
                filed_at=now,
            )
            appeal.deadline_at = start_clock(appeal.public_id, Clock.Purpose.APPEAL_DECISION, now).due_at
            appeal.save(update_fields=["deadline_at"])
            appeal.documents.set([each for each in documents if each.holder_id == holder.pk])
            record_event(appeal, "", Status.FILED, by=by, now=now)
            touch(appeal, now)
    except IntegrityError as error:
        raise KnownAlready from error
    return appeal


def _deciders(case: Appealed, by: User, now: datetime) -> tuple[User, User | None]:
    """Who decided first. Raises: MayNotWrite, NotAParty, NothingRefused."""
    if isinstance(case, Dispute):
        appellant_of(case, by, now)
        decision = judges_of(case)
        return decision.by, decision.proposed_by
    sent = case.opt_out if isinstance(case, CounterNotice) else case
    require_writer(by, sent.holder, sent.authority, now=now)
    if not selectors.may_be_appealed(case) or case.decided_by is None:
        raise NothingRefused
    return case.decided_by, None


def appeal_words(appeal: Appeal) -> str:
    """This will unseal why the holder appeals; empty where the holder was erased."""
    try:
        return vault.decrypt(party(appeal.holder), bytes(appeal.words_sealed)).decode()
    except vault.VaultError:
        return ""


def retract_appeal(*, appeal: Appeal, by: User, now: datetime) -> None:
    """This will take an appeal back. Raises: MayNotWrite, MoveNotAllowed, MovedMeanwhile."""
    require_writer(by, appeal.holder, _paper(appeal), now=now)
    move(appeal, Status.RETRACTED, by=by, now=now)


def decide_appeal(*, appeal: Appeal, is_reversed: bool, reason: str, by: User, now: datetime) -> Appeal:
    """This will decide an appeal, in words, by another person than who decided first.

    Reversed, what was refused is decided anew: lines of a claim as a new claim under review, an opt-out as it is, what
    came back by a contest or counter-notice as a new opt-out of these tracks.

    Raises: NotAReviewer, DecidesOwnCase, DecidedBefore, WordsNeeded, MoveNotAllowed, MovedMeanwhile.
    """
    _require_other(by, appeal)
    if not reason.strip():
        raise WordsNeeded
    with transaction.atomic():
        appeal = (
            Appeal.objects.select_for_update(of=("self",))
            .select_related("claim", "opt_out", "dispute", "counter__opt_out", "holder")
            .get(pk=appeal.pk)
        )
        if appeal.status == Status.FILED:
            move(appeal, Status.UNDER_REVIEW, by=by, now=now)
        Appeal.objects.filter(pk=appeal.pk).update(decided_by=by, decided_at=now)
        move(appeal, Status.REVERSED if is_reversed else Status.UPHELD, by=by, now=now, reason=reason)
        first = Decision.objects.filter(case=appeal.case.public_id).order_by("-pk").first()
        record_decision(
            case=appeal.public_id,
            outcome=Decision.Outcome.REVERSED if is_reversed else Decision.Outcome.UPHELD,
            by=by,
            now=now,
            note=reason,
            undoes=first if is_reversed else None,
        )
        if is_reversed and appeal.claim is not None:
            appeal.reopened = _anew(appeal.claim, appeal, by, now)
            appeal.save(update_fields=["reopened"])
        elif is_reversed and appeal.opt_out is not None:
            _reopen(appeal.opt_out, by, now)
        elif is_reversed and appeal.dispute is not None:
            appeal.reopened_dispute = open_anew(appeal.dispute, appeal.public_id, by, now)
            appeal.save(update_fields=["reopened_dispute"])
        elif is_reversed and appeal.counter is not None:
            appeal.reopened_opt_out = leave_anew(appeal, appeal.counter, by, now)
            appeal.save(update_fields=["reopened_opt_out"])
        topic = CaseMail.Topic.APPEAL_REVERSED if is_reversed else CaseMail.Topic.APPEAL_UPHELD
        tell_appellant(appeal, _paper(appeal), topic, now)
    appeal.refresh_from_db()
    return appeal


def _require_other(by: User, appeal: Appeal) -> None:
    if not selectors.may_review(by):
        raise NotAReviewer
    if by.pk in {appeal.filed_by_id, *selectors.makers_of(appeal)} or selectors.is_member(by, selectors.sides(appeal)):
        raise DecidesOwnCase
    if appeal.counter is not None and selectors.is_of_store(by, appeal.counter.licensee_id):
        raise DecidesOwnCase
    if by.pk in (appeal.first_decided_by_id, appeal.also_decided_by_id):
        raise DecidedBefore


def _paper(appeal: Appeal) -> Authority | None:
    """The authority of the agent who brought the case, or the party's side of the dispute."""
    if appeal.dispute is None:
        case = appeal.counter.opt_out if appeal.counter else appeal.case
        return case.authority if isinstance(case, Claim | OptOut) else None
    side = appeal.dispute.parties.select_related("claim_line__claim__authority", "share__authority")
    found = side.filter(holder=appeal.holder_id).first()
    return None if found is None else selectors.paper_of(found)


def _anew(first: Claim, appeal: Appeal, by: User, now: datetime) -> Claim:
    """Make a claim of what was refused, on the signature of the first, under review, with the added documents."""
    claim = Claim.objects.create(
        holder=first.holder,
        authority=first.authority,
        roles=first.roles,
        standing=first.standing,
        choice=first.choice,
        created_by=first.created_by,
        created_at=now,
        filed_at=now,
    )
    claim.deadline_at = start_clock(claim.public_id, Clock.Purpose.CLAIM_DECISION, now).due_at
    claim.save(update_fields=["deadline_at"])
    ClaimLine.objects.bulk_create(
        [
            ClaimLine(
                claim=claim,
                track_id=line.track_id,
                right=line.right,
                percent=line.percent,  # of the whole: what the holder has of it already is not granted twice
                territories_id=line.territories_id,
                start=line.start,
                end=line.end,
            )
            for line in first.lines.filter(outcome__in=REFUSED).order_by("pk")
        ],
        batch_size=5000,
    )
    signed = Attestation.objects.filter(claim=first).first()
    if signed is not None:
        signed.pk, signed.claim = None, claim
        signed.save(force_insert=True)
    shown = {*first.evidence_uses.values_list("document_id", flat=True)}
    shown |= set(appeal.documents.values_list("pk", flat=True))
    EvidenceUse.objects.bulk_create(EvidenceUse(document_id=pk, claim=claim) for pk in sorted(shown))
    Claim.objects.filter(pk=claim.pk).update(facts=facts_now(claim))
    record_event(claim, "", Claim.Status.DRAFT, by=None, now=now, reason_code=appeal.public_id)
    move(claim, Claim.Status.FILED, by=None, now=now, reason_code=appeal.public_id)
    move(claim, Claim.Status.UNDER_REVIEW, by=by, now=now)
    start_checks(claim=claim)
    return claim


def _reopen(opt_out: OptOut, by: User, now: datetime) -> None:
    refused = opt_out.lines.filter(outcome=OptOutLine.Outcome.REFUSED, track__isnull=False)
    refused.update(outcome=OptOutLine.Outcome.PENDING, outcome_reason="")
    OptOut.objects.filter(pk=opt_out.pk).update(decided_by=None, decided_at=None)
    move(opt_out, OptOut.Status.UNDER_REVIEW, by=by, now=now, reason_code="appeal")
    start_checks(opt_out=opt_out)


# Taking an approval back ----------------------------------------------------------------------------------------------
def revoke_claim(*, claim: Claim, reason_code: str, note: str, by: User, now: datetime) -> Claim:
    """This will take an approval back as a new decision: its shares end before their first day, the money follows.

    What was paid already becomes recoverable from the holder's later money. Locks the claim, then its tracks.

    Raises: NotAReviewer, DecidesOwnCase, DecidedBefore, ReasonNeeded, WordsNeeded, DisputeFirst, CaseClosed.
    """
    require_reviewer(by, claim, now)
    if claim.decided_by_id == by.pk:
        raise DecidedBefore
    if reason_code not in DECISION or reason_code == "proof_in_order":
        raise ReasonNeeded
    if not note.strip():
        raise WordsNeeded
    with transaction.atomic():
        if claim.status != Claim.Status.AWARDED:
            raise CaseClosed
        claim = locked(claim, Claim.Status.AWARDED)
        if selectors.disputes_of(claim).filter(status__in=selectors.LIVE).exists():
            raise DisputeFirst
        tracks = claim.lines.values("track_id")
        list(Track.objects.select_for_update(no_key=True).filter(pk__in=tracks).order_by("pk").values_list("pk"))
        shares = RightsShare.objects.filter(source=claim.public_id).exclude(start=F("end"))
        for share in shares.order_by("pk"):
            catalog.end_share(share=share, end=share.start or date.min, by=by, now=now, reason=claim.public_id)
        facts = facts_of_decision(claim)
        won = claim.lines.exclude(outcome=Outcome.REJECTED)
        won.update(outcome=Outcome.REJECTED, outcome_reason=reason_code, granted_percent=None)
        first = Decision.objects.filter(case=claim.public_id).order_by("-pk").first()
        record_decision(
            case=claim.public_id,
            outcome=Decision.Outcome.REVOKED,
            reason_code=reason_code,
            note=note,
            by=by,
            now=now,
            facts=facts,
            undoes=first,
        )
        move(claim, Claim.Status.REVOKED, by=by, now=now, reason=note, reason_code=reason_code)
        Claim.objects.filter(pk=claim.pk).update(decided_by=by, decided_at=now)
        tell_sender(claim, CaseMail.Topic.CLAIM_REVOKED, now)
        run = plan_run(cause=DistributionRun.Cause.CLAIM, object_id=claim.pk, now=now)
        tasks.hurry(tasks.distribute, run_id=run.pk)
    claim.refresh_from_db()
    return claim
