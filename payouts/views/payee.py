"""A holder's bank accounts: entered, confirmed and stopped by the holder's people, looked at by finance.

Whoever changes one has just shown who they are. The form asks before anything is typed, and what was typed is never
put aside in the session: an account number rests nowhere but sealed.
"""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.selectors import signed_in
from accounts.sudo import ask_second_factor, proved_recently
from core.vault import VaultError
from core.workflow import MovedMeanwhile, MoveNotAllowed, events_of
from payouts import selectors, services
from payouts.forms import PayeeForm, ReasonForm
from payouts.models import Payee
from payouts.views.holder import holder_or_404


def _masked(payee: Payee) -> tuple[str, str]:
    """Give the name on an account and its last characters; nothing of a holder whose data was erased."""
    try:
        account = services.open_payee(payee=payee)
    except VaultError:
        return "", ""
    return account.name, account.hint


def _may(request: HttpRequest, payee: Payee) -> tuple[bool, bool]:
    """Tell whether the person may confirm an account now, and whether to end it."""
    is_proposed, is_confirmed = payee.status == Payee.Status.PROPOSED, payee.status == Payee.Status.CONFIRMED
    return (
        is_proposed and selectors.may_confirm_payee(request.user, payee, timezone.now()),
        (is_proposed or is_confirmed) and selectors.may_end_payee(request.user, payee),
    )


@never_cache
@login_required
@require_safe
def payees(request: HttpRequest, holder_id: str) -> HttpResponse:
    """This will list a holder's bank accounts, each by the last characters only, and what can be done now."""
    holder = holder_or_404(request, holder_id)
    rows = [(payee, *_masked(payee), *_may(request, payee)) for payee in selectors.payees_of(holder)[:20]]
    context = {
        "holder": holder,
        "rows": rows,
        "may_propose": selectors.may_propose_payee(request.user, holder)
        and not any(row[0].status == Payee.Status.PROPOSED for row in rows),
        "hold": selectors.hold_of(holder),
        "is_finance": selectors.is_finance(request.user),
        "terms": selectors.terms_on(timezone.now().date()),
        "form": ReasonForm(),
        "now": timezone.now(),
    }
    return render(request, "payouts/payees.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_payee(request: HttpRequest, holder_id: str) -> HttpResponse:
    """This will take a new bank account of a holder."""
    holder = holder_or_404(request, holder_id)
    if not selectors.may_propose_payee(request.user, holder):
        raise Http404
    if request.method == "POST" and not proved_recently(request):
        return redirect(request.path)  # asks, as the form did; what was typed is not put aside meanwhile
    ask_second_factor(request)
    form = PayeeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.propose_payee(
                holder=holder,
                account=form.read,
                currency=form.cleaned_data["currency"],
                by=signed_in(request),
                now=timezone.now(),
            )
        except services.PayeeWaits as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The account is entered. A second person must confirm it."))
            return redirect("payouts:payees", holder.public_id)
    status = 422 if request.method == "POST" else 200
    return render(request, "payouts/payee_form.html", {"holder": holder, "form": form}, status=status)


def _act(request: HttpRequest, holder_id: str, payee_id: str, act: Callable[[Payee], str]) -> HttpResponse:
    """Do one thing to an account the person may see; a refusal becomes a message."""
    payee = get_object_or_404(selectors.payees_for(request.user), public_id=payee_id, holder__public_id=holder_id)
    back = reverse("payouts:payees", args=[holder_id])
    ask_second_factor(request)
    try:
        messages.success(request, act(payee))
    except (MovedMeanwhile, MoveNotAllowed):
        messages.error(request, _("Meanwhile this account has moved on. Please look at it as it is now."))
    except (services.NotTheSecond, services.MayNotChangePayee, services.ReasonMissing) as refusal:
        messages.error(request, str(refusal))
    return redirect(back)


@login_required
@require_POST
def confirm_payee(request: HttpRequest, holder_id: str, payee_id: str) -> HttpResponse:
    """This will confirm an account as the second person."""

    def act(payee: Payee) -> str:
        services.confirm_payee(payee=payee, by=signed_in(request), now=timezone.now())
        return _("The account is confirmed. It is paid to once its waiting period is over.")

    return _act(request, holder_id, payee_id, act)


@login_required
@require_POST
def end_payee(request: HttpRequest, holder_id: str, payee_id: str) -> HttpResponse:
    """This will refuse or stop an account."""

    def act(payee: Payee) -> str:
        reason = request.POST.get("reason", "")
        services.end_payee(payee=payee, reason=reason, by=signed_in(request), now=timezone.now())
        return _("The account is not used.")

    return _act(request, holder_id, payee_id, act)


@login_required
@require_safe
def payees_waiting(request: HttpRequest) -> HttpResponse:
    """This will list for finance the accounts that wait for their second person."""
    if not selectors.is_finance(request.user):
        raise Http404
    context = {"payees": selectors.payees_waiting(), "residences": selectors.tax_residences_waiting()}
    return render(request, "payouts/payees_waiting.html", context)


@never_cache
@login_required
@require_safe
def payee(request: HttpRequest, payee_id: str) -> HttpResponse:
    """This will show finance an account in full, and write down that it was looked at."""
    if not selectors.is_finance(request.user):
        raise Http404
    found = get_object_or_404(selectors.payees_for(request.user), public_id=payee_id)
    ask_second_factor(request)
    try:
        account = services.look_at_payee(payee=found, by=signed_in(request), now=timezone.now())
    except VaultError as gone:
        raise Http404 from gone
    context = {
        "payee": found,
        "account": account,
        "same": selectors.same_account(found),
        "history": events_of(found),
        "may_confirm": selectors.may_confirm_payee(request.user, found, timezone.now())
        and found.status == Payee.Status.PROPOSED,
        "is_name_known": services.is_name_of(account.name, found.holder),
    }
    return render(request, "payouts/payee.html", context)


@login_required
@require_POST
def hold(request: HttpRequest, holder_id: str) -> HttpResponse:
    """This will stop payments to a holder, or let them go on."""
    holder = holder_or_404(request, holder_id)
    if not selectors.is_finance(request.user):
        raise Http404
    service = services.lift_hold if selectors.hold_of(holder) else services.order_hold
    try:
        service(holder=holder, reason=request.POST.get("reason", ""), by=signed_in(request), now=timezone.now())
    except (services.ReasonMissing, services.OwnHolder, services.NothingHeld, services.NotTheSecond) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Written down."))
    return redirect("payouts:payees", holder_id)
