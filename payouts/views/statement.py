"""Statements of a holder: on screen, as a file, and kept for ever."""

from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import TypeVar

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, override
from django.views.decorators.http import require_POST, require_safe

from accounts.selectors import signed_in
from catalog.models import RightsHolder
from core.vault import VaultError
from ledger.streams import snapshot
from payouts import papers, selectors, services
from payouts.formats.statement_csv import hash_of
from payouts.forms import PeriodForm
from payouts.papers.words import ALWAYS_WORDS, WORDING_WORDS
from payouts.places import PLACE_WORDS
from payouts.views.holder import PAGE_SIZE, holder_or_404


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
        names = selectors.store_names()
        page.object_list = [replace(row, store=names.get(row.store, row.store)) for row in page.object_list]
        sha256 = hash_of(facts)
    context = {
        "holder": holder,
        "form": form,
        "facts": facts,
        "start": start.isoformat(),
        "end": end.isoformat(),
        "opening": [(PLACE_WORDS[row.place], row) for row in facts.opening],
        "closing": [(PLACE_WORDS[row.place], row) for row in facts.closing],
        "page": page,
        "place_words": PLACE_WORDS,
        "wording": WORDING_WORDS[facts.wording],
        "always": ALWAYS_WORDS,
        "sha256": sha256,
        "may_keep": selectors.may_keep_statement(request.user, holder),
    }
    return render(request, "payouts/statement.html", context, status=200 if form.is_valid() else 422)


@login_required
@require_safe
def statement_file(request: HttpRequest, holder_id: str, form: str) -> HttpResponseBase:
    """This will give the same facts as the page: the canonical file, or a spreadsheet or paper made of it."""
    holder = holder_or_404(request, holder_id)
    period_form, start, end = _period(request, holder)
    if form not in papers.FORMS or not period_form.is_valid():
        raise Http404
    written = selectors.statement_file(holder=holder, start=start, end=end)
    name, number = f"statement-{holder.public_id}-{start}-{end}", f"{holder.public_id} {start}/{end}"
    return _as_form(request, form, written, name=name, number=number, day=timezone.now().date())


@login_required
@require_POST
def keep_statement(request: HttpRequest, holder_id: str) -> HttpResponse:
    """This will keep the statement of a period byte for byte under its hash."""
    holder = holder_or_404(request, holder_id)
    form, start, end = _period(request, holder)
    if not selectors.may_keep_statement(request.user, holder) or not form.is_valid():
        raise Http404
    kept = services.keep_statement(holder=holder, start=start, end=end, by=signed_in(request), now=timezone.now())
    return redirect("payouts:kept_statement", holder.public_id, kept.public_id, "csv")


@login_required
@require_safe
def kept_statement(request: HttpRequest, holder_id: str, statement_id: str, form: str) -> HttpResponseBase:
    """This will give a kept statement as the file it was, or a spreadsheet or paper made of that file."""
    holder = holder_or_404(request, holder_id)
    kept = get_object_or_404(selectors.statements_of(holder), public_id=statement_id)
    if form not in papers.FORMS:
        raise Http404
    try:
        content = services.open_statement(kept)
    except VaultError as gone:
        raise Http404 from gone
    whole = selectors.StatementFile(BytesIO(content), kept.sha256)
    return _as_form(request, form, whole, name=kept.public_id, number=kept.public_id, day=kept.made_at.date())


def _as_form(
    request: HttpRequest, form: str, written: selectors.StatementFile, *, name: str, number: str, day: date
) -> HttpResponseBase:
    """Give the file in the form and language asked for; `?lang=` chooses one of the portal's, else the reader's."""
    with in_language(request):
        file = papers.statement_in(form, written.file, sha256=written.sha256, number=number, day=day)
    response = FileResponse(file, content_type=papers.FORMS[form])
    response["X-Content-SHA256"] = written.sha256
    return as_file(response, f"{name}.{form}")


def in_language(request: HttpRequest) -> override:
    """This will speak the language a paper is asked for in (`?lang=`), else the reader's."""
    asked = request.GET.get("lang", "")
    return override(asked if asked in dict(settings.LANGUAGES) else get_language())


Response = TypeVar("Response", bound=HttpResponseBase)


def as_file(response: Response, name: str) -> Response:
    """This will let a browser keep an answer as a file of this name."""
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
