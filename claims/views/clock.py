"""The staff's door to deadlines: every clock with its source and versions; a supervisor writes the next."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from claims import selectors, services
from claims.forms import ClockForm, ClockSetForm, HolidayForm
from claims.models import ClockSet
from claims.views.door import attempt, person, reviewer_or_404
from core.htmx import render

HOLIDAYS_PER_PAGE = 25


@login_required
@require_safe
def clocks(request: HttpRequest) -> HttpResponse:
    """This will show every clock, what it goes by, since when, and what comes next."""
    reviewer_or_404(request)
    return _show(request)


@login_required
@require_POST
def set_clock(request: HttpRequest) -> HttpResponse:
    """This will write the next version of a clock."""
    return _act(request, "clock_form", ClockForm(request.POST), services.set_clock)


@login_required
@require_POST
def set_clock_set(request: HttpRequest) -> HttpResponse:
    """This will add a law or a rule that clocks go by."""
    return _act(request, "set_form", ClockSetForm(request.POST), services.set_clock_set)


@login_required
@require_POST
def add_holiday(request: HttpRequest) -> HttpResponse:
    """This will add a day on which nobody works."""
    return _act(request, "holiday_form", HolidayForm(request.POST), services.add_holiday)


@login_required
@require_POST
def remove_holiday(request: HttpRequest, holiday_id: int) -> HttpResponse:
    """This will take a holiday back that has not come yet."""
    reviewer_or_404(request)
    holiday = get_object_or_404(selectors.holidays_shown(timezone.now().date()), pk=holiday_id)
    attempt(request, lambda: services.remove_holiday(holiday=holiday, by=person(request), now=timezone.now()))
    return redirect("claims:clocks")


def _act(request: HttpRequest, name: str, form: Form, service: Callable[..., object]) -> HttpResponse:
    reviewer_or_404(request)
    act = partial(service, by=person(request), now=timezone.now())
    if form.is_valid() and attempt(request, lambda: act(**form.cleaned_data), form):
        return redirect("claims:clocks")
    return _show(request, **{name: form})


def _show(request: HttpRequest, **forms: Any) -> HttpResponse:
    today = timezone.now().date()
    asked = {name: request.GET[name] for name in ("purpose", "of", "days", "remind_days") if name in request.GET}
    page = {
        "clocks": selectors.clock_versions(today),
        "sets": ClockSet.objects.order_by("name"),
        "page": Paginator(selectors.holidays_shown(today), HOLIDAYS_PER_PAGE).get_page(request.GET.get("page")),
        "may_set": selectors.may_set_rules(request.user),
        "today": today,
        "clock_form": ClockForm(initial={"start": today} | asked),
        "set_form": ClockSetForm(),
        "holiday_form": HolidayForm(),
        **forms,
    }
    status = 422 if any(form.errors for form in forms.values()) else 200
    return render(request, "claims/clocks.html", "claims/clocks.html", page, status)
