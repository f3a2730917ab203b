"""Being forgotten: the person asks and sees what became of it; one supervisor looks at it, another does it."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.selectors import signed_in
from accounts.sudo import ask_again
from core.workflow import MovedMeanwhile, MoveNotAllowed, events_of
from payouts import selectors, services
from payouts.forms import ForgetForm, ForgetWhomForm, ReasonForm
from payouts.models import ErasureRequest

PAGE_SIZE = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def forget_me(request: HttpRequest) -> HttpResponse:
    """This will say what being forgotten means, take a request for oneself or a holder one owns, and show one's own."""
    user = signed_in(request)
    form = ForgetForm(request.POST or None, holders=selectors.holders_to_forget(user))
    if request.method == "POST":
        ask_again(request)
        if form.is_valid():
            subject = form.cleaned_data["holder"] or user
            if made := _done(
                request, lambda: services.ask_erasure(subject=subject, by=user, now=timezone.now()), form=form
            ):
                messages.success(request, _("Asked for. The number of your request is %(number)s.") % {"number": made})
                return redirect("payouts:forget_me")
    rows = selectors.own_erasures(user, PAGE_SIZE)
    page = {"form": form, "rows": rows, "is_staff": bool(user.role or user.is_staff), "origin": settings.ROMS_ORIGIN}
    return render(request, "payouts/forget_me.html", page, status=422 if form.errors else 200)


@login_required
@require_POST
def withdraw_erasure(request: HttpRequest, request_id: str) -> HttpResponse:
    """This will take one's own request back."""
    user = signed_in(request)
    found = get_object_or_404(selectors.erasures_of(user), public_id=request_id)
    _done(request, lambda: services.withdraw_erasure(request=found, by=user, now=timezone.now()))
    return redirect("payouts:forget_me")


@require_safe
def erasure_status(request: HttpRequest, request_id: str) -> HttpResponse:
    """This will say to who has its number how far a request has come, and nothing of whom it is about."""
    found = get_object_or_404(ErasureRequest, public_id=request_id)
    return render(request, "payouts/erasure_status.html", {"erasure": found})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def erasures(request: HttpRequest) -> HttpResponse:
    """This will list the requests, and enter one that came by letter."""
    _supervisor_or_404(request)
    form = ForgetWhomForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        subject = selectors.subject_called(form.cleaned_data["who"])
        if subject is None:
            form.add_error("who", _("There is no such person or holder."))
        elif made := _done(
            request,
            lambda: services.ask_erasure(subject=subject, by=signed_in(request), now=timezone.now()),
            form=form,
        ):
            return redirect("payouts:erasure", made)
    page = Paginator(selectors.erasures_for(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "today": timezone.now().date()}
    return render(request, "payouts/erasures.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def erasure(request: HttpRequest, request_id: str) -> HttpResponse:
    """This will show one request: what would go, what stays and by which law, and the steps so far."""
    _supervisor_or_404(request)
    return _show(request, _request(request, request_id), ReasonForm())


@login_required
@require_POST
def decide_erasure(request: HttpRequest, request_id: str) -> HttpResponse:
    """This will propose the erasure, do it as the second person, or refuse it, as `decision` says."""
    _supervisor_or_404(request)
    found = _request(request, request_id)
    ask_again(request)
    by, now, form = signed_in(request), timezone.now(), ReasonForm(request.POST)
    reason = request.POST.get("reason", "")
    acts: dict[str, Callable[[], ErasureRequest]] = {
        "propose": lambda: services.propose_erasure(request=found, reason=reason, by=by, now=now),
        "erase": lambda: services.confirm_erasure(request=found, by=by, now=now, secret=settings.SECRET_KEY),
        "refuse": lambda: services.refuse_erasure(request=found, reason=reason, by=by, now=now),
    }
    act = acts.get(request.POST.get("decision", ""))
    if act is None:
        raise Http404
    if _done(request, act):
        return redirect("payouts:erasure", request_id)
    found.refresh_from_db()
    return _show(request, found, form, 422)


def _show(request: HttpRequest, found: ErasureRequest, form: ReasonForm, status: int = 200) -> HttpResponse:
    is_open = found.status in ErasureRequest.OPEN
    context = {
        "erasure": found,
        "goes": selectors.what_goes(found) if is_open else [],
        "left_alone": selectors.left_alone(found) if is_open else [],
        "is_paid_just_now": is_open and found.holder is not None and selectors.is_paid_just_now(found.holder),
        "is_proposer": found.proposed_by_id == signed_in(request).pk,
        "steps": [(event, ErasureRequest.Status(event.to_status).label) for event in events_of(found)],
        "form": form,
        "status_url": settings.ROMS_ORIGIN + reverse("payouts:erasure_status", args=[found.public_id]),
    }
    return render(request, "payouts/erasure.html", context, status=status)


def _done(request: HttpRequest, act: Callable[[], ErasureRequest], form: Form | None = None) -> str:
    """Do one service call; its refusal is shown on the form, or above the page. Returns the number of the request."""
    try:
        return str(act().public_id)
    except (services.CannotErase, services.NotTheSecond, services.ReasonMissing) as refusal:
        if form is not None:
            form.add_error(None, str(refusal))
        else:
            messages.error(request, str(refusal))
    except (MovedMeanwhile, MoveNotAllowed):
        messages.error(request, _("Meanwhile somebody else decided this."))
    return ""


def _request(request: HttpRequest, request_id: str) -> ErasureRequest:
    return get_object_or_404(selectors.erasures_for(request.user), public_id=request_id)


def _supervisor_or_404(request: HttpRequest) -> None:
    if not selectors.may_erase(request.user):
        raise Http404
