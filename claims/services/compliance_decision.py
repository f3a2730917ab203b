"""A finding of compliance: the store answers, a person decides, in words. No money moves."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from claims import selectors
from claims.models import ComplianceFinding, NoticeRow, TakedownNotice
from claims.services.errors import BadUnits, DecidesOwnCase, NotAReviewer, NotYourNotice, WordsNeeded
from claims.services.observation import reopen
from core.workflow import move

Status = ComplianceFinding.Status


def answer_finding(*, finding: ComplianceFinding, units_after: int, by: User, now: datetime, words: str = "") -> None:
    """This will keep a store's word on how much of it was sold after its time was over.

    Raises: NotYourNotice, BadUnits, MoveNotAllowed, MovedMeanwhile.
    """
    if not selectors.is_of_store(by, finding.licensee_id):
        raise NotYourNotice
    if not 0 <= units_after <= max(finding.units, 0):
        raise BadUnits
    with transaction.atomic():
        move(finding, Status.ANSWERED, by=by, now=now, reason=words.strip())
        ComplianceFinding.objects.filter(pk=finding.pk).update(units_after=units_after)
    finding.units_after = units_after


def confirm_finding(*, finding: ComplianceFinding, by: User, now: datetime, reason: str) -> None:
    """This will confirm a breach, in words, and mark the row and the notice it is about. No money moves.

    Raises: NotAReviewer, DecidesOwnCase, WordsNeeded, MoveNotAllowed, MovedMeanwhile.
    """
    with transaction.atomic():
        _decide(finding, Status.CONFIRMED, by, now, reason)
        for row in rows_of(finding):
            NoticeRow.objects.filter(pk=row.pk).update(state=NoticeRow.State.BREACHED, changed_at=now)
            notice = row.notice
            if TakedownNotice.Status.BREACHED in notice.MOVES[TakedownNotice.Status(notice.status)]:
                move(notice, TakedownNotice.Status.BREACHED, by=by, now=now, reason_code="breach_confirmed")


def clear_finding(*, finding: ComplianceFinding, by: User, now: datetime, reason: str) -> None:
    """This will say, in words, that a finding is no breach.

    Raises: NotAReviewer, DecidesOwnCase, WordsNeeded, MoveNotAllowed, MovedMeanwhile.
    """
    with transaction.atomic():
        _decide(finding, Status.CLEARED, by, now, reason)


def rows_of(finding: ComplianceFinding) -> list[NoticeRow]:
    """This will find the rows of notices by which the store was told to take the track of a finding out."""
    rows = NoticeRow.objects.select_for_update(of=("self",)).select_related("notice")
    told = rows.filter(
        notice__licensee=finding.licensee_id,
        notice__kind=TakedownNotice.Kind.TAKEDOWN,
        track=finding.track_id,
        withdrawals__holder=finding.holder_id,
    )
    return list({row.pk: row for row in told.order_by("pk")}.values())


def reopen_rows(finding: ComplianceFinding, now: datetime) -> None:
    """This will take back that rows are removed whose track a catalogue has again."""
    seen = datetime.combine(finding.allowed_until, datetime.min.time(), now.tzinfo)
    for row in rows_of(finding):
        reopen(row, row.notice, max(seen, now), by=None, now=now, reason_code="listed_again")


def _decide(finding: ComplianceFinding, to: Status, by: User, now: datetime, reason: str) -> None:
    if not selectors.may_review(by):
        raise NotAReviewer
    if selectors.is_member(by, [finding.holder_id or 0]) or selectors.is_of_store(by, finding.licensee_id):
        raise DecidesOwnCase
    if not reason.strip():
        raise WordsNeeded
    ComplianceFinding.objects.filter(pk=finding.pk).update(decided_by=by, decided_at=now)
    move(finding, to, by=by, now=now, reason=reason.strip())
