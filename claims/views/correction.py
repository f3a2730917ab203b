"""Staff's doors to corrections: two tracks that are one, a merge undone, keys that belong to another track."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog import services as catalog
from catalog.models import Merge, Release, RightsHolder, Track, Work
from claims import selectors, services
from claims.forms import CorrectionForm, MergeForm, NewTrackForm
from claims.models import Correction
from claims.views.door import attempt, history_of, person
from claims.views.unmatched import staff
from core.ids import BadPublicId, normalise_public_id
from sales.models import StoreKey

ROWS_PER_PAGE = 50
KEYS_MAX = 500


@login_required
@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    """This will list corrections, those that wait for a second person first, and begin a merge."""
    staff(request)
    rows = selectors.corrections_for(request.user)
    form = MergeForm(initial={"source": request.GET.get("source", "")})
    context = {
        "form": form,
        "waiting": rows.filter(status=Correction.Status.ASKED),
        "page": Paginator(rows.exclude(status=Correction.Status.ASKED), ROWS_PER_PAGE).get_page(
            request.GET.get("page")
        ),
    }
    return render(request, "claims/correction_list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_correction(request: HttpRequest) -> HttpResponse:
    """This will show what a correction would do, by the words of the address, and do it or ask a second person."""
    staff(request)
    described = _described(request.GET)
    if described is None:
        messages.error(request, _("Please name two tracks, two songs or a release by their numbers."))
        return redirect("claims:corrections")
    correction, keys = described
    form = CorrectionForm(request.POST or None)
    made: list[Correction] = []

    def ask() -> None:
        reason = form.cleaned_data["reason"]
        asked = services.ask_correction(
            correction=correction, keys=keys, by=person(request), now=timezone.now(), reason=reason
        )
        made.append(asked)

    if request.method == "POST" and form.is_valid() and attempt(request, ask, form):
        return redirect("claims:correction", correction_id=made[0].public_id)
    seen: list[Any] = []

    def look() -> None:
        seen.append(
            services.preview_correction(correction=correction, keys=keys, by=person(request), now=timezone.now())
        )

    attempt(request, look)
    context = {"correction": correction, "form": form, "preview": seen[0] if seen else None}
    if seen:
        context["names"] = selectors.subject_names(seen[0].money)
    return render(request, "claims/correction_form.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def correction(request: HttpRequest, correction_id: str) -> HttpResponse:
    """This will show a correction: what it was, who asked, who did it, what can be done about it now."""
    found = _correction(request, correction_id)
    waits = found.status == Correction.Status.ASKED
    context = {
        "correction": found,
        "keys": found.keys.select_related("store_key__licensee", "from_track").order_by("pk")[:KEYS_MAX],
        "history": history_of(found, person(request)),
        "may_confirm": waits and found.asked_by_id != person(request).pk,
        "may_retract": waits and found.asked_by_id == person(request).pk,
        "form": CorrectionForm(),
        "disputes": selectors.conflicts_opened(found),
        "may_undo": found.merge is not None and found.merge.ended_at is None and not waits,
    }
    return render(request, "claims/correction_detail.html", context)


@login_required
@require_POST
def confirm_correction(request: HttpRequest, correction_id: str) -> HttpResponse:
    """This will do what another person asked for."""
    found = _correction(request, correction_id)
    reason = request.POST.get("reason", "")
    attempt(
        request,
        lambda: services.confirm_correction(correction=found, by=person(request), now=timezone.now(), reason=reason),
    )
    return redirect("claims:correction", correction_id=correction_id)


@login_required
@require_POST
def refuse_correction(request: HttpRequest, correction_id: str) -> HttpResponse:
    """This will refuse what another person asked for, or take one's own back."""
    found = _correction(request, correction_id)
    reason = request.POST.get("reason", "")
    attempt(
        request,
        lambda: services.refuse_correction(correction=found, by=person(request), now=timezone.now(), reason=reason),
    )
    return redirect("claims:correction", correction_id=correction_id)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def track_keys(request: HttpRequest, track_id: str) -> HttpResponse:
    """This will show under which names stores sell a track, and let some of them become another track's."""
    staff(request)
    track = get_object_or_404(Track.objects.select_related("merged_into"), public_id=track_id)
    form = NewTrackForm(request.POST or None, initial={"title": track.title, "artist": track.artist})
    if request.method == "POST":
        chosen = request.POST.getlist("key")
        to = request.POST.get("to", "")
        target = request.POST.get("target", "").strip() if to == "other" else ""
        if to == "new" and chosen and form.is_valid():
            target = catalog.add_track(track=catalog.NewTrack(**form.cleaned_data)).public_id
        if chosen and (to in ("none", "other") or target):
            words = {"kind": "keys", "target": target, "key": chosen, "isrc": request.POST.getlist("isrc")}
            return redirect(f"{reverse('claims:new_correction')}?{urlencode(words, doseq=True)}")
        messages.error(request, _("Please tick what moves, and say where to."))
    keys = StoreKey.objects.filter(track=track).select_related("licensee").order_by("licensee__name", "pk")
    rows = selectors.sold_under(list(keys[:KEYS_MAX]))
    codes = track.isrcs.order_by("isrc").values_list("isrc", flat=True)
    releases = Release.objects.filter(places__track=track).distinct().order_by("title", "pk")
    context = {"track": track, "rows": rows, "form": form, "codes": codes, "releases": releases}
    return render(request, "claims/track_keys.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def release_keys(request: HttpRequest, release_id: str) -> HttpResponse:
    """This will show under which names stores sell a release, and let some of them become another release's."""
    staff(request)
    release = get_object_or_404(Release, public_id=release_id)
    if request.method == "POST":
        chosen, to = request.POST.getlist("key"), request.POST.get("to", "")
        target = request.POST.get("target", "").strip()
        if chosen and (to == "none" or (to == "other" and target)):
            words = {"kind": "releases", "target": target if to == "other" else "", "key": chosen}
            return redirect(f"{reverse('claims:new_correction')}?{urlencode(words, doseq=True)}")
        messages.error(request, _("Please tick what moves, and say where to."))
    keys = StoreKey.objects.filter(release=release).select_related("licensee").order_by("licensee__name", "pk")
    places = release.places.select_related("track").order_by("sequence")
    context = {"release": release, "rows": selectors.sold_under(list(keys[:KEYS_MAX])), "places": places}
    return render(request, "claims/release_keys.html", context)


def _described(said: QueryDict) -> tuple[Correction, list[StoreKey]] | None:
    """This will read which correction an address means: `kind` merge, undo, keys or releases."""
    kind = said.get("kind", "")
    if kind == "undo":
        return services.undoing_of(get_object_or_404(Merge, public_id=said.get("merge", ""))), []
    if kind in ("keys", "releases"):
        keys = list(StoreKey.objects.filter(public_id__in=said.getlist("key")[:KEYS_MAX]).order_by("pk"))
        if not keys:
            raise Http404
        target = said.get("target", "").strip()
        try:
            if kind == "releases":
                return services.rematch_release_of(services.find_release(target) if target else None), keys
            track = services.find_track(target) if target else None
            return services.rematch_of(track, said.getlist("isrc")[:KEYS_MAX]), keys
        except services.Refused:
            return None
    source, becomes = (_named(said.get(name, "")) for name in ("source", "target"))
    if source is None or becomes is None or type(source) is not type(becomes):
        return None
    return services.merge_of(source, becomes), []


def _named(text: str) -> Track | Work | RightsHolder | None:
    """This will find a track, a song or a holder by its number."""
    for prefix, model in (("TRK", Track), ("WRK", Work), ("HLD", RightsHolder)):
        try:
            found: Track | Work | RightsHolder | None = model.objects.filter(
                public_id=normalise_public_id(text, prefix)
            ).first()
        except BadPublicId:
            continue
        return found
    return None


def _correction(request: HttpRequest, correction_id: str) -> Correction:
    staff(request)
    return get_object_or_404(selectors.corrections_for(request.user), public_id=correction_id)
