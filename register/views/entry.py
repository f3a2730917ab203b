"""The public register: list, entry and feed. The same for everybody, so any cache may keep them."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.public import public_page
from register import selectors, stamps
from register.figures import COUNTS_OF_OPT_OUTS, DEFINITIONS, Definition
from register.forms import FilterForm
from register.models import Entry

ROWS_PER_PAGE = 50
TRACKS_PER_PAGE = 100
FEED_ENTRIES = 50


@require_safe
@public_page(stamps.of_list)
def entries(request: HttpRequest) -> HttpResponse:
    """This will list the register, newest first, or what somebody looks for in it."""
    form = FilterForm(request.GET)
    found = selectors.find(form.asked(_after(request)), size=ROWS_PER_PAGE) if form.is_valid() else selectors.Found()
    context = {
        **shell(request),
        "form": form,
        "found": found,
        "rows": rows_of(found.entries),
        "is_filtered": any(request.GET.get(name) for name in form.fields),
        "counts": _counts(),
        "is_narrowed": any(request.GET.get(name) for name in form.fields if name != "q"),
        "is_later_page": "after" in request.GET,
        "changed_at": selectors.changed_at(),
        "cases_max": selectors.CASES_MAX,
    }
    return render(request, "register/entry_list.html", context, status=200 if form.is_valid() else 422)


@require_safe
@public_page(stamps.of_entry)
def entry(request: HttpRequest, entry_id: str) -> HttpResponse:
    """This will show one entry; the number of an opt-out or a notice leads to its entry."""
    found = selectors.entry_by_number(entry_id)
    if found is None:
        raise Http404
    if found.public_id != entry_id:
        return redirect(address(found, request))
    tracks, next_place = selectors.tracks_left(found, after=request.GET.get("after", ""), size=TRACKS_PER_PAGE)
    context = {
        **shell(request),
        "entry": found,
        "case": found.opt_out,
        "state": selectors.state_words(found),
        "stores": selectors.stores_of(found),
        "history": selectors.history(found),
        "related": rows_of(selectors.related(found)),
        "passages": selectors.words_published(found),
        "tracks": tracks,
        "next_place": next_place,
        "permanent": settings.ROMS_ORIGIN + reverse("register:entry", args=[found.public_id]),
    }
    return render(request, "register/entry_detail.html", context)


@require_safe
@public_page(stamps.of_list)
def feed(request: HttpRequest) -> HttpResponse:
    """This will give the newest entries as an Atom feed, filtered like the list."""
    form = FilterForm(request.GET)
    if not form.is_valid():
        raise Http404
    page = settings.ROMS_ORIGIN + reverse("register:entries")
    made = Atom1Feed(
        title=_("ROMS: register of opt-outs"),
        link=page,
        description=_("Opt-outs, notices, objections and decisions, newest first."),
        language=get_language(),
        feed_url=settings.ROMS_ORIGIN + request.get_full_path(),
    )
    found = selectors.find(form.asked(), size=FEED_ENTRIES)
    for row in rows_of(found.entries):
        one: Entry = row["entry"]
        link = settings.ROMS_ORIGIN + reverse("register:entry", args=[one.public_id])
        titled = f"{one.get_kind_display()} {one.number}: {row['state']}"
        about = [one.licensee.name if one.licensee else "", *row["titles"]]
        made.add_item(
            title=titled,
            link=link,
            description="; ".join(filter(None, about)),
            unique_id=link,
            pubdate=one.at,
            updateddate=one.changed_at,
        )
    return HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def rows_of(found: list[Entry]) -> list[dict[str, Any]]:
    """This will put beside each entry its state in words and the first titles of its case."""
    first = selectors.titles(found)
    return [
        {
            "entry": one,
            "state": selectors.state_words(one),
            "titles": first.get(one.opt_out_id, []) if one.track_count else [],
        }
        for one in found
    ]


def shell(request: HttpRequest) -> dict[str, Any]:
    """This will give what every public page needs: its language, and what keeps it in links."""
    language = get_language() or settings.LANGUAGE_CODE
    return {"lang": f"?lang={language}" if request.GET.get("lang") else "", "shown_language": language}


def address(found: Entry, request: HttpRequest) -> str:
    """This will give the address of an entry, in the language asked for."""
    return reverse("register:entry", args=[found.public_id]) + shell(request)["lang"]


def _counts() -> list[tuple[Definition, selectors.Shown]]:
    """The published counts of opt-outs, as of their day; none before the first was counted."""
    latest = selectors.latest_figures(COUNTS_OF_OPT_OUTS)
    return [(DEFINITIONS[code], rows[0]) for code, rows in latest.items() if rows]


def _after(request: HttpRequest) -> Entry | None:
    """The entry the page before ended with. Raises: Http404 for one that was never there."""
    number = request.GET.get("after")
    if not number:
        return None
    found = selectors.entry_by_number(number)
    if found is None:
        raise Http404
    return found
