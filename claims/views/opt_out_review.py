"""The reviewers' doors to one opt-out; the queue links here."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from catalog.rights import Right
from claims import selectors, services
from claims.forms import QuestionForm, ReviewForm, SwornForm, WordsForm
from claims.legal import BASES, CONTACT_FIELDS
from claims.models import OptOut
from claims.reasons import OPT_OUT_DECISION
from claims.views.claim import LINES_PER_PAGE
from claims.views.desk import desk_of
from claims.views.door import attempt, history_of, person
from claims.views.evidence import viewer_of
from claims.views.message import thread_panel
from claims.views.opt_out import checks_of

RETURNS_SHOWN = 50
STAYING_SHOWN = 200
CONTACT_LABELS = {name: SwornForm.base_fields[f"contact_{name}"].label for name in CONTACT_FIELDS}


@login_required
@require_safe
def review_opt_out(request: HttpRequest, opt_out_id: str) -> HttpResponse:
    """This will show all a reviewer needs to decide an opt-out, on one screen."""
    return _show(request, _case(request, opt_out_id))


@login_required
@require_POST
def start_opt_out_review(request: HttpRequest, opt_out_id: str) -> HttpResponse:
    """This will take an opt-out under review."""
    case = _case(request, opt_out_id)
    attempt(request, lambda: services.start_opt_out_review(opt_out=case, by=person(request), now=timezone.now()))
    return redirect("claims:review_opt_out", opt_out_id=opt_out_id)


@login_required
@require_POST
def grant_opt_out(request: HttpRequest, opt_out_id: str) -> HttpResponse:
    """This will grant an opt-out: every row leaves but those with a reason to stay (`reason-<row>`)."""
    case = _case(request, opt_out_id)
    form = ReviewForm(request.POST, last_row=selectors.last_row(case))
    if form.is_valid() and attempt(
        request,
        lambda: services.grant_opt_out(
            opt_out=case,
            by=person(request),
            now=timezone.now(),
            refused=selectors.open_rows(case, form.refused()),
            reason=form.cleaned_data["text"],
        ),
        form,
    ):
        return redirect("claims:review_opt_out", opt_out_id=opt_out_id)
    return _show(request, case, form=form)


@login_required
@require_POST
def send_back_opt_out(request: HttpRequest, opt_out_id: str) -> HttpResponse:
    """This will send a proposed grant back to the first reviewer, in words."""
    case = _case(request, opt_out_id)
    form = WordsForm(request.POST)
    if form.is_valid() and attempt(
        request,
        lambda: services.send_back_opt_out(
            opt_out=case, reason=form.cleaned_data["text"], by=person(request), now=timezone.now()
        ),
        form,
    ):
        return redirect("claims:review_opt_out", opt_out_id=opt_out_id)
    return _show(request, case, back_form=form)


@login_required
@require_POST
def refuse_opt_out(request: HttpRequest, opt_out_id: str) -> HttpResponse:
    """This will refuse a whole opt-out, with words for the holder."""
    case = _case(request, opt_out_id)
    form = WordsForm(request.POST)
    if form.is_valid() and attempt(
        request,
        lambda: services.refuse_opt_out(
            opt_out=case, by=person(request), now=timezone.now(), reason=form.cleaned_data["text"]
        ),
        form,
    ):
        return redirect("claims:review_opt_out", opt_out_id=opt_out_id)
    return _show(request, case, refuse_form=form)


@login_required
@require_POST
def request_opt_out_evidence(request: HttpRequest, opt_out_id: str) -> HttpResponse:
    """This will ask the holder for more."""
    case = _case(request, opt_out_id)
    form = QuestionForm(request.POST)
    if form.is_valid() and attempt(
        request,
        lambda: services.request_opt_out_evidence(
            opt_out=case,
            by=person(request),
            now=timezone.now(),
            reason=form.cleaned_data["text"],
            days=form.cleaned_data["days"],
        ),
        form,
    ):
        return redirect("claims:review_opt_out", opt_out_id=opt_out_id)
    return _show(request, case, ask_form=form)


def _show(request: HttpRequest, case: OptOut, **forms: Any) -> HttpResponse:
    day = timezone.now().date()
    page = Paginator(selectors.opt_out_lines(case), LINES_PER_PAGE).get_page(request.GET.get("page"))
    known = selectors.standings(case, {line.track_id for line in page if line.track_id}, day)
    may_decide = services.may_decide_opt_out(person(request), case, timezone.now())
    rows = [(line, _shares(case, known.get(line.track_id or 0))) for line in page]
    proposal = services.open_proposal(case)
    proposed = services.proposed_lines(proposal) if proposal else {}
    staying = case.lines.in_bulk(list(proposed)[:STAYING_SHOWN])
    desk = desk_of(request, "opt_out", case.pk)
    desk.pop("saved")
    context = (
        checks_of(case)
        | thread_panel(request, case)
        | desk
        | {
            "page": page,
            "rows": rows,
            "contact": [(CONTACT_LABELS[name], value) for name, value in services.contact_of(case).items()],
            "explanation": services.explanation_of(case),
            "elements": [OptOut.Element(name).label for name in BASES[case.basis].elements if name in case.confirmed],
            "rights": [Right(right).label for right in case.rights],
            "stores": list(case.licensees.order_by("name")),
            "documents": selectors.documents_of(case),
            **viewer_of(request, selectors.documents_of(case)),
            "notices": selectors.notices_of(case),
            "counters": selectors.counter_notices_about(case)[:RETURNS_SHOWN],
            "returns": selectors.reentries_of(case)[:RETURNS_SHOWN],
            "may_return": may_decide and case.status == OptOut.Status.GRANTED,
            "is_review": True,
            "history": history_of(case, person(request)),
            "reasons": OPT_OUT_DECISION.items(),
            "is_own": selectors.may_review(request.user) and not may_decide,
            "proposal": proposal,
            "stays": [(line, proposed[pk][1]) for pk, line in staying.items()],
            "stays_more": len(proposed) - len(staying),
            "may_confirm": proposal is not None and may_decide and proposal.by_id != person(request).pk,
            "back_form": WordsForm(auto_id="back_%s"),
            "can_decide": may_decide
            and proposal is None
            and case.status in (OptOut.Status.REQUESTED, OptOut.Status.UNDER_REVIEW),
            "form": ReviewForm(last_row=page.paginator.count),
            "ask_form": QuestionForm(auto_id="ask_%s"),
            "refuse_form": WordsForm(auto_id="refuse_%s"),
            **forms,
        }
    )
    wrong = any(form.errors for form in forms.values())
    return render(request, "claims/queue_opt_out.html", context, status=422 if wrong else 200)


def _shares(case: OptOut, standing: selectors.Standing | None) -> list[dict[str, Any]]:
    """Per right: what is recorded for the holder and for others, and whether it is out already."""
    if standing is None:
        return []
    return [
        {
            "right": Right(right).label,
            "own": standing.own.get(right),
            "others": standing.others.get(right),
            "is_out": right in standing.out,
            "is_disputed": standing.disputed,
        }
        for right in case.rights
    ]


def _case(request: HttpRequest, opt_out_id: str) -> OptOut:
    if not selectors.may_review(request.user):
        raise Http404
    sent = selectors.opt_outs_for(request.user).exclude(status=OptOut.Status.DRAFT)
    return get_object_or_404(sent, public_id=opt_out_id)
