"""A store's account: what it was asked for, what it paid, how old the rest is; and debts that are given up."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.selectors import signed_in
from accounts.sudo import ask_again
from core.money import Money
from core.workflow import MovedMeanwhile, MoveNotAllowed
from ledger.streams import snapshot
from payouts import papers, selectors, services
from payouts.formats.unpaid_csv import as_csv
from payouts.forms import EnterLineForm, ReasonForm
from payouts.models import AmountDue
from payouts.views.statement import as_file, in_language
from sales.models import Licensee

REFUSALS = (
    services.BadRemittance,
    services.LineDone,
    services.MoreThanDue,
    services.NotTheSecond,
    services.NothingDue,
    services.OwnStore,
    services.ReasonMissing,
    services.RemittanceKnown,
)


def _store(request: HttpRequest, code: str) -> Licensee:
    return get_object_or_404(selectors.stores_for(request.user), code=code)


def _finance(request: HttpRequest) -> None:
    if not selectors.is_finance(request.user):
        raise Http404


@login_required
@require_safe
def store_account(request: HttpRequest, code: str) -> HttpResponse:
    """This will show a store's account with the ageing of what it owes, to finance and to the store itself."""
    store = _store(request, code)
    is_finance = selectors.is_finance(request.user)
    notes = AmountDue.objects.filter(licensee=store).select_related("report", "licensee").order_by("-id")
    context = {
        "store": store,
        "bookings": list(reversed(selectors.account_of(store))),
        "ageing": selectors.ageing(store, timezone.now().date()),
        "credits": _credits(request, store),
        "due": [row for row in selectors.due_rows(notes) if row.outstanding > 0] if is_finance else [],
        "write_offs": selectors.write_offs_for(request.user).filter(report__licensee=store),
        "user_id": request.user.pk,
        "form": ReasonForm(),
    }
    return render(request, "payouts/store_account.html", context)


@login_required
@require_safe
def store_account_file(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """This will give the same account as a paper, in the language asked for, or as a table."""
    store = _store(request, code)
    if form not in ("pdf", "csv"):
        raise Http404
    day = timezone.now().date()
    with snapshot():
        bookings, ages = selectors.account_of(store), selectors.ageing(store, day)
        credits = _credits(request, store)
    if form == "csv":
        content = papers.store_account_csv(bookings, ages)
    else:
        with in_language(request):
            content = papers.store_account_pdf(store, bookings, ages, credits, day)
    response = HttpResponse(content, content_type=papers.FORMS[form])
    return as_file(response, f"account-{store.code}-{day}.{form}")


def _credits(request: HttpRequest, store: Licensee) -> list[Money]:
    return [money for licensee, money in selectors.credits_for(request.user) if licensee == store]


@login_required
@require_safe
def unpaid_csv(request: HttpRequest, code: str) -> HttpResponse:
    """This will give the list of a store's unpaid debts and of whom they are owed to, for a court."""
    _finance(request)
    store = _store(request, code)
    notes = AmountDue.objects.filter(licensee=store).select_related("report").order_by("id")
    rows = [
        (
            row.note.number,
            row.note.report.usage_start,
            row.note.report.usage_end,
            row.note.due_date,
            row.note.currency,
            row.note.total,
            row.received,
            row.note.total - row.received - row.outstanding,
            row.outstanding,
        )
        for row in selectors.due_rows(notes)
    ]
    response = HttpResponse(as_csv(rows, selectors.unpaid_by_owner(store)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="unpaid-{store.code}.csv"'
    return response


@login_required
@require_POST
def propose_write_off(request: HttpRequest, code: str, note_number: str) -> HttpResponse:
    """This will propose to give up what is still due on a note."""
    _finance(request)
    store = _store(request, code)
    note = get_object_or_404(AmountDue.objects.select_related("report__licensee"), licensee=store, number=note_number)
    ask_again(request)
    try:
        services.propose_write_off(
            report=note.report,
            currency=note.currency,
            reason=request.POST.get("reason", ""),
            by=signed_in(request),
            now=timezone.now(),
        )
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Proposed. Another person must decide."))
    return redirect("payouts:store_account", code)


@login_required
@require_POST
def decide_write_off(request: HttpRequest, write_off_id: str) -> HttpResponse:
    """This will approve or refuse a write-off as the second person."""
    found = get_object_or_404(selectors.write_offs_for(request.user), public_id=write_off_id)
    ask_again(request)
    try:
        services.decide_write_off(
            write_off=found,
            approve=request.POST.get("decision") == "approve",
            by=signed_in(request),
            now=timezone.now(),
        )
    except (MovedMeanwhile, MoveNotAllowed):
        messages.error(request, _("Meanwhile somebody else decided this."))
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Written down."))
    return redirect("payouts:store_account", found.report.licensee.code)


@login_required
@require_POST
def enter_bank_line(request: HttpRequest, line_id: int) -> HttpResponse:
    """This will enter money that came in as a payment of a store, or set the line aside."""
    line = get_object_or_404(selectors.bank_lines_waiting(request.user), pk=line_id)
    by, now = signed_in(request), timezone.now()
    form = EnterLineForm(request.POST)
    try:
        if request.POST.get("act") == "pass":
            services.pass_bank_line(line=line, reason=request.POST.get("reason", ""), by=by, now=now)
        elif not form.is_valid():
            messages.error(request, _("Choose the store the money is from."))
        else:
            reports = [note.report for note in form.cleaned_data["notes"]]
            store = form.cleaned_data["licensee"]
            services.enter_bank_line(
                line=line,
                licensee=store,
                reports=reports,
                by=by,
                now=now,
                paid_in=form.cleaned_data["paid_in"],
                rates=settings.ROMS_RATES_FILE,
            )
            messages.success(request, _("Entered."))
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
    return redirect("payouts:bank_file_taken", line.file.public_id)
