"""Half-open periods of calendar dates, [start, end): the day `end` is no longer in it, None means without bound."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `start` up to but not including `end`."""

    start: date | None = None
    end: date | None = None

    def __post_init__(self) -> None:
        if self.start is not None and self.end is not None and self.start >= self.end:
            raise ValueError(f"a period must have at least one day: {self}")

    def __str__(self) -> str:
        return f"[{self.start or ''}, {self.end or ''})"

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.contains(day)

    @property
    def days(self) -> int | None:
        """Count the days; None when the period has no bound on either side."""
        return None if self.start is None or self.end is None else (self.end - self.start).days

    def contains(self, other: "date | Period") -> bool:
        """Tell whether a day, or every day of another period, lies within this one."""
        if isinstance(other, Period):
            return self.overlap(other) == other
        return (self.start is None or self.start <= other) and (self.end is None or other < self.end)

    def overlap(self, other: "Period") -> "Period | None":
        """Return the days both have in common, or None when they share none."""
        start = max((day for day in (self.start, other.start) if day is not None), default=None)
        end = min((day for day in (self.end, other.end) if day is not None), default=None)
        if start is not None and end is not None and start >= end:
            return None
        return Period(start, end)


def day_after(last: date | None) -> date | None:
    """Return where a period ends whose last day is `last`; None, without bound, also for the last day there is."""
    return None if last is None or last == date.max else last + timedelta(days=1)
