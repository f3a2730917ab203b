"""Dated figures: all of them, one with its chart and table, one on a day, and opt-outs on any day."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.public import public_page
from register import charts, selectors
from register.figures import DEFINITIONS, Definition
from register.stamps import this_hour
from register.views.entry import shell
from register.views.open_data import day_or_404

KEPT_SECONDS = 600


def _stamp(request: HttpRequest, **kwargs: Any) -> datetime | None:
    return selectors.figures_changed_at()


@require_safe
@public_page(_stamp)
def figures(request: HttpRequest) -> HttpResponse:
    """This will list every figure with its newest values, its day and what it means."""
    latest = selectors.latest_figures(list(DEFINITIONS))
    rows = [(one, _newest_day(latest[one.code])) for one in selectors.all_figures()]
    context = {**shell(request), "rows": rows, "today": timezone.now().date()}
    return render(request, "register/figure_list.html", context)


@require_safe
@public_page(_stamp)
def figure(request: HttpRequest, code: str) -> HttpResponse:
    """This will show one figure: what it means, its course as a chart and as a table, and corrected values."""
    found = _definition(code)
    before = day_or_404(request.GET["before"]) if "before" in request.GET else None
    rows = selectors.figure_rows(found, before=before)
    drawn = [
        (currency, charts.draw(series, is_monthly=found.is_monthly))
        for currency, series in (selectors.figure_series(found) if before is None else [])
    ]
    context = {
        **shell(request),
        "figure": found,
        "rows": rows,
        "newest": _newest_day(rows) if before is None else [],
        "charts": [(currency, chart) for currency, chart in drawn if chart is not None],
        "earlier": rows[-1].figure.day if len(rows) >= selectors.ROWS_SHOWN else None,
        "address": settings.ROMS_ORIGIN + reverse("register:figure", args=[code]),
    }
    return render(request, "register/figure_detail.html", context)


@require_safe
@public_page(_stamp)
def figure_on(request: HttpRequest, code: str, day: str) -> HttpResponse:
    """This will show what is, and was, published of a figure about one day (or the month that begins on it)."""
    found, asked = _definition(code), day_or_404(day)
    rows = selectors.figure_rows(found, day=asked)
    context = {
        **shell(request),
        "figure": found,
        "day": asked,
        "rows": rows,
        "address": settings.ROMS_ORIGIN + reverse("register:figure_on", args=[code, asked.isoformat()]),
    }
    return render(request, "register/figure_on.html", context)


@require_safe
def opt_outs_ask(request: HttpRequest) -> HttpResponse:
    """This will lead from the form to the address of the day; without one back to the form."""
    if not request.GET.get("day"):
        return redirect(reverse("register:figures") + shell(request)["lang"])
    day = day_or_404(request.GET["day"])
    return redirect(reverse("register:opt_outs_on", args=[day.isoformat()]) + shell(request)["lang"])


def _on_stamp(request: HttpRequest, day: str) -> datetime:
    return this_hour(selectors.changed_at())


@require_safe
@public_page(_on_stamp)
def opt_outs_on(request: HttpRequest, day: str) -> HttpResponse:
    """This will answer whether anybody had opted out by the end of a day. A day to come has no answer."""
    asked, today = day_or_404(day), timezone.now().date()
    if asked > today:
        raise Http404
    context = {
        **shell(request),
        "day": asked,
        "is_today": asked == today,
        "counts": _counts(asked),
        "published": selectors.figure_rows(DEFINITIONS["opt-outs-granted"], day=asked),
        "address": settings.ROMS_ORIGIN + reverse("register:opt_outs_on", args=[asked.isoformat()]),
    }
    return render(request, "register/opt_outs_on.html", context)


def _counts(day: date) -> selectors.OptOutCounts:
    """Count, or recall what was counted since the register last changed: at a million opt-outs it takes a second."""
    key = f"register:opt-outs-on:{day}:{selectors.changed_at()}".replace(" ", "_")
    found: selectors.OptOutCounts | None = cache.get(key)
    if found is None:
        found = selectors.opt_outs_on(day)
        cache.set(key, found, KEPT_SECONDS)
    return found


def _newest_day(rows: list[selectors.Shown]) -> list[selectors.Shown]:
    """The values of the newest day of each part, of a monthly figure those of the newest month."""
    newest = max((row.figure.day for row in rows), default=None)
    return [row for row in rows if row.figure.day == newest]


def _definition(code: str) -> Definition:
    found = DEFINITIONS.get(code)
    if found is None:
        raise Http404
    return found
