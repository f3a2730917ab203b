"""Whether a holder is who it says: asked, answered, decided by a reviewer with reasons, looked at again, suspended."""

from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from catalog import selectors
from catalog.models import RightsHolder
from catalog.services.errors import DecidesOwnCase, NotAMember, NotAReviewer, ReasonMissing
from core.workflow import move

Status = RightsHolder.Status


def ask_for_verification(*, holder: RightsHolder, by: User, now: datetime, words: str = "") -> RightsHolder:
    """This will put a new or refused holder before a reviewer, or answer what a reviewer asked.

    Raises: NotAMember, MoveNotAllowed, MovedMeanwhile.
    """
    if not selectors.may_write(by, holder):
        raise NotAMember
    return move(holder, Status.UNDER_REVIEW, by=by, now=now, reason=words)


def verify_holder(
    *,
    holder: RightsHolder,
    by: User,
    now: datetime,
    reason: str = "",
    reason_code: str = "",
    again_on: date | None = None,
) -> RightsHolder:
    """This will note that a holder is who it says; one nobody asked about yet is taken under review on the way.

    On `again_on` the queue reminds a reviewer to look again; nothing else happens that day.

    Raises: NotAReviewer, DecidesOwnCase, MoveNotAllowed, MovedMeanwhile.
    """
    with transaction.atomic():
        holder = _decide(holder, Status.VERIFIED, by, now, reason, reason_code)
        RightsHolder.objects.filter(pk=holder.pk).update(verify_again_date=again_on)
        holder.verify_again_date = again_on
    return holder


def refuse_holder(*, holder: RightsHolder, by: User, now: datetime, reason: str, reason_code: str = "") -> RightsHolder:
    """This will note that a holder could not prove who it is; it may come back with better proof.

    Raises: ReasonMissing, NotAReviewer, DecidesOwnCase, MoveNotAllowed, MovedMeanwhile.
    """
    return _decide(holder, Status.REFUSED, by, now, _said(reason), reason_code)


def ask_holder(*, holder: RightsHolder, by: User, now: datetime, reason: str, reason_code: str = "") -> RightsHolder:
    """This will ask a holder for more about its identity. Raises: as `refuse_holder`."""
    return _decide(holder, Status.MORE_ASKED, by, now, _said(reason), reason_code)


def suspend_holder(
    *, holder: RightsHolder, by: User, now: datetime, reason: str, reason_code: str = ""
) -> RightsHolder:
    """This will stop a verified holder from filing and being paid until it is lifted. Raises: as `refuse_holder`."""
    return _decide(holder, Status.SUSPENDED, by, now, _said(reason), reason_code)


def look_at_holder_again(
    *, holder: RightsHolder, by: User, now: datetime, reason: str, reason_code: str = ""
) -> RightsHolder:
    """This will put a verified or suspended holder under review once more. Raises: as `refuse_holder`."""
    return _decide(holder, Status.UNDER_REVIEW, by, now, _said(reason), reason_code)


def _said(reason: str) -> str:
    if not reason.strip():
        raise ReasonMissing
    return reason


def _decide(holder: RightsHolder, to: str, by: User, now: datetime, reason: str, reason_code: str) -> RightsHolder:
    if not selectors.may_review(by):
        raise NotAReviewer
    if holder.created_by_id == by.pk or selectors.has_belonged(by, [holder.pk]):
        raise DecidesOwnCase
    with transaction.atomic():
        if holder.status == Status.REGISTERED and to != Status.UNDER_REVIEW:
            move(holder, Status.UNDER_REVIEW, by=by, now=now)
        return move(holder, to, by=by, now=now, reason=reason, reason_code=reason_code)
