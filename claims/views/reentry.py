"""The doors through which tracks come back: a look at what would, then the act; for senders, staff and new owners."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalog.models import Withdrawal
from claims import selectors, services
from claims.forms import ReturnForm
from claims.models import CatalogueTransfer, OptOut, Reentry
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
        request.POST or None,
        rights=rights,
        is_order=not writes,
        by_sender=writes,
        initial={"start": today, "rights": rights},
    )

    def act(back: services.Back) -> object:
        return services.return_tracks(
            opt_out=found,
            back=back,
            ground=form.cleaned_data["ground"] if writes else Reentry.Ground.ORDER,
            reason=form.cleaned_data["text"],
            by=person(request),
            now=timezone.now(),
        )

    page = {
        "number": found.public_id,
        "home": reverse("claims:opt_out" if writes else "claims:review_opt_out", args=[found.public_id]),
        "is_order": not writes,
        "is_succession": False,
    }
    return _answer(request, form, selectors.withdrawals_of(found), act, page)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def return_catalogue(request: HttpRequest, transfer_id: str) -> HttpResponse:
    """This will show who got a catalogue what of it is still out, and bring it back where that is said."""
    found = get_object_or_404(selectors.transfers_for(request.user), public_id=transfer_id)
    if found.status != CatalogueTransfer.Status.DONE or not selectors.may_write(request.user, found.taker):
        raise Http404
    today = timezone.now().date()
    form = ReturnForm(
        request.POST or None,
        rights=found.rights,
        by_sender=False,
        initial={"start": max(today, found.start), "rights": found.rights},
    )

    def act(back: services.Back) -> object:
        return services.return_succeeded(
            transfer=found, back=back, reason=form.cleaned_data["text"], by=person(request), now=timezone.now()
        )

    day = form.cleaned_data["start"] if form.is_bound and form.is_valid() else today
    page = {
        "number": found.public_id,
        "home": reverse("claims:transfer", args=[found.public_id]),
        "is_order": False,
        "is_succession": True,
    }
    return _answer(request, form, selectors.passed_on(found, max(day, today)), act, page)


def _answer(
    request: HttpRequest,
    form: ReturnForm,
    out: QuerySet[Withdrawal],
    act: Callable[[services.Back], object],
    page: dict[str, Any],
) -> HttpResponse:
    """Count, or act, or show what is wrong with what was typed."""
    today, preview = timezone.now().date(), None
    if form.is_bound and form.is_valid():
        tracks, lost = _tracks(out, form)
        back = services.Back(
            track_ids=tracks,
            rights=form.cleaned_data["rights"],
            licensees=_stores(form),
            start=form.cleaned_data["start"],
        )
        if lost:
            form.add_error("rows", _("Not among what is out: %(rows)s") % {"rows": ", ".join(lost[:5])})
        elif request.POST.get("act") == "check":
            stores = [store.pk for store in back.licensees]
            preview = selectors.preview_return(back.of(out, today), back.first_day(today), licensee_ids=stores)
        elif attempt(request, lambda: act(back), form):
            messages.success(request, _("Done. The stores that were told are being told again."))
            return redirect(page["home"])
    page |= {
        "form": form,
        "preview": preview or selectors.preview_return(selectors.ending(out, today), today),
        "is_checked": preview is not None,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "claims/return_form.html", "claims/return_form.html", page, status)


def _stores(form: ReturnForm) -> list[Licensee]:
    """Give the stores named; none: all that were left."""
    return list(form.cleaned_data["licensees"]) if form.cleaned_data["stores"] == "some" else []


def _tracks(out: QuerySet[Withdrawal], form: ReturnForm) -> tuple[list[int] | None, list[str]]:
    """Find the tracks named among those that are out; what is not one of them is given back as typed."""
    data: dict[str, Any] = form.cleaned_data
    if data["which"] != "some":
        return None, []
    rows = selectors.find_rows(data["rows"])
    hits = {hit for row in rows for hit in {row.track_id, *row.candidates} if hit is not None}
    own = selectors.among(out, hits)
    lost = [row.row.typed for row in rows if not own & {row.track_id, *row.candidates}]
    return sorted(own), lost
