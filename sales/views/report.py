"""Pages about sales reports: send one, see what became of it, decide what is held."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.htmx import render
from core.workflow import MovedMeanwhile, MoveNotAllowed
from sales import messages, selectors, services
from sales.forms import DecisionForm, UploadForm
from sales.models import SalesReport
from sales.pipeline import lookup
from sales.tasks import limits

ROWS_PER_PAGE = 25
FAULTS_PER_PAGE = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reports(request: HttpRequest) -> HttpResponse:
    """This will list the reports a person may see, and take in a new one."""
    licensees = selectors.licensees_for(request.user)
    found = selectors.reports_for(request.user)
    may_send = licensees.exists()
    if not may_send and not found.exists() and not getattr(request.user, "role", ""):
        raise Http404
    form = UploadForm(request.POST or None, request.FILES or None, licensees=licensees)
    if request.method == "POST":
        if not may_send:
            raise PermissionDenied
        if form.is_valid():
            return _receive(request, form)
    page = Paginator(found.prefetch_related("totals"), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "may_send": may_send, "page": page}
    return render(
        request, "sales/report_list.html", "sales/_report_rows.html", context, status=422 if form.errors else 200
    )


def _receive(request: HttpRequest, form: UploadForm) -> HttpResponse:
    """This will hand the upload on and go to its report; what is too large comes back to the form."""
    upload = form.cleaned_data["file"]
    try:
        receipt = services.receive_report(
            licensee=form.cleaned_data["licensee"],
            stream=upload,
            name=upload.name or "",
            by=request.user,
            now=timezone.now(),
            limits=limits(),
        )
    except services.UploadTooLarge as error:
        form.add_error("file", " ".join(messages.of_report(error.code, error.params)))
        context = {"form": form, "may_send": True, "page": Paginator([], 1).get_page(1)}
        return render(request, "sales/report_list.html", "sales/_report_rows.html", context, status=422)
    address = redirect("sales:report", receipt.report.public_id)
    if receipt.is_duplicate:
        address["Location"] += "?again=1"
    return address


@login_required
@require_safe
def report(request: HttpRequest, report_id: str) -> HttpResponse:
    """This will show what became of a report: totals, differences to its own counts, faults line by line."""
    found = _report_or_404(request, report_id)
    faults = Paginator(selectors.faults_of(found), FAULTS_PER_PAGE).get_page(request.GET.get("page"))
    context = _facts(request, found) | {"faults": faults, "fault_rows": [_fault_row(fault) for fault in faults]}
    return render(request, "sales/report_detail.html", "sales/_report_faults.html", context)


@login_required
@require_safe
def report_progress(request: HttpRequest, report_id: str) -> HttpResponse:
    """This will show how far the work on a report is; asked again each second until it is done."""
    found = _report_or_404(request, report_id)
    if not _is_moving(found) and request.headers.get("HX-Request"):
        answer = HttpResponse()
        answer["HX-Refresh"] = "true"
        return answer
    return render(request, "sales/report_progress.html", "sales/_report_progress.html", _facts(request, found))


@login_required
@require_POST
def decide_report(request: HttpRequest, report_id: str) -> HttpResponse:
    """This will do with a held report what a person of the society's finance decided."""
    found = _report_or_404(request, report_id)
    if not _may_decide(request, found):
        raise Http404
    form = DecisionForm(request.POST)
    if form.is_valid():
        act = {
            "supersede": services.supersede_report,
            "keep_both": services.keep_both,
            "resume": services.resume_report,
            "reject": services.reject_report,
        }[form.cleaned_data["decision"]]
        try:
            act(report=found, by=request.user, now=timezone.now(), reason=form.cleaned_data["reason"])
            return redirect("sales:report", found.public_id)
        except (services.ReportNotHeld, MoveNotAllowed, MovedMeanwhile):
            form.add_error(None, _("This can't be done with this report, or somebody has decided already."))
    faults = Paginator(selectors.faults_of(found), FAULTS_PER_PAGE).get_page(1)
    context = _facts(request, found) | {"faults": faults, "fault_rows": [_fault_row(fault) for fault in faults]}
    context |= {"decision": form}
    return render(request, "sales/report_detail.html", "sales/_report_decision.html", context, status=422)


@login_required
@require_safe
def report_line(request: HttpRequest, report_id: str, number: int, line_no: int) -> HttpResponse:
    """This will show one line of a file as the store sent it."""
    found = _report_or_404(request, report_id)
    file = get_object_or_404(found.files, number=number)
    line = lookup.archived_line(file, line_no)
    if line is None:
        raise Http404
    context = {"report": found, "file": file, "line": line}
    return render(request, "sales/report_line.html", "sales/_report_line.html", context)


def _report_or_404(request: HttpRequest, report_id: str) -> SalesReport:
    return get_object_or_404(selectors.reports_for(request.user), public_id=report_id)


def _may_decide(request: HttpRequest, found: SalesReport) -> bool:
    return found.status == SalesReport.Status.HELD and getattr(request.user, "role", "") in ("finance", "supervisor")


def _is_moving(found: SalesReport) -> bool:
    return found.status in (SalesReport.Status.RECEIVED, SalesReport.Status.PARSED, SalesReport.Status.MATCHED)


def _facts(request: HttpRequest, found: SalesReport) -> dict[str, Any]:
    received = list(found.files.order_by("number"))
    waiting = found.status == SalesReport.Status.RECEIVED and len(received) < found.file_count
    return {
        "report": found,
        "files": received,
        "totals": list(found.totals.order_by("currency")),
        "summaries": list(found.summaries.order_by("key")),
        "reason": messages.of_report(found.reason, found.reason_params) if found.reason else None,
        "differences": [messages.of_difference(row) for row in found.footer_faults],
        "is_moving": _is_moving(found) and not waiting,
        "is_waiting": waiting,
        "is_again": request.GET.get("again") == "1",
        "decision": DecisionForm() if _may_decide(request, found) else None,
    }


def _fault_row(fault: Any) -> dict[str, Any]:
    return {"fault": fault, "message": messages.of_line(fault.code)}
