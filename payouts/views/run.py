"""Runs of the distribution: what happened by itself, and runs a person orders, counted before anything is posted."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.selectors import signed_in
from accounts.sudo import ask_again
from claims import selectors as claims
from claims import services as cases
from claims.models import PlannedRun
from core.workflow import MovedMeanwhile, MoveNotAllowed, events_of
from payouts import selectors
from payouts.forms import RunForm
from payouts.places import OWED_NAMES

PAGE_SIZE = 50


def _run(request: HttpRequest, run_id: str) -> PlannedRun:
    return get_object_or_404(claims.planned_runs_for(request.user), public_id=run_id)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def runs(request: HttpRequest) -> HttpResponse:
    """This will list the ordered runs and what was distributed by itself, and take another order."""
    if not selectors.is_finance(request.user):
        raise Http404
    form = RunForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        run = cases.order_run(licensee=form.cleaned_data["licensee"], by=signed_in(request), now=timezone.now())
        return redirect("payouts:run", run.public_id)
    context = {
        "page": Paginator(claims.planned_runs_for(request.user), PAGE_SIZE).get_page(request.GET.get("page")),
        "automatic": claims.automatic_runs()[:PAGE_SIZE],
        "form": form,
    }
    return render(request, "payouts/runs.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def run(request: HttpRequest, run_id: str) -> HttpResponse:
    """This will show what a run was counted to move, per holder, and what it has posted."""
    found = _run(request, run_id)
    totals = Paginator(claims.run_totals(found), PAGE_SIZE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "run": found,
        "page": totals,
        "rows": [(OWED_NAMES.get(row.place, row.place), row) for row in totals],
        "sums": [(OWED_NAMES.get(place, place), currency, total) for place, currency, total in claims.run_sums(found)],
        "posting": claims.posting_of(found),
        "is_orderer": found.ordered_by_id == request.user.pk,
        "history": events_of(found),
    }
    return render(request, "payouts/run.html", context)


@login_required
@require_POST
def decide_run(request: HttpRequest, run_id: str) -> HttpResponse:
    """This will approve a counted run as the second person, or give it up."""
    found = _run(request, run_id)
    ask_again(request)
    act = cases.approve_run if request.POST.get("decision") == "approve" else cases.discard_run
    try:
        act(run=found, by=signed_in(request), now=timezone.now())
    except cases.OrderedThemselves as refusal:
        messages.error(request, str(refusal))
    except (MovedMeanwhile, MoveNotAllowed):
        messages.error(request, _("Meanwhile somebody else decided this."))
    return redirect("payouts:run", run_id)
