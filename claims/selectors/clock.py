"""The clocks of a case as its page shows them, and all clocks with their sources."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TypeAlias

from django.db.models import QuerySet

from claims.models import CaseClock, Clock, Holiday

Clocks: TypeAlias = QuerySet[CaseClock]


def clocks_of(case: str) -> Clocks:
    """This will list the clocks that run, or stand still, for a case."""
    return CaseClock.objects.filter(case=case, ended_at=None).select_related("clock__of").order_by("due_at", "pk")


def clocks_in_use(day: date) -> list[Clock]:
    """This will list the clock of every set and purpose that is used on a day, with its source."""
    rows = Clock.objects.filter(start__lte=day).select_related("of").order_by("of__name", "purpose", "start", "pk")
    return list({(row.of_id, row.purpose): row for row in rows}.values())


@dataclass(frozen=True, slots=True)
class ClockNow:
    """One clock as a page shows it: the version that holds, and those before and after, newest first."""

    holds: Clock | None
    versions: list[Clock]

    @property
    def last(self) -> Clock:
        """The newest version, whether it holds already or not."""
        return self.versions[0]


def clock_versions(day: date) -> list[ClockNow]:
    """This will list every clock of every set with all its versions."""
    rows = Clock.objects.select_related("of", "set_by").order_by("of__name", "of_id", "purpose", "-start", "-pk")
    found = []
    for _, versions in groupby(rows, key=lambda row: (row.of_id, row.purpose)):
        kept = list(versions)
        found.append(ClockNow(next((row for row in kept if row.start <= day), None), kept))
    return found


def holidays_shown(day: date) -> QuerySet[Holiday]:
    """This will list the holidays that are still to come."""
    return Holiday.objects.filter(day__gte=day).order_by("day", "calendar")
