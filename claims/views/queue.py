"""The reviewers' doors: one queue, and one screen per case with everything the decision needs."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from claims import selectors, services
from claims.forms import LineForm, WordsForm
from claims.models import Claim
from claims.views.claim import LINES_PER_PAGE
from claims.views.door import attempt, history_of, person, progress_of, reviewer_or_404
from core.htmx import render

ROWS_PER_PAGE = 50
LINES_AT_ONCE = 200


@login_required
@require_safe
def review_queue(request: HttpRequest) -> HttpResponse:
    """This will list everything that waits for a reviewer, by deadline, age or money."""
    reviewer_or_404(request)
    sort, kind = request.GET.get("sort", "deadline"), request.GET.get("kind", "")
    rows = selectors.queue_for(request.user, sort=sort, kind=kind)
    context = {
        "page": Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page")),
        "sort": sort,
        "kind": kind,
        "sorts": selectors.SORTS.items(),
        "kinds": selectors.KINDS.items(),
        "dead": selectors.dead_deliveries()[:ROWS_PER_PAGE],
    }
    return render(request, "claims/queue_list.html", "claims/_queue_rows.html", context)


@login_required
@require_safe
def review_claim(request: HttpRequest, claim_id: str) -> HttpResponse:
    """This will show all a reviewer needs to decide a claim, on one screen."""
    return _show_claim(request, _claim(request, claim_id))


@login_required
@require_POST
def start_review(request: HttpRequest, claim_id: str) -> HttpResponse:
    """This will take a claim under review."""
    claim = _claim(request, claim_id)
    attempt(request, lambda: services.start_review(claim=claim, by=person(request), now=timezone.now()))
    return redirect("claims:review_claim", claim_id=claim_id)


@login_required
@require_POST
def request_evidence(request: HttpRequest, claim_id: str) -> HttpResponse:
    """This will ask the holder for more."""
    claim = _claim(request, claim_id)
    form = WordsForm(request.POST)
    if form.is_valid() and attempt(
        request,
        lambda: services.request_evidence(
            claim=claim, question=form.cleaned_data["text"], by=person(request), now=timezone.now()
        ),
    ):
        return redirect("claims:review_claim", claim_id=claim_id)
    return _show_claim(request, claim, words_form=form)


@login_required
@require_POST
def look_again(request: HttpRequest, claim_id: str) -> HttpResponse:
    """This will take today's facts as those to decide on, and run the checks again."""
    claim = _claim(request, claim_id)
    attempt(request, lambda: services.look_again(claim=claim, by=person(request), now=timezone.now()))
    return redirect("claims:review_claim", claim_id=claim_id)


@login_required
@require_POST
def decide_claim(request: HttpRequest, claim_id: str) -> HttpResponse:
    """This will decide a claim: all lines alike (`all`), but those with a decision of their own as they say."""
    claim = _claim(request, claim_id)
    ids = list(claim.lines.values_list("pk", flat=True))
    common = LineForm(request.POST, prefix="all")
    excepted = [pk for pk in ids if request.POST.get(f"line-{pk}-outcome")]
    own = {pk: LineForm(request.POST, prefix=f"line-{pk}", is_exception=True) for pk in excepted}
    if all([common.is_valid(), *(form.is_valid() for form in own.values())]):
        decisions = {pk: _decision(own.get(pk, common)) for pk in ids}
        note = request.POST.get("note", "").strip()
        if attempt(
            request,
            lambda: services.decide_claim(
                claim=claim, decisions=decisions, by=person(request), now=timezone.now(), note=note
            ),
            common,
        ):
            return redirect("claims:review_claim", claim_id=claim_id)
    return _show_claim(request, claim, common_form=common, own_forms=own)


def _decision(form: LineForm) -> services.LineDecision:
    data = form.cleaned_data
    reduced = data["outcome"] == "reduced"
    return services.LineDecision(data["outcome"], data["reason"], data["percent"] if reduced else None)


def _show_claim(request: HttpRequest, claim: Claim, **forms: Any) -> HttpResponse:
    own = forms.pop("own_forms", {})
    lines = Paginator(selectors.lines_of(claim), LINES_PER_PAGE).get_page(request.GET.get("page"))
    can_decide = claim.status == Claim.Status.UNDER_REVIEW
    rows = [
        (
            line,
            waiting,
            yours,
            own.get(line.pk) or LineForm(prefix=f"line-{line.pk}", is_exception=True) if can_decide else None,
        )
        for line, waiting, yours in selectors.with_amounts(claim, lines.object_list)
    ]
    page = progress_of(claim) | {
        "page": lines,
        "rows": rows,
        "plain_rows": [row[:3] for row in rows],
        "amounts": selectors.claim_amounts(claim),
        "documents": selectors.documents_of(claim),
        "history": history_of(claim, person(request)),
        "rivals": list(selectors.rival_lines(claim)[:LINES_AT_ONCE]),
        "conflicts": selectors.conflicts_of(claim, list(lines)),
        "disputes": selectors.disputes_of(claim),
        "is_own": selectors.is_own_case(request.user, claim),
        "can_decide": can_decide,
        "common_form": LineForm(prefix="all"),
        "words_form": WordsForm(),
        **forms,
    }
    wrong = any(form.errors for form in (*forms.values(), *own.values()))
    return render(request, "claims/queue_claim.html", "claims/queue_claim.html", page, 422 if wrong else 200)


# What the doors share -------------------------------------------------------------------------------------------------
def _claim(request: HttpRequest, claim_id: str) -> Claim:
    reviewer_or_404(request)
    found = get_object_or_404(selectors.claims_for(request.user), public_id=claim_id)
    if found.status == Claim.Status.DRAFT:
        raise Http404
    return found
