"""Pages about sales reports: send one, see what became of it, decide what is held."""

from tempfile import TemporaryFile
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.htmx import render
from core.workflow import MovedMeanwhile, MoveNotAllowed, events_of
from sales import messages, selectors, services
from sales.forms import DecisionForm, ReasonForm, UploadForm
from sales.models import SalesReport
from sales.pipeline import lookup, rejected
from sales.tasks import limits

ROWS_PER_PAGE = 25
FAULTS_PER_PAGE = 50
KEPT = services.DEFAULT.faults_kept


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
    own = [] if getattr(request.user, "role", "") else list(licensees)
    context = {"form": form, "may_send": may_send, "page": page}
    context["receivables"] = [(store, amount) for store in own for amount in selectors.receivables_of(store)]
    return render(
        request, "sales/report_list.html", "sales/_report_rows.html", context, status=422 if form.errors else 200
    )


def _receive(request: HttpRequest, form: UploadForm) -> HttpResponse:
    """This will hand the files on and go to their report; what is refused comes back to the form."""
    receipts = []
    for upload in form.cleaned_data["file"]:
        try:
            receipt = services.receive_report(
                licensee=form.cleaned_data["licensee"],
                stream=upload,
                name=upload.name or "",
                by=request.user,
                now=timezone.now(),
                limits=limits(),
            )
            receipts.append(receipt)
        except (services.UploadTooLarge, services.SupplementRefused) as error:
            form.add_error("file", f"{upload.name}: " + " ".join(messages.of_report(error.code, error.params)))
    if form.errors:
        context = {"form": form, "may_send": True, "page": Paginator([], 1).get_page(1)}
        return render(request, "sales/report_list.html", "sales/_report_rows.html", context, status=422)
    if len({receipt.report.pk for receipt in receipts}) > 1:
        return redirect("sales:reports")
    address = redirect("sales:report", receipts[0].report.public_id)
    if receipts[0].is_duplicate:
        address["Location"] += "?again=1"
    return address


@login_required
@require_safe
def report(request: HttpRequest, report_id: str) -> HttpResponse:
    """This will show what became of a report: totals, differences to its own counts, faults line by line."""
    found = _report_or_404(request, report_id)
    return render(request, "sales/report_detail.html", "sales/_report_faults.html", _facts(request, found))


@login_required
@require_safe
def correction_file(request: HttpRequest, report_id: str) -> FileResponse:
    """This will give the rejected lines of a report in the layout they came in, to be mended and sent back."""
    found = _report_or_404(request, report_id)
    if not services.may_be_mended(found):
        raise Http404
    content = TemporaryFile()  # noqa: SIM115  the response closes it
    name = rejected.write_correction_file(found, content)
    content.seek(0)
    return FileResponse(content, as_attachment=True, filename=name)


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
    form = DecisionForm(request.POST, offered=services.decisions_of(found))
    if form.is_valid():
        try:
            services.decide_report(
                report=found,
                decision=form.cleaned_data["decision"],
                by=request.user,
                now=timezone.now(),
                reason=form.cleaned_data["reason"],
            )
            return redirect("sales:report", found.public_id)
        except (services.ReportNotHeld, MoveNotAllowed, MovedMeanwhile):
            form.add_error(None, _("This can't be done with this report, or somebody has decided already."))
    context = _facts(request, found) | {"decision": form}
    return render(request, "sales/report_detail.html", "sales/_report_decision.html", context, status=422)


@login_required
@require_POST
def reprocess_report(request: HttpRequest, report_id: str) -> HttpResponse:
    """This will read a posted report again with today's code, tariff and matches; the difference comes to a person."""
    found = _report_or_404(request, report_id)
    if not _is_finance(request):
        raise Http404
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            made = services.reprocess_report(
                report=found, by=request.user, now=timezone.now(), reason=form.cleaned_data["reason"]
            )
            return redirect("sales:report", made.public_id)
        except services.ReportNotInForce:
            form.add_error(None, _("Only a posted report that nothing has replaced can be read again."))
    context = _facts(request, found) | {"reprocess": form}
    return render(request, "sales/report_detail.html", "sales/report_detail.html", context, status=422)


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


def _is_finance(request: HttpRequest) -> bool:
    return getattr(request.user, "role", "") in ("finance", "supervisor")


def _may_decide(request: HttpRequest, found: SalesReport) -> bool:
    return found.status == SalesReport.Status.HELD and _is_finance(request)


def _is_moving(found: SalesReport) -> bool:
    return found.status in (SalesReport.Status.RECEIVED, SalesReport.Status.PARSED, SalesReport.Status.MATCHED)


def _facts(request: HttpRequest, found: SalesReport) -> dict[str, Any]:
    received = list(found.files.select_related("mapping__template").order_by("number"))
    waiting = found.status == SalesReport.Status.RECEIVED and len(received) < found.file_count
    is_posted = found.status == SalesReport.Status.POSTED
    versions = selectors.chain_of(found)
    return {
        "report": found,
        "files": received,
        "totals": list(found.totals.order_by("currency")),
        "summaries": list(found.summaries.order_by("key")),
        "reason": messages.of_report(found.reason, found.reason_params) if found.reason else None,
        "differences": [messages.of_difference(row) for row in found.footer_faults],
        "is_moving": _is_moving(found) and not waiting,
        "is_waiting": waiting,
        "needs_mapping": services.waits_for_mapping(found),
        "missing": selectors.missing_files(found) if waiting else [],
        "is_again": request.GET.get("again") == "1",
        "decision": DecisionForm(offered=services.decisions_of(found)) if _may_decide(request, found) else None,
        "reprocess": ReasonForm() if is_posted and _is_finance(request) else None,
        "may_be_mended": services.may_be_mended(found),
        "may_send": selectors.licensees_for(request.user).filter(pk=found.licensee_id).exists(),
        "versions": versions if len(versions) > 1 else [],
        "tariffs": selectors.tariffs_of(found),
        "owed": selectors.owed_for(found) if is_posted else [],
        "history": [_history_row(event) for event in reversed(events_of(found))],
    } | _faults(request, found)


def _faults(request: HttpRequest, found: SalesReport) -> dict[str, Any]:
    counts = selectors.fault_counts(found)
    code = request.GET.get("code", "")
    code = code if code in dict(counts) else ""
    faults = Paginator(selectors.faults_of(found, code), FAULTS_PER_PAGE).get_page(request.GET.get("page"))
    return {
        "faults": faults,
        "fault_rows": [_fault_row(fault) for fault in faults],
        "fault_codes": [(name, messages.of_line(name).fault, count) for name, count in counts],
        "code": code,
        "kept": KEPT if found.lines_rejected > KEPT else 0,
    }


def _history_row(event: Any) -> dict[str, Any]:
    status = dict(SalesReport.Status.choices).get(event.to_status, event.to_status)
    return {"at": event.at, "title": status, "by": event.by or "", "text": event.note.text if event.note else ""}


def _fault_row(fault: Any) -> dict[str, Any]:
    return {"fault": fault, "message": messages.of_line(fault.code)}
