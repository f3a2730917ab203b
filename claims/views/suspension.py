"""Doors to a stop of a holder's opt-outs: a reviewer sets it, the holder reads it and appeals, another decides."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog.models import RightsHolder
from claims import selectors, services
from claims.forms import SuspendForm, WordsForm
from claims.models import SenderSuspension
from claims.views.door import attempt, history_of, in_words, person, reviewer_or_404
from core.htmx import render

Status = SenderSuspension.Status


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def suspend_sender(request: HttpRequest, holder_id: str) -> HttpResponse:
    """This will stop a holder's opt-outs for a time, with reasons."""
    reviewer_or_404(request)
    holder = get_object_or_404(RightsHolder, public_id=holder_id)
    form = SuspendForm(request.POST or None)
    made: list[SenderSuspension] = []
    if (
        form.is_bound
        and form.is_valid()
        and attempt(
            request,
            lambda: made.append(
                services.suspend_sender(holder=holder, by=person(request), now=timezone.now(), **form.cleaned_data)
            ),
            form,
        )
    ):
        return redirect("claims:suspension", suspension_id=made[0].public_id)
    context = {"form": form, "holder": holder}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "claims/suspension_form.html", "claims/suspension_form.html", context, status)


@login_required
@require_safe
def suspension(request: HttpRequest, suspension_id: str) -> HttpResponse:
    """This will show a stop with its reasons to the holder and to reviewers."""
    return _show(request, _suspension(request, suspension_id))


@login_required
@require_POST
def appeal_suspension(request: HttpRequest, suspension_id: str) -> HttpResponse:
    """This will put it before another reviewer."""
    found, by, now = _suspension(request, suspension_id), person(request), timezone.now()
    return in_words(
        request,
        lambda words: services.appeal_suspension(suspension=found, words=words, by=by, now=now),
        done=lambda: redirect("claims:suspension", suspension_id=suspension_id),
        show=lambda form: _show(request, found, words_form=form),
    )


@login_required
@require_POST
def decide_suspension(request: HttpRequest, suspension_id: str) -> HttpResponse:
    """This will lift it, or uphold it after an appeal."""
    reviewer_or_404(request)
    found, by, now = _suspension(request, suspension_id), person(request), timezone.now()
    is_lifted = request.POST.get("outcome") == "lifted"
    return in_words(
        request,
        lambda reason: services.decide_suspension(suspension=found, is_lifted=is_lifted, reason=reason, by=by, now=now),
        done=lambda: redirect("claims:suspension", suspension_id=suspension_id),
        show=lambda form: _show(request, found, words_form=form),
    )


def _show(request: HttpRequest, found: SenderSuspension, **forms: Any) -> HttpResponse:
    user = person(request)
    reviews = selectors.may_review(user) and not selectors.is_member(user, [found.holder_id])
    is_first = found.status == Status.APPEALED and found.by_id == user.pk
    context = {
        "suspension": found,
        "reviews": reviews,
        "may_decide": reviews and not is_first and found.status != Status.LIFTED,
        "may_appeal": found.status == Status.IN_FORCE and selectors.may_write(user, found.holder),
        "history": history_of(found, user),
        "words_form": WordsForm(),
        **forms,
    }
    status = 422 if any(form.errors for form in forms.values()) else 200
    return render(request, "claims/suspension_detail.html", "claims/suspension_detail.html", context, status)


def _suspension(request: HttpRequest, suspension_id: str) -> SenderSuspension:
    return get_object_or_404(selectors.suspensions_for(request.user), public_id=suspension_id)
