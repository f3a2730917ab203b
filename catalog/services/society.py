"""Members of another society: said by the holder, confirmed by a reviewer, ended when the holder leaves."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from accounts.models import User
from catalog import selectors
from catalog.models import RightsHolder, SocietyMembership
from catalog.names import artist_key
from catalog.services.errors import (
    AlreadyMember,
    DecidesOwnCase,
    EndsWrongly,
    NameMissing,
    NotAReviewer,
    ReasonMissing,
    SourceMissing,
)
from catalog.services.holder import require_writer
from core.workflow import move, record_event

Status = SocietyMembership.Status


def state_society(
    *,
    holder: RightsHolder,
    society: str,
    source: str,
    start: date | None = None,
    end: date | None = None,
    by: User,
    now: datetime,
) -> SocietyMembership:
    """This will note that a holder says it is a member of another society; it changes nothing until it is confirmed.

    Raises: NotAMember, NameMissing, SourceMissing, EndsWrongly, AlreadyMember.
    """
    require_writer(by, holder)
    society, source = society.strip(), source.strip()
    if not artist_key(society):
        raise NameMissing
    if not source:
        raise SourceMissing
    if start is not None and end is not None and end <= start:
        raise EndsWrongly
    said = {"society": society, "society_key": artist_key(society), "start": start, "end": end, "source": source}
    try:
        with transaction.atomic():
            made = SocietyMembership.objects.create(holder=holder, **said)
            record_event(made, "", Status.SAID, by=by, now=now)
    except IntegrityError:
        raise AlreadyMember(society) from None
    return made


def decide_society(
    *, membership: SocietyMembership, is_confirmed: bool, by: User, now: datetime, reason: str = ""
) -> SocietyMembership:
    """This will confirm what a holder says of a society, or refuse it with words, after a reviewer saw the source.

    Raises: NotAReviewer, DecidesOwnCase, ReasonMissing, MoveNotAllowed, MovedMeanwhile.
    """
    if not selectors.may_review(by):
        raise NotAReviewer
    if selectors.has_belonged(by, [membership.holder_id]):
        raise DecidesOwnCase
    if not is_confirmed and not reason.strip():
        raise ReasonMissing
    return move(membership, Status.CONFIRMED if is_confirmed else Status.REFUSED, by=by, now=now, reason=reason)


def leave_society(
    *, membership: SocietyMembership, end: date | None = None, by: User, now: datetime
) -> SocietyMembership:
    """This will take back what nobody confirmed yet, or end a confirmed membership on `end` (today without one).

    Raises: NotAMember, EndsWrongly, MoveNotAllowed, MovedMeanwhile.
    """
    require_writer(by, membership.holder)
    with transaction.atomic():
        current = SocietyMembership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
        if current.status != Status.CONFIRMED:
            return move(current, Status.RETRACTED, by=by, now=now)
        day = end or now.date()
        if (current.start is not None and day < current.start) or (current.end is not None and day > current.end):
            raise EndsWrongly
        current.end = day
        current.save(update_fields=["end"])
        record_event(current, "", "ended", by=by, now=now)
    return current
