"""What holders got before the portal or outside it: recorded by one person of the money office, accepted by another."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.selectors import signed_in
from accounts.sudo import ask_again
from claims import selectors as claims
from claims import services as cases
from core.money import Money
from core.vault import VaultError
from core.workflow import MovedMeanwhile, MoveNotAllowed
from payouts import selectors
from payouts.forms import PaidBeforeForm, ReasonForm

PAGE_SIZE = 50


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def paid_before(request: HttpRequest) -> HttpResponse:
    """This will list what was paid before and how much of it is covered, and take another payment."""
    if not selectors.is_finance(request.user):
        raise Http404
    form = PaidBeforeForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data.copy()
        file, amount, currency = data.pop("file"), data.pop("amount"), data.pop("currency")
        try:
            made = cases.record_paid_before(
                **data,
                amount=Money(amount, currency),
                name=file.name,
                content=file.read(),
                by=signed_in(request),
                now=timezone.now(),
            )
        except (cases.BadPaidBefore, cases.DecidesOwnCase, cases.EvidenceRefused) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Recorded: %s. Another person accepts it.") % made.public_id)
            return redirect("payouts:paid_before")
    page = Paginator(claims.paid_before_for(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    covered = claims.covered(list(page))
    context = {
        "form": form,
        "page": page,
        "rows": [(one, covered[one.pk], one.proposed_by_id == signed_in(request).pk) for one in page],
        "reason_form": ReasonForm(),
    }
    return render(request, "payouts/paid_before.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def decide_paid_before(request: HttpRequest, payment_id: str) -> HttpResponse:
    """This will accept what was paid before, or refuse it, as the second person."""
    payment = get_object_or_404(claims.paid_before_for(request.user), public_id=payment_id)
    ask_again(request)
    try:
        cases.decide_paid_before(
            payment=payment,
            accept=request.POST.get("decision") == "accept",
            reason=request.POST.get("reason", ""),
            by=signed_in(request),
            now=timezone.now(),
        )
    except (cases.BadPaidBefore, cases.DecidesOwnCase) as refusal:
        messages.error(request, str(refusal))
    except (MovedMeanwhile, MoveNotAllowed):
        messages.error(request, _("Meanwhile somebody else decided this."))
    else:
        messages.success(request, _("Written down."))
    return redirect("payouts:paid_before")


@never_cache
@login_required
@require_safe
def paid_before_document(request: HttpRequest, payment_id: str) -> HttpResponse:
    """This will hand out the document of a payment made before, to the money office; every look is written down."""
    payment = get_object_or_404(claims.paid_before_for(request.user), public_id=payment_id)
    try:
        opened = cases.open_evidence(document=payment.document, by=signed_in(request), now=timezone.now())
    except VaultError as gone:
        raise Http404 from gone
    response = HttpResponse(opened.content, content_type=opened.content_type)
    response["Content-Disposition"] = content_disposition_header(True, opened.name)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
