"""The society's own money: what the bank took and paid, tax paid on, and whether books and bank agree."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.selectors import signed_in
from core.money import Money
from ledger import selectors as ledger_facts
from payouts import selectors, services
from payouts.forms import HouseForm

HOUSE = (
    "bank",
    "tax_owed",
    "tax_back",
    "administration",
    "bank_charges",
    "interest",
    "fx_difference",
    "exchange_result",
    "opening",
)
PAGE_SIZE = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def house(request: HttpRequest) -> HttpResponse:
    """This will show the house's accounts, books against bank, and take a booking."""
    if not selectors.is_finance(request.user):
        raise Http404
    form = HouseForm(request.POST or None, initial={"day": timezone.now().date()})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = services.book_house(
                kind=data["kind"],
                amount=Money(data["amount"], data["currency"]),
                day=data["day"],
                reference=data["reference"],
                by=signed_in(request),
                now=timezone.now(),
            )
        except (services.BadBooking, services.BookingKnown) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Entered: %s.") % made.public_id)
            return redirect("payouts:house")
    totals = [
        (row.place, row.currency, ledger_facts.signed(row.place, row.debit, row.credit))
        for row in ledger_facts.totals()
        if row.place in HOUSE
    ]
    context = {
        "form": form,
        "totals": sorted(totals, key=lambda row: (row[1], HOUSE.index(row[0]))),
        "bank": selectors.reconciliation(),
        "page": Paginator(selectors.house_bookings_for(request.user), PAGE_SIZE).get_page(request.GET.get("page")),
    }
    return render(request, "payouts/house.html", context, status=422 if request.method == "POST" else 200)
