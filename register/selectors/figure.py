"""Reading published figures: the latest, a series, and what was published earlier about the same day."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final, NamedTuple

from django.db.models import Max
from django.utils.translation import gettext as _

from register.figures import CASES, DEFINITIONS, Definition, Part
from register.models import Figure
from sales.models import Licensee

DAYS_DRAWN: Final = 730
ROWS_SHOWN: Final = 200


class Shown(NamedTuple):
    """One value as it is published now, the words of its part, its currency if it is money, and earlier values."""

    figure: Figure
    part: str
    currency: str
    earlier: list[Figure]


def figures_changed_at() -> datetime | None:
    """This will say when a figure was last published."""
    newest: datetime | None = Figure.objects.aggregate(newest=Max("recorded_at"))["newest"]
    return newest


def latest_figures(codes: Sequence[str]) -> dict[str, list[Shown]]:
    """This will give the newest value of every part of these figures, by code; none where nothing was counted yet."""
    found: dict[str, list[Shown]] = {code: [] for code in codes}
    names = _store_names(codes)
    rows = Figure.objects.filter(code__in=codes).order_by("code", "part", "-day", "-pk").distinct("code", "part")
    for row in rows:
        found[row.code].append(_shown(row, names, []))
    return found


def figure_rows(definition: Definition, *, day: date | None = None, before: date | None = None) -> list[Shown]:
    """This will give the values of a figure, newest day first, each with what was published about it before.

    Of one day, or of all days (before one), at most ROWS_SHOWN.
    """
    rows = Figure.objects.filter(code=definition.code)
    if day is not None:
        rows = rows.filter(day=day)
    if before is not None:
        rows = rows.filter(day__lt=before)
    names, shown = _store_names([definition.code]), list[Shown]()
    for row in rows.order_by("-day", "part", "-pk")[: ROWS_SHOWN + 1]:
        if shown and (shown[-1].figure.day, shown[-1].figure.part) == (row.day, row.part):
            shown[-1].earlier.append(row)
        else:
            shown.append(_shown(row, names, []))
    return shown


def figure_series(definition: Definition) -> list[tuple[str, list[tuple[str, list[tuple[date, Decimal | None]]]]]]:
    """This will give what charts draw, one chart per currency (else one in all): its name, and a series per part."""
    names = _store_names([definition.code])
    rows = Figure.objects.filter(code=definition.code).order_by("part", "-day", "-pk").distinct("part", "day")
    charts: dict[str, dict[str, list[tuple[date, Decimal | None]]]] = {}
    count: dict[str, int] = {}
    for row in rows:
        count[row.part] = count.get(row.part, 0) + 1
        if count[row.part] > DAYS_DRAWN:
            continue
        one = _shown(row, names, [])
        series = charts.setdefault(one.currency, {})
        series.setdefault(one.part or str(definition.name), []).insert(0, (row.day, row.value))
    return [(currency, list(series.items())) for currency, series in sorted(charts.items())]


def all_figures() -> list[Definition]:
    """This will list every figure in the order of the page."""
    return list(DEFINITIONS.values())


def _shown(row: Figure, stores: dict[str, str], earlier: list[Figure]) -> Shown:
    kind = DEFINITIONS[row.code].part
    if kind == Part.CURRENCY:
        return Shown(row, "", row.part, earlier)
    if kind == Part.CHANNEL:
        currency, _blank, channel = row.part.partition(" ")
        return Shown(row, _("unknown") if channel == "unknown" else channel, currency, earlier)
    if kind == Part.STORE:
        return Shown(row, stores.get(row.part, row.part), "", earlier)
    if kind == Part.CASE:
        return Shown(row, str(CASES[row.part]), "", earlier)
    return Shown(row, "", "", earlier)


def _store_names(codes: Sequence[str]) -> dict[str, str]:
    if all(DEFINITIONS[code].part != Part.STORE for code in codes):
        return {}
    return dict(Licensee.objects.values_list("code", "name"))
