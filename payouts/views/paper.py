"""Certificates as papers: of a claim that reserves, of a year's tax."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from catalog.models import RightsShare
from claims import selectors as claims
from claims.models import Claim
from ledger import selectors as ledger_facts
from ledger.streams import snapshot
from payouts import papers, selectors
from payouts.views.holder import holder_or_404
from payouts.views.statement import as_file, in_language

CERTIFIED = (RightsShare.Choice.RESERVE, RightsShare.Choice.LEAVE)


@never_cache
@login_required
@require_safe
def reservation(request: HttpRequest, claim_id: str) -> HttpResponse:
    """This will certify what a claim under reservation, or to prove and leave, was signed for, and its money today."""
    certified = claims.claims_for(request.user).filter(choice__in=CERTIFIED, filed_at__isnull=False)
    claim = get_object_or_404(certified.exclude(status=Claim.Status.DRAFT), public_id=claim_id)
    with in_language(request), snapshot():
        content = papers.reservation_pdf(
            claim, checkpoint=ledger_facts.checkpoints().first(), day=timezone.now().date()
        )
    return as_file(HttpResponse(content, content_type="application/pdf"), f"{claim.public_id}.pdf")


@never_cache
@login_required
@require_safe
def tax_year(request: HttpRequest, holder_id: str, year: int) -> HttpResponse:
    """This will certify what was paid in a year and kept back for tax; `?edition=1` as it was before a correction."""
    holder = holder_or_404(request, holder_id)
    if not 1900 < year < 2200:
        raise Http404
    kept = selectors.tax_years_kept(holder).filter(year=year)
    wanted = request.GET.get("edition", "")
    old = get_object_or_404(kept, edition=int(wanted)) if wanted.isascii() and wanted.isdigit() else None
    facts = selectors.kept_facts(old) if old else selectors.tax_year(holder, year)
    if not facts.payments:
        raise Http404
    edition = old.edition if old else len(kept) + 1
    replaced = old.replaced_at.date() if old else None
    with in_language(request):
        content = papers.tax_year_pdf(
            holder, year, facts=facts, edition=edition, replaced=replaced, day=timezone.now().date()
        )
    name = f"tax-{holder.public_id}-{year}" + (f"-{edition}" if edition > 1 else "")
    return as_file(HttpResponse(content, content_type="application/pdf"), f"{name}.pdf")
