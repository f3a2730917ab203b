"""Business days: never a day off, never backwards, the same however the count is cut."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.business import add_days, days_between, is_business_day

MOMENTS = st.integers(0, 9000).map(lambda hours: datetime(2005, 1, 1, tzinfo=UTC) + timedelta(hours=23 * hours))
DAYS = st.integers(0, 60)
HOLIDAYS = st.frozensets(st.dates(date(2005, 1, 1), date(2030, 12, 31)), max_size=20)
NEAR = st.frozensets(st.integers(0, 40), max_size=12)


def test_a_weekend_and_a_holiday_are_left_out():
    friday = datetime(2026, 4, 30, 15, tzinfo=UTC) + timedelta(days=1)

    assert add_days(friday, 1, business=True) == datetime(2026, 5, 4, 15, tzinfo=UTC)
    assert add_days(friday, 1, business=True, holidays={date(2026, 5, 4)}) == datetime(2026, 5, 5, 15, tzinfo=UTC)
    assert add_days(friday, 3) == datetime(2026, 5, 4, 15, tzinfo=UTC)


@given(MOMENTS, DAYS, NEAR)
def test_the_end_is_a_business_day_at_the_same_time_and_counts_as_asked(moment, days, near):
    off = {moment.date() + timedelta(days=number) for number in near}

    end = add_days(moment, days, business=True, holidays=off)

    assert is_business_day(end.date(), off)
    assert end.time() == moment.time()
    between = [moment.date() + timedelta(days=n) for n in range(1, (end.date() - moment.date()).days + 1)]
    worked = sum(is_business_day(day, off) for day in between)
    assert worked == days or (days == 0 and worked <= 1)


@given(MOMENTS, DAYS, DAYS, NEAR)
def test_counting_in_two_steps_is_counting_at_once(moment, first, second, near):
    off = {moment.date() + timedelta(days=number) for number in near}
    at_once = add_days(moment, first + second, business=True, holidays=off)

    stepwise = add_days(add_days(moment, first, business=True, holidays=off), second, business=True, holidays=off)

    if (first and second) or is_business_day(moment.date(), off):
        assert stepwise == at_once
    if first or is_business_day(moment.date(), off):
        one_more = add_days(moment, first + 1, business=True, holidays=off)
        assert one_more > add_days(moment, first, business=True, holidays=off)


@given(MOMENTS, DAYS, HOLIDAYS, st.booleans())
def test_what_was_added_is_what_is_between(moment, days, off, business):
    start = add_days(moment, 0, business=business, holidays=off)

    end = add_days(start, days, business=business, holidays=off)

    assert days_between(start, end, business=business, holidays=off) == days
    assert days_between(end, start, business=business, holidays=off) == 0
