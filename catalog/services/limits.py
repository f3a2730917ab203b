"""Turns the database's refusals (catalog/sql/share_limit.sql) into exceptions of ours."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.db import IntegrityError, transaction

from catalog.services.errors import PartLimitExceeded, ShareLimitExceeded


@contextmanager
def limits_explained() -> Iterator[None]:
    """This will undo what is written inside when a limit is broken. Raises: ShareLimitExceeded, PartLimitExceeded."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        refusal = getattr(error.__cause__, "diag", None)
        constraint = getattr(refusal, "constraint_name", None)
        if constraint == "catalog_share_limit":
            raise _share_refusal(json.loads(refusal.message_detail)) from error  # type: ignore[union-attr]
        if constraint == "catalog_part_limit":
            raise PartLimitExceeded(json.loads(refusal.message_detail)["track"]) from error  # type: ignore[union-attr]
        raise


def _share_refusal(found: dict[str, str]) -> ShareLimitExceeded:
    kind = "track" if "track" in found else "work"
    start = date.fromisoformat(found["start"]) if found["start"] else None
    return ShareLimitExceeded(kind=kind, subject_id=int(found[kind]), right=found["right"], start=start)
