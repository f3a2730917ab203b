"""Money noted at one rate and changed by the bank at another: what is still to be changed, and what the bank did."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.selectors import signed_in
from accounts.sudo import ask_again
from core.workflow import MovedMeanwhile, MoveNotAllowed
from payouts import selectors, services
from payouts.forms import ConversionForm
from payouts.views.store import finance_only

PAGE_SIZE = 50
REFUSALS = (services.BadConversion, services.NotTheSecond, services.OwnStore)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def conversions(request: HttpRequest) -> HttpResponse:
    """This will list payments the bank has still to change and what it changed, and take another conversion."""
    finance_only(request)
    waiting = selectors.open_exchanges_for(request.user)
    form = ConversionForm(request.POST or None, initial={"day": timezone.now().date()})
    form.offer(waiting)
    if request.method == "POST":
        ask_again(request)
        if form.is_valid():
            data = form.cleaned_data
            try:
                made = services.propose_conversion(
                    **data | {"remittances": list(data["remittances"])}, by=signed_in(request), now=timezone.now()
                )
            except REFUSALS as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Entered: %s. Another person must decide.") % made.public_id)
                return redirect("payouts:conversions")
    page = Paginator(selectors.conversions_for(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "is_anything_open": waiting.exists(),
        "page": page,
        "rows": [(one, selectors.noted_of(part.remittance for part in one.parts.all())) for one in page],
        "user_id": request.user.pk,
    }
    return render(request, "payouts/conversions.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def decide_conversion(request: HttpRequest, conversion_id: str) -> HttpResponse:
    """This will book what the bank changed, or refuse it, as the second person."""
    found = get_object_or_404(selectors.conversions_for(request.user), public_id=conversion_id)
    ask_again(request)
    approve = request.POST.get("decision") == "approve"
    try:
        services.decide_conversion(conversion=found, approve=approve, by=signed_in(request), now=timezone.now())
    except (MovedMeanwhile, MoveNotAllowed):
        messages.error(request, _("Meanwhile somebody else decided this."))
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Written down."))
    return redirect("payouts:conversions")
