"""Charts as plain geometry, drawn by the server: a line per series over days or months. Pure; a template draws it.

Every chart stands beside a table with the same values; nothing depends on colour alone, each line has its name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

WIDTH: Final = 720
HEIGHT: Final = 260
LEFT, RIGHT, TOP, BOTTOM = 84, 40, 14, 30
X_TICKS: Final = 5
SERIES_MAX: Final = 6
"""More lines than that nobody can tell apart; the table has them all."""

Points = Sequence[tuple[date, Decimal | None]]


@dataclass(frozen=True, slots=True)
class Line:
    """One series: the drawing commands of its path, its points, and its number for colour and dash."""

    name: str
    number: int
    path: str
    dots: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything a template needs: lines, the ticks with their places, the frame."""

    lines: list[Line]
    x_ticks: list[tuple[str, str]]
    y_ticks: list[tuple[str, str]]
    left: int = LEFT
    right: int = WIDTH - RIGHT
    bottom: int = HEIGHT - BOTTOM
    width: int = WIDTH
    height: int = HEIGHT


def draw(series: Sequence[tuple[str, Points]], *, is_monthly: bool = False) -> Chart | None:
    """This will draw the series, largest last value first; None where there is nothing to draw.

    An unknown value leaves a gap. The lowest value shown is 0, or the lowest there is when some are below.
    """
    known = [(name, [(day, value) for day, value in points]) for name, points in series if points]
    values = [value for _name, points in known for _day, value in points if value is not None]
    if not values:
        return None
    days = sorted({day for _name, points in known for day, _value in points})
    low, high = min(min(values), Decimal(0)), _round_up(max(*values, Decimal(1)))
    known.sort(key=lambda one: -max((value for _day, value in one[1] if value is not None), default=Decimal(0)))
    lines = [
        _line(name, number, points, days, low, high) for number, (name, points) in enumerate(known[:SERIES_MAX], 1)
    ]
    form = "%Y-%m" if is_monthly else "%Y-%m-%d"
    steps = sorted({round(index * (len(days) - 1) / (X_TICKS - 1)) for index in range(X_TICKS)})
    return Chart(
        lines=lines,
        x_ticks=[(_x(days[step], days), days[step].strftime(form)) for step in steps],
        y_ticks=[(_y(value, low, high), _tick(value)) for value in (low, (low + high) / 2, high)],
    )


def _line(name: str, number: int, points: Points, days: Sequence[date], low: Decimal, high: Decimal) -> Line:
    path, dots, pen = [], [], "M"
    for day, value in points:
        if value is None:
            pen = "M"
            continue
        x, y = _x(day, days), _y(value, low, high)
        path.append(f"{pen}{x} {y}")
        dots.append((x, y))
        pen = "L"
    return Line(name, number, "".join(path), dots if len(dots) <= 60 else dots[-1:])


def _x(day: date, days: Sequence[date]) -> str:
    span = (days[-1] - days[0]).days
    share = Decimal((day - days[0]).days) / span if span else Decimal("0.5")
    return f"{LEFT + share * (WIDTH - LEFT - RIGHT):.1f}"


def _y(value: Decimal, low: Decimal, high: Decimal) -> str:
    share = (value - low) / (high - low)
    return f"{HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM):.1f}"


def _tick(value: Decimal) -> str:
    whole = value == value.to_integral_value()
    return f"{int(value):,}".replace(",", "\u202f") if whole else f"{value.normalize():f}"


def _round_up(value: Decimal) -> Decimal:
    """The next number of 1, 2, 4 or 10 times a power of ten, so that the middle of the axis is a plain number too."""
    power = Decimal(10) ** value.adjusted()
    return next(power * step for step in (1, 2, 4, 10) if power * step >= value)
