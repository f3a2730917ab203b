"""Finance closes the books of a month, and opens them again with a reason."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.workflow import MovedMeanwhile, MoveNotAllowed
from sales import selectors, services
from sales.forms import CloseMonthForm, ReasonForm
from sales.models import BookMonth


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def months(request: HttpRequest) -> HttpResponse:
    """This will list the months that were ever closed, and close one."""
    _finance_or_404(request)
    form = CloseMonthForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.close_month(by=request.user, now=timezone.now(), **form.cleaned_data)
            return redirect("sales:months")
        except services.MonthNotOver:
            form.add_error("month", _("This month is not over yet."))
    rows = selectors.book_months()
    context = {"form": form, "months": rows, "reopen": ReasonForm(auto_id=False)}
    return render(request, "sales/month_list.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def reopen_month(request: HttpRequest, month: str) -> HttpResponse:
    """This will open a closed month again."""
    _finance_or_404(request)
    row = get_object_or_404(BookMonth, month=f"{month}-01")
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            services.reopen_month(
                month=row.month, by=request.user, now=timezone.now(), reason=form.cleaned_data["reason"]
            )
            return redirect("sales:months")
        except (MoveNotAllowed, MovedMeanwhile):
            form.add_error(None, _("This month is open."))
    context = {"form": CloseMonthForm(), "months": selectors.book_months(), "reopen": form}
    return render(request, "sales/month_list.html", context, status=422)


def _finance_or_404(request: HttpRequest) -> None:
    if getattr(request.user, "role", "") not in ("finance", "supervisor"):
        raise Http404
