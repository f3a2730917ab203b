"""A dispute for its parties, who answer and settle, and for the reviewers of the panel who decide it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Case, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from catalog.models import RightsHolder
from claims import selectors, services
from claims.forms import AnswerForm, VerdictForm, WordsForm
from claims.models import Dispute, DisputeParty, EvidenceDocument
from claims.views.appeal import appeal_panel
from claims.views.desk import desk_of
from claims.views.door import attempt, history_of, person, reviewer_or_404
from claims.views.evidence import viewer_of
from core.htmx import render

PARTIES_SHOWN = 200


@login_required
@require_safe
def disputes(request: HttpRequest) -> HttpResponse:
    """This will list the disputes of the person's holders, those to answer first."""
    live = Case(When(status__in=selectors.LIVE, then=0), default=1)
    found = selectors.disputes_for(request.user, mine=True).order_by(live, "deadline_at", "-pk")
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    context = {"page": page, "live": selectors.LIVE}
    return render(request, "claims/dispute_list.html", "claims/_dispute_rows.html", context)


@login_required
@require_safe
def review_dispute(request: HttpRequest, dispute_id: str) -> HttpResponse:
    """This will show a dispute to a reviewer: who claims what, the proof, the money, what was said."""
    reviewer_or_404(request)
    return show_dispute(request, find_dispute(request, dispute_id))


@login_required
@require_safe
def dispute(request: HttpRequest, dispute_id: str) -> HttpResponse:
    """This will show a dispute to one of its parties."""
    return show_dispute(request, find_dispute(request, dispute_id))


@login_required
@require_POST
def answer_dispute(request: HttpRequest, dispute_id: str) -> HttpResponse:
    """This will keep what a party answers; it settles the dispute when all agree."""
    found = find_dispute(request, dispute_id)
    form = answer_form(request, found, request.POST, request.FILES)
    if form.is_valid() and attempt(request, lambda: give_answer(request, found, form), form):
        return redirect("claims:dispute", dispute_id=dispute_id)
    return show_dispute(request, found, answer_form=form)


@login_required
@require_POST
def order_hold(request: HttpRequest, dispute_id: str) -> HttpResponse:
    """This will stop paying what is contested."""
    reviewer_or_404(request)
    found, form = find_dispute(request, dispute_id), WordsForm(request.POST)
    if form.is_valid() and attempt(
        request,
        lambda: services.order_hold(
            dispute=found, reason=form.cleaned_data["text"], by=person(request), now=timezone.now()
        ),
    ):
        return redirect("claims:review_dispute", dispute_id=dispute_id)
    return show_dispute(request, found, words_form=form)


@login_required
@require_POST
def decide_dispute(request: HttpRequest, dispute_id: str) -> HttpResponse:
    """This will keep a reviewer's verdict; the dispute ends when two say the same."""
    reviewer_or_404(request)
    found = find_dispute(request, dispute_id)
    form = VerdictForm(request.POST, parties=list(found.parties.all()))
    if form.is_valid() and attempt(
        request,
        lambda: services.decide_dispute(
            dispute=found,
            percents=form.percents(),
            reason=form.cleaned_data["reason"],
            by=person(request),
            now=timezone.now(),
        ),
        form,
    ):
        return redirect("claims:review_dispute", dispute_id=dispute_id)
    return show_dispute(request, found, verdict_form=form)


# What the pages of one dispute and of a group share ------------------------------------------------------------------
def answer_form(request: HttpRequest, found: Dispute, *bound: Any) -> AnswerForm:
    """This will give the form of an answer for whom the person speaks for in a dispute."""
    own = selectors.own_parties(found, person(request), timezone.now().date())
    documents = (
        selectors.evidence_for(person(request)).exclude(stored="").filter(holder__in=[party.holder_id for party in own])
    )
    return AnswerForm(*bound, parties=list(found.parties.all())[:PARTIES_SHOWN], own=own, documents=documents)


def give_answer(request: HttpRequest, found: Dispute, form: AnswerForm) -> Dispute:
    """This will keep a valid answer about one dispute, with a document that was sent along."""
    holder = form.speaks_for()
    return services.answer_dispute(
        dispute=found,
        said=form.said(shown_along(request, form, holder)),
        by=person(request),
        now=timezone.now(),
        holder=holder,
    )


def shown_along(request: HttpRequest, form: AnswerForm, holder: RightsHolder | None) -> list[EvidenceDocument]:
    """This will keep the document that was sent with an answer."""
    file = form.cleaned_data.get("file")
    if not file or holder is None:
        return []
    return [
        services.add_evidence(
            holder=holder,
            name=file.name,
            content=file.read(services.EVIDENCE_SIZE_MAX + 1),
            kind=form.cleaned_data["document_kind"] or "contract",
            by=person(request),
            now=timezone.now(),
        )
    ]


def show_dispute(request: HttpRequest, found: Dispute, **forms: Any) -> HttpResponse:
    """This will show a dispute with what this person may do about it."""
    user, now = person(request), timezone.now()
    is_open, decides = found.status in selectors.LIVE, selectors.may_review(request.user)
    parties: list[DisputeParty] = list(found.parties.all())
    own = selectors.own_parties(found, user, now.date())
    shown = EvidenceDocument.objects.filter(dispute_answers__dispute=found) | EvidenceDocument.objects.filter(
        uses__claim__lines__disputes__dispute=found
    )
    documents = shown.distinct().select_related("holder").order_by("pk") if decides else shown.none()
    page = {
        "dispute": found,
        "parties": parties[:PARTIES_SHOWN],
        "party_count": len(parties),
        "proofs": selectors.documents_shown(found),
        "amounts": selectors.dispute_amounts(found, is_party=not decides),
        "clocks": selectors.clocks_of(found.public_id),
        "history": history_of(found, user),
        "decisions": selectors.decisions_of(found.public_id),
        "may_answer": is_open and bool(own),
        "may_decide": is_open and decides and not own,
        "verdicts": selectors.verdicts_of(found) if decides else [],
        "in_group": selectors.disputes_in_group(selectors.disputes_for(user), found.group_key).count(),
        "documents": documents,
        "words_form": WordsForm(),
        "answer_form": answer_form(request, found) if own and is_open else None,
        "verdict_form": VerdictForm(parties=parties),
        **(viewer_of(request, documents) | desk_of(request, "dispute", found.pk) if decides else {}),
        **appeal_panel(request, found),
        **forms,
    }
    wrong = any(form.errors for form in forms.values())
    return render(request, "claims/queue_dispute.html", "claims/queue_dispute.html", page, 422 if wrong else 200)


def find_dispute(request: HttpRequest, dispute_id: str) -> Dispute:
    """This will find a dispute the person may see; for others it does not exist."""
    seen = selectors.disputes_for(request.user).prefetch_related("parties__share")
    return get_object_or_404(seen, public_id=dispute_id)
