"""The reviewers' doors to who has which case: take the next, give back, hand over, save half-done work, be away."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from claims import selectors, services
from claims.forms import AbsenceForm, HandOverForm
from claims.models import Absence, QueueItem, ReviewNote
from claims.views.door import attempt, person, reviewer_or_404
from core.htmx import render
from core.periods import day_after

NOTE_FIELDS_MAX = 2000


@login_required
@require_POST
def take_next(request: HttpRequest) -> HttpResponse:
    """This will lend the most urgent case to the reviewer and show it."""
    reviewer_or_404(request)
    return to_next(request)


def to_next(request: HttpRequest) -> HttpResponse:
    """This will lead to the next case, or back to the queue when nothing waits."""
    item = services.take_and_start(by=person(request), now=timezone.now(), kind=request.POST.get("kind", ""))
    if item is None:
        messages.info(request, _("Nothing waits for you just now."))
        return redirect("claims:review_queue")
    return redirect(item.url)


@login_required
@require_POST
def take_case(request: HttpRequest, case_id: str) -> HttpResponse:
    """This will lend this very case."""
    item = _item(request, case_id)
    attempt(request, lambda: services.take_case(item=item, by=person(request), now=timezone.now()))
    return redirect(item.url)


@login_required
@require_POST
def give_back(request: HttpRequest, case_id: str) -> HttpResponse:
    """This will give a case back to all."""
    item = _item(request, case_id)
    attempt(request, lambda: services.give_back(item=item, by=person(request), now=timezone.now()))
    return redirect("claims:review_queue")


@login_required
@require_POST
def hand_over(request: HttpRequest, case_id: str) -> HttpResponse:
    """This will hand a case to another reviewer."""
    item = _item(request, case_id)
    form = HandOverForm(request.POST, colleagues=selectors.colleagues(person(request)))
    if form.is_valid() and attempt(
        request,
        lambda: services.hand_over(
            item=item,
            to=form.cleaned_data["to"],
            why=form.cleaned_data["why"],
            by=person(request),
            now=timezone.now(),
        ),
    ):
        messages.success(request, _("Handed over."))
        return redirect("claims:review_queue")
    return redirect(item.url)


@login_required
@require_POST
def save_note(request: HttpRequest, case_id: str) -> HttpResponse:
    """This will keep the half-done decision; with htmx it says so, without it goes back to the queue."""
    item = _item(request, case_id)
    names = [name for name in request.POST if name == "note" or name.startswith(("all-", "line-"))]
    fields = {name: request.POST[name] for name in names[:NOTE_FIELDS_MAX] if request.POST[name]}
    saved = attempt(
        request, lambda: services.save_note(item=item, fields=fields, by=person(request), now=timezone.now())
    )
    if request.headers.get("HX-Request") == "true":
        return render(request, "claims/_desk_saved.html", "claims/_desk_saved.html", {"saved": saved})
    return redirect("claims:review_queue") if saved else redirect(item.url)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def absences(request: HttpRequest) -> HttpResponse:
    """This will list who is away, and note one's own absence."""
    reviewer_or_404(request)
    user, now = person(request), timezone.now()
    form = AbsenceForm(request.POST or None, colleagues=selectors.colleagues(user))
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        until = day_after(data["last"]) or data["last"]
        if attempt(
            request,
            lambda: services.set_absence(
                user=user, start=data["start"], end=until, cover=data["cover"], by=user, now=now
            ),
            form,
        ):
            return redirect("claims:absences")
    page = {"form": form, "absences": selectors.absences(now), "may_end_all": selectors.may_set_rules(user)}
    template = "claims/absences.html"
    return render(request, template, template, page, 422 if form.is_bound and form.errors else 200)


@login_required
@require_POST
def end_absence(request: HttpRequest, absence_id: int) -> HttpResponse:
    """This will take an absence back."""
    reviewer_or_404(request)
    absence = get_object_or_404(Absence, pk=absence_id)
    attempt(request, lambda: services.end_absence(absence=absence, by=person(request), now=timezone.now()))
    return redirect("claims:absences")


def desk_of(request: HttpRequest, kind: str, object_id: int) -> dict[str, Any]:
    """This will give what the desk at the top of a case shows: who has it, what was saved, to whom it can go."""
    user, now = person(request), timezone.now()
    item = selectors.item_of(kind, object_id)
    note = ReviewNote.objects.filter(item=item, by=user).first() if item else None
    return {
        "item": item,
        "is_leased": item is not None and item.is_leased(now),
        "is_mine": item is not None and item.is_leased(now) and item.leased_by_id == user.pk,
        "saved_at": note.saved_at if note else None,
        "saved": services.read_note(item=item, by=user),
        "hand_over_form": HandOverForm(colleagues=selectors.colleagues(user)),
    }


def _item(request: HttpRequest, case_id: str) -> QueueItem:
    reviewer_or_404(request)
    return get_object_or_404(QueueItem, public_id=case_id)
