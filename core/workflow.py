"""The only code that changes a status.

A model with a life declares `Status` (TextChoices), a `status` field and `MOVES`, its life as data:

    MOVES = {Status.FILED: {Status.UNDER_REVIEW, Status.RETRACTED}, ...}

`move` refuses a step that is not declared, changes the row only while it still has the status that was read (two people
deciding at once: one wins, the other is told) and writes one `Event` in the same transaction.
"""

from collections.abc import Mapping, Sequence, Set
from datetime import datetime
from typing import Any, Protocol, TypeVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models, transaction
from django.db.models import QuerySet

from core.models import Event, Note


class Moving(Protocol):
    """A model instance whose life is declared as data."""

    pk: Any
    status: Any

    @property
    def MOVES(self) -> Mapping[Any, Set[Any]]: ...


M = TypeVar("M", bound=Moving)


class MoveNotAllowed(Exception):
    """The noun's life has no such step from its present status."""


class MovedMeanwhile(Exception):
    """Somebody else moved the object after it was read; nothing was changed."""


def move(
    obj: M,
    to: str,
    *,
    by: AbstractBaseUser | None,
    now: datetime,
    reason: str = "",
    reason_code: str = "",
) -> M:
    """Move `obj` to the status `to` and record the Event; `reason` is words (erasable), `reason_code` a fixed code.

    `by` is None when no person acted (a sweep, an import). Locks the row of `obj` until the caller's commit.

    Raises: MoveNotAllowed, MovedMeanwhile.
    """
    model = _model_of(obj)
    before = str(obj.status)
    if to not in obj.MOVES.get(before, frozenset()):
        raise MoveNotAllowed(f"{model._meta.label} {obj.pk}: {before} > {to}")
    with transaction.atomic():
        changed = model._base_manager.filter(pk=obj.pk, status=before).update(status=to)
        if changed != 1:
            raise MovedMeanwhile(f"{model._meta.label} {obj.pk}: no longer {before}")
        record_event(obj, before, to, by=by, now=now, reason=reason, reason_code=reason_code)
    obj.status = to
    return obj


def move_many(objs: Sequence[M], to: str, *, by: AbstractBaseUser | None, now: datetime, reason_code: str = "") -> None:
    """Move many objects of one model, all of the same status, in two statements: all of them or none.

    Raises: MoveNotAllowed, MovedMeanwhile.
    """
    if not objs:
        return
    model, before = _model_of(objs[0]), str(objs[0].status)
    if {str(obj.status) for obj in objs} != {before} or to not in objs[0].MOVES.get(before, frozenset()):
        raise MoveNotAllowed(f"{model._meta.label}: {before} > {to}")
    with transaction.atomic():
        changed = model._base_manager.filter(pk__in=[obj.pk for obj in objs], status=before).update(status=to)
        if changed != len(objs):
            raise MovedMeanwhile(f"{model._meta.label}: {len(objs) - changed} of {len(objs)} no longer {before}")
        Event.objects.bulk_create(
            Event(
                noun=model._meta.label,
                object_id=obj.pk,
                from_status=before,
                to_status=to,
                by_id=None if by is None else by.pk,
                at=now,
                reason_code=reason_code,
            )
            for obj in objs
        )
    for obj in objs:
        obj.status = to


def record_event(
    obj: Any,
    before: str,
    to: str,
    *,
    by: AbstractBaseUser | None,
    now: datetime,
    reason: str = "",
    reason_code: str = "",
) -> Event:
    """Append an Event about `obj`: its creation (`before` empty) or a fact that is no status. Words go to a Note."""
    note = Note.objects.create(text=reason, created_at=now) if reason else None
    return Event.objects.create(
        noun=_model_of(obj)._meta.label,
        object_id=obj.pk,
        from_status=before,
        to_status=to,
        by_id=None if by is None else by.pk,
        at=now,
        reason_code=reason_code,
        note=note,
    )


def events_of(obj: Any) -> QuerySet[Event]:
    """Return the history of `obj`, oldest first, with the person and the words of each step."""
    events = Event.objects.filter(noun=_model_of(obj)._meta.label, object_id=obj.pk)
    return events.select_related("by", "note").order_by("id")


def erase_note(note: Note, *, now: datetime) -> None:
    """Erase the words of a note for ever; the Event that points to it stands."""
    Note.objects.filter(pk=note.pk, erased_at=None).update(text="", erased_at=now)


def _model_of(obj: Any) -> type[models.Model]:
    model: type[models.Model] = obj._meta.concrete_model
    return model
