"""Asking to be forgotten: by the person or for it, looked at by one supervisor, done or refused by another."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import RightsHolder
from claims import selectors as cases
from core.workflow import move, record_event
from payouts import selectors
from payouts.models import ErasureRequest
from payouts.services.erasure import erase_holder, erase_person, require_may_go
from payouts.services.errors import CannotErase, NotTheSecond, ReasonMissing

Status = ErasureRequest.Status
ANSWER_DAYS: Final = 30
"""Federal Law 152-FZ, article 21(5): thirty days; Regulation (EU) 2016/679, article 12(3): one month."""


def ask_erasure(*, subject: User | RightsHolder, by: User, now: datetime) -> ErasureRequest:
    """This will ask that a person be forgotten, or a holder it owns; a supervisor may ask for anybody who wrote.

    Asked again while it waits it is the same request. Raises: CannotErase.
    """
    is_own = subject == by or (
        isinstance(subject, RightsHolder) and selectors.holders_to_forget(by).filter(pk=subject.pk).exists()
    )
    if not (is_own or selectors.may_erase(by)):
        raise CannotErase(_("Only the person, an owner of the holder or a supervisor may ask for this."))
    require_may_go(subject)
    if selectors.is_forgotten(subject):
        raise CannotErase(_("Nothing says any more who this was."))
    who = {"user": subject} if isinstance(subject, User) else {"holder": subject}
    with transaction.atomic():
        kind: Any = User if isinstance(subject, User) else RightsHolder
        kind.objects.select_for_update(no_key=True).get(pk=subject.pk)
        waiting = ErasureRequest.objects.filter(**who, status__in=ErasureRequest.OPEN).first()
        if waiting is not None:
            return waiting
        due = now.date() + timedelta(days=ANSWER_DAYS)
        made = ErasureRequest.objects.create(**who, asked_by=by, asked_at=now, due_date=due)
        record_event(made, "", Status.ASKED, by=by, now=now)
    return made


def withdraw_erasure(*, request: ErasureRequest, by: User, now: datetime) -> ErasureRequest:
    """This will take a request back, by who asked or whom it is about. Raises: as `move`, CannotErase."""
    if by.pk not in (request.asked_by_id, request.user_id):
        raise CannotErase(_("Only who asked for it may take it back."))
    return move(request, Status.WITHDRAWN, by=by, now=now)


def propose_erasure(*, request: ErasureRequest, reason: str, by: User, now: datetime) -> ErasureRequest:
    """This will put down how it is known who asks, and leave the act to another. Raises: as `move`, CannotErase."""
    _require_neutral(request, by, reason)
    require_may_go(request.user or request.holder)
    with transaction.atomic():
        ErasureRequest.objects.filter(pk=request.pk, status=Status.ASKED).update(proposed_by=by, proposed_at=now)
        return move(request, Status.PROPOSED, by=by, now=now, reason=reason)


def confirm_erasure(*, request: ErasureRequest, by: User, now: datetime, secret: str) -> ErasureRequest:
    """This will forget who asked, as the second person; it cannot be undone.

    `secret`: as in `erase_person`. Raises: as `move`, CannotErase, NotTheSecond.
    """
    _require_neutral(request, by)
    if request.proposed_by_id == by.pk:
        raise NotTheSecond(_("You proposed this: another person must decide."))
    with transaction.atomic():
        ErasureRequest.objects.filter(pk=request.pk, status=Status.PROPOSED).update(decided_by=by, decided_at=now)
        move(request, Status.DONE, by=by, now=now)
        if request.user is not None:
            erase_person(user=request.user, by=by, now=now, secret=secret)
        elif request.holder is not None:
            erase_holder(holder=request.holder, by=by, now=now)
    return request


def refuse_erasure(*, request: ErasureRequest, reason: str, by: User, now: datetime) -> ErasureRequest:
    """This will refuse a request with a reason that who asked reads. Raises: as `move`, CannotErase, ReasonMissing."""
    _require_neutral(request, by, reason)
    with transaction.atomic():
        waiting = ErasureRequest.objects.filter(pk=request.pk, status__in=ErasureRequest.OPEN)
        waiting.update(decided_by=by, decided_at=now)
        return move(request, Status.REFUSED, by=by, now=now, reason=reason)


def _require_neutral(request: ErasureRequest, by: User, reason: str | None = None) -> None:
    if not selectors.may_erase(by):
        raise CannotErase(_("Only a supervisor may do this."))
    if request.holder_id and cases.is_member(by, [request.holder_id]):
        raise CannotErase(_("You act for this holder: somebody else must decide."))
    if reason is not None and not reason.strip():
        raise ReasonMissing(_("Say why."))
