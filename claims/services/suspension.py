"""How many opt-outs one may send, and who may send none: dated numbers, and a penalty with reasons and an appeal."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from catalog.models import RightsHolder
from claims import selectors
from claims.models import CaseMail, CounterNotice, Decision, OptOut, Reentry, SenderSuspension
from claims.services.case_mail import tell_holders_of
from claims.services.errors import (
    BadPeriod,
    DecidedBefore,
    DecidesOwnCase,
    KnownAlready,
    NotAReviewer,
    SenderSuspended,
    TooManyOptOuts,
    WordsNeeded,
)
from claims.services.evidence import require_writer
from claims.services.moves import move
from claims.services.queue import touch
from claims.services.record import record_decision
from core.models import Note
from core.workflow import events_of, record_event

Status = SenderSuspension.Status


def require_may_send(*, holder: RightsHolder, by: User, now: datetime) -> None:
    """This will stop an opt-out of a suspended holder, and more of a holder or person than the house's number allows.

    Locks the holder and the person, so that of several sent at once none passes the number uncounted.

    Raises: SenderSuspended, TooManyOptOuts.
    """
    RightsHolder.objects.select_for_update(no_key=True).get(pk=holder.pk)
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if selectors.suspensions_in_force(now.date()).filter(holder=holder).exists():
        raise SenderSuspended
    rules = selectors.rules_on(now.date())
    limit = rules.count("opt_out_cases")
    since = now - timedelta(days=rules.count("opt_out_days"))
    sent = OptOut.objects.filter(requested_at__gt=since)
    if limit and (sent.filter(holder=holder).count() >= limit or sent.filter(created_by=by).count() >= limit):
        raise TooManyOptOuts


def mistaken_since(holder: RightsHolder, since: datetime) -> int:
    """This will count what of a holder turned out mistaken: refused, contested with success, or taken back as such."""
    refused = OptOut.objects.filter(holder=holder, status=OptOut.Status.REFUSED, decided_at__gt=since)
    contested = CounterNotice.objects.filter(
        opt_out__holder=holder, status=CounterNotice.Status.ACCEPTED, decided_at__gt=since
    ).exclude(Q(ground=CounterNotice.Ground.DIRECT_LICENCE) | Q(sender_appeal__status="reversed"))
    taken_back = Reentry.objects.filter(opt_out__holder=holder, ground=Reentry.Ground.RETRACTION, at__gt=since)
    return refused.count() + contested.count() + taken_back.count()


def suspend_sender(
    *, holder: RightsHolder, reason: str, words: str, until: date | None, by: User, now: datetime
) -> SenderSuspension:
    """This will let a holder send no opt-out until a day, or until it is lifted, in words that the holder reads.

    Raises: NotAReviewer, DecidesOwnCase, WordsNeeded, BadPeriod, KnownAlready.
    """
    _require_reviewer(by, holder)
    if not words.strip():
        raise WordsNeeded
    if until is not None and until <= now.date():
        raise BadPeriod
    with transaction.atomic():
        RightsHolder.objects.select_for_update(no_key=True).get(pk=holder.pk)
        if selectors.suspensions_in_force(now.date()).filter(holder=holder).exists():
            raise KnownAlready
        found = SenderSuspension.objects.create(
            holder=holder,
            reason=reason,
            words=Note.objects.create(text=words.strip(), created_at=now),
            until=until,
            by=by,
            at=now,
        )
        record_event(found, "", Status.IN_FORCE, by=by, now=now, reason_code=reason)
        record_decision(case=found.public_id, outcome=Decision.Outcome.REFUSED, by=by, now=now, note=words)
        _tell(found, CaseMail.Topic.SENDER_SUSPENDED, now)
    return found


def appeal_suspension(*, suspension: SenderSuspension, words: str, by: User, now: datetime) -> None:
    """This will put a suspension before another reviewer, once. Raises: MayNotWrite, WordsNeeded, MoveNotAllowed."""
    require_writer(by, suspension.holder, now=now)
    if not words.strip():
        raise WordsNeeded
    with transaction.atomic():
        note = Note.objects.create(text=words.strip(), created_at=now)
        SenderSuspension.objects.filter(pk=suspension.pk, status=Status.IN_FORCE).update(
            appeal_words=note, appealed_by=by, appealed_at=now
        )
        move(suspension, Status.APPEALED, by=by, now=now)


def decide_suspension(*, suspension: SenderSuspension, is_lifted: bool, reason: str, by: User, now: datetime) -> None:
    """This will lift a suspension, or uphold one that was appealed, in words; an appeal never by who suspended.

    Raises: NotAReviewer, DecidesOwnCase, DecidedBefore, WordsNeeded, MoveNotAllowed, MovedMeanwhile.
    """
    _require_reviewer(by, suspension.holder)
    if not reason.strip():
        raise WordsNeeded
    is_appeal = suspension.status == Status.APPEALED
    if is_appeal and by.pk == suspension.by_id:
        raise DecidedBefore
    with transaction.atomic():
        if is_appeal:
            SenderSuspension.objects.filter(pk=suspension.pk, status=Status.APPEALED).update(decided_by=by)
        move(suspension, Status.LIFTED if is_lifted else Status.UPHELD, by=by, now=now, reason=reason)
        outcome = Decision.Outcome.REVERSED if is_lifted else Decision.Outcome.UPHELD
        record_decision(case=suspension.public_id, outcome=outcome, by=by, now=now, note=reason)
        _tell(suspension, CaseMail.Topic.SENDER_DECIDED, now)


def _tell(suspension: SenderSuspension, topic: CaseMail.Topic, now: datetime) -> None:
    touch(suspension, now)
    event = events_of(suspension).last()
    assert event is not None
    tell_holders_of(event, topic, [(suspension.holder_id, suspension.public_id)], now)


def _require_reviewer(by: User, holder: RightsHolder) -> None:
    if not selectors.may_review(by):
        raise NotAReviewer
    if selectors.is_member(by, [holder.pk]):
        raise DecidesOwnCase
