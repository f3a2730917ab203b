"""Doors to authorities: given by the owner, asked for by an agent with a letter, passed on, ended, decided."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.sudo import ask_again
from catalog import services as catalog
from catalog import territories
from catalog.models import Authority, RightsHolder
from claims import selectors, services
from claims.forms import AskForm, EndForm, GiveForm, LetterForm
from claims.forms.claim import SOME
from claims.views.door import attempt, history_of, person, reviewer_or_404
from claims.views.holder import own_holder, status_of
from claims.views.rows import tracks_named
from core.htmx import render


@login_required
@require_safe
def agents(request: HttpRequest, holder_id: str) -> HttpResponse:
    """This will show who acts for a holder, and for whom it acts."""
    found = own_holder(request, holder_id)
    papers = selectors.authorities_for(request.user)
    page = {
        "holder": found,
        "tab": "agents",
        "given": papers.filter(principal=found),
        "held": papers.filter(agent=found),
        "passed_on": papers.filter(parent__agent=found),
        "may_write": selectors.may_write(request.user, found),
    }
    return render(request, "claims/holder_agents.html", "claims/holder_agents.html", page)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def give_authority(request: HttpRequest, holder_id: str) -> HttpResponse:
    """This will let the owner of rights name an agent."""
    found = own_holder(request, holder_id)
    ask_again(request)
    return _give(request, found, found, None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def pass_on(request: HttpRequest, authority_id: str) -> HttpResponse:
    """This will let an agent grant a part of what it has to another."""
    paper = _authority(request, authority_id)
    giver = get_object_or_404(selectors.holders_for(request.user), pk=paper.agent_id)
    ask_again(request)
    return _give(request, giver, paper.principal, paper)


def _give(request: HttpRequest, giver: RightsHolder, principal: RightsHolder, parent: Authority | None) -> HttpResponse:
    form = GiveForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data, made = form.cleaned_data, []
        if attempt(
            request,
            lambda: made.append(
                services.give_authority(
                    principal=principal,
                    agent=data["agent"],
                    terms=_terms(data),
                    letter=_letter(data["file"]),
                    parent=parent,
                    by=person(request),
                    now=timezone.now(),
                )
            ),
            form,
        ):
            return redirect("claims:authority", authority_id=made[0].public_id)
    page = {"form": form, "holder": giver, "tab": "agents", "parent": parent}
    return render(request, "claims/authority_form.html", "claims/authority_form.html", page, status_of(form))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask_authority(request: HttpRequest, holder_id: str) -> HttpResponse:
    """This will put an agent's letter before a reviewer, for an owner registered here or not."""
    found = own_holder(request, holder_id)
    form = AskForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        made: list[Authority] = []
        if attempt(request, lambda: made.append(_ask(request, found, form.cleaned_data)), form):
            messages.success(request, _("A reviewer reads the letter. You get a mail when it is done."))
            return redirect("claims:authority", authority_id=made[0].public_id)
    page = {"form": form, "holder": found, "tab": "agents", "asks": True}
    return render(request, "claims/authority_form.html", "claims/authority_form.html", page, status_of(form))


def _ask(request: HttpRequest, agent: RightsHolder, data: dict[str, Any]) -> Authority:
    now, letter = timezone.now(), _letter(data["file"])
    assert letter is not None
    with transaction.atomic():
        principal = data["principal"] or catalog.register_principal(
            name=data["name"], kind=data["kind"], country=data["country"], by=person(request), now=now
        )
        return services.ask_authority(
            principal=principal, agent=agent, terms=_terms(data), letter=letter, by=person(request), now=now
        )


@login_required
@require_safe
def authority(request: HttpRequest, authority_id: str) -> HttpResponse:
    """This will show an authority to its sides: how far it goes, what was collected under it, what became of it."""
    return _show(request, _authority(request, authority_id))


@login_required
@require_POST
def end_authority(request: HttpRequest, authority_id: str) -> HttpResponse:
    """This will end an authority from a day on, with all that was passed on under it."""
    paper = _authority(request, authority_id)
    ask_again(request)
    form = EndForm(request.POST)
    if form.is_valid() and attempt(
        request,
        lambda: services.end_authority(
            authority=paper,
            end=form.cleaned_data["end"],
            reason=form.cleaned_data["text"],
            by=person(request),
            now=timezone.now(),
        ),
        form,
    ):
        return redirect("claims:authority", authority_id=authority_id)
    return _show(request, paper, end_form=form)


@login_required
@require_POST
def retract_authority(request: HttpRequest, authority_id: str) -> HttpResponse:
    """This will take back what an agent asked for."""
    paper = _authority(request, authority_id)
    attempt(request, lambda: catalog.retract_authority(authority=paper, by=person(request), now=timezone.now()))
    return redirect("claims:authority", authority_id=authority_id)


@login_required
@require_POST
def decide_authority(request: HttpRequest, authority_id: str) -> HttpResponse:
    """This will grant or refuse, as a reviewer, what an agent asked for."""
    reviewer_or_404(request)
    paper = _authority(request, authority_id)
    form = LetterForm(request.POST)
    if form.is_valid() and attempt(
        request,
        lambda: services.decide_authority(
            authority=paper,
            is_granted=request.POST.get("outcome") == "granted",
            reason_code=form.cleaned_data["reason"],
            reason=form.cleaned_data["text"],
            by=person(request),
            now=timezone.now(),
        ),
        form,
    ):
        return redirect("claims:authority", authority_id=authority_id)
    return _show(request, paper, letter_form=form)


# What the doors share -------------------------------------------------------------------------------------------------
def _authority(request: HttpRequest, authority_id: str) -> Authority:
    return get_object_or_404(selectors.authorities_for(request.user), public_id=authority_id)


def _show(request: HttpRequest, paper: Authority, **forms: Form) -> HttpResponse:
    user, today = request.user, timezone.now().date()
    is_side = any(selectors.may_write(user, side) for side in selectors.sides_of(paper))
    reviews = selectors.may_review(user) and not selectors.is_member(user, [s.pk for s in selectors.sides_of(paper)])
    granted = paper.status == Authority.Status.GRANTED
    is_over = paper.end is not None and paper.end <= today
    page = {
        "paper": paper,
        "is_over": is_over,
        "tracks": paper.tracks.order_by("artist", "title"),
        "collected": selectors.collected_under(paper) if granted else [],
        "under": selectors.authorities_for(user).filter(parent=paper),
        "letters": selectors.letters_of(paper, user),
        "history": history_of(paper, person(request)),
        "may_end": granted and not is_over and (is_side or reviews),
        "may_pass_on": granted and not is_over and paper.may_delegate and selectors.may_write(user, paper.agent),
        "may_retract": paper.status == Authority.Status.ASKED and selectors.may_write(user, paper.agent),
        "may_decide": paper.status == Authority.Status.ASKED and reviews,
        "end_form": EndForm(initial={"end": today}),
        "letter_form": LetterForm(),
        **forms,
    }
    wrong = any(form.errors for form in forms.values())
    return render(request, "claims/authority_detail.html", "claims/authority_detail.html", page, 422 if wrong else 200)


def _terms(data: dict[str, Any]) -> services.AuthorityTerms:
    return services.AuthorityTerms(
        purposes=data["purposes"],
        rights=data["rights"],
        territory_set=territories.resolve(data["codes"]) if data["where"] == SOME else territories.worldwide(),
        tracks=tracks_named(data["rows"]),
        start=data["start"],
        end=data["end"],
        is_exclusive=data["is_exclusive"],
        may_delegate=data.get("may_delegate", False),
    )


def _letter(file: Any) -> services.Letter | None:
    if not file:
        return None
    return services.Letter(file.name, file.read(services.EVIDENCE_SIZE_MAX + 1))
