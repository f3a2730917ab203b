"""What a store lists today: it sends the list of its catalogue, and sees what was made of it."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sales import messages, selectors, services
from sales.forms import SnapshotForm
from sales.tasks import limits

ROWS_PER_PAGE = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def snapshots(request: HttpRequest) -> HttpResponse:
    """This will list the catalogues stores sent, and take in one."""
    stores = selectors.licensees_for(request.user)
    if not stores.exists() and not getattr(request.user, "role", ""):
        raise Http404
    form = SnapshotForm(request.POST or None, request.FILES or None, licensees=stores)
    if request.method == "POST":
        if not stores.exists():
            raise PermissionDenied
        if form.is_valid() and _take(request, form):
            return redirect("sales:snapshots")
    page = Paginator(selectors.snapshots_for(request.user), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    rows = [(one, messages.of_report(one.reason, one.reason_params) if one.reason else None) for one in page]
    context = {"form": form, "may_send": stores.exists(), "page": page, "rows": rows}
    return render(request, "sales/snapshot_list.html", context, status=422 if form.errors else 200)


def _take(request: HttpRequest, form: SnapshotForm) -> bool:
    upload = form.cleaned_data["file"]
    try:
        services.receive_snapshot(
            licensee=form.cleaned_data["licensee"],
            stream=upload,
            name=upload.name or "",
            taken_date=form.cleaned_data["taken_date"],
            by=request.user,
            now=timezone.now(),
            limits=limits(),
        )
    except services.UploadTooLarge as error:
        form.add_error("file", " ".join(messages.of_report(error.code, error.params)))
    except services.DayToCome:
        form.add_error("taken_date", _("This day is still to come."))
    return not form.errors
