"""Pages about what came into the catalogue; for the society's staff, but for the template."""

from pathlib import Path

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog import faults, selectors, services
from catalog.forms import UploadForm
from catalog.models import CatalogueImport
from catalog.tasks import run_import
from core.htmx import render
from core.workflow import MovedMeanwhile, MoveNotAllowed

ROWS_PER_PAGE = 25
FAULTS_PER_PAGE = 50
READ_AT_ONCE_BYTES = 1 << 20
TEMPLATE = Path(__file__).parent / "data" / "catalogue_template.csv"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """This will list the catalogue files received, and take in a new one."""
    if not selectors.may_import_catalogue(request.user):
        raise Http404
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        try:
            return _receive(request, form)
        except services.FileTooLarge as error:
            form.add_error("file", str(error))
    received = CatalogueImport.objects.select_related("received_by").order_by("-pk")
    page = Paginator(received, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page}
    status = 422 if form.errors else 200
    return render(request, "catalog/import_list.html", "catalog/_import_rows.html", context, status=status)


def _receive(request: HttpRequest, form: UploadForm) -> HttpResponse:
    """This will keep the file and look it through, a small one at once, a large one by the queue."""
    assert request.user.is_authenticated
    upload, now = form.cleaned_data["file"], timezone.now()
    batch = services.receive_catalogue(file=upload, name=upload.name or "", by=request.user, now=now)
    if batch.status in (CatalogueImport.Status.IMPORTED, CatalogueImport.Status.REJECTED):
        messages.info(request, _("This file was received before; nothing was changed."))
    else:
        _go_on(batch)
    return redirect("catalog:import", batch_id=batch.public_id)


def _go_on(batch: CatalogueImport) -> None:
    """This will do what is due with a small file at once, and queue it for a large one."""
    if batch.size <= READ_AT_ONCE_BYTES:
        services.continue_import(batch_id=batch.pk, now=timezone.now())
    else:
        run_import.delay_on_commit(batch_id=batch.pk)


@login_required
@require_POST
def decide_import(request: HttpRequest, batch_id: str) -> HttpResponse:
    """This will take a file in whose changes were shown, or leave it out."""
    if not selectors.may_import_catalogue(request.user):
        raise Http404
    assert request.user.is_authenticated
    batch = get_object_or_404(CatalogueImport, public_id=batch_id)
    try:
        if "take" in request.POST:
            _go_on(services.confirm_import(batch=batch, by=request.user, now=timezone.now()))
        else:
            services.drop_import(batch=batch, by=request.user, now=timezone.now())
    except (MoveNotAllowed, MovedMeanwhile):
        messages.error(request, _("Meanwhile this file has moved on. Please look at it as it is now."))
    return redirect("catalog:import", batch_id=batch.public_id)


@login_required
@require_safe
def import_detail(request: HttpRequest, batch_id: str) -> HttpResponse:
    """This will show what became of one file, row by row where something was wrong."""
    if not selectors.may_import_catalogue(request.user):
        raise Http404
    batch = get_object_or_404(CatalogueImport.objects.select_related("received_by"), public_id=batch_id)
    page = Paginator(batch.faults.order_by("-is_fatal", "line_no", "pk"), FAULTS_PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "batch": batch,
        "is_moving": batch.status in (CatalogueImport.Status.RECEIVED, CatalogueImport.Status.CONFIRMED),
        "said": batch.licensor_statements.exclude(kind="offered").select_related("territories").order_by("pk")[:100],
        "error": faults.explain(batch.error) if batch.error else None,
        "page": page,
        "rows": [(fault, faults.explain(fault.code)) for fault in page],
    }
    return render(request, "catalog/import_detail.html", "catalog/_import_result.html", context)


@require_safe
def template(request: HttpRequest) -> FileResponse:
    """This will give the empty catalogue template, with two rows to show the way."""
    return FileResponse(TEMPLATE.open("rb"), as_attachment=True, content_type="text/csv; charset=utf-8")
