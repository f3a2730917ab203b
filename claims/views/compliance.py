"""What stores sold, or list, of tracks that are out of them: for the holder, the store and the reviewers.

The breach report is this list, narrowed as the page is, as a table and as a document for the holder's lawyer.
"""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.shortcuts import render as render_page
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from claims import selectors, services
from claims.formats.breach_report import as_csv
from claims.forms import FindingAnswerForm, WordsForm
from claims.models import ComplianceFinding
from claims.papers import breach_report_pdf
from claims.views.door import attempt, history_of, person, reviewer_or_404
from core.htmx import render

ROWS_PER_PAGE = 50
LINES_SHOWN = 50


@login_required
@require_safe
def findings(request: HttpRequest) -> HttpResponse:
    """This will list the findings a person may see, newest first, with their sums."""
    found = selectors.narrowed_findings(selectors.findings_for(request.user), request.GET)
    context = {
        "page": Paginator(found, ROWS_PER_PAGE).get_page(request.GET.get("page")),
        "sums": selectors.finding_sums(found),
        "kinds": ComplianceFinding.Kind.choices,
        "statuses": ComplianceFinding.Status.choices,
        "kind": request.GET.get("kind", ""),
        "status": request.GET.get("status", ""),
        "source": request.GET.get("source", ""),
        "query": request.GET.urlencode(),
        "may_review": selectors.may_review(request.user),
        "desk": selectors.desk_of(request.user),
    }
    return render(request, "claims/finding_list.html", "claims/_finding_list.html", context)


@login_required
@require_safe
def findings_file(request: HttpRequest) -> StreamingHttpResponse:
    """This will give the list as a table file."""
    found = selectors.narrowed_findings(selectors.findings_for(request.user), request.GET)
    rows = selectors.breach_rows(found)
    answer = StreamingHttpResponse(as_csv(rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="breach-report.csv"'
    return answer


@login_required
@require_safe
def findings_paper(request: HttpRequest) -> HttpResponse:
    """This will give the list as a paper (PDF), in the reader's language."""
    found = selectors.narrowed_findings(selectors.findings_for(request.user), request.GET)
    content = breach_report_pdf(
        selectors.breach_rows(found),
        selectors.finding_sums(found),
        asked_by=str(person(request)),
        day=timezone.now().date(),
    )
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = 'attachment; filename="breach-report.pdf"'
    return answer


@login_required
@require_safe
def finding(request: HttpRequest, finding_id: str) -> HttpResponse:
    """This will show one finding with the lines it stands on, its money, and what was said about it."""
    return _show(request, _finding(request, finding_id))


@login_required
@require_POST
def answer_finding(request: HttpRequest, finding_id: str) -> HttpResponse:
    """This will keep a store's word on when it sold what."""
    found = _finding(request, finding_id)
    form = FindingAnswerForm(request.POST)
    if form.is_valid() and attempt(
        request,
        lambda: services.answer_finding(
            finding=found,
            units_after=form.cleaned_data["units_after"],
            words=form.cleaned_data["text"],
            by=person(request),
            now=timezone.now(),
        ),
        form,
    ):
        return redirect("claims:finding", finding_id=finding_id)
    return _show(request, found, answer_form=form)


@login_required
@require_POST
def decide_finding(request: HttpRequest, finding_id: str) -> HttpResponse:
    """This will confirm a breach or clear a finding, in words."""
    reviewer_or_404(request)
    found = _finding(request, finding_id)
    form = WordsForm(request.POST)
    decide = services.confirm_finding if request.POST.get("outcome") == "confirm" else services.clear_finding
    if form.is_valid() and attempt(
        request,
        lambda: decide(finding=found, by=person(request), now=timezone.now(), reason=form.cleaned_data["text"]),
        form,
    ):
        return redirect("claims:finding", finding_id=finding_id)
    return _show(request, found, words_form=form)


def _show(request: HttpRequest, found: ComplianceFinding, **forms: Any) -> HttpResponse:
    acts = selectors.is_of_store(person(request), found.licensee_id)
    undecided = found.status in selectors.UNDECIDED
    context = {
        "finding": found,
        "lines": selectors.lines_of_finding(found, LINES_SHOWN),
        "kept_apart": [] if acts else selectors.kept_apart_by(found),
        "rows": selectors.rows_of_finding(found, request.user),
        "history": history_of(found, person(request)),
        "may_answer": acts and found.kind == ComplianceFinding.Kind.UNCLEAR and undecided,
        "may_decide": selectors.may_review(request.user) and undecided,
        "may_clear": selectors.may_review(request.user) and found.status == ComplianceFinding.Status.CONFIRMED,
        "answer_form": FindingAnswerForm(),
        "words_form": WordsForm(),
        **forms,
    }
    wrong = any(form.errors for form in forms.values())
    return render_page(request, "claims/finding_detail.html", context, status=422 if wrong else 200)


def _finding(request: HttpRequest, finding_id: str) -> ComplianceFinding:
    return get_object_or_404(selectors.findings_for(request.user), public_id=finding_id)
