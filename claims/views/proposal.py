"""Doors of holders who know under which other names their tracks were sold, and of staff who decide about it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog.models import Track
from claims import selectors
from claims.forms import ProposalForm, WordsForm
from claims.services import decide_proposal as decide
from claims.views.door import attempt, history_of, person
from sales import services as sales
from sales.models import StoreKey

ROWS_PER_PAGE = 50


@login_required
@require_safe
def proposals(request: HttpRequest) -> HttpResponse:
    """This will list what holders proposed: their own, or all for staff."""
    rows = Paginator(selectors.proposals_for(request.user), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": rows, "may_match": selectors.may_match(request.user)}
    return render(request, "claims/proposal_list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest, track_id: str) -> HttpResponse:
    """This will find names stores use that may be this track, and keep which of them a holder says are."""
    track = get_object_or_404(Track.objects.select_related("merged_into"), public_id=track_id)
    track = track.merged_into or track
    text = " ".join(request.GET.get("q", f"{track.artist} {track.title}").replace("\x00", " ").split())[:200]
    holders = selectors.holders_for(request.user, writing=True)
    keys = selectors.unmatched_named(text)
    names = [(key.public_id, f"{key} ({key.licensee})") for key in keys]
    if request.method == "POST":
        chosen = StoreKey.objects.filter(public_id__in=request.POST.getlist("keys")).select_related("licensee")
        names = [*names, *((key.public_id, f"{key} ({key.licensee})") for key in chosen if key not in keys)]
    form = ProposalForm(request.POST or None, holders=holders, keys=names)
    if request.method == "POST" and form.is_valid() and _proposed(request, form, track):
        messages.success(request, _("Thank you. ROMS looks at it; nothing moves before that."))
        return redirect("claims:proposals")
    context = {"track": track, "form": form, "text": text, "found": keys, "has_holder": holders.exists()}
    return render(request, "claims/proposal_form.html", context, status=422 if form.errors else 200)


def _proposed(request: HttpRequest, form: ProposalForm, track: Track) -> bool:
    said = form.cleaned_data
    keys = StoreKey.objects.filter(public_id__in=said["keys"], track=None, release=None).order_by("pk")

    def act() -> None:
        for key in keys:
            sales.propose_match(
                key=key,
                track=track,
                holder=said["holder"],
                by=person(request),
                now=timezone.now(),
                words=said["words"],
            )

    return attempt(request, act, form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def proposal(request: HttpRequest, proposal_id: str) -> HttpResponse:
    """This will show a proposal and its state; staff decide it here, with a reason."""
    found = get_object_or_404(selectors.proposals_for(request.user), public_id=proposal_id)
    may_decide = selectors.may_match(request.user) and found.status == found.Status.PROPOSED
    form = WordsForm(request.POST or None)
    if request.method == "POST":
        if not selectors.may_match(request.user):
            raise Http404
        if form.is_valid() and attempt(
            request,
            lambda: decide(
                proposal=found,
                accept=request.POST.get("outcome") == "accept",
                by=person(request),
                now=timezone.now(),
                reason=form.cleaned_data["text"],
            ),
            form,
        ):
            return redirect("claims:proposal", proposal_id=proposal_id)
    context = {
        "proposal": found,
        "form": form,
        "may_decide": may_decide,
        "may_retract": found.status == found.Status.PROPOSED and selectors.may_write(request.user, found.holder),
        "history": history_of(found, person(request)),
    }
    return render(request, "claims/proposal_detail.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def retract_proposal(request: HttpRequest, proposal_id: str) -> HttpResponse:
    """This will take a proposal back."""
    found = get_object_or_404(selectors.proposals_for(request.user), public_id=proposal_id)
    attempt(request, lambda: sales.retract_proposal(proposal=found, by=person(request), now=timezone.now()))
    return redirect("claims:proposal", proposal_id=proposal_id)
