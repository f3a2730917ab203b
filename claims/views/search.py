"""Is there money for me? Open to everybody, without log-in and without a trace of who asked."""

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.shortcuts import render as render_page
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog import selectors as catalog
from catalog.models import Track
from claims import selectors
from claims.views.basket import basket_ids
from claims.views.rate import asks_too_often, please_wait
from core.htmx import render

SHOWN_MAX = 25
TYPED_MIN = 2
CLAIMS_MAX = 5


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """This will show tracks for what was typed, as it is typed, each with what waits for it."""
    text = " ".join(request.GET.get("q", "").replace("\x00", " ").split())[:200]
    asked = len(re.sub(r"\W", "", text)) >= TYPED_MIN
    if asked and asks_too_often(request, "search", settings.ROMS_SEARCHES_PER_MINUTE):
        return please_wait(request)
    found = selectors.unclaimed_search(text, limit=SHOWN_MAX) if asked else []
    context = {
        "text": text,
        "asked": asked,
        "hits": found,
        "full": len(found) == SHOWN_MAX,
        "names": selectors.names_meant(found, text),
        "basket": set(basket_ids(request)),
    }
    answer = render(request, "claims/search.html", "claims/_search_found.html", context)
    if text:
        answer["X-Robots-Tag"] = "noindex"
    return answer


@require_safe
def track(request: HttpRequest, track_id: str) -> HttpResponse:
    """This will show one track: how it is known, how long it was sold, what waits for whom."""
    found = get_object_or_404(Track.objects.select_related("merged_into"), public_id=track_id)
    if found.merged_into is not None:
        return redirect("claims:track", found.merged_into.public_id)
    (hit,) = selectors.hits([found])
    context = {
        "hit": hit,
        "in_and_out": selectors.in_and_out(found, timezone.now().date()),
        "names": found.names.order_by("pk"),
        "releases": found.releases.order_by("released_date", "pk"),
        "is_in_basket": found.pk in basket_ids(request),
        "may_match": selectors.may_match(request.user),
        "named": catalog.names_among([found], f"{found.artist} {found.label}"),
        "claims": selectors.claims_on(request.user, found)[:CLAIMS_MAX],
    }
    answer = render_page(request, "claims/track.html", context)
    answer["X-Robots-Tag"] = "noindex"
    return answer
