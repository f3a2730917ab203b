"""The public door to challenge windows, the objector's and the reviewer's."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from claims import selectors, services
from claims.forms import ObjectionForm, WordsForm
from claims.models import ChallengeWindow, Objection
from claims.views.desk import desk_of
from claims.views.door import attempt, history_of, in_words, person, reviewer_or_404
from claims.views.evidence import viewer_of
from core.htmx import render

ROWS_PER_PAGE = 50


@require_safe
def challenges(request: HttpRequest) -> HttpResponse:
    """This will list what may be objected to: works and rights and until when, for everybody."""
    page = Paginator(selectors.open_windows(timezone.now()), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    rows = [(window, list(selectors.window_lines(window)[:3])) for window in page]
    context = {"page": page, "rows": rows}
    return render(request, "claims/challenge_list.html", "claims/challenge_list.html", context)


@require_safe
def challenge(request: HttpRequest, window_id: str) -> HttpResponse:
    """This will show one window: the works, and how to object. Who claims them is said nowhere."""
    return _show(request, _window(window_id))


@login_required
@require_POST
def object_to_claim(request: HttpRequest, window_id: str) -> HttpResponse:
    """This will file an objection with a document."""
    window = _window(window_id)
    form = ObjectionForm(request.POST, request.FILES, holders=selectors.holders_for(request.user, writing=True))
    filed: list[Objection] = []
    if form.is_valid() and attempt(request, lambda: filed.append(_file(request, window, form)), form):
        number = filed[0].public_id
        messages.success(request, _("Filed. The number of your objection is %(number)s.") % {"number": number})
        return redirect("claims:objection", objection_id=number)
    return _show(request, window, form=form)


def _file(request: HttpRequest, window: ChallengeWindow, form: ObjectionForm) -> Objection:
    data, now = form.cleaned_data, timezone.now()
    document = services.add_evidence(
        holder=data["holder"],
        name=data["file"].name,
        content=data["file"].read(services.EVIDENCE_SIZE_MAX + 1),
        kind=data["kind"],
        by=person(request),
        now=now,
    )
    return services.file_objection(
        window=window, holder=data["holder"], words=data["text"], documents=[document], by=person(request), now=now
    )


@login_required
@require_safe
def objection(request: HttpRequest, objection_id: str) -> HttpResponse:
    """This will show an objection to who filed it, and to reviewers with the claim it is about."""
    return _show_objection(request, _objection(request, objection_id))


@login_required
@require_POST
def retract_objection(request: HttpRequest, objection_id: str) -> HttpResponse:
    """This will take an objection back."""
    found = _objection(request, objection_id)
    attempt(request, lambda: services.retract_objection(objection=found, by=person(request), now=timezone.now()))
    return redirect("claims:objection", objection_id=objection_id)


@login_required
@require_POST
def decide_objection(request: HttpRequest, objection_id: str) -> HttpResponse:
    """This will accept or dismiss an objection."""
    reviewer_or_404(request)
    found, by, now = _objection(request, objection_id), person(request), timezone.now()
    is_accepted = request.POST.get("outcome") == "accepted"
    return in_words(
        request,
        lambda reason: services.decide_objection(
            objection=found, is_accepted=is_accepted, reason=reason, by=by, now=now
        ),
        done=lambda: redirect("claims:objection", objection_id=objection_id),
        show=lambda form: _show_objection(request, found, words_form=form),
    )


def _show(request: HttpRequest, window: ChallengeWindow, **forms: Any) -> HttpResponse:
    holders = selectors.holders_for(request.user, writing=True)
    lines = Paginator(selectors.window_lines(window), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    page = {
        "window": window,
        "page": lines,
        "is_open": window.closes_at > timezone.now(),
        "has_holder": holders.exists(),
        "form": ObjectionForm(holders=holders),
        **forms,
    }
    status = 422 if any(form.errors for form in forms.values()) else 200
    return render(request, "claims/challenge_detail.html", "claims/challenge_detail.html", page, status)


def _show_objection(request: HttpRequest, found: Objection, **forms: Any) -> HttpResponse:
    user = person(request)
    decides = selectors.may_review(user)
    is_own = selectors.is_member(user, [found.holder_id, found.window.holder_id])
    documents = selectors.evidence_for(user).filter(objections=found)
    page = {
        "objection": found,
        "window": found.window,
        "words": services.objection_words(found),
        "documents": documents,
        "history": history_of(found, user),
        "decides": decides and not is_own,
        "can_decide": decides and not is_own and found.status == Objection.Status.FILED,
        "may_retract": found.status == Objection.Status.FILED and selectors.may_write(user, found.holder),
        "is_own": is_own,
        "words_form": WordsForm(),
        **forms,
    }
    if decides:
        page |= desk_of(request, "objection", found.pk) | viewer_of(request, documents)
    status = 422 if any(form.errors for form in forms.values()) else 200
    return render(request, "claims/objection_detail.html", "claims/objection_detail.html", page, status)


def _window(window_id: str) -> ChallengeWindow:
    return get_object_or_404(ChallengeWindow.objects.select_related("claim"), public_id=window_id)


def _objection(request: HttpRequest, objection_id: str) -> Objection:
    return get_object_or_404(selectors.objections_for(request.user), public_id=objection_id)
