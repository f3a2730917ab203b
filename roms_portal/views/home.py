"""The front page for visitors and the home of everybody who is logged in."""

from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from claims import selectors as claims
from payouts import selectors as payouts
from payouts.places import PLACE_WORDS
from roms_portal import figures
from roms_portal.navigation import audience_of
from sales.models import SalesReport

ROWS = 5


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """This will show what the portal is for, to anybody."""
    return render(request, "home.html", {"figures": figures.published(now=timezone.now())})


@login_required
@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """This will show a person what there is and what to do next: holder, store, reviewer or finance."""
    user = cast(User, request.user)
    audience = audience_of(user)
    template, context = HOMES[audience]
    return render(request, f"dashboard/{template}.html", context(user))


def _holder(user: User) -> dict[str, Any]:
    holders = list(claims.holders_for(user)[:50])
    money = [(holder, [(PLACE_WORDS[band.place], band) for band in payouts.bands(holder)]) for holder in holders]
    mine = claims.claims_for(user)
    opt_outs = claims.opt_outs_for(user)
    return {
        "holders": holders,
        "money": money,
        "claims": mine[:ROWS],
        "opt_outs": opt_outs[:ROWS],
        "asked": [*mine.filter(status="evidence_requested"), *opt_outs.filter(status="evidence_requested")],
        "drafts": mine.filter(status="draft")[:ROWS],
        "disputes": claims.disputes_for(user).filter(status__in=claims.LIVE)[:ROWS],
    }


def _store(user: User) -> dict[str, Any]:
    stores = list(user.licensee_memberships.select_related("licensee").order_by("licensee__name"))
    due = payouts.amounts_due_for(user)[:ROWS]
    return {
        "stores": [membership.licensee for membership in stores],
        "reports": SalesReport.objects.filter(licensee__members__user=user).order_by("-pk")[:ROWS],
        "notices": claims.store_notices(user).order_by("-pk")[:ROWS],
        "due": payouts.due_rows(due),
    }


def _reviewer(user: User) -> dict[str, Any]:
    rows = claims.queue_for(user, now=timezone.now())
    return {"rows": rows[:10], "waiting": rows.count()}


def _finance(user: User) -> dict[str, Any]:
    return {
        **_reviewer(user),
        "decides": claims.may_review(user),
        "figures": figures.published(now=timezone.now()),
        "due": payouts.due_rows(payouts.amounts_due_for(user)[:ROWS]),
        "duties": [(duty, _page_of(duty)) for duty in payouts.duties_of(user)],
    }


def _page_of(duty: payouts.Duty) -> str:
    """This will find the page on which such a duty is done."""
    if duty.store:
        return reverse("payouts:store_account", args=[duty.store])
    return reverse(f"payouts:{DUTY_PAGES[duty.code]}")


DUTY_PAGES = {
    "approve_batch": "batches",
    "send_batch": "batches",
    "bank_line": "bank_files",
    "payee": "payees_waiting",
    "residence": "payees_waiting",
    "screening": "screening",
    "run": "runs",
    "close": "closes",
    "paid_before": "paid_before",
    "conversion": "conversions",
    "erasure": "erasures",
}
HOMES = {
    "holder": ("holder", _holder),
    "store": ("store", _store),
    "reviewer": ("reviewer", _reviewer),
    "finance": ("finance", _finance),
    "supervisor": ("finance", _finance),
}
