"""The door through which tracks of an opt-out come back: a look at what would, then the act; for holders and staff."""

from collections.abc import Collection
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from claims import selectors, services
from claims.forms import ReturnForm
from claims.models import OptOut, Reentry
from claims.views.door import attempt, person
from core.htmx import render
from sales.models import Licensee


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def return_opt_out(request: HttpRequest, opt_out_id: str) -> HttpResponse:
    """This will show what would come back, and bring it back where that is said."""
    found = get_object_or_404(selectors.opt_outs_for(request.user), public_id=opt_out_id)
    today = timezone.now().date()
    writes = selectors.may_write_case(request.user, found.holder, found.authority, today)
    if found.status != OptOut.Status.GRANTED or not (writes or selectors.may_order_return(request.user, found)):
        raise Http404
    rights = sorted(found.rights)
    form = ReturnForm(
        request.POST or None, rights=rights, is_order=not writes, initial={"start": today, "rights": rights}
    )
    preview = None
    if form.is_bound and form.is_valid():
        tracks, lost = _tracks(found, form)
        if lost:
            form.add_error("rows", _("Not in this request: %(rows)s") % {"rows": ", ".join(lost[:5])})
        elif request.POST.get("act") == "check":
            day = max(form.cleaned_data["start"], today)
            rights = form.cleaned_data["rights"]
            stores = [store.pk for store in _stores(form)]
            preview = selectors.preview_return(found, day, track_ids=tracks, rights=rights, licensee_ids=stores)
        elif attempt(request, lambda: _act(request, found, form, tracks, is_order=not writes), form):
            messages.success(request, _("Done. The stores that were told are being told again."))
            name = "claims:opt_out" if writes else "claims:review_opt_out"
            return redirect(name, opt_out_id=found.public_id)
    context = {
        "form": form,
        "opt_out": found,
        "preview": preview or selectors.preview_return(found, today),
        "is_checked": preview is not None,
        "is_order": not writes,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "claims/return_form.html", "claims/return_form.html", context, status)


def _act(
    request: HttpRequest, found: OptOut, form: ReturnForm, tracks: Collection[int] | None, *, is_order: bool
) -> None:
    data = form.cleaned_data
    services.return_tracks(
        opt_out=found,
        back=services.Back(
            track_ids=tracks,
            rights=data["rights"],
            licensees=_stores(form),
            start=data["start"],
        ),
        ground=Reentry.Ground.ORDER if is_order else data["ground"],
        reason=data["text"],
        by=person(request),
        now=timezone.now(),
    )


def _stores(form: ReturnForm) -> list[Licensee]:
    """Give the stores named; none: all that were left."""
    return list(form.cleaned_data["licensees"]) if form.cleaned_data["stores"] == "some" else []


def _tracks(found: OptOut, form: ReturnForm) -> tuple[Collection[int] | None, list[str]]:
    """Find the tracks named among those of the request; what is not one of them is given back as typed."""
    data: dict[str, Any] = form.cleaned_data
    if data["which"] != "some":
        return None, []
    own = set(found.lines.filter(outcome="accepted").values_list("track_id", flat=True))
    tracks: set[int | None] = set()
    lost = []
    for row in selectors.find_rows(data["rows"]):
        hit = {row.track_id, *row.candidates} & own
        tracks |= hit
        if not hit:
            lost.append(row.row.typed)
    return [track for track in tracks if track is not None], lost
