"""Changing deadlines: a supervisor writes the next version of a clock, which holds from its day on; none is changed.

Clocks that run go on by the version they started with. A set names the law or the rule it goes by; another law is
another set.
"""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from accounts.models import User
from claims import selectors
from claims.models import Clock, ClockSet, Holiday
from claims.services.errors import BadClock, KnownAlready, NotASupervisor, WordsNeeded
from core.workflow import record_event

DAYS_MAX = 3660


def set_clock(
    *,
    of: ClockSet,
    purpose: str,
    days: int,
    start: date,
    why: str,
    by: User,
    now: datetime,
    is_business: bool = False,
    calendar: str = "",
    remind_days: int = 0,
) -> Clock:
    """This will write down how long something takes from a day on, not before today.

    Raises: NotASupervisor, WordsNeeded, BadClock, KnownAlready.
    """
    _require(by, why)
    fits = 0 < days <= DAYS_MAX and 0 <= remind_days < days and (is_business or not calendar)
    if not fits or start < now.date() or purpose not in Clock.Purpose.values:
        raise BadClock
    try:
        with transaction.atomic():
            clock = Clock.objects.create(
                of=of,
                purpose=purpose,
                days=days,
                is_business=is_business,
                calendar=calendar.strip().upper(),
                remind_days=remind_days,
                start=start,
                why=why.strip(),
                set_by=by,
                set_at=now,
            )
            record_event(clock, "", "set", by=by, now=now, reason_code=purpose)
    except IntegrityError as error:
        raise KnownAlready from error
    return clock


def set_clock_set(*, code: str, name: str, basis: str, source: str, by: User, now: datetime) -> ClockSet:
    """This will add a set of clocks with what it goes by. Raises: NotASupervisor, WordsNeeded, KnownAlready."""
    _require(by, source)
    if not code.strip() or not name.strip():
        raise WordsNeeded
    try:
        with transaction.atomic():
            made = ClockSet.objects.create(
                code=code.strip(), name=name.strip(), basis=ClockSet.Basis(basis), source=source.strip()
            )
            record_event(made, "", "added", by=by, now=now)
    except IntegrityError as error:
        raise KnownAlready from error
    return made


def add_holiday(*, calendar: str, day: date, name: str, by: User, now: datetime) -> Holiday:
    """This will add a day on which nobody works. Raises: NotASupervisor, WordsNeeded, BadClock, KnownAlready."""
    _require(by, name)
    if not calendar.strip() or day < now.date():
        raise BadClock
    try:
        with transaction.atomic():
            holiday = Holiday.objects.create(calendar=calendar.strip().upper(), day=day, name=name.strip())
            record_event(holiday, "", "added", by=by, now=now)
    except IntegrityError as error:
        raise KnownAlready from error
    return holiday


def remove_holiday(*, holiday: Holiday, by: User, now: datetime) -> None:
    """This will take a holiday back that has not come yet. Raises: NotASupervisor, BadClock."""
    _require(by, holiday.name)
    if holiday.day <= now.date():
        raise BadClock
    with transaction.atomic():
        record_event(holiday, "added", "removed", by=by, now=now)
        holiday.delete()


def _require(by: User, words: str) -> None:
    if not selectors.may_set_rules(by):
        raise NotASupervisor
    if not words.strip():
        raise WordsNeeded
