"""The door to the mandate: read, signed, ended. Nothing else leads through it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST

from accounts.sudo import ask_again
from catalog import services as catalog
from catalog import territories
from catalog.models import HolderMember
from claims import attestations, selectors, services
from claims.forms import MandateForm
from claims.forms.claim import SOME
from claims.views.door import attempt, person
from claims.views.holder import own_holder, owned_holder, status_of
from core.htmx import render


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mandate(request: HttpRequest, holder_id: str) -> HttpResponse:
    """This will show a holder's mandates and the text of one; an owner signs it."""
    found = own_holder(request, holder_id)
    is_owner = selectors.role_in(request.user, found) == HolderMember.Role.OWNER
    form = MandateForm(request.POST or None, initial={"start": timezone.now().date()})
    if request.method == "POST":
        found = owned_holder(request, holder_id)
        ask_again(request)
        data = form.cleaned_data if form.is_valid() else {}
        if data and attempt(
            request,
            lambda: services.sign_mandate(
                holder=found,
                rights=data["rights"],
                territory_set=(
                    territories.resolve(data["codes"]) if data["where"] == SOME else territories.worldwide()
                ),
                start=data["start"],
                signature=data["signature"],
                language=get_language() or "en",
                by=person(request),
                now=timezone.now(),
            ),
            form,
        ):
            return redirect("claims:mandate", holder_id=holder_id)
    page = {
        "holder": found,
        "tab": "mandate",
        "form": form,
        "is_owner": is_owner,
        "mandates": found.mandates.select_related("territories").order_by("-pk"),
        "text": services.attestation_text(attestations.MANDATE, get_language() or "en"),
        "today": timezone.now().date(),
    }
    return render(request, "claims/mandate.html", "claims/mandate.html", page, status_of(form))


@login_required
@require_POST
def end_mandate(request: HttpRequest, holder_id: str, mandate_id: str) -> HttpResponse:
    """This will end a mandate today."""
    found = owned_holder(request, holder_id)
    ask_again(request)
    given = get_object_or_404(found.mandates, public_id=mandate_id)
    now = timezone.now()
    attempt(request, lambda: catalog.end_mandate(mandate=given, end=now.date(), by=person(request), now=now))
    return redirect("claims:mandate", holder_id=holder_id)
