"""The queue of words that a person has to redact."""

from typing import Any

from django.db.models import QuerySet

from claims import selectors as claims
from register.models import Passage


def passages_waiting(user: Any, status: str = Passage.Status.WAITING) -> QuerySet[Passage]:
    """This will list the passages of a status a reviewer may look at, oldest first; nothing for anybody else."""
    if not claims.may_review(user):
        return Passage.objects.none()
    rows = Passage.objects.select_related("entry__opt_out__holder", "entry__opt_out__authority", "entry__licensee")
    return rows.filter(status=status).order_by("created_at", "pk")
