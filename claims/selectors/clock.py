"""The clocks of a case as its page shows them, and all clocks with their sources."""

from datetime import date
from typing import TypeAlias

from django.db.models import QuerySet

from claims.models import CaseClock, Clock

Clocks: TypeAlias = QuerySet[CaseClock]


def clocks_of(case: str) -> Clocks:
    """This will list the clocks that run, or stand still, for a case."""
    return CaseClock.objects.filter(case=case, ended_at=None).select_related("clock__of").order_by("due_at", "pk")


def clocks_in_use(day: date) -> list[Clock]:
    """This will list the clock of every set and purpose that is used on a day, with its source."""
    rows = Clock.objects.filter(start__lte=day).select_related("of").order_by("of__name", "purpose", "start", "pk")
    return list({(row.of_id, row.purpose): row for row in rows}.values())
