"""A store's licence is suspended or ended by two people at ROMS, for a reason that everybody can read.

The whole remaining catalogue leaves in one act: the stop covers all the store has and will have; what it had is written
down and told. Reports about later days are findings. Money that accrued stays where it rests and can always be claimed.
"""

from datetime import date, datetime

from django.db import transaction
from django.urls import reverse

from accounts.models import User
from claims import selectors
from claims.models import ComplianceCheck, StoreMessage
from claims.services.errors import DecidesOwnCase, NotAReviewer, WordsNeeded
from claims.services.store_message import tell_store
from sales import services as sales
from sales.models import LicenceStop, Licensee

Kind = StoreMessage.Kind


def ask_licence_stop(
    *, licensee: Licensee, kind: str, reason: str, source: str, start: date, by: User, now: datetime
) -> LicenceStop:
    """This will ask a second person to stop a licence; the reason's source is shown to everybody once confirmed.

    A day in the past is taken as it is: what was sold since is read again as sold without a licence.

    Raises: NotAReviewer, DecidesOwnCase, WordsNeeded, sales.StopWaits, sales.StoppedAlready.
    """
    _require_staff(by, licensee)
    if not source.strip():
        raise WordsNeeded
    return sales.ask_stop(licensee=licensee, kind=kind, reason=reason, source=source, start=start, by=by, now=now)


def confirm_licence_stop(*, stop: LicenceStop, by: User, now: datetime) -> LicenceStop:
    """This will stop the licence by a second person, tell the store, and have its reports looked at again.

    Raises: NotAReviewer, DecidesOwnCase, sales.SecondPersonNeeded, MoveNotAllowed, MovedMeanwhile.
    """
    _require_staff(by, stop.licensee)
    with transaction.atomic():
        stop = sales.confirm_stop(stop=stop, by=by, now=now)
        sales.follow_stops(today=now.date(), now=now)
        _tell(stop, Kind.LICENCE_STOPPED, now)
        later = ComplianceCheck.objects.filter(report__licensee=stop.licensee_id, report__usage_end__gt=stop.start)
        later.update(is_due=True)
    return stop


def refuse_licence_stop(*, stop: LicenceStop, reason: str, by: User, now: datetime) -> None:
    """This will refuse what another asked for, in words. Raises: NotAReviewer, DecidesOwnCase, WordsNeeded."""
    _require_staff(by, stop.licensee)
    if not reason.strip():
        raise WordsNeeded
    sales.refuse_stop(stop=stop, by=by, now=now, reason=reason.strip())


def lift_licence_stop(*, stop: LicenceStop, start: date, reason: str, by: User, now: datetime) -> None:
    """This will end a suspension today or later, in words, and tell the store if it may sell again.

    Raises: NotAReviewer, DecidesOwnCase, WordsNeeded, MoveNotAllowed (one that ended for good, or is lifted already).
    """
    _require_staff(by, stop.licensee)
    if not reason.strip():
        raise WordsNeeded
    with transaction.atomic():
        is_licensed = sales.lift_stop(stop=stop, start=max(start, now.date()), by=by, now=now, reason=reason.strip())
        sales.follow_stops(today=now.date(), now=now)
        stop.refresh_from_db()
        if is_licensed:
            _tell(stop, Kind.LICENCE_RESUMED, now)


def _tell(stop: LicenceStop, kind: Kind, now: datetime) -> None:
    tell_store(
        licensee=stop.licensee,
        kind=kind,
        subject=stop.public_id,
        page=reverse("claims:store", kwargs={"licensee_id": stop.licensee.public_id}),
        now=now,
        data={
            "stop": stop.public_id,
            "kind": stop.kind,
            "reason": stop.reason,
            "start": stop.start.isoformat(),
            "end": stop.end.isoformat() if stop.end else None,
            "titles": stop.key_count,
        },
    )


def _require_staff(by: User, licensee: Licensee) -> None:
    if not selectors.may_review(by):
        raise NotAReviewer
    if selectors.is_of_store(by, licensee.pk):
        raise DecidesOwnCase
