"""Charts are plain geometry: zero at the bottom, gaps where nothing is known, a name per line."""

import re
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from register.charts import HEIGHT, SERIES_MAX, WIDTH, draw

DAYS = [date(2006, month, 1) for month in range(1, 7)]
VALUES = st.lists(st.none() | st.decimals("-1e6", "1e12", places=2), min_size=1, max_size=6)


def points(*values):
    return list(zip(DAYS, [None if value is None else Decimal(value) for value in values], strict=False))


def test_nothing_known_is_no_chart():
    assert draw([]) is None
    assert draw([("a", points(None, None))]) is None


def test_the_axis_begins_at_zero_and_ends_at_a_plain_number():
    chart = draw([("a", points(3, 17))])

    assert [label for _y, label in chart.y_ticks] == ["0", "10", "20"]
    assert [label for _x, label in chart.x_ticks] == ["2006-01-01", "2006-02-01"]
    assert [label for _y, label in draw([("a", points(1))]).y_ticks] == ["0", "0.5", "1"]


def test_an_unknown_value_leaves_a_gap():
    (line,) = draw([("a", points(1, None, 2, 3))]).lines

    assert re.findall("[ML]", line.path) == ["M", "M", "L"]


def test_the_largest_lines_are_drawn_and_the_rest_left_to_the_table():
    chart = draw([(str(number), points(number)) for number in range(1, 10)], is_monthly=True)

    assert [line.name for line in chart.lines] == ["9", "8", "7", "6", "5", "4"]
    assert len(chart.lines) == SERIES_MAX
    assert chart.x_ticks[0][1] == "2006-01"


@given(st.lists(VALUES, min_size=1, max_size=8))
def test_everything_stays_inside_the_frame(series):
    chart = draw([(str(number), points(*values)) for number, values in enumerate(series)])

    for line in chart.lines if chart else []:
        for x, y in line.dots:
            assert 0 <= Decimal(x) <= WIDTH
            assert 0 <= Decimal(y) <= HEIGHT
