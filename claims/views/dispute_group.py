"""Many disputes at once: groups of the same parties, ground and documents, and a table of answers there and back."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog.formats.tables import CannotRead
from claims import selectors, services
from claims.formats.dispute_file import ROWS_MAX, as_table, read_table
from claims.forms import AnswersFileForm, VerdictForm
from claims.models import Dispute, GroupAct
from claims.reasons import words
from claims.views.dispute import answer_form, shown_along
from claims.views.door import attempt, person, reviewer_or_404
from core.htmx import render

ROWS_PER_PAGE = 50
REFUSED_SHOWN = 100


@login_required
@require_safe
def dispute_groups(request: HttpRequest) -> HttpResponse:
    """This will list the groups of open disputes: a reviewer's all, others those of their holders."""
    page = Paginator(selectors.groups_of(selectors.disputes_for(request.user)), ROWS_PER_PAGE)
    rows = page.get_page(request.GET.get("page"))
    context = {"page": rows, "groups": selectors.shown_groups(list(rows.object_list))}
    return render(request, "claims/dispute_groups.html", "claims/dispute_groups.html", context)


@login_required
@require_safe
def dispute_group(request: HttpRequest, key: str) -> HttpResponse:
    """This will show one group with the form of one answer, or one verdict, for all its disputes."""
    return _show(request, key)


@login_required
@require_POST
def answer_group(request: HttpRequest, key: str) -> HttpResponse:
    """This will give the same answer in every open dispute of a group, however many."""
    first = _first(request, key)
    form = answer_form(request, first, request.POST, request.FILES)
    acts: list[GroupAct] = []

    def act() -> None:
        holder = form.speaks_for()
        said = form.said(shown_along(request, form, holder))
        acts.append(
            services.answer_group(
                disputes=list(_group(request, key)), said=said, by=person(request), now=timezone.now(), holder=holder
            )
        )

    if not form.is_valid() or not attempt(request, act, form):
        return _show(request, key, answer_form=form)
    return redirect("claims:group_act", act_id=acts[0].public_id)


@login_required
@require_POST
def decide_group(request: HttpRequest, key: str) -> HttpResponse:
    """This will keep the same verdict of a reviewer about every open dispute of a group, however many."""
    reviewer_or_404(request)
    first = _first(request, key)
    form = VerdictForm(request.POST, parties=list(first.parties.all()))
    acts: list[GroupAct] = []

    def act() -> None:
        acts.append(
            services.decide_dispute_group(
                disputes=list(_group(request, key)),
                percents=form.percents(),
                reason=form.cleaned_data["reason"],
                by=person(request),
                now=timezone.now(),
            )
        )

    if not form.is_valid() or not attempt(request, act, form):
        return _show(request, key, verdict_form=form)
    return redirect("claims:group_act", act_id=acts[0].public_id)


@login_required
@require_safe
def group_act(request: HttpRequest, act_id: str) -> HttpResponse:
    """This will show how far one answer or verdict for a whole group has come, to who gave it."""
    found = get_object_or_404(selectors.group_acts_for(request.user), public_id=act_id)
    page = {
        "act": found,
        "refused": [(dispute, words(code)) for dispute, code in found.refused[:REFUSED_SHOWN]],
        "refused_more": max(0, len(found.refused) - REFUSED_SHOWN),
        "is_left": _group(request, found.group_key).exists(),
    }
    return render(request, "claims/group_act.html", "claims/_group_act.html", page)


# There and back as a table --------------------------------------------------------------------------------------------
@login_required
@require_safe
def disputes_table(request: HttpRequest) -> StreamingHttpResponse:
    """This will give the open disputes a person speaks in as a table to fill in."""
    mine = selectors.disputes_for(request.user, mine=True)
    rows = selectors.rows_to_answer(mine, person(request), timezone.now().date(), ROWS_MAX)
    answer = StreamingHttpResponse(as_table(list(rows)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="disputes.csv"'
    return answer


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def disputes_file(request: HttpRequest) -> HttpResponse:
    """This will say what a filled-in table would do, or do it."""
    form = AnswersFileForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        is_dry_run = request.POST.get("do") != "apply"
        try:
            rows = read_table(form.cleaned_data["file"])
        except CannotRead as error:
            form.add_error("file", words(error.code))
        else:
            outcomes = services.answer_many(rows=rows, by=person(request), now=timezone.now(), is_dry_run=is_dry_run)
            context |= {"is_dry_run": is_dry_run, "outcomes": outcomes}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "claims/dispute_file.html", "claims/dispute_file.html", context, status)


def _show(request: HttpRequest, key: str, **forms: Any) -> HttpResponse:
    first = _first(request, key)
    user, now = person(request), timezone.now()
    own = selectors.own_parties(first, user, now.date())
    parties = list(first.parties.all())
    page = {
        "key": key,
        "first": first,
        "parties": parties,
        "page": Paginator(_group(request, key), ROWS_PER_PAGE).get_page(request.GET.get("page")),
        "answer_form": answer_form(request, first) if own else None,
        "may_answer": bool(own),
        "may_decide": selectors.may_review(user) and not own,
        "verdict_form": VerdictForm(parties=parties),
        **forms,
    }
    status = 422 if any(form.errors for form in forms.values()) else 200
    return render(request, "claims/dispute_group.html", "claims/dispute_group.html", page, status)


def _group(request: HttpRequest, key: str) -> QuerySet[Dispute]:
    return selectors.disputes_in_group(selectors.disputes_for(request.user), key)


def _first(request: HttpRequest, key: str) -> Dispute:
    first = _group(request, key).first() if key else None
    if first is None:
        raise Http404
    return first
