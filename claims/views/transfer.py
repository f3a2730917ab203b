"""The doors to handing a catalogue over: one side proposes, the other confirms or refuses."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.sudo import ask_again
from catalog.models import RightsHolder
from claims import selectors, services
from claims.forms import AgreeForm, TransferForm
from claims.forms.transfer import GIVE
from claims.models import CatalogueTransfer
from claims.views.door import attempt, history_of, person
from claims.views.holder import own_holder, status_of
from claims.views.rows import tracks_named
from core.htmx import render

TRACKS_SHOWN = 200
RETURNS_SHOWN = 100


@login_required
@require_safe
def transfers(request: HttpRequest, holder_id: str) -> HttpResponse:
    """This will list what a holder handed over and got."""
    found = own_holder(request, holder_id)
    own = selectors.transfers_for(request.user)
    rows = own.filter(giver=found) | own.filter(taker=found)
    page = {
        "holder": found,
        "tab": "transfers",
        "page": Paginator(rows, 50).get_page(request.GET.get("page")),
        "may_write": selectors.may_write(request.user, found),
    }
    return render(request, "claims/transfer_list.html", "claims/transfer_list.html", page)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def propose_transfer(request: HttpRequest, holder_id: str) -> HttpResponse:
    """This will propose to hand rights over, or to get them."""
    found = own_holder(request, holder_id)
    ask_again(request)
    form = TransferForm(request.POST or None)
    made: list[CatalogueTransfer] = []
    if (
        form.is_bound
        and form.is_valid()
        and attempt(request, lambda: made.append(_propose(request, found, form)), form)
    ):
        return redirect("claims:transfer", transfer_id=made[0].public_id)
    page = {"form": form, "holder": found, "tab": "transfers"}
    return render(request, "claims/transfer_form.html", "claims/transfer_form.html", page, status_of(form))


def _propose(request: HttpRequest, own: RightsHolder, form: TransferForm) -> CatalogueTransfer:
    data = form.cleaned_data
    gives = data["side"] == GIVE
    return services.propose_transfer(
        giver=own if gives else data["other"],
        taker=data["other"] if gives else own,
        rights=data["rights"],
        start=data["start"],
        tracks=tracks_named(data["rows"]),
        choice=data["choice"],
        by=person(request),
        now=timezone.now(),
    )


@login_required
@require_safe
def transfer(request: HttpRequest, transfer_id: str) -> HttpResponse:
    """This will show a transfer to both sides."""
    return _show(request, _transfer(request, transfer_id), AgreeForm())


@login_required
@require_POST
def confirm_transfer(request: HttpRequest, transfer_id: str) -> HttpResponse:
    """This will confirm and do a transfer, for the side that did not propose it."""
    found, form = _transfer(request, transfer_id), AgreeForm(request.POST)
    ask_again(request)
    if form.is_valid() and attempt(
        request, lambda: services.confirm_transfer(transfer=found, by=person(request), now=timezone.now()), form
    ):
        return redirect("claims:transfer", transfer_id=transfer_id)
    return _show(request, found, form)


@login_required
@require_POST
def refuse_transfer(request: HttpRequest, transfer_id: str) -> HttpResponse:
    """This will refuse a transfer, or take it back."""
    found = _transfer(request, transfer_id)
    attempt(request, lambda: services.refuse_transfer(transfer=found, by=person(request), now=timezone.now()))
    return redirect("claims:transfer", transfer_id=transfer_id)


def _show(request: HttpRequest, found: CatalogueTransfer, form: AgreeForm) -> HttpResponse:
    waits = found.status == CatalogueTransfer.Status.PROPOSED
    own, other = (found.giver, found.taker) if found.giver_by_id else (found.taker, found.giver)
    tracks = found.tracks.order_by("artist", "title", "pk")
    today = timezone.now().date()
    takes = found.status == CatalogueTransfer.Status.DONE and selectors.may_write(request.user, found.taker)
    page = {
        "returns": selectors.returns_of_transfer(found)[:RETURNS_SHOWN],
        "is_out": takes and selectors.passed_on(found, today).filter(Q(end=None) | Q(end__gt=today)).exists(),
        "transfer": found,
        "scope": selectors.scope_of(found) if waits and selectors.sees_scope(request.user, found) else None,
        "tracks": tracks[:TRACKS_SHOWN],
        "tracks_more": max(tracks.count() - TRACKS_SHOWN, 0),
        "may_confirm": waits and selectors.may_write(request.user, other),
        "may_retract": waits and selectors.may_write(request.user, own),
        "history": history_of(found, person(request)),
        "form": form,
    }
    return render(request, "claims/transfer_detail.html", "claims/transfer_detail.html", page, status_of(form))


def _transfer(request: HttpRequest, transfer_id: str) -> CatalogueTransfer:
    return get_object_or_404(selectors.transfers_for(request.user), public_id=transfer_id)
