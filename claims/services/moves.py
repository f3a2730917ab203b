"""Moving a case: `core.workflow.move`, and the queue follows in the same transaction."""

from datetime import datetime
from typing import TypeVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models, transaction

from claims.services.queue import KIND_OF, touch
from core import workflow

M = TypeVar("M", bound=workflow.Moving)


def move(obj: M, to: str, *, by: AbstractBaseUser | None, now: datetime, reason: str = "", reason_code: str = "") -> M:
    """This will move a case as `core.workflow.move` does, and bring its row of the queue up to date.

    Raises: core.workflow.MoveNotAllowed, MovedMeanwhile.
    """
    with transaction.atomic():
        workflow.move(obj, to, by=by, now=now, reason=reason, reason_code=reason_code)
        if isinstance(obj, models.Model) and type(obj) in KIND_OF:
            touch(obj, now)
    return obj
