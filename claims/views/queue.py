"""The reviewers' doors: one queue, and one screen per case with everything the decision needs."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.views.decorators.http import require_POST, require_safe

from claims import selectors, services
from claims.forms import LineForm, QuestionForm, RevokeForm, WordsForm
from claims.models import Claim, ClaimLine, DecisionProposal, Proof
from claims.views.claim import LINES_PER_PAGE
from claims.views.desk import desk_of, to_next
from claims.views.door import attempt, history_of, person, progress_of, reviewer_or_404
from claims.views.evidence import viewer_of
from claims.views.message import thread_panel
from core.htmx import render

ROWS_PER_PAGE = 50
LINES_AT_ONCE = 200


@login_required
@require_safe
def review_queue(request: HttpRequest) -> HttpResponse:
    """This will list everything that waits for a reviewer, by money, age and deadline; a page at a time."""
    reviewer_or_404(request)
    wanted, now = selectors.Wanted.of(request.GET), timezone.now()
    page = selectors.queue_page(request.user, wanted, now)
    asked = {name: value for name, value in asdict(wanted).items() if value and name != "after"}
    context = {
        "page": page,
        "rows": page.rows(now),
        "wanted": wanted,
        "first": urlencode(asked),
        "next": urlencode(asked | {"after": page.after}),
        "sorts": _in_words(selectors.SORTS),
        "kinds": tuple((*kind, page.counts.get(kind[0], 0)) for kind in _in_words(selectors.KINDS)),
        "whose": _in_words(selectors.MINE),
        "proofs": _in_words(dict(Proof.choices)),
        "dead": selectors.dead_deliveries()[:ROWS_PER_PAGE],
    }
    return render(request, "claims/queue_list.html", "claims/_queue_rows.html", context)


def _in_words(choices: Mapping[str, Promise | str]) -> tuple[tuple[str, str], ...]:
    return tuple((code, str(label)) for code, label in choices.items())


@login_required
@require_safe
def review_claim(request: HttpRequest, claim_id: str) -> HttpResponse:
    """This will show all a reviewer needs to decide a claim, on one screen."""
    return _show_claim(request, claim_to_review(request, claim_id))


@login_required
@require_POST
def start_review(request: HttpRequest, claim_id: str) -> HttpResponse:
    """This will take a claim under review."""
    claim = claim_to_review(request, claim_id)
    attempt(request, lambda: services.start_review(claim=claim, by=person(request), now=timezone.now()))
    return redirect("claims:review_claim", claim_id=claim_id)


@login_required
@require_POST
def request_evidence(request: HttpRequest, claim_id: str) -> HttpResponse:
    """This will ask the holder for more."""
    claim = claim_to_review(request, claim_id)
    form = QuestionForm(request.POST)
    if form.is_valid() and attempt(
        request,
        lambda: services.request_evidence(
            claim=claim,
            question=form.cleaned_data["text"],
            days=form.cleaned_data["days"],
            by=person(request),
            now=timezone.now(),
        ),
    ):
        return redirect("claims:review_claim", claim_id=claim_id)
    return _show_claim(request, claim, ask_form=form)


@login_required
@require_POST
def look_again(request: HttpRequest, claim_id: str) -> HttpResponse:
    """This will take today's facts as those to decide on, and run the checks again."""
    claim = claim_to_review(request, claim_id)
    attempt(request, lambda: services.look_again(claim=claim, by=person(request), now=timezone.now()))
    return redirect("claims:review_claim", claim_id=claim_id)


@login_required
@require_POST
def decide_claim(request: HttpRequest, claim_id: str) -> HttpResponse:
    """This will decide a claim: all lines alike (`all`), but those with a decision of their own as they say."""
    claim = claim_to_review(request, claim_id)
    ids = list(claim.lines.values_list("pk", flat=True))
    common = LineForm(request.POST, prefix="all")
    excepted = [pk for pk in ids if request.POST.get(f"line-{pk}-outcome")]
    own = {pk: LineForm(request.POST, prefix=f"line-{pk}", is_exception=True) for pk in excepted}
    if all([common.is_valid(), *(form.is_valid() for form in own.values())]):
        decisions = {pk: decision_of(own.get(pk, common)) for pk in ids}
        note = request.POST.get("note", "").strip()
        if attempt(
            request,
            lambda: services.decide_claim(
                claim=claim, decisions=decisions, by=person(request), now=timezone.now(), note=note
            ),
            common,
        ):
            if request.POST.get("then") == "next":
                return to_next(request)
            return redirect("claims:review_claim", claim_id=claim_id)
    return _show_claim(request, claim, common_form=common, own_forms=own)


def decision_of(form: LineForm) -> services.LineDecision:
    """This will read a decision from its form."""
    data = form.cleaned_data
    reduced = data["outcome"] == "reduced"
    return services.LineDecision(data["outcome"], data["reason"], data["percent"] if reduced else None)


def _show_claim(request: HttpRequest, claim: Claim, **forms: Any) -> HttpResponse:
    own, desk = forms.pop("own_forms", {}), desk_of(request, "claim", claim.pk)
    saved = desk.pop("saved")
    lines = selectors.page_of_lines(claim, LINES_PER_PAGE, request.GET.get("page"))
    proposal = services.open_proposal(claim)
    can_decide = claim.status == Claim.Status.UNDER_REVIEW and proposal is None
    rows = [
        (
            line,
            waiting,
            yours,
            own.get(line.pk) or _line_form(line.pk, saved) if can_decide else None,
        )
        for line, waiting, yours in selectors.with_amounts(claim, lines.object_list)
    ]
    page = (
        progress_of(claim)
        | desk
        | thread_panel(request, claim)
        | {
            "page": lines,
            "rows": rows,
            "plain_rows": [row[:3] for row in rows],
            "amounts": selectors.claim_amounts(claim),
            "documents": selectors.documents_of(claim),
            **viewer_of(request, selectors.documents_of(claim)),
            "history": history_of(claim, person(request)),
            "societies": selectors.societies_of(claim.holder),
            "rivals": list(selectors.rival_lines(claim)[:LINES_AT_ONCE]),
            "conflicts": selectors.conflicts_of(claim, list(lines)),
            "disputes": selectors.disputes_of(claim),
            "is_own": selectors.is_own_case(request.user, claim),
            "can_decide": can_decide,
            "common_form": LineForm(prefix="all", initial=_saved_of("all", saved)),
            "words_form": WordsForm(auto_id="back_%s"),
            "ask_form": QuestionForm(auto_id="ask_%s"),
            "note": request.POST.get("note", saved.get("note", "")),
            "proposal": proposal,
            "proposed": _proposed(claim, proposal),
            "may_confirm": proposal is not None and proposal.by_id != person(request).pk,
            "may_revoke": claim.status == Claim.Status.AWARDED and claim.decided_by_id != person(request).pk,
            "revoke_form": RevokeForm(),
            "decisions": selectors.decisions_of(claim.public_id),
            **forms,
        }
    )
    wrong = any(form.errors for form in (*forms.values(), *own.values()))
    return render(request, "claims/queue_claim.html", "claims/queue_claim.html", page, 422 if wrong else 200)


def _line_form(pk: int, saved: dict[str, str]) -> LineForm:
    return LineForm(prefix=f"line-{pk}", is_exception=True, initial=_saved_of(f"line-{pk}", saved))


def _saved_of(prefix: str, saved: dict[str, str]) -> dict[str, str]:
    """What was kept of one decision's fields."""
    start = f"{prefix}-"
    return {name.removeprefix(start): value for name, value in saved.items() if name.startswith(start)}


def _proposed(claim: Claim, proposal: DecisionProposal | None) -> list[tuple[Any, ...]]:
    """What the first of two reviewers decided, line by line."""
    if proposal is None:
        return []
    lines = services.proposed_lines(proposal)
    return [
        (line, ClaimLine.Outcome(lines[line.pk][0]).label, *lines[line.pk][1:])
        for line in selectors.lines_of(claim)[:LINES_AT_ONCE]
        if line.pk in lines
    ]


# What the doors share -------------------------------------------------------------------------------------------------
def claim_to_review(request: HttpRequest, claim_id: str) -> Claim:
    """This will find a claim that was filed, for a reviewer; for others it does not exist."""
    reviewer_or_404(request)
    found = get_object_or_404(selectors.claims_for(request.user), public_id=claim_id)
    if found.status == Claim.Status.DRAFT:
        raise Http404
    return found
