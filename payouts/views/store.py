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
from payouts.forms import EnterLineForm, PlanForm, ReasonForm, RefundForm
from payouts.models import AmountDue, InstalmentNote
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


def store_or_404(request: HttpRequest, code: str) -> Licensee:
    """This will find a store whose account the person may see."""
    return get_object_or_404(selectors.stores_for(request.user), code=code)


def finance_only(request: HttpRequest) -> None:
    """This will hide what is the money office's."""
    if not selectors.is_finance(request.user):
        raise Http404


@login_required
@require_safe
def store_account(request: HttpRequest, code: str) -> HttpResponse:
    """This will show a store's account with the ageing of what it owes, to finance and to the store itself."""
    store = store_or_404(request, code)
    is_finance = selectors.is_finance(request.user)
    notes = AmountDue.objects.filter(licensee=store).select_related("report", "licensee").order_by("-id")
    due = [row for row in selectors.due_rows(notes) if row.outstanding > 0] if is_finance else []
    credits = _credits(request, store)
    context = {
        "store": store,
        "bookings": list(reversed(selectors.account_of(store))),
        "ageing": selectors.ageing(store, timezone.now().date()),
        "credits": credits,
        "due": due,
        "write_offs": selectors.write_offs_for(request.user).filter(report__licensee=store),
        "user_id": request.user.pk,
        "is_finance": is_finance,
        **_steps(request, store, due, credits),
        "form": ReasonForm(),
    }
    return render(request, "payouts/store_account.html", context)


def _steps(
    request: HttpRequest, store: Licensee, due: list[selectors.DueRow], credits: list[Money]
) -> dict[str, object]:
    """Gather plans and refunds, and for finance the forms that propose new ones where there is something to propose."""
    plans = []
    for plan in selectors.plans_for(request.user).filter(licensee=store):
        parts = selectors.parts_of_plan(plan, timezone.now().date())
        plans.append((plan, parts, any(part.is_missed for part in parts)))
    planned = InstalmentNote.objects.filter(note__licensee=store, freed_at=None).values("note")
    free = AmountDue.objects.filter(pk__in=[row.note.pk for row in due]).exclude(pk__in=planned).order_by("pk")
    plan_form = PlanForm() if free else None
    if plan_form is not None:
        plan_form.fields["notes"].queryset = free  # type: ignore[attr-defined]
    give_back = selectors.is_finance(request.user) and any(credit.amount > 0 for credit in credits)
    return {
        "plans": plans,
        "plan_form": plan_form,
        "refunds": selectors.refunds_for(request.user).filter(licensee=store),
        "refund_form": RefundForm(initial={"currency": credits[0].currency}) if give_back else None,
    }


@login_required
@require_safe
def store_account_file(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """This will give the same account as a paper, in the language asked for, or as a table."""
    store = store_or_404(request, code)
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
    finance_only(request)
    store = store_or_404(request, code)
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
    finance_only(request)
    store = store_or_404(request, code)
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
