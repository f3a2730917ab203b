"""A reviewer's word about who a holder is, with a reason from the list and words; the holder's answer."""

from collections.abc import Callable, Collection
from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from catalog import services as catalog
from catalog.models import RightsHolder, SocietyMembership
from claims import selectors
from claims.models import CaseMail, Claim
from claims.reasons import IDENTITY
from claims.services.case_mail import tell_holder
from claims.services.checks import start_checks
from claims.services.errors import ReasonNeeded
from claims.services.queue import touch

Status, Topic = RightsHolder.Status, CaseMail.Topic
Decide = Callable[..., RightsHolder]
OUTCOMES: dict[RightsHolder.Status, tuple[Decide, CaseMail.Topic]] = {
    Status.VERIFIED: (catalog.verify_holder, Topic.HOLDER_VERIFIED),
    Status.REFUSED: (catalog.refuse_holder, Topic.HOLDER_REFUSED),
    Status.MORE_ASKED: (catalog.ask_holder, Topic.HOLDER_ASKED),
    Status.SUSPENDED: (catalog.suspend_holder, Topic.HOLDER_SUSPENDED),
    Status.UNDER_REVIEW: (catalog.look_at_holder_again, Topic.HOLDER_AGAIN),
}
"""What a reviewer may say of a holder, who writes it, and which mail tells it."""


def review_holder(
    *,
    holder: RightsHolder,
    outcome: str,
    reason_code: str,
    reason: str,
    by: User,
    now: datetime,
    again_on: date | None = None,
) -> RightsHolder:
    """This will verify a holder, refuse it, ask for more, look again or suspend it; open claims are checked anew.

    Raises: ReasonNeeded, catalog.services.CatalogueError (NotAReviewer, DecidesOwnCase, ReasonMissing), MoveNotAllowed,
    MovedMeanwhile.
    """
    decide, topic = OUTCOMES[Status(outcome)]
    is_good = outcome == Status.VERIFIED
    if reason_code not in IDENTITY or (reason_code == "identity_in_order") != is_good:
        raise ReasonNeeded
    more = {"again_on": again_on} if is_good else {}
    with transaction.atomic():
        decide(holder=holder, by=by, now=now, reason=reason, reason_code=reason_code, **more)
        touch(holder, now)
        tell_holder(holder, topic, now)
        _look_anew([holder.pk])
    return holder


def decide_society(
    *, membership: SocietyMembership, is_confirmed: bool, by: User, now: datetime, reason: str = ""
) -> SocietyMembership:
    """This will confirm or refuse what a holder says of another society; open claims of both are checked anew.

    Raises: as catalog.services.decide_society.
    """
    with transaction.atomic():
        catalog.decide_society(membership=membership, is_confirmed=is_confirmed, by=by, now=now, reason=reason)
        _look_anew({membership.holder_id, *selectors.kin_of(membership.holder_id)})
    return membership


def _look_anew(holder_ids: Collection[int]) -> None:
    for claim in Claim.objects.filter(holder__in=holder_ids, status__in=selectors.OPEN).order_by("pk"):
        start_checks(claim=claim)


def answer_holder(*, holder: RightsHolder, answer: str, by: User, now: datetime) -> RightsHolder:
    """This will put a holder before a reviewer: for the first time, again, or with the answer to what was asked.

    Raises: catalog.services.NotAMember, MoveNotAllowed, MovedMeanwhile.
    """
    with transaction.atomic():
        holder = catalog.ask_for_verification(holder=holder, by=by, now=now, words=answer)
        touch(holder, now)
    return holder
