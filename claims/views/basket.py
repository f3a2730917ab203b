"""The basket: tracks somebody picked, kept in the session, so that it works before an account and survives log-in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from catalog.models import Track
from claims import selectors
from core.htmx import render, wants_fragment

BASKET = "basket"
TRACKS_MAX = 2000


def basket_ids(request: HttpRequest) -> list[int]:
    """This will give the row numbers of the tracks in the basket, in the order they were put in."""
    return list(request.session.get(BASKET, []))


def put_basket(request: HttpRequest, track_ids: list[int]) -> None:
    """This will keep these tracks as the basket."""
    request.session[BASKET] = list(dict.fromkeys(track_ids))[:TRACKS_MAX]


@require_safe
def basket(request: HttpRequest) -> HttpResponse:
    """This will show the picked tracks with the order of size of what waits for each."""
    return _show(request)


@require_POST
def basket_add(request: HttpRequest) -> HttpResponse:
    """This will put tracks (by public id, one or several) into the basket."""
    wanted = request.POST.getlist("track")
    found = list(Track.objects.filter(public_id__in=wanted, merged_into=None).values_list("pk", flat=True))
    before = basket_ids(request)
    put_basket(request, before + found)
    if len({*before, *found}) > TRACKS_MAX:
        messages.warning(request, _("A basket holds %(max)s tracks.") % {"max": TRACKS_MAX})
    return _back(request)


@require_POST
def basket_remove(request: HttpRequest) -> HttpResponse:
    """This will take a track out of the basket, or empty it (`all`)."""
    gone = [] if "all" in request.POST else [get_object_or_404(Track, public_id=request.POST.get("track")).pk]
    put_basket(request, [pk for pk in basket_ids(request) if gone and pk not in gone])
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    if wants_fragment(request):
        return _show(request)
    after = request.POST.get("next", "")
    if after.startswith("/") and url_has_allowed_host_and_scheme(
        after, {request.get_host()}, require_https=request.is_secure()
    ):
        return redirect(after)
    return redirect("claims:basket")


def _show(request: HttpRequest) -> HttpResponse:
    chosen = basket_ids(request)
    tracks = Track.objects.in_bulk(chosen)
    waiting = selectors.waiting_for_tracks(list(tracks))
    rows = [(tracks[pk], waiting[pk]) for pk in chosen if pk in tracks]
    return render(request, "claims/claim_basket.html", "claims/_claim_basket.html", {"rows": rows})
