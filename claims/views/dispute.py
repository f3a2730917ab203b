"""A dispute for its parties and for the reviewers who decide it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Case, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from claims import selectors, services
from claims.forms import SettleForm, WordsForm
from claims.models import Dispute
from claims.views.door import attempt, history_of, person, reviewer_or_404
from core.htmx import render


@login_required
@require_safe
def disputes(request: HttpRequest) -> HttpResponse:
    """This will list the disputes of the person's holders, those to answer first."""
    live = Case(When(status__in=selectors.LIVE, then=0), default=1)
    found = selectors.disputes_for(request.user, mine=True).order_by(live, "deadline_at", "-pk")
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    context = {"page": page, "live": selectors.LIVE}
    return render(request, "claims/dispute_list.html", "claims/_dispute_rows.html", context)


@login_required
@require_safe
def review_dispute(request: HttpRequest, dispute_id: str) -> HttpResponse:
    """This will show a dispute to a reviewer: who claims what, the money, what was said."""
    reviewer_or_404(request)
    return show_dispute(request, _dispute(request, dispute_id))


@login_required
@require_safe
def dispute(request: HttpRequest, dispute_id: str) -> HttpResponse:
    """This will show a dispute to one of its parties."""
    return show_dispute(request, _dispute(request, dispute_id))


@login_required
@require_POST
def answer_dispute(request: HttpRequest, dispute_id: str) -> HttpResponse:
    """This will keep what a party says."""
    found, form = _dispute(request, dispute_id), WordsForm(request.POST)
    if form.is_valid() and attempt(
        request,
        lambda: services.answer_dispute(
            dispute=found, answer=form.cleaned_data["text"], by=person(request), now=timezone.now()
        ),
    ):
        return redirect("claims:dispute", dispute_id=dispute_id)
    return show_dispute(request, found, words_form=form)


@login_required
@require_POST
def order_hold(request: HttpRequest, dispute_id: str) -> HttpResponse:
    """This will stop paying what is contested."""
    reviewer_or_404(request)
    found, form = _dispute(request, dispute_id), WordsForm(request.POST)
    if form.is_valid() and attempt(
        request,
        lambda: services.order_hold(
            dispute=found, reason=form.cleaned_data["text"], by=person(request), now=timezone.now()
        ),
    ):
        return redirect("claims:review_dispute", dispute_id=dispute_id)
    return show_dispute(request, found, words_form=form)


@login_required
@require_POST
def decide_dispute(request: HttpRequest, dispute_id: str) -> HttpResponse:
    """This will end a dispute with a percent for each party."""
    reviewer_or_404(request)
    found = _dispute(request, dispute_id)
    form = SettleForm(request.POST, parties=found.parties.all())
    if form.is_valid() and attempt(
        request,
        lambda: services.decide_dispute(
            dispute=found,
            percents=form.percents(),
            settled=form.cleaned_data["settled"],
            reason=form.cleaned_data["reason"],
            by=person(request),
            now=timezone.now(),
        ),
        form,
    ):
        return redirect("claims:review_dispute", dispute_id=dispute_id)
    return show_dispute(request, found, settle_form=form)


def show_dispute(request: HttpRequest, found: Dispute, **forms: Any) -> HttpResponse:
    """This will show a dispute with what this person may do about it."""
    is_open = found.status in selectors.LIVE
    parties = list(found.parties.all())
    page = {
        "dispute": found,
        "parties": parties,
        "amounts": selectors.dispute_amounts(found),
        "history": history_of(found, person(request)),
        "may_answer": is_open and any(selectors.may_write(request.user, party.holder) for party in parties),
        "may_decide": is_open and selectors.may_review(request.user),
        "words_form": WordsForm(),
        "settle_form": SettleForm(parties=parties),
        **forms,
    }
    wrong = any(form.errors for form in forms.values())
    return render(request, "claims/queue_dispute.html", "claims/queue_dispute.html", page, 422 if wrong else 200)


def _dispute(request: HttpRequest, dispute_id: str) -> Dispute:
    return get_object_or_404(selectors.disputes_for(request.user), public_id=dispute_id)
