"""Finance closes the books up to a day, in two persons, and opens them again with a reason."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.selectors import signed_in
from accounts.sudo import ask_again
from core.workflow import MovedMeanwhile, MoveNotAllowed, events_of
from payouts import selectors, services
from payouts.forms import CloseForm


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def closes(request: HttpRequest) -> HttpResponse:
    """This will show up to when the books are closed and what is open before, and take a proposal."""
    if not selectors.is_finance(request.user):
        raise Http404
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.propose_close(**form.cleaned_data, by=signed_in(request), now=timezone.now())
        except (services.BadClose, services.ReasonMissing) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Proposed: another person of the money office decides."))
            return redirect("payouts:closes")
    found = list(selectors.closes_for(request.user)[:50])
    waiting = next((close for close in found if close.status == close.Status.PROPOSED), None)
    looked_at = waiting.first_open if waiting else _this_month()
    context = {
        "form": form,
        "closed_until": selectors.closed_until(),
        "closes": [(close, list(events_of(close))) for close in found],
        "waiting": waiting,
        "is_proposer": waiting is not None and waiting.proposed_by_id == request.user.pk,
        "looked_at": looked_at,
        "still_open": selectors.still_open(looked_at),
    }
    return render(request, "payouts/closes.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def decide_close(request: HttpRequest, close_id: int) -> HttpResponse:
    """This will put a close in force as the second person, or refuse it."""
    close = get_object_or_404(selectors.closes_for(request.user), pk=close_id)
    ask_again(request)
    approve = request.POST.get("decision") == "approve"
    try:
        services.decide_close(close=close, approve=approve, by=signed_in(request), now=timezone.now())
    except (services.NotTheSecond, services.BooksBusy) as refusal:
        messages.error(request, str(refusal))
    except (MovedMeanwhile, MoveNotAllowed):
        messages.error(request, _("Meanwhile somebody else decided this."))
    return redirect("payouts:closes")


def _this_month() -> date:
    return timezone.now().date().replace(day=1)
