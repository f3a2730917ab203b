"""Screening against sanctions lists, for the money office: upload, look at the names that fit, decide."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.selectors import signed_in
from accounts.sudo import ask_again
from core.workflow import MovedMeanwhile, MoveNotAllowed
from payouts import selectors, services
from payouts.forms import ReasonForm, SanctionsListForm

PAGE_SIZE = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def screening(request: HttpRequest) -> HttpResponse:
    """This will list the cases and the lists, and take in another edition."""
    if not selectors.is_finance(request.user):
        raise Http404
    form = SanctionsListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            taken = services.take_sanctions_list(
                name=form.cleaned_data["name"],
                content=form.cleaned_data["file"].read(),
                by=signed_in(request),
                now=timezone.now(),
            )
        except services.BadSanctionsList as refusal:
            form.add_error("file", str(refusal))
        else:
            if taken.pk in selectors.editions_in_force():
                messages.success(request, _("%(name)s is taken in.") % {"name": taken.name})
            else:
                messages.warning(
                    request,
                    _("This edition of %(name)s is kept already, and another is in force: choose it below.")
                    % {"name": taken.name},
                )
            return redirect("payouts:screening")
    context = {
        "page": Paginator(selectors.screening_cases_for(request.user), PAGE_SIZE).get_page(request.GET.get("page")),
        "lists": selectors.sanctions_lists_for(request.user)[:PAGE_SIZE],
        "in_force": selectors.editions_in_force(),
        "form": form,
        "reason_form": ReasonForm(),
    }
    return render(request, "payouts/screening.html", context, status=422 if request.method == "POST" else 200)


@login_required
@require_POST
def decide_screening(request: HttpRequest, case_id: str) -> HttpResponse:
    """This will write down whether a holder is the person of the list."""
    case = get_object_or_404(selectors.screening_cases_for(request.user), public_id=case_id)
    ask_again(request)
    try:
        services.decide_screening(
            case=case,
            same=request.POST.get("decision") == "same",
            reason=request.POST.get("reason", ""),
            by=signed_in(request),
            now=timezone.now(),
        )
    except (services.OwnHolder, services.ReasonMissing) as refusal:
        messages.error(request, str(refusal))
    except (MovedMeanwhile, MoveNotAllowed):
        messages.error(request, _("Meanwhile somebody else decided this."))
    return redirect("payouts:screening")


@login_required
@require_POST
def choose_sanctions_list(request: HttpRequest, edition_id: str) -> HttpResponse:
    """This will put a kept edition of a list in force; everybody is looked for by it."""
    edition = get_object_or_404(selectors.sanctions_lists_for(request.user), public_id=edition_id)
    ask_again(request)
    services.choose_sanctions_list(edition=edition, by=signed_in(request), now=timezone.now())
    messages.success(
        request,
        _("Edition %(number)s of %(name)s is in force. Cases come as everybody is looked for by it.")
        % {"number": selectors.edition_number(edition), "name": edition.name},
    )
    return redirect("payouts:screening")
