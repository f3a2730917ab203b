"""The reviewers' doors to decisions of two: confirm or send back, batches of small claims, groups, taking back."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from claims import selectors, services
from claims.forms import LineForm, RevokeForm
from claims.models import Claim, ReviewBatch
from claims.views.door import attempt, person, reviewer_or_404
from claims.views.queue import claim_to_review, decision_of
from core.htmx import render

ROWS_PER_PAGE = 50
GROUP_MAX = 100


@login_required
@require_POST
def confirm_decision(request: HttpRequest, claim_id: str) -> HttpResponse:
    """This will confirm, as the second reviewer, what the first decided."""
    claim = claim_to_review(request, claim_id)
    attempt(request, lambda: services.confirm_decision(claim=claim, by=person(request), now=timezone.now()))
    return redirect("claims:review_claim", claim_id=claim_id)


@login_required
@require_POST
def send_back(request: HttpRequest, claim_id: str) -> HttpResponse:
    """This will send a decision back to the first reviewer, in words."""
    claim = claim_to_review(request, claim_id)
    reason = request.POST.get("text", "")
    attempt(request, lambda: services.send_back(claim=claim, reason=reason, by=person(request), now=timezone.now()))
    return redirect("claims:review_claim", claim_id=claim_id)


@login_required
@require_POST
def revoke_claim(request: HttpRequest, claim_id: str) -> HttpResponse:
    """This will take an approval back, as a new decision of somebody else."""
    claim = claim_to_review(request, claim_id)
    form = RevokeForm(request.POST)
    if form.is_valid():
        attempt(
            request,
            lambda: services.revoke_claim(
                claim=claim,
                reason_code=form.cleaned_data["reason"],
                note=form.cleaned_data["text"],
                by=person(request),
                now=timezone.now(),
            ),
        )
    else:
        messages.error(request, _("Please choose a reason and say why, in words."))
    return redirect("claims:review_claim", claim_id=claim_id)


# Batches --------------------------------------------------------------------------------------------------------------
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def batches(request: HttpRequest) -> HttpResponse:
    """This will list the batches, newest first, and draw a new one."""
    reviewer_or_404(request)
    if request.method == "POST":
        drawn: list[ReviewBatch] = []
        if attempt(request, lambda: drawn.append(services.draft_batch(by=person(request), now=timezone.now()))):
            return redirect("claims:batch", batch_id=drawn[0].public_id)
    rows = ReviewBatch.objects.select_related("by").annotate(claim_count=Count("claims")).order_by("-pk")
    page = {"page": Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))}
    return render(request, "claims/batch_list.html", "claims/batch_list.html", page)


@login_required
@require_http_methods(["GET", "HEAD"])
def batch(request: HttpRequest, batch_id: str) -> HttpResponse:
    """This will show a batch: every claim, which were drawn, what the look found, what became of them."""
    found = _batch(request, batch_id)
    rows = list(found.claims.select_related("claim__holder").order_by("-is_sample", "pk"))
    sums = selectors.claim_money([row.claim_id for row in rows])
    for row in rows:
        row.sums = sums[row.claim_id]
    page = {
        "batch": found,
        "rows": rows,
        "is_open": found.status == ReviewBatch.Status.DRAFTED and found.by_id == person(request).pk,
        "is_seen": all(row.verdict == "good" for row in rows if row.is_sample),
    }
    return render(request, "claims/batch_detail.html", "claims/batch_detail.html", page)


@login_required
@require_POST
def judge_sample(request: HttpRequest, batch_id: str, claim_id: str) -> HttpResponse:
    """This will note whether a drawn claim is in order."""
    found = _batch(request, batch_id)
    claim = claim_to_review(request, claim_id)
    is_good = request.POST.get("verdict") == "good"
    attempt(
        request,
        lambda: services.judge_sample(
            batch=found, claim=claim, is_good=is_good, by=person(request), now=timezone.now()
        ),
    )
    return redirect("claims:batch", batch_id=batch_id)


@login_required
@require_POST
def approve_batch(request: HttpRequest, batch_id: str) -> HttpResponse:
    """This will approve a batch whose sample is in order."""
    found = _batch(request, batch_id)
    attempt(request, lambda: services.approve_batch(batch=found, by=person(request), now=timezone.now()))
    return redirect("claims:batch", batch_id=batch_id)


@login_required
@require_POST
def dissolve_batch(request: HttpRequest, batch_id: str) -> HttpResponse:
    """This will let a batch go."""
    found = _batch(request, batch_id)
    attempt(request, lambda: services.dissolve_batch(batch=found, by=person(request), now=timezone.now()))
    return redirect("claims:batch", batch_id=batch_id)


# Groups ---------------------------------------------------------------------------------------------------------------
@login_required
@require_http_methods(["GET", "HEAD"])
def groups(request: HttpRequest) -> HttpResponse:
    """This will list claims of the same parties, ground and documents."""
    reviewer_or_404(request)
    page = {"groups": selectors.claim_groups(person(request), timezone.now())[:ROWS_PER_PAGE]}
    return render(request, "claims/group_list.html", "claims/group_list.html", page)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def group(request: HttpRequest, key: str) -> HttpResponse:
    """This will show the claims of one group and decide them at once, with exceptions for single lines."""
    reviewer_or_404(request)
    claims = list(_group(request, key)[:GROUP_MAX])
    if not claims:
        raise Http404
    holder = claims[0].holder
    named = request.POST.getlist("claim")  # what the person saw, and nothing that came since
    chosen = [claim for claim in claims if claim.public_id in named] if request.method == "POST" else claims
    lines = list(selectors.lines_of_claims(chosen))
    bound = request.POST or None
    common = LineForm(bound, prefix="all")
    excepted = [line.pk for line in lines if request.POST.get(f"line-{line.pk}-outcome")]
    own = {pk: LineForm(bound, prefix=f"line-{pk}", is_exception=True) for pk in excepted}
    done: list[services.Decided] = []
    if bound is not None and all([common.is_valid(), *(form.is_valid() for form in own.values())]):
        done = services.decide_group(
            claims=chosen,
            common=decision_of(common),
            own={pk: decision_of(form) for pk, form in own.items()},
            by=person(request),
            now=timezone.now(),
            note=request.POST.get("note", "").strip(),
        )
        count = sum(not each.code for each in done)
        messages.info(request, ngettext("%(n)s claim decided.", "%(n)s claims decided.", count) % {"n": count})
        claims, lines = [each.claim for each in done if each.code], []
    page = {
        "holder": holder,
        "claims": claims if not done else [],
        "rows": [(line, own.get(line.pk) or LineForm(prefix=f"line-{line.pk}", is_exception=True)) for line in lines],
        "documents": selectors.documents_of(chosen[0]) if chosen else [],
        "common_form": common,
        "done": done,
    }
    wrong = any(form.errors for form in (common, *own.values()))
    return render(request, "claims/group_detail.html", "claims/group_detail.html", page, 422 if wrong else 200)


def _group(request: HttpRequest, key: str) -> QuerySet[Claim]:
    return selectors.claims_of_group(person(request), key, timezone.now())


def _batch(request: HttpRequest, batch_id: str) -> Any:
    reviewer_or_404(request)
    return get_object_or_404(ReviewBatch.objects.select_related("by"), public_id=batch_id)
