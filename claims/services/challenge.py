"""The challenge window: opened with a newcomer's approval, told to holders of similar names, answered by objections."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from accounts.models import User
from catalog.models import RightsHolder
from claims import selectors, tasks
from claims.models import CaseMail, ChallengeWindow, Claim, Decision, EvidenceDocument, Objection
from claims.services.case_mail import tell_holders, tell_objector
from claims.services.errors import (
    CaseClosed,
    DecidesOwnCase,
    KnownAlready,
    NotAReviewer,
    ProofNeeded,
    WordsNeeded,
)
from claims.services.evidence import party, require_writer
from claims.services.moves import move
from claims.services.queue import touch
from claims.services.record import record_decision
from core import vault
from core.workflow import record_event

Status = Objection.Status


def open_window(claim: Claim, now: datetime) -> ChallengeWindow | None:
    """This will open the time to object to an approved claim of a holder that was never paid; None: it was."""
    if selectors.was_paid(claim.holder_id):
        return None
    days = selectors.rules_on(now.date()).count("challenge_days")
    if not days:
        return None
    window = ChallengeWindow.objects.create(
        claim=claim, holder=claim.holder, opened_at=now, closes_at=now + timedelta(days=days)
    )
    record_event(window, "", "opened", by=None, now=now)
    tasks.hurry(tasks.tell_similar_holders, window_id=window.pk)
    return window


def tell_similar(*, window_id: int, now: datetime) -> int:
    """This will tell holders of similar names of a window, once; returns how many holders that were."""
    with transaction.atomic():
        if not ChallengeWindow.objects.filter(pk=window_id, told_at=None).update(told_at=now):
            return 0
        window = ChallengeWindow.objects.get(pk=window_id)
        holders = selectors.similar_holders(window)
        tell_holders(window, holders, CaseMail.Topic.CHALLENGE_OPENED, now)
    return len(holders)


def windows_untold(*, limit: int = 500) -> list[int]:
    """This will name windows of which nobody was told yet."""
    return list(ChallengeWindow.objects.filter(told_at=None).order_by("pk").values_list("pk", flat=True)[:limit])


def file_objection(
    *,
    window: ChallengeWindow,
    holder: RightsHolder,
    words: str,
    documents: Collection[EvidenceDocument],
    by: User,
    now: datetime,
) -> Objection:
    """This will object to a claim, with proof. While it is not decided, the claimant is not paid.

    Raises: MayNotWrite, CaseClosed, WordsNeeded, ProofNeeded, KnownAlready, DecidesOwnCase.
    """
    require_writer(by, holder, now=now)
    if window.closes_at <= now or window.claim.status == Claim.Status.REVOKED:
        raise CaseClosed
    if holder.pk == window.holder_id:
        raise DecidesOwnCase
    if not words.strip():
        raise WordsNeeded
    own = [each for each in documents if each.holder_id == holder.pk]
    if not own:
        raise ProofNeeded
    try:
        with transaction.atomic():
            objection = Objection.objects.create(
                window=window,
                holder=holder,
                words_sealed=vault.encrypt(party(holder), words.strip().encode()),
                filed_by=by,
                filed_at=now,
            )
            objection.documents.set(own)
            record_event(objection, "", Status.FILED, by=by, now=now)
            touch(objection, now)
    except IntegrityError as error:
        raise KnownAlready from error
    return objection


def objection_words(objection: Objection) -> str:
    """This will unseal what an objector says; empty where it was erased."""
    try:
        return vault.decrypt(party(objection.holder), bytes(objection.words_sealed)).decode()
    except vault.VaultError:
        return ""


def decide_objection(*, objection: Objection, is_accepted: bool, reason: str, by: User, now: datetime) -> Objection:
    """This will accept an objection (the claimant stays unpaid until the claim is taken back) or dismiss it, in words.

    Raises: NotAReviewer, DecidesOwnCase, WordsNeeded, MoveNotAllowed, MovedMeanwhile.
    """
    if not selectors.may_review(by):
        raise NotAReviewer
    sides = [objection.holder_id, objection.window.holder_id]
    if by.pk in (objection.filed_by_id, objection.window.claim.created_by_id) or selectors.is_member(by, sides):
        raise DecidesOwnCase
    if not reason.strip():
        raise WordsNeeded
    with transaction.atomic():
        Objection.objects.filter(pk=objection.pk, status=Status.FILED).update(decided_by=by, decided_at=now)
        move(objection, Status.ACCEPTED if is_accepted else Status.DISMISSED, by=by, now=now, reason=reason)
        outcome = Decision.Outcome.GRANTED if is_accepted else Decision.Outcome.REFUSED
        record_decision(case=objection.public_id, outcome=outcome, by=by, now=now, note=reason)
        tell_objector(objection, CaseMail.Topic.OBJECTION_DECIDED, now)
    return objection


def retract_objection(*, objection: Objection, by: User, now: datetime) -> None:
    """This will take an objection back. Raises: MayNotWrite, MoveNotAllowed, MovedMeanwhile."""
    require_writer(by, objection.holder, now=now)
    move(objection, Status.RETRACTED, by=by, now=now)
