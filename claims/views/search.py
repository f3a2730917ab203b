"""Is there money for me? Open to everybody, without log-in and without a trace of who asked."""

import hashlib
import re

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.shortcuts import render as render_page
from django.views.decorators.http import require_safe

from catalog.models import Track
from claims import selectors
from claims.views.basket import basket_ids
from core.htmx import render

SHOWN_MAX = 25
TYPED_MIN = 2
MINUTE = 60


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """This will show tracks for what was typed, as it is typed, each with what waits for it."""
    text = " ".join(request.GET.get("q", "").replace("\x00", " ").split())[:200]
    asked = len(re.sub(r"\W", "", text)) >= TYPED_MIN
    if asked and _too_often(request):
        context = {"text": text, "too_often": True}
        answer = render(request, "claims/search.html", "claims/_search_wait.html", context, status=429)
        answer["Retry-After"] = str(MINUTE)
        return answer
    found = selectors.unclaimed_search(text, limit=SHOWN_MAX) if asked else []
    context = {
        "text": text,
        "asked": asked,
        "hits": found,
        "full": len(found) == SHOWN_MAX,
        "basket": set(basket_ids(request)),
    }
    return render(request, "claims/search.html", "claims/_search_results.html", context)


@require_safe
def track(request: HttpRequest, track_id: str) -> HttpResponse:
    """This will show one track: how it is known, how long it was sold, what waits for whom."""
    found = get_object_or_404(Track.objects.select_related("merged_into"), public_id=track_id)
    if found.merged_into is not None:
        return redirect("claims:track", found.merged_into.public_id)
    (hit,) = selectors.hits([found])
    context = {
        "hit": hit,
        "names": found.names.order_by("pk"),
        "releases": found.releases.order_by("released_date", "pk"),
        "basket": set(basket_ids(request)),
        "may_match": selectors.may_match(request.user),
    }
    return render_page(request, "claims/track.html", context)


def _too_often(request: HttpRequest) -> bool:
    """This will count the searches of an address per minute, under a digest that is forgotten with the minute."""
    salted = f"{settings.SECRET_KEY}:{get_adapter(request).get_client_ip(request)}"
    key = f"search:{hashlib.sha256(salted.encode()).hexdigest()[:32]}"
    cache.add(key, 0, MINUTE)
    try:
        return cache.incr(key) > settings.ROMS_SEARCHES_PER_MINUTE
    except ValueError:  # the minute ended between the two calls
        return False
