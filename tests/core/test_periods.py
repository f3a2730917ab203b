"""Half-open periods: the end is not in them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.periods import Period, day_after
from sales.formats import flat, values

DAY = timedelta(days=1)
dates = st.dates(date(2000, 1, 1), date(2000, 3, 1))
periods = st.tuples(st.none() | dates, st.none() | dates).filter(lambda p: None in p or p[0] < p[1])


def every_day(period: Period) -> set[date]:
    return {date(1999, 12, 1) + n * DAY for n in range(150) if date(1999, 12, 1) + n * DAY in period}


def test_period_begins_with_its_start_and_stops_before_its_end():
    january = Period(date(2005, 1, 1), date(2005, 2, 1))

    assert date(2005, 1, 1) in january
    assert date(2005, 1, 31) in january
    assert date(2005, 2, 1) not in january
    assert january.days == 31
    assert str(january) == "[2005-01-01, 2005-02-01)"


def test_period_without_a_bound_has_no_number_of_days():
    assert Period(None, date(2005, 1, 1)).days is None
    assert date(1, 1, 1) in Period()


def test_period_refuses_to_be_empty():
    with pytest.raises(ValueError, match="at least one day"):
        Period(date(2005, 1, 1), date(2005, 1, 1))


@given(periods, periods)
def test_overlap_is_the_days_both_have(one, other):
    first, second = Period(*one), Period(*other)

    both = first.overlap(second)

    assert (every_day(both) if both else set()) == every_day(first) & every_day(second)
    assert both == second.overlap(first)
    assert first.contains(second) == (both == second)


def test_a_period_that_would_end_after_the_calendar_is_without_end_or_none():
    assert day_after(date(2006, 12, 31)) == date(2007, 1, 1)
    assert day_after(date.max) is None
    assert day_after(None) is None
    for text in ("9999-12", "9999-12-31", "9999", "9999-Q4", "2006-01-01--9999-12-31", "31.12.9999", "December 9999"):
        assert flat.parse_period(text) is None, text
        assert values.parse_use_period(text, "dmy") is None, text
