"""Doors to a holder: registered, shown to its people, changed by them, judged by a reviewer."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.sudo import ask_again
from catalog import services as catalog
from catalog.models import HolderMember, RightsHolder, SocietyMembership
from claims import selectors, services
from claims.forms import HolderForm, HolderReviewForm, NumberForm, OtherNameForm, SocietyForm, WordsForm
from claims.views.basket import basket_ids
from claims.views.desk import desk_of
from claims.views.door import attempt, history_of, person, reviewer_or_404
from core.htmx import render

Status = RightsHolder.Status
CLAIMS_SHOWN = 50
WORDS_MAX = 5000
ANSWERABLE = (Status.REGISTERED, Status.REFUSED, Status.MORE_ASKED)


@login_required
@require_safe
def holders(request: HttpRequest) -> HttpResponse:
    """This will list the holders the person acts for, with the role in each."""
    roles = dict(HolderMember.objects.filter(user=person(request)).values_list("holder_id", "role"))
    named = dict(HolderMember.Role.choices)
    rows = [(holder, named[roles[holder.pk]]) for holder in selectors.holders_for(request.user)]
    return render(request, "claims/holder_list.html", "claims/holder_list.html", {"rows": rows})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_holder(request: HttpRequest) -> HttpResponse:
    """This will register the person or company whose rights are claimed, with the visitor as its owner."""
    form = HolderForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = catalog.register_holder(
            name=data["name"], kind=data["kind"], country=data["country"], by=person(request), now=timezone.now()
        )
        if basket_ids(request):
            return redirect("claims:new_claim")
        return redirect("claims:holder", holder_id=made.public_id)
    page = {"form": form, "has_basket": bool(basket_ids(request))}
    return render(request, "claims/claim_holder.html", "claims/claim_holder.html", page, status_of(form))


@login_required
@require_safe
def holder(request: HttpRequest, holder_id: str) -> HttpResponse:
    """This will show a holder to its people: who it is, whether we know it, and the way to everything of it."""
    old = RightsHolder.objects.filter(public_id=holder_id, merged_into__in=selectors.holders_for(request.user)).first()
    if old is not None and old.merged_into is not None:
        return redirect("claims:holder", holder_id=old.merged_into.public_id)
    return _show(request, own_holder(request, holder_id))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_holder(request: HttpRequest, holder_id: str) -> HttpResponse:
    """This will change name, kind or country; a verified holder is then looked at again."""
    found = owned_holder(request, holder_id)
    ask_again(request)
    initial = {"name": found.name, "kind": found.kind, "country": found.country}
    form = HolderForm(request.POST or None, initial=initial)
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(
            request,
            lambda: catalog.change_holder(holder=found, **form.cleaned_data, by=person(request), now=timezone.now()),
            form,
        )
    ):
        return redirect("claims:holder", holder_id=holder_id)
    page = {"form": form, "holder": found}
    return render(request, "claims/holder_form.html", "claims/holder_form.html", page, status_of(form))


@login_required
@require_POST
def holder_names(request: HttpRequest, holder_id: str) -> HttpResponse:
    """This will add another name, or take one away (`remove`)."""
    found = own_holder(request, holder_id)
    if "remove" in request.POST:
        text = request.POST["remove"]
        attempt(request, lambda: catalog.remove_holder_name(holder=found, text=text, by=person(request)))
        return redirect("claims:holder", holder_id=holder_id)
    form = OtherNameForm(request.POST)
    if form.is_valid() and attempt(
        request,
        lambda: catalog.add_holder_name(holder=found, text=form.cleaned_data["text"], by=person(request)),
        form,
    ):
        return redirect("claims:holder", holder_id=holder_id)
    return _show(request, found, name_form=form)


@login_required
@require_POST
def holder_numbers(request: HttpRequest, holder_id: str) -> HttpResponse:
    """This will add a number after testing its check digit, or take one away (`remove`: scheme and number)."""
    found = own_holder(request, holder_id)
    if "remove" in request.POST:
        scheme, _colon, value = request.POST["remove"].partition(":")
        attempt(
            request,
            lambda: catalog.remove_identifier(holder=found, scheme=scheme, value=value, by=person(request)),
        )
        return redirect("claims:holder", holder_id=holder_id)
    form = NumberForm(request.POST)
    if form.is_valid() and attempt(
        request, lambda: catalog.add_identifier(holder=found, **form.cleaned_data, by=person(request)), form
    ):
        return redirect("claims:holder", holder_id=holder_id)
    return _show(request, found, number_form=form)


@login_required
@require_POST
def holder_societies(request: HttpRequest, holder_id: str) -> HttpResponse:
    """This will note of which other society the holder is a member, or that it is one no longer (`leave`)."""
    found = own_holder(request, holder_id)
    if "leave" in request.POST:
        left = get_object_or_404(found.societies, public_id=request.POST["leave"])
        attempt(request, lambda: catalog.leave_society(membership=left, by=person(request), now=timezone.now()))
        return redirect("claims:holder", holder_id=holder_id)
    form = SocietyForm(request.POST)
    if form.is_valid() and attempt(
        request,
        lambda: catalog.state_society(holder=found, **form.cleaned_data, by=person(request), now=timezone.now()),
        form,
    ):
        return redirect("claims:holder", holder_id=holder_id)
    return _show(request, found, society_form=form)


@login_required
@require_POST
def answer_holder(request: HttpRequest, holder_id: str) -> HttpResponse:
    """This will ask to be verified, or answer what a reviewer asked."""
    found = own_holder(request, holder_id)
    form = WordsForm(request.POST)
    if form.is_valid() and attempt(
        request,
        lambda: services.answer_holder(
            holder=found, answer=form.cleaned_data["text"], by=person(request), now=timezone.now()
        ),
        form,
    ):
        messages.success(request, _("A reviewer looks at it. You get a mail when it is done."))
        return redirect("claims:holder", holder_id=holder_id)
    return _show(request, found, words_form=form)


# A reviewer's ---------------------------------------------------------------------------------------------------------
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def review_holder(request: HttpRequest, holder_id: str) -> HttpResponse:
    """This will show who asks to be verified, and take a reviewer's word about it."""
    reviewer_or_404(request)
    found = get_object_or_404(RightsHolder, public_id=holder_id)
    form = HolderReviewForm(request.POST or None)
    outcome = request.POST.get("outcome", "")
    choices = [choice for choice in Status if choice in RightsHolder.MOVES[Status(found.status)]]
    if (
        request.method == "POST"
        and form.is_valid()
        and outcome in services.HOLDER_OUTCOMES
        and attempt(request, lambda: _judge(request, found, outcome, form), form)
    ):
        return redirect("claims:review_queue")
    desk = desk_of(request, "holder", found.pk)
    desk.pop("saved")
    page = desk | {
        "holder": found,
        "societies": selectors.societies_of(found),
        "form": form,
        "outcomes": choices if found.status != Status.REGISTERED else [],
        "documents": selectors.evidence_for(request.user).filter(holder=found),
        "claims": selectors.claims_for(request.user).filter(holder=found)[:CLAIMS_SHOWN],
        "history": history_of(found, person(request)),
        "is_own": found.created_by_id == person(request).pk or selectors.is_member(request.user, [found.pk]),
    }
    return render(request, "claims/queue_holder.html", "claims/queue_holder.html", page, status_of(form))


@login_required
@require_POST
def decide_society(request: HttpRequest, holder_id: str, membership_id: str) -> HttpResponse:
    """This will confirm, as a reviewer, what a holder says of another society, or refuse it with words."""
    reviewer_or_404(request)
    said = get_object_or_404(SocietyMembership, public_id=membership_id, holder__public_id=holder_id)
    attempt(
        request,
        lambda: services.decide_society(
            membership=said,
            is_confirmed=request.POST.get("outcome") == "confirmed",
            reason=request.POST.get("text", "")[:WORDS_MAX],
            by=person(request),
            now=timezone.now(),
        ),
    )
    return redirect("claims:review_holder", holder_id=holder_id)


def _judge(request: HttpRequest, found: RightsHolder, outcome: str, form: Form) -> RightsHolder:
    data = form.cleaned_data
    return services.review_holder(
        holder=found,
        outcome=outcome,
        reason_code=data["reason"],
        reason=data["text"],
        again_on=data["again_on"],
        by=person(request),
        now=timezone.now(),
    )


# What the doors share -------------------------------------------------------------------------------------------------
def own_holder(request: HttpRequest, holder_id: str) -> RightsHolder:
    """This will find a holder among those the person belongs to."""
    return get_object_or_404(selectors.holders_for(request.user), public_id=holder_id)


def owned_holder(request: HttpRequest, holder_id: str) -> RightsHolder:
    """This will find a holder the person owns; for its other people, too, the door does not exist."""
    found = own_holder(request, holder_id)
    if selectors.role_in(request.user, found) != HolderMember.Role.OWNER:
        raise Http404
    return found


def status_of(form: Form) -> int:
    """This will give the HTTP status of a page with this form."""
    return 422 if form.is_bound and form.errors else 200


def _show(request: HttpRequest, found: RightsHolder, **forms: Any) -> HttpResponse:
    writes = selectors.may_write(request.user, found)
    page = {
        "holder": found,
        "tab": "holder",
        "may_write": writes,
        "is_owner": selectors.role_in(request.user, found) == HolderMember.Role.OWNER,
        "may_answer": writes and found.status in ANSWERABLE,
        "history": history_of(found, person(request)),
        "societies": selectors.societies_of(found),
        "society_form": SocietyForm(),
        "name_form": OtherNameForm(),
        "number_form": NumberForm(),
        "words_form": WordsForm(),
        **forms,
    }
    wrong = any(form.errors for form in forms.values())
    return render(request, "claims/holder_detail.html", "claims/holder_detail.html", page, 422 if wrong else 200)
