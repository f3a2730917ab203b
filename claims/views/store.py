"""The public pages of stores, with the countdown of a licence that stops, and the staff's doors to stop one."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from claims import selectors, services
from claims.formats.takedown_notice import line_of
from claims.forms import LiftForm, StopForm, WordsForm
from claims.views.door import attempt, person, reviewer_or_404
from core.htmx import render
from sales.models import LicenceStop, Licensee

COLUMNS = ("store_key", "artist", "title", "isrc", "address", "track")
STORES_PER_PAGE = 50


@require_safe
def stores(request: HttpRequest) -> HttpResponse:
    """This will list the stores and whether they are licensed, to anybody."""
    page = Paginator(selectors.stores(), STORES_PER_PAGE).get_page(request.GET.get("page"))
    today = timezone.now().date()
    rows = [(store, next(iter(store.stops.all()), None)) for store in page]
    context = {"page": page, "rows": rows, "today": today}
    return render(request, "claims/store_list.html", "claims/store_list.html", context)


@require_safe
def store(request: HttpRequest, licensee_id: str) -> HttpResponse:
    """This will show a store: its licence, the days that are left, what leaves, and that no money is lost."""
    return _show(request, _store(licensee_id))


@login_required
@require_POST
def ask_stop(request: HttpRequest, licensee_id: str) -> HttpResponse:
    """This will ask a second person to stop a licence."""
    reviewer_or_404(request)
    found, form = _store(licensee_id), StopForm(request.POST)
    if form.is_valid() and attempt(
        request,
        lambda: services.ask_licence_stop(licensee=found, by=person(request), now=timezone.now(), **form.cleaned_data),
        form,
    ):
        messages.success(request, _("Asked. Somebody else has to confirm it."))
        return redirect("claims:store", licensee_id=licensee_id)
    return _show(request, found, stop_form=form)


@login_required
@require_POST
def decide_stop(request: HttpRequest, licensee_id: str, stop_id: str) -> HttpResponse:
    """This will confirm a stop that another asked for, or refuse it in words."""
    reviewer_or_404(request)
    found = _store(licensee_id)
    stop, form = _stop(request, found, stop_id), WordsForm(request.POST, auto_id="refuse_%s")
    if request.POST.get("act") == "confirm":
        attempt(request, lambda: services.confirm_licence_stop(stop=stop, by=person(request), now=timezone.now()))
        return redirect("claims:store", licensee_id=licensee_id)
    if form.is_valid() and attempt(
        request,
        lambda: services.refuse_licence_stop(
            stop=stop, reason=form.cleaned_data["text"], by=person(request), now=timezone.now()
        ),
        form,
    ):
        return redirect("claims:store", licensee_id=licensee_id)
    return _show(request, found, refuse_form=form)


@login_required
@require_POST
def lift_stop(request: HttpRequest, licensee_id: str, stop_id: str) -> HttpResponse:
    """This will license a suspended store again."""
    reviewer_or_404(request)
    found = _store(licensee_id)
    stop, form = _stop(request, found, stop_id), LiftForm(request.POST, auto_id="lift_%s")
    if form.is_valid() and attempt(
        request,
        lambda: services.lift_licence_stop(
            stop=stop,
            start=form.cleaned_data["start"],
            reason=form.cleaned_data["text"],
            by=person(request),
            now=timezone.now(),
        ),
        form,
    ):
        return redirect("claims:store", licensee_id=licensee_id)
    return _show(request, found, lift_form=form)


@login_required
@require_safe
def stop_file(request: HttpRequest, licensee_id: str, stop_id: str) -> StreamingHttpResponse:
    """This will give what a store had when its licence stopped as a table, to the store and to staff."""
    stop = _stop(request, _store(licensee_id), stop_id)
    if not selectors.may_see_titles(request.user, stop):
        raise Http404
    answer = StreamingHttpResponse(_lines(stop), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{stop.public_id}.csv"'
    return answer


def _lines(stop: LicenceStop) -> Iterator[str]:
    yield line_of(COLUMNS)
    for row in selectors.titles_of(stop).iterator(chunk_size=2000):
        key = row.store_key
        yield line_of((key.key, key.artist, key.title, key.isrc, key.url, key.track.public_id if key.track else ""))


def _show(request: HttpRequest, found: Licensee, **forms: Any) -> HttpResponse:
    today = timezone.now().date()
    stops = list(selectors.stops_of(found, request.user))
    current = selectors.current_stop(stops, today)
    reviews = selectors.may_review(request.user)
    context = {
        "store": found,
        "stops": stops,
        "current": current,
        "days_left": selectors.days_left(current, today),
        "owes": selectors.owed_by(found),
        "findings": selectors.unlicensed_findings(found) if current else {},
        "sees_titles": current is not None and selectors.may_see_titles(request.user, current),
        "reviews": reviews,
        "asked": next((stop for stop in stops if stop.status == LicenceStop.Status.ASKED), None),
        "stop_form": StopForm(initial={"start": today}),
        "refuse_form": WordsForm(auto_id="refuse_%s"),
        "lift_form": LiftForm(initial={"start": today}, auto_id="lift_%s"),
        **forms,
    }
    status = 422 if any(form.errors for form in forms.values()) else 200
    return render(request, "claims/store_detail.html", "claims/store_detail.html", context, status)


def _store(licensee_id: str) -> Licensee:
    return get_object_or_404(Licensee, public_id=licensee_id)


def _stop(request: HttpRequest, found: Licensee, stop_id: str) -> LicenceStop:
    return get_object_or_404(selectors.stops_of(found, request.user), public_id=stop_id)
