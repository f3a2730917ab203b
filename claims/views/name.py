"""The page of an artist's or a label's name: an address to pass on, with what waits under it."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalog import selectors as catalog
from claims import selectors
from claims.views.basket import basket_ids
from claims.views.rate import asks_too_often, please_wait

TRACKS_PER_PAGE = 25


@require_safe
def name(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """This will show the tracks under a name by title, never by money, and the order of size of what waits for all.

    Not for search engines: what they keep cannot be taken back when money is claimed or a person is to be forgotten
    (docs/decisions/0035-names-and-watching.md).
    """
    if asks_too_often(request, "search", settings.ROMS_SEARCHES_PER_MINUTE):
        return please_wait(request)
    found = catalog.find_name(kind, slug)
    if found is None:
        raise Http404
    tracks = catalog.tracks_named(kind, found.key).order_by("title", "pk")
    page = Paginator(tracks, TRACKS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "name": found,
        "page": page,
        "hits": selectors.hits(list(page.object_list)),
        "waiting": selectors.waiting_under(found.kind, found.key),
        "basket": set(basket_ids(request)),
    }
    answer = render(request, "claims/name.html", context)
    answer["X-Robots-Tag"] = "noindex"
    return answer
