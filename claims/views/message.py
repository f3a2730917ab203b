"""The door to the thread of a case: one for the holder and for the reviewer."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from claims import selectors, services
from claims.forms import MessageForm
from claims.models import Claim, OptOut
from claims.views.door import attempt, person


@login_required
@require_POST
def write_message(request: HttpRequest, case_id: str) -> HttpResponse:
    """This will add a message to the thread of a case and go back to the page it was written on."""
    case = _case(request, case_id)
    form = MessageForm(request.POST)
    if form.is_valid():
        text = form.cleaned_data["text"]
        attempt(request, lambda: services.write_message(case=case, text=text, by=person(request), now=timezone.now()))
    else:
        messages.error(request, _("Please write something."))
    kind = "claim" if isinstance(case, Claim) else "opt_out"
    name = f"claims:review_{kind}" if request.POST.get("from") == "review" else f"claims:{kind}"
    return redirect(reverse(name, kwargs={f"{kind}_id": case_id}))


def _case(request: HttpRequest, case_id: str) -> Claim | OptOut:
    if case_id.startswith("OPT-"):
        return get_object_or_404(selectors.opt_outs_for(request.user), public_id=case_id)
    return get_object_or_404(selectors.claims_for(request.user), public_id=case_id)


def thread_panel(request: HttpRequest, case: Claim | OptOut) -> dict[str, Any]:
    """This will give the thread and the clocks of a case, as its pages show them."""
    return {
        "thread": services.thread_of(case, person(request)),
        "clocks": selectors.clocks_of(case.public_id),
        "may_say": case.status in selectors.OPEN_STATUSES[type(case)],
        "message_form": MessageForm(auto_id="message_%s"),
    }
