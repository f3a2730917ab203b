"""A filed claim's receipt, and changing its terms before it is decided."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from claims import attestations, selectors, services
from claims.forms import AmendForm
from claims.models import Attestation, Claim
from claims.views.claim import initial_of, terms_of
from claims.views.door import attempt, person
from core.htmx import render


@login_required
@require_safe
def receipt(request: HttpRequest, claim_id: str) -> HttpResponse:
    """This will show what was filed, when, under which words, and how long it usually takes; made to be printed."""
    found = get_object_or_404(selectors.claims_for(request.user).exclude(filed_at=None), public_id=claim_id)
    page = {
        "claim": found,
        "signed": Attestation.objects.filter(claim=found).select_related("text", "signed_by").first(),
        "amendments": found.amendments.select_related("text").order_by("pk"),
        "rights": selectors.lines_by_terms(found),
        "documents": selectors.documents_of(found),
        "usual": selectors.usual_time(timezone.now()),
        "clocks": selectors.clocks_of(found.public_id),
    }
    return render(request, "claims/claim_receipt.html", "claims/claim_receipt.html", page)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def amend_claim(request: HttpRequest, claim_id: str) -> HttpResponse:
    """This will change the terms of a filed claim, signed anew."""
    found = get_object_or_404(selectors.claims_for(request.user, mine=True), public_id=claim_id)
    now, language = timezone.now(), get_language() or "en"
    if found.status not in selectors.OPEN or not selectors.may_write_case(
        request.user, found.holder, found.authority, now.date()
    ):
        raise Http404
    tomorrow = now.date() + timedelta(days=1)
    holders, papers = selectors.holders_for(request.user), selectors.papers_held(person(request), now.date())
    form = AmendForm(
        request.POST or None, initial=initial_of(found), holders=holders, authorities=papers, tomorrow=tomorrow
    )
    if form.is_bound and form.is_valid() and attempt(request, lambda: _amend(request, found, form, language), form):
        messages.success(request, _("Changed. The checks run again; your case keeps its number and its place in line."))
        return redirect("claims:claim", claim_id=claim_id)
    page = {"form": form, "claim": found, "text": services.attestation_text(attestations.CLAIM, language)}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "claims/claim_amend.html", "claims/claim_amend.html", page, status)


def _amend(request: HttpRequest, found: Claim, form: AmendForm, language: str) -> None:
    services.amend_claim(
        claim=found,
        terms=terms_of(form, found),
        signature=form.cleaned_data["signature"],
        language=language,
        by=person(request),
        now=timezone.now(),
    )
