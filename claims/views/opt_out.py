"""A holder's doors to opt-outs that were sent: followed, answered, taken back."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from claims import selectors, services
from claims.forms import EvidenceForm, WordsForm
from claims.models import Check, OptOut
from claims.views.appeal import appeal_panel
from claims.views.door import attempt, history_of, person
from claims.views.message import thread_panel
from core.htmx import render

ROWS_PER_PAGE = 100
RETURNS_SHOWN = 50


@login_required
@require_safe
def opt_outs(request: HttpRequest) -> HttpResponse:
    """This will list the opt-outs of the person's holders."""
    mine = selectors.opt_outs_for(request.user, mine=True)
    mine = mine.annotate(row_count=Count("lines"), out_count=Count("lines", filter=Q(lines__outcome="accepted")))
    page = Paginator(mine, 50).get_page(request.GET.get("page"))
    context = {"page": page, "may_file": selectors.holders_for(request.user, writing=True).exists()}
    return render(request, "claims/opt_out_list.html", "claims/_opt_out_list.html", context)


@login_required
@require_safe
def opt_out(request: HttpRequest, opt_out_id: str) -> HttpResponse:
    """This will show an opt-out: what became of every row, what the stores were told, and its history."""
    return _show(request, own_opt_out(request, opt_out_id))


@login_required
@require_safe
def opt_out_checks(request: HttpRequest, opt_out_id: str) -> HttpResponse:
    """This will show how far the checks are; asked again until all have finished."""
    context = checks_of(own_opt_out(request, opt_out_id))
    return render(request, "claims/opt_out_checks.html", "claims/_opt_out_checks.html", context)


@login_required
@require_POST
def add_opt_out_evidence(request: HttpRequest, opt_out_id: str) -> HttpResponse:
    """This will keep one more document for a case that is not decided."""
    found = own_opt_out(request, opt_out_id)
    form = EvidenceForm(request.POST, request.FILES)
    if form.is_valid() and attempt(
        request, lambda: keep_document(found, form.cleaned_data["file"], form.cleaned_data["kind"], request), form
    ):
        return redirect("claims:opt_out", opt_out_id=opt_out_id)
    return _show(request, found, evidence_form=form)


@login_required
@require_POST
def answer_opt_out(request: HttpRequest, opt_out_id: str) -> HttpResponse:
    """This will hand the holder's answer to the reviewer."""
    found = own_opt_out(request, opt_out_id)
    form = WordsForm(request.POST)
    if form.is_valid() and attempt(
        request,
        lambda: services.answer_opt_out(
            opt_out=found, answer=form.cleaned_data["text"], by=person(request), now=timezone.now()
        ),
    ):
        return redirect("claims:opt_out", opt_out_id=opt_out_id)
    return _show(request, found, words_form=form)


@login_required
@require_POST
def retract_opt_out(request: HttpRequest, opt_out_id: str) -> HttpResponse:
    """This will take an opt-out back."""
    found = own_opt_out(request, opt_out_id)
    attempt(request, lambda: services.retract_opt_out(opt_out=found, by=person(request), now=timezone.now()))
    return redirect("claims:opt_out", opt_out_id=opt_out_id)


@login_required
@require_POST
def withdraw_name(request: HttpRequest, opt_out_id: str) -> HttpResponse:
    """This will no longer name the holder in the register."""
    found = own_opt_out(request, opt_out_id)
    attempt(request, lambda: services.withdraw_name(opt_out=found, by=person(request), now=timezone.now()))
    return redirect("claims:opt_out", opt_out_id=opt_out_id)


# The page of one case -------------------------------------------------------------------------------------------------
def checks_of(found: OptOut) -> dict[str, Any]:
    """This will give what the moving part of a case's page shows."""
    checks = list(found.checks.order_by("pk"))
    return {
        "opt_out": found,
        "checks": checks,
        "is_moving": any(check.result == Check.Result.WAITING for check in checks),
    }


def _show(request: HttpRequest, found: OptOut, **forms: Any) -> HttpResponse:
    writes = may_write(request, found)
    context = (
        checks_of(found)
        | appeal_panel(request, found)
        | thread_panel(request, found)
        | {
            "page": Paginator(selectors.opt_out_lines(found), ROWS_PER_PAGE).get_page(request.GET.get("page")),
            "notices": selectors.notices_of(found),
            "counters": selectors.counter_notices_about(found)[:RETURNS_SHOWN],
            "returns": selectors.reentries_of(found)[:RETURNS_SHOWN],
            "may_return": writes and found.status == OptOut.Status.GRANTED,
            "documents": selectors.documents_of(found),
            "history": history_of(found, person(request)),
            "stores": list(found.licensees.order_by("name")),
            "may_write": writes,
            "may_unname": writes and found.is_name_public,
            "may_retract": writes and OptOut.Status.RETRACTED in OptOut.MOVES[OptOut.Status(found.status)],
            "may_show": writes and not found.decided_at and found.status != OptOut.Status.RETRACTED,
            "evidence_form": EvidenceForm(),
            "kept_until": selectors.kept_until(found),
            "in_vault": selectors.documents_to_show(found) if writes else [],
            "words_form": WordsForm(),
            **forms,
        }
    )
    wrong = any(form.errors for form in forms.values())
    return render(request, "claims/opt_out_detail.html", "claims/opt_out_detail.html", context, 422 if wrong else 200)


def own_opt_out(request: HttpRequest, opt_out_id: str) -> OptOut:
    """This will find an opt-out the person may see; any other is not there (404)."""
    return get_object_or_404(selectors.opt_outs_for(request.user), public_id=opt_out_id)


def may_write(request: HttpRequest, found: OptOut) -> bool:
    """This will say whether the person may act in a case today."""
    return selectors.may_write_case(request.user, found.holder, found.authority, timezone.now().date())


def keep_document(found: OptOut, file: Any, kind: str, request: HttpRequest) -> None:
    """This will seal one more document of a case. Raises: EvidenceRefused and what `add_evidence` raises."""
    services.add_evidence(
        holder=found.holder,
        name=file.name,
        content=file.read(services.EVIDENCE_SIZE_MAX + 1),
        kind=kind,
        by=person(request),
        now=timezone.now(),
        opt_out=found,
    )
