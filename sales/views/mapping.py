"""Pages about mapping templates: say what the columns of a table mean, see the first rows as they would be taken."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.htmx import wants_fragment
from sales import messages, selectors, services
from sales.formats import rules
from sales.formats.errors import BadFile
from sales.formats.table import column
from sales.forms import CutForm, MappingForm, cut_initial, in_words, initial
from sales.models import SalesReport
from sales.tasks import limits

SAMPLES, FIRST = 3, 5
FIELD_OF_FAULT = {
    "say_date_order": "dates",
    "say_period": "period",
    "say_decimal": "decimal",
    "say_returns_column": "returns_column",
    "say_name": "name",
    "columns_taken": "name",
    "separators_same": "thousands",
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mapping(request: HttpRequest, report_id: str) -> HttpResponse:
    """This will show what a waiting table would be read as, and take the template that reads it."""
    found = _report_or_404(request, report_id)
    if not services.waits_for_mapping(found):
        return redirect("sales:report", found.public_id)
    try:
        return _save(request, found) if request.method == "POST" else _show(request, found)
    except BadFile as error:
        fault = " ".join(messages.of_report(error.code, error.params))
        return render(request, "sales/mapping_broken.html", {"report": found, "fault": fault}, status=422)


@login_required
@require_safe
def mapping_templates(request: HttpRequest) -> HttpResponse:
    """This will list the templates of the stores a person acts for."""
    if not selectors.licensees_for(request.user).exists():
        raise Http404
    templates = selectors.mapping_templates_for(request.user)
    return render(request, "sales/mapping_list.html", {"templates": templates})


@login_required
@require_safe
def mapping_template(request: HttpRequest, template_id: str) -> HttpResponse:
    """This will show a template: what each version of it says, and which reports it read."""
    found = get_object_or_404(selectors.mapping_templates_for(request.user), public_id=template_id)
    versions = [(version, in_words(rules.from_json(version.rules))) for version in selectors.mapping_versions(found)]
    context = {"template": found, "versions": versions}
    return render(request, "sales/mapping_detail.html", context)


@login_required
@require_POST
def retire_template(request: HttpRequest, template_id: str) -> HttpResponse:
    """This will let no new file be read through a template."""
    found = get_object_or_404(selectors.mapping_templates_for(request.user), public_id=template_id)
    services.retire_template(template=found, by=request.user, now=timezone.now())
    return redirect("sales:mapping_template", found.public_id)


def _show(request: HttpRequest, found: SalesReport) -> HttpResponse:
    """This will propose a template, anew where the person says how the text is cut."""
    cut = CutForm(request.GET, sheets=services.draft_mapping(report=found, limits=limits()).table.sheets)
    looks = cut.said() if request.GET and cut.is_valid() else None
    draft = services.draft_mapping(report=found, looks=looks, limits=limits())
    begins = initial(draft.rules, draft.names, name=draft.name or _("Monthly report"), period=draft.period)
    form = MappingForm(initial=begins, names=draft.names)
    return _page(request, found, draft, form)


def _save(request: HttpRequest, found: SalesReport) -> HttpResponse:
    """This will try what was said on the first rows, or save it and let the report be read."""
    sheets = services.draft_mapping(report=found, limits=limits()).table.sheets if request.POST.get("sheet") else ()
    cut = CutForm(request.POST, sheets=sheets)
    if not cut.is_valid():
        raise Http404
    names = services.draft_mapping(report=found, said=cut.said(), limits=limits()).names
    form = MappingForm(request.POST, names=names)
    is_whole = form.is_valid()
    said, period = form.said(cut.said()), form.cleaned_data.get("period", "")
    if is_whole and request.POST.get("act") == "save":
        try:
            services.save_mapping(
                report=found,
                name=form.cleaned_data["name"],
                said=said,
                period=period,
                by=request.user,
                now=timezone.now(),
                limits=limits(),
            )
            return redirect("sales:report", found.public_id)
        except services.MappingRefused as error:
            _add_faults(form, error.faults)
        except services.NotToBeMapped:
            return redirect("sales:report", found.public_id)
    draft = services.draft_mapping(report=found, said=said, period=period, limits=limits())
    return _page(request, found, draft, form, status=422 if request.POST.get("act") == "save" else 200)


def _add_faults(form: MappingForm, faults: list[tuple[str, str]]) -> None:
    for code, where in faults:
        form.add_error(FIELD_OF_FAULT.get(code), messages.of_mapping(code, where))


def _page(
    request: HttpRequest, found: SalesReport, draft: services.Draft, form: MappingForm, status: int = 200
) -> HttpResponse:
    context = {
        "report": found,
        "draft": draft,
        "form": form,
        "cut": CutForm(initial=cut_initial(draft.rules), sheets=draft.table.sheets),
        "kept": cut_initial(draft.rules),
        "columns": _columns(draft, form),
        "computed": [
            [form[f"computed-{number}-{part}"] for part in ("field", "left", "operation", "right")] for number in (0, 1)
        ],
        "reason": messages.of_report(found.reason, found.reason_params),
        "first": [
            (line_no, [*cells, *[""] * (len(draft.names) - len(cells))])
            for line_no, cells in draft.table.rows[: draft.rules.skip + FIRST]
        ],
        "rows": [_row(row) for row in draft.preview.rows],
        "faults": [messages.of_mapping(*fault) for fault in draft.faults],
        "codes": [(messages.of_line(code).fault, count) for code, count in draft.preview.faults.most_common(8)],
    }
    if wants_fragment(request):
        return render(request, "sales/_mapping_preview.html", context)
    return render(request, "sales/mapping_form.html", context, status=status)


def _columns(draft: services.Draft, form: MappingForm) -> list[dict[str, Any]]:
    """This will put each column of the file beside its choice, with the first values that stand in it."""
    rows = [row for row in draft.table.rows if row[0] > draft.rules.skip + draft.rules.has_header]
    return [
        {
            "name": name,
            "field": form[f"column-{place}"],
            "help": " · ".join(list(dict.fromkeys(text[:40] for text in column(rows[:200], place)))[:SAMPLES]) or "–",
        }
        for place, name in enumerate(draft.names)
    ]


def _row(row: Any) -> dict[str, Any]:
    """This will give a row of the file with what is said about it."""
    said = row.fault or row.remark
    return {
        "row": row,
        "text": messages.of_fault(said.code, said.cell, said.found) if said else "",
        "skipped": {
            "before": _("Left out: above the names of columns."),
            "names": _("The names of the columns."),
            "total": _("Left out: a total."),
            "empty": _("Left out: empty."),
        }.get(row.skipped, ""),
    }


def _report_or_404(request: HttpRequest, report_id: str) -> SalesReport:
    """This will find a report of a store the person acts for (finance acts for all)."""
    reports = selectors.reports_for(request.user).filter(licensee__in=selectors.licensees_for(request.user))
    return get_object_or_404(reports, public_id=report_id)
