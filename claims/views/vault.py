"""Doors to the evidence vault: one's documents, each with what it proves, where it served and who looked at it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog import territories
from claims import selectors, services
from claims.forms import EvidenceForm, ScopeOfProofForm, WordsForm
from claims.forms.claim import SOME
from claims.models import Claim, EvidenceDocument, OptOut
from claims.views.door import attempt, history_of, person, reviewer_or_404
from claims.views.holder import own_holder, status_of
from claims.views.rows import tracks_named
from core.htmx import render

Status = EvidenceDocument.Status


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def documents(request: HttpRequest, holder_id: str) -> HttpResponse:
    """This will list a holder's documents and take a new one, for no case yet."""
    found = own_holder(request, holder_id)
    form = EvidenceForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        made: list[EvidenceDocument] = []
        if attempt(
            request,
            lambda: made.append(
                services.add_evidence(
                    holder=found,
                    name=file.name,
                    content=file.read(services.EVIDENCE_SIZE_MAX + 1),
                    kind=form.cleaned_data["kind"],
                    by=person(request),
                    now=timezone.now(),
                )
            ),
            form,
        ):
            return redirect("claims:document", document_id=made[0].public_id)
    page = {
        "holder": found,
        "tab": "documents",
        "form": form,
        "documents": selectors.documents_in_vault(found),
        "kept_for": selectors.kept_for(timezone.now().date()),
        "may_write": selectors.may_write(request.user, found),
        "today": timezone.now().date(),
    }
    return render(request, "claims/holder_documents.html", "claims/holder_documents.html", page, status_of(form))


@login_required
@require_safe
def document(request: HttpRequest, document_id: str) -> HttpResponse:
    """This will show what a document proves, for which cases it was shown, and who looked at it."""
    return _show(request, _document(request, document_id))


@login_required
@require_POST
def ask_check(request: HttpRequest, document_id: str) -> HttpResponse:
    """This will put a document before a reviewer, to be reused later."""
    found = _document(request, document_id)
    if attempt(request, lambda: services.ask_check(document=found, by=person(request), now=timezone.now())):
        messages.success(request, _("A reviewer reads it. What it proves will stand here."))
    return redirect("claims:document", document_id=document_id)


@login_required
@require_POST
def check_document(request: HttpRequest, document_id: str) -> HttpResponse:
    """This will note, as a reviewer, what a document proves."""
    reviewer_or_404(request)
    found = _document(request, document_id)
    form = ScopeOfProofForm(request.POST)
    if form.is_valid() and attempt(
        request,
        lambda: services.check_document(
            document=found, scope=_scope(form.cleaned_data), by=person(request), now=timezone.now()
        ),
        form,
    ):
        return redirect("claims:document", document_id=document_id)
    return _show(request, found, scope_form=form)


@login_required
@require_POST
def refuse_document(request: HttpRequest, document_id: str) -> HttpResponse:
    """This will note, as a reviewer, that a document proves nothing, and why."""
    reviewer_or_404(request)
    found = _document(request, document_id)
    form = WordsForm(request.POST)
    if form.is_valid() and attempt(
        request,
        lambda: services.refuse_document(
            document=found, reason=form.cleaned_data["text"], by=person(request), now=timezone.now()
        ),
        form,
    ):
        return redirect("claims:document", document_id=document_id)
    return _show(request, found, words_form=form)


@login_required
@require_POST
def show_for_claim(request: HttpRequest, claim_id: str) -> HttpResponse:
    """This will show a document of the vault for a claim."""
    found = get_object_or_404(selectors.claims_for(request.user), public_id=claim_id)
    _attach(request, found, claim=found)
    return redirect("claims:claim", claim_id=claim_id)


@login_required
@require_POST
def show_for_opt_out(request: HttpRequest, opt_out_id: str) -> HttpResponse:
    """This will show a document of the vault for an opt-out."""
    found = get_object_or_404(selectors.opt_outs_for(request.user), public_id=opt_out_id)
    _attach(request, found, opt_out=found)
    return redirect("claims:opt_out", opt_out_id=opt_out_id)


# What the doors share -------------------------------------------------------------------------------------------------
def _attach(request: HttpRequest, case: Claim | OptOut, **shown: Any) -> None:
    document = get_object_or_404(selectors.documents_to_show(case), public_id=request.POST.get("document", ""))
    attempt(
        request,
        lambda: services.show_document(document=document, by=person(request), now=timezone.now(), **shown),
    )


def _document(request: HttpRequest, document_id: str) -> EvidenceDocument:
    return get_object_or_404(selectors.evidence_for(request.user), public_id=document_id)


def _scope(data: dict[str, Any]) -> services.Scope:
    return services.Scope(
        rights=data["rights"],
        territory_set=territories.resolve(data["codes"]) if data["where"] == SOME else territories.worldwide(),
        tracks=tracks_named(data["rows"]),
        valid_from=data["start"],
        valid_until=data["end"],
    )


def _show(request: HttpRequest, found: EvidenceDocument, **forms: Form) -> HttpResponse:
    user = request.user
    is_own = found.uploaded_by_id == person(request).pk or selectors.is_member(user, [found.holder_id])
    judges = selectors.may_review(user) and not is_own and bool(found.stored)
    writes = selectors.may_write(user, found.holder)
    page = {
        "document": found,
        "is_member": found.holder.members.filter(user=user.pk or 0).exists(),
        "tracks": found.tracks.order_by("artist", "title"),
        "uses": found.uses.select_related("claim", "opt_out").order_by("pk"),
        "looks": history_of(found, person(request)),
        "is_over": found.valid_until is not None and found.valid_until <= timezone.now().date(),
        "may_ask": writes and bool(found.stored) and Status.ASKED in EvidenceDocument.MOVES[Status(found.status)],
        "may_judge": judges,
        "may_refuse": judges and Status.REFUSED in EvidenceDocument.MOVES[Status(found.status)],
        "scope_form": ScopeOfProofForm(initial={"rights": found.rights, "start": found.valid_from}),
        "words_form": WordsForm(),
        **forms,
    }
    wrong = any(form.errors for form in forms.values())
    return render(request, "claims/document_detail.html", "claims/document_detail.html", page, 422 if wrong else 200)
