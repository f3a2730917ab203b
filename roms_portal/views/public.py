"""Public pages that explain: how it works, 15% of what, the open figures."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from claims import selectors as claims
from ledger import selectors as ledger
from payouts import selectors as payouts
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
        "bank": payouts.reconciliation(),
        "checkpoint": ledger.checkpoints().first(),
        "catalogue_sizes": sales.catalogue_sizes(),
        "disputes": claims.open_disputes_public(),
    }
    return render(request, "public/openness.html", context)


@require_safe
def before(request: HttpRequest) -> HttpResponse:
    """This will say, before anybody signs up, what is paid from which sum on, which papers it takes, and how long."""
    now = timezone.now()
    title, others = claims.papers_wanted()
    context = {
        "minimums": payouts.minimums_on(now.date()),
        "usual": claims.usual_time(now),
        "title_papers": title,
        "other_papers": others,
    }
    template = "public/_before.html" if request.headers.get("HX-Request") else "public/before.html"
    return render(request, template, context)
