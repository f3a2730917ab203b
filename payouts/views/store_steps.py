"""What two persons of the money office decide about a store: credit sent back, and plans to pay in parts."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.selectors import signed_in
from accounts.sudo import ask_again
from core.money import Money
from core.workflow import MovedMeanwhile, MoveNotAllowed
from payouts import selectors, services
from payouts.forms import PlanForm, RefundForm
from payouts.models import AmountDue
from payouts.views.store import finance_only, store_or_404

REFUSALS = (
    services.BadPlan,
    services.BadRefund,
    services.MoreThanCredit,
    services.NothingMissed,
    services.NotTheSecond,
    services.OwnStore,
    services.ReasonMissing,
)


def _do(request: HttpRequest, code: str, act: Callable[[], object], done: str) -> HttpResponse:
    """Call a service, say what came of it, and go back to the store's account."""
    ask_again(request)
    try:
        act()
    except (MovedMeanwhile, MoveNotAllowed):
        messages.error(request, _("Meanwhile somebody else decided this."))
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("payouts:store_account", code)


def _complain(request: HttpRequest, code: str, form: PlanForm | RefundForm) -> HttpResponse:
    for field, errors in form.errors.items():
        label = form.fields[field].label if field in form.fields else ""
        messages.error(request, f"{label}: {errors[0]}" if label else str(errors[0]))
    return redirect("payouts:store_account", code)


@login_required
@require_POST
def propose_refund(request: HttpRequest, code: str) -> HttpResponse:
    """This will propose to send credit back to a store."""
    finance_only(request)
    store = store_or_404(request, code)
    form = RefundForm(request.POST)
    if not form.is_valid():
        return _complain(request, code, form)
    amount = Money(form.cleaned_data["amount"], form.cleaned_data["currency"])
    by, now, reason = signed_in(request), timezone.now(), form.cleaned_data["reason"]
    return _do(
        request,
        code,
        lambda: services.propose_refund(licensee=store, amount=amount, reason=reason, by=by, now=now),
        _("Proposed. Another person must decide."),
    )


@login_required
@require_POST
def decide_refund(request: HttpRequest, refund_id: str) -> HttpResponse:
    """This will approve or refuse a refund as the second person."""
    found = get_object_or_404(selectors.refunds_for(request.user), public_id=refund_id)
    approve, by, now = request.POST.get("decision") == "approve", signed_in(request), timezone.now()
    return _do(
        request,
        found.licensee.code,
        lambda: services.decide_refund(refund=found, approve=approve, by=by, now=now),
        _("Written down."),
    )


@login_required
@require_POST
def propose_plan(request: HttpRequest, code: str) -> HttpResponse:
    """This will propose that a store pays notes in equal parts, one a month."""
    finance_only(request)
    store = store_or_404(request, code)
    form = PlanForm(request.POST)
    notes = AmountDue.objects.filter(licensee=store).select_related("report")
    form.fields["notes"].queryset = notes  # type: ignore[attr-defined]
    if not form.is_valid():
        return _complain(request, code, form)
    by, now, named = signed_in(request), timezone.now(), list(form.cleaned_data["notes"].order_by("due_date", "pk"))

    def propose() -> None:
        parts = services.equal_parts(named, form.cleaned_data["first"], form.cleaned_data["count"])
        services.propose_plan(licensee=store, notes=named, parts=parts, by=by, now=now)

    return _do(request, code, propose, _("Proposed. Another person must decide."))


@login_required
@require_POST
def decide_plan(request: HttpRequest, plan_id: str) -> HttpResponse:
    """This will agree to a plan or refuse it, as the second person; or end one of which a part was missed."""
    found = get_object_or_404(selectors.plans_waiting_for(request.user), public_id=plan_id)
    decision, by, now = request.POST.get("decision"), signed_in(request), timezone.now()
    if decision == "end":
        reason = request.POST.get("reason", "")
        return _do(
            request,
            found.licensee.code,
            lambda: services.end_plan(plan=found, reason=reason, by=by, now=now),
            _("Ended. The notes are due on their own days again."),
        )
    return _do(
        request,
        found.licensee.code,
        lambda: services.decide_plan(plan=found, agree=decision == "agree", by=by, now=now),
        _("Written down."),
    )
