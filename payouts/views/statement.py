"""Statements of a holder: on screen, as a file, and kept for ever."""

import hashlib
from datetime import date
from tempfile import SpooledTemporaryFile

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.selectors import signed_in
from catalog.models import RightsHolder
from core.vault import VaultError
from ledger.streams import snapshot
from payouts import selectors, services
from payouts.formats.statement_csv import ALWAYS, WORDINGS, csv_pieces, hash_of
from payouts.forms import PeriodForm
from payouts.places import PLACE_WORDS
from payouts.views.holder import PAGE_SIZE, holder_or_404

CSV = "text/csv; charset=utf-8"
SPOOLED_MAX = 4 << 20


def _period(request: HttpRequest, holder: RightsHolder) -> tuple[PeriodForm, date, date]:
    """Read the period from the address; without one it is the holder's whole history."""
    start, end = selectors.statement_period(holder, timezone.now().date())
    asked = request.POST if request.method == "POST" else request.GET
    form = PeriodForm({"start": asked.get("start") or start, "end": asked.get("end") or end})
    if form.is_valid():
        return form, form.cleaned_data["start"], form.cleaned_data["end"]
    return form, start, end


@login_required
@require_safe
def statement(request: HttpRequest, holder_id: str) -> HttpResponse:
    """This will show a statement: what stood at the start, what moved, what stands at the end."""
    holder = holder_or_404(request, holder_id)
    form, start, end = _period(request, holder)
    with snapshot():
        facts = selectors.statement_facts(holder=holder, start=start, end=end)
        page = Paginator(facts.movements, PAGE_SIZE).get_page(request.GET.get("page"))
        page.object_list = list(page.object_list)
        sha256 = hash_of(facts)
    context = {
        "holder": holder,
        "form": form,
        "facts": facts,
        "opening": [(PLACE_WORDS[row.place], row) for row in facts.opening],
        "closing": [(PLACE_WORDS[row.place], row) for row in facts.closing],
        "page": page,
        "place_words": PLACE_WORDS,
        "wording": WORDINGS[facts.wording],
        "always": ALWAYS,
        "sha256": sha256,
        "may_keep": selectors.may_keep_statement(request.user, holder),
    }
    return render(request, "payouts/statement.html", context, status=200 if form.is_valid() else 422)


@login_required
@require_safe
def statement_csv(request: HttpRequest, holder_id: str) -> HttpResponseBase:
    """This will give the same facts as the page, as the canonical file."""
    holder = holder_or_404(request, holder_id)
    form, start, end = _period(request, holder)
    if not form.is_valid():
        raise Http404
    file = SpooledTemporaryFile(max_size=SPOOLED_MAX)  # noqa: SIM115  the response closes it
    hashed = hashlib.sha256()
    with snapshot():
        for piece in csv_pieces(selectors.statement_facts(holder=holder, start=start, end=end)):
            file.write(piece)
            hashed.update(piece)
    file.seek(0)
    response = FileResponse(file, content_type=CSV)
    return _named(response, f"statement-{holder.public_id}-{start}-{end}.csv", hashed.hexdigest())


@login_required
@require_POST
def keep_statement(request: HttpRequest, holder_id: str) -> HttpResponse:
    """This will keep the statement of a period byte for byte under its hash."""
    holder = holder_or_404(request, holder_id)
    form, start, end = _period(request, holder)
    if not selectors.may_keep_statement(request.user, holder) or not form.is_valid():
        raise Http404
    kept = services.keep_statement(holder=holder, start=start, end=end, by=signed_in(request), now=timezone.now())
    return redirect("payouts:kept_statement", holder.public_id, kept.public_id)


@login_required
@require_safe
def kept_statement(request: HttpRequest, holder_id: str, statement_id: str) -> HttpResponseBase:
    """This will give a kept statement as the file it was."""
    holder = holder_or_404(request, holder_id)
    kept = get_object_or_404(selectors.statements_of(holder), public_id=statement_id)
    try:
        content = services.open_statement(kept)
    except VaultError as gone:
        raise Http404 from gone
    return _named(HttpResponse(content, content_type=CSV), f"{kept.public_id}.csv", kept.sha256)


def _named(response: HttpResponseBase, name: str, sha256: str) -> HttpResponseBase:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-SHA256"] = sha256
    return response
