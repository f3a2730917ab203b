"""Tax of a holder: the certificate that decides the rate, and what was kept back year by year."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.selectors import signed_in
from accounts.sudo import ask_again
from claims import services as cases
from core.vault import VaultError
from core.workflow import MovedMeanwhile, MoveNotAllowed, events_of
from payouts import selectors, services
from payouts.forms import ReasonForm, TaxResidenceForm
from payouts.models import TaxResidence
from payouts.views.holder import holder_or_404


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def tax(request: HttpRequest, holder_id: str) -> HttpResponse:
    """This will show a holder's certificates and yearly sums, and take another certificate."""
    holder = holder_or_404(request, holder_id)
    may_show = selectors.may_propose_payee(request.user, holder)
    if request.method == "POST" and not may_show:
        raise Http404
    form = TaxResidenceForm(request.POST or None, request.FILES or None) if may_show else None
    if request.method == "POST" and form is not None and form.is_valid():
        data = form.cleaned_data
        try:
            services.show_tax_residence(
                holder=holder,
                country=data["country"].upper(),
                start=data["start"],
                end=data["end"],
                name=data["file"].name,
                content=data["file"].read(),
                by=signed_in(request),
                now=timezone.now(),
            )
        except (services.BadResidence, cases.EvidenceRefused) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The certificate is kept. Finance looks at it."))
            return redirect("payouts:tax", holder.public_id)
    context = {
        "holder": holder,
        "residences": [(one, _why(one)) for one in selectors.tax_residences_of(holder)],
        "percent": selectors.tax_percents([holder.pk], timezone.now().date())[holder.pk],
        "years": selectors.tax_years(holder),
        "kept": selectors.tax_years_kept(holder),
        "form": form,
        "reason_form": ReasonForm(),
        "is_finance": selectors.is_finance(request.user),
    }
    return render(request, "payouts/tax.html", context, status=422 if request.method == "POST" else 200)


def _why(residence: TaxResidence) -> str:
    """Tell why a certificate was refused."""
    event = events_of(residence).last()
    return event.note.text if event is not None and event.note is not None else ""


def _residence(request: HttpRequest, holder_id: str, residence_id: str) -> TaxResidence:
    holder = holder_or_404(request, holder_id)
    return get_object_or_404(selectors.tax_residences_of(holder), public_id=residence_id)


@never_cache
@login_required
@require_safe
def tax_document(request: HttpRequest, holder_id: str, residence_id: str) -> HttpResponse:
    """This will hand out a certificate to the holder's people and to finance; every look is written down."""
    found = _residence(request, holder_id, residence_id)
    try:
        opened = cases.open_evidence(document=found.document, by=signed_in(request), now=timezone.now())
    except VaultError as gone:
        raise Http404 from gone
    response = HttpResponse(opened.content, content_type=opened.content_type)
    response["Content-Disposition"] = content_disposition_header(True, opened.name)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@login_required
@require_POST
def decide_tax(request: HttpRequest, holder_id: str, residence_id: str) -> HttpResponse:
    """This will accept or refuse a certificate, for finance."""
    found = _residence(request, holder_id, residence_id)
    if not selectors.is_finance(request.user):
        raise Http404
    ask_again(request)
    try:
        services.decide_tax_residence(
            residence=found,
            accept=request.POST.get("decision") == "accept",
            reason=request.POST.get("reason", ""),
            by=signed_in(request),
            now=timezone.now(),
        )
    except (MovedMeanwhile, MoveNotAllowed):
        messages.error(request, _("Meanwhile somebody else decided this."))
    except (services.OwnHolder, services.ReasonMissing) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Written down."))
    return redirect("payouts:tax", holder_id)
