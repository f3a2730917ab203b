"""What stores owe and what they paid: finance sees all and enters payments, a store sees its own."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.selectors import signed_in
from core.money import Money
from payouts import selectors, services
from payouts.forms import RemittanceForm
from payouts.models import Remittance

PAGE_SIZE = 50


@login_required
@require_safe
def amounts_due(request: HttpRequest) -> HttpResponse:
    """This will list the amount-due notes with what was paid on each."""
    if not selectors.sees_store_money(request.user):
        raise Http404
    notes = selectors.amounts_due_for(request.user, report_id=request.GET.get("report", ""))
    page = Paginator(notes, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = selectors.due_rows(page.object_list)
    context = {"page": page, "rows": rows, "is_finance": selectors.is_finance(request.user)}
    return render(request, "payouts/amounts_due.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remittances(request: HttpRequest) -> HttpResponse:
    """This will list payments received; finance enters a new one."""
    if not selectors.sees_store_money(request.user):
        raise Http404
    is_finance = selectors.is_finance(request.user)
    form = RemittanceForm(request.POST or None) if is_finance else None
    if request.method == "POST":
        if form is None:
            raise Http404
        remittance = _record(request, form)
        if remittance is not None:
            messages.success(request, _("Payment %s is entered.") % remittance.public_id)
            return redirect("payouts:remittances")
    page = Paginator(selectors.remittances_for(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    if form is not None:
        form.offer(selectors.open_report_choices())
    context = {"page": page, "form": form, "credits": selectors.credits_for(request.user)}
    return render(request, "payouts/remittances.html", context, status=422 if request.method == "POST" else 200)


def _record(request: HttpRequest, form: RemittanceForm) -> Remittance | None:
    """Call the service; a refusal becomes an error of the form."""
    if not form.is_valid():
        return None
    data = form.cleaned_data
    reports = sorted(data["reports"], key=lambda report: (report.usage_start or report.received_at.date(), report.pk))
    try:
        return services.record_remittance(
            licensee=data["licensee"],
            payer=data["payer"],
            amount=Money(data["amount"], data["currency"]),
            received_date=data["received_date"],
            reference=data["reference"],
            allocations=[services.Allocation(report) for report in reports],
            by=signed_in(request),
            paid_in=data["paid_in"],
            rates=settings.ROMS_RATES_FILE,
            now=timezone.now(),
        )
    except (services.OwnStore, services.BadRemittance, services.MoreThanDue, services.RemittanceKnown) as refusal:
        form.add_error(None, str(refusal))
        return None
