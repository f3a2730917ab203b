"""Public pages that explain: how it works, 15% of what, the open figures."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from claims import selectors as claims
from ledger import selectors as ledger
from roms_portal import figures
from sales import selectors as sales


@require_safe
def how(request: HttpRequest) -> HttpResponse:
    """This will answer the questions holders ask first, legal lines included."""
    return render(request, "public/how.html")


@require_safe
def percent(request: HttpRequest) -> HttpResponse:
    """This will work out the royalty of one real sale, step by step."""
    return render(request, "public/percent.html", {"example": sales.example_sale()})


@require_safe
def openness(request: HttpRequest) -> HttpResponse:
    """This will show the dated figures with their definitions and the ledger checkpoint."""
    context = {
        "figures": figures.published(now=timezone.now()),
        "checkpoint": ledger.checkpoints().first(),
        "catalogue_sizes": sales.catalogue_sizes(),
        "disputes": claims.open_disputes_public(),
    }
    return render(request, "public/openness.html", context)
