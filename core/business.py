"""Counting days for deadlines: calendar days, or business days without weekends and holidays. Pure."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

SATURDAY = 5


def is_business_day(day: date, holidays: Collection[date] = ()) -> bool:
    """This will tell whether people work on a day."""
    return day.weekday() < SATURDAY and day not in holidays


def add_days(moment: datetime, days: int, *, business: bool = False, holidays: Collection[date] = ()) -> datetime:
    """This will give the same time of day so many days later; in business days it falls on a business day.

    No days in business days: the moment itself, or, on a day off, the same time of the next business day.
    """
    if not business:
        return moment + timedelta(days=days)
    found, left = moment, days
    while left or not is_business_day(found.date(), holidays):
        found += timedelta(days=1)
        if left and is_business_day(found.date(), holidays):
            left -= 1
    return found


def days_between(start: datetime, end: datetime, *, business: bool = False, holidays: Collection[date] = ()) -> int:
    """This will count the days that `add_days` has to add to come from one moment to another, or just past it."""
    if end <= start:
        return 0
    if not business:
        whole = end - start
        return whole.days + (whole % timedelta(days=1) > timedelta(0))
    count, at = 0, add_days(start, 0, business=True, holidays=holidays)
    while at < end:
        at = add_days(at, 1, business=True, holidays=holidays)
        count += 1
    return count
