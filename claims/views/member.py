"""Doors to the people of a holder: inviting, another role, removing, leaving; the invited person's door."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.selectors import confirmed_addresses
from accounts.sudo import ask_again
from catalog import selectors as catalog_facts
from catalog import services as catalog
from catalog.models import HolderMember, RightsHolder
from claims import selectors, services
from claims.forms import InviteForm, RoleForm
from claims.views.door import attempt, person
from claims.views.holder import own_holder, owned_holder
from core.htmx import render


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest, holder_id: str) -> HttpResponse:
    """This will show who acts for a holder; an owner invites another by mail."""
    if request.method != "POST":
        return _show(request, own_holder(request, holder_id), InviteForm())
    found = owned_holder(request, holder_id)
    ask_again(request)
    form = InviteForm(request.POST)
    if form.is_valid() and attempt(
        request,
        lambda: services.invite(holder=found, **form.cleaned_data, by=person(request), now=timezone.now()),
        form,
    ):
        messages.success(request, _("Sent. The link works for two weeks, once, for this address only."))
        return redirect("claims:people", holder_id=holder_id)
    return _show(request, found, form)


@login_required
@require_POST
def change_role(request: HttpRequest, holder_id: str) -> HttpResponse:
    """This will give somebody who acts for a holder another role."""
    found = owned_holder(request, holder_id)
    ask_again(request)
    form = RoleForm(request.POST)
    if form.is_valid():
        user = _member(found, form.cleaned_data["email"])
        role = form.cleaned_data["role"]
        attempt(
            request,
            lambda: catalog.add_member(holder=found, user=user, role=role, by=person(request), now=timezone.now()),
        )
    return redirect("claims:people", holder_id=holder_id)


@login_required
@require_POST
def remove_member(request: HttpRequest, holder_id: str) -> HttpResponse:
    """This will remove somebody from a holder, at once and from everything."""
    found = owned_holder(request, holder_id)
    ask_again(request)
    user = _member(found, request.POST.get("email", ""))
    attempt(request, lambda: catalog.remove_member(holder=found, user=user, by=person(request), now=timezone.now()))
    return redirect("claims:people", holder_id=holder_id)


@login_required
@require_POST
def leave_holder(request: HttpRequest, holder_id: str) -> HttpResponse:
    """This will let somebody stop acting for a holder; its last owner stays."""
    found, user = own_holder(request, holder_id), person(request)
    if attempt(request, lambda: catalog.remove_member(holder=found, user=user, by=user, now=timezone.now())):
        messages.success(request, _("You no longer act for %(holder)s.") % {"holder": found.name})
        return redirect("claims:holders")
    return redirect("claims:people", holder_id=holder_id)


@login_required
@require_POST
def revoke_invitation(request: HttpRequest, holder_id: str, invitation_id: str) -> HttpResponse:
    """This will take an invitation back before it is answered."""
    found = owned_holder(request, holder_id)
    invitation = get_object_or_404(catalog_facts.open_invitations(found), public_id=invitation_id)
    attempt(
        request,
        lambda: catalog.revoke_invitation(invitation=invitation, by=person(request), now=timezone.now()),
    )
    return redirect("claims:people", holder_id=holder_id)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, key: str) -> HttpResponse:
    """This will show an invitation to the invited address and take the answer; to others, that it is not theirs."""
    found = catalog.invitation_of(key)
    if found is None:
        raise Http404
    is_mine = found.email in confirmed_addresses(request.user)
    page: dict[str, Any] = {
        "invitation": found if is_mine else None,
        "is_open": catalog_facts.is_open(found, timezone.now()),
        "key": key,
    }
    if request.method == "POST":
        act = catalog.decline_invitation if "decline" in request.POST else catalog.accept_invitation
        if attempt(request, lambda: act(invitation=found, by=person(request), now=timezone.now())):
            if "decline" in request.POST:
                return redirect("dashboard")
            return redirect("claims:holder", holder_id=found.holder.public_id)
    return render(request, "claims/invitation.html", "claims/invitation.html", page, 200 if is_mine else 403)


def _member(holder: RightsHolder, email: str) -> User:
    member = get_object_or_404(HolderMember.objects.select_related("user"), holder=holder, user__email=email.lower())
    return member.user


def _show(request: HttpRequest, found: RightsHolder, form: InviteForm) -> HttpResponse:
    is_owner = selectors.role_in(request.user, found) == HolderMember.Role.OWNER
    members = list(catalog_facts.people_of(found))
    owners = sum(member.role == HolderMember.Role.OWNER for member in members)
    page = {
        "holder": found,
        "tab": "people",
        "form": form,
        "is_owner": is_owner,
        "can_leave": not (is_owner and owners == 1),
        "rows": [
            (member, RoleForm(initial={"email": member.user.email, "role": member.role}, auto_id=f"id_{member.pk}_%s"))
            for member in members
        ],
        "invitations": catalog_facts.open_invitations(found) if is_owner else [],
        "now": timezone.now(),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "claims/holder_people.html", "claims/holder_people.html", page, status)
