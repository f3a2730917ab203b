"""The bank's lines beside our entries: what explains what, and what is open on either side."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.selectors import signed_in
from payouts import selectors, services
from payouts.views.store import finance_only

PAGE_SIZE = 50


@login_required
@require_safe
def reconciliation(request: HttpRequest) -> HttpResponse:
    """This will show open lines and entries, the oldest first, or the lines that are explained, the newest first."""
    finance_only(request)
    today, shown = timezone.now().date(), request.GET.get("show", "")
    lines = selectors.bank_lines_for(request.user, only_open=shown != "explained")
    page = Paginator(lines, PAGE_SIZE).get_page(request.GET.get("page"))
    told: Any = selectors.OpenEntries()
    entries = Paginator(told, PAGE_SIZE).get_page(request.GET.get("entries"))
    context = {
        "bank": selectors.reconciliation(),
        "shown": shown,
        "page": page,
        "lines": [(line, selectors.explained_by(line), selectors.age_of(line, today)) for line in page],
        "entries_page": entries,
        "entries": [(entry, (today - entry.moved_at.date()).days) for entry in entries],
    }
    return render(request, "payouts/reconciliation.html", context)


@login_required
@require_POST
def explain_bank_line(request: HttpRequest, line_id: int) -> HttpResponse:
    """This will say which entry a line of the bank explains."""
    line = get_object_or_404(selectors.bank_lines_waiting(request.user), pk=line_id)
    number = request.POST.get("number", "")
    try:
        services.explain_bank_line(line=line, number=number, by=signed_in(request), now=timezone.now())
    except (services.EntryDiffers, services.LineDone) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Written down."))
    return redirect("payouts:reconciliation")
