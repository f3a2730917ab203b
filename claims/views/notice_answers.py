"""Doors to many rows and notices at once for the store, and to what holders saw; the page of a notice leads here."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims import selectors, services
from claims.formats.takedown_ern import as_ern
from claims.forms import AnswerFileForm, ObservationForm
from claims.models import TakedownNotice
from claims.reasons import words
from claims.views.door import attempt, person
from claims.views.takedown import find_notice, show_notice
from core.htmx import render

FAULTS_SHOWN = 50
Kind = TakedownNotice.Kind


@login_required
@require_POST
def answer_file(request: HttpRequest, public_id: str) -> HttpResponse:
    """This will take a store's answer about many rows as a table."""
    found = find_notice(request, public_id)
    form = AnswerFileForm(request.POST, request.FILES)
    done: list[services.Answered] = []
    if not form.is_valid() or not attempt(
        request,
        lambda: done.append(
            services.answer_rows(
                notice=found, answers=form.cleaned_data["answers"], by=person(request), now=timezone.now()
            )
        ),
        form,
    ):
        return show_notice(request, found, answer_form=form)
    answered = done[0]
    counted = ngettext("%(count)s row was answered.", "%(count)s rows were answered.", answered.rows)
    messages.success(request, counted % {"count": answered.rows})
    for fault in answered.faults[:FAULTS_SHOWN]:
        line = _("Line %(line)s (%(named)s): %(words)s")
        messages.warning(request, line % {"line": fault.line_no, "named": fault.named, "words": words(fault.code)})
    if len(answered.faults) > FAULTS_SHOWN:
        messages.warning(request, _("And %(count)s lines more.") % {"count": len(answered.faults) - FAULTS_SHOWN})
    return redirect("claims:notice", public_id=public_id)


@login_required
@require_POST
def acknowledge_notices(request: HttpRequest) -> HttpResponse:
    """This will acknowledge the chosen notices of a store's list in one go, with one number for all."""
    chosen = selectors.store_notices(request.user).filter(public_id__in=request.POST.getlist("notice")[:500])
    reference = request.POST.get("reference", "")
    count = 0
    for notice in chosen.order_by("pk"):
        services.acknowledge_notice(notice=notice, by=person(request), now=timezone.now(), reference=reference)
        count += 1
    told = ngettext("%(count)s notice acknowledged.", "%(count)s notices acknowledged.", count)
    messages.success(request, told % {"count": count})
    return redirect("claims:notices")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def observe(request: HttpRequest, public_id: str, track_id: str) -> HttpResponse:
    """This will keep what somebody saw of a track in the store after the takedown."""
    found = find_notice(request, public_id)
    row = get_object_or_404(found.rows.select_related("track"), track__public_id=track_id)
    form = ObservationForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data, file = form.cleaned_data, form.cleaned_data["screenshot"]
        look = services.Look(
            seen=data["seen"],
            seen_at=data["seen_at"],
            url=data["url"],
            purchase=data["purchase"],
            words=data["text"],
        )
        shown = (file.name, file.read(services.EVIDENCE_SIZE_MAX + 1)) if file else None
        if attempt(
            request,
            lambda: services.add_observation(
                row=row, look=look, screenshot=shown, by=person(request), now=timezone.now()
            ),
            form,
        ):
            return redirect("claims:notice", public_id=public_id)
    context = {"notice": found, "row": row, "form": form}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "claims/observe.html", "claims/observe.html", context, status)


@login_required
@require_safe
def notice_ern(request: HttpRequest, public_id: str) -> HttpResponse:
    """This will give the rows of a notice as a DDEX ERN message that takes them down."""
    found = get_object_or_404(selectors.notices_for(request.user), public_id=public_id, kind=Kind.TAKEDOWN)
    rows = tuple(selectors.message_rows(selectors.notice_rows(found)))
    answer = HttpResponse(as_ern(found.public_id, found.licensee.dpid, found.created_at, rows), content_type="text/xml")
    answer["Content-Disposition"] = f'attachment; filename="{found.public_id}.xml"'
    return answer
