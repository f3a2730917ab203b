"""The doors to appeals: a holder files one and follows it, another reviewer than the first decides it."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from claims import selectors, services
from claims.forms import AppealForm, WordsForm
from claims.models import Appeal, Appealed, Claim, CounterNotice, Dispute, OptOut
from claims.views.desk import desk_of
from claims.views.door import attempt, history_of, in_words, person, reviewer_or_404
from core.htmx import render


@login_required
@require_POST
def file_appeal(request: HttpRequest, case_id: str) -> HttpResponse:
    """This will file an appeal against a refusal."""
    case = _case(request, case_id)
    form = AppealForm(request.POST, documents=_documents(request, case))
    filed: list[Appeal] = []
    if form.is_valid() and attempt(
        request,
        lambda: filed.append(
            services.file_appeal(
                case=case,
                words=form.cleaned_data["text"],
                documents=form.cleaned_data.get("documents", ()),
                by=person(request),
                now=timezone.now(),
            )
        ),
    ):
        messages.success(request, _("Filed. The number of your appeal is %(number)s.") % {"number": filed[0].public_id})
        return redirect("claims:appeal", appeal_id=filed[0].public_id)
    if form.errors:
        messages.error(request, _("Please say why you do not accept it."))
    return redirect(_address(case, False))


@login_required
@require_safe
def appeal(request: HttpRequest, appeal_id: str) -> HttpResponse:
    """This will show an appeal to its holder and to reviewers."""
    return _show(request, _appeal(request, appeal_id))


@login_required
@require_POST
def retract_appeal(request: HttpRequest, appeal_id: str) -> HttpResponse:
    """This will take an appeal back."""
    found = _appeal(request, appeal_id)
    attempt(request, lambda: services.retract_appeal(appeal=found, by=person(request), now=timezone.now()))
    return redirect("claims:appeal", appeal_id=appeal_id)


@login_required
@require_POST
def decide_appeal(request: HttpRequest, appeal_id: str) -> HttpResponse:
    """This will decide an appeal: reversed, or the first decision stands."""
    reviewer_or_404(request)
    found, by, now = _appeal(request, appeal_id), person(request), timezone.now()
    is_reversed = request.POST.get("outcome") == "reversed"
    return in_words(
        request,
        lambda reason: services.decide_appeal(appeal=found, is_reversed=is_reversed, reason=reason, by=by, now=now),
        done=lambda: _after(found),
        show=lambda form: _show(request, found, words_form=form),
    )


def _after(found: Appeal) -> HttpResponse:
    """Lead to the case that is looked at anew, or back to the appeal."""
    found.refresh_from_db()
    if anew := found.reopened or found.reopened_dispute:
        return redirect(_address(anew, True))
    return redirect("claims:appeal", appeal_id=found.public_id)


def appeal_panel(request: HttpRequest, case: Appealed) -> dict[str, Any]:
    """This will give what a case's page shows of appeals: of a dispute, those of the person's own holders."""
    today = timezone.now().date()
    if isinstance(case, Dispute):
        own = [party.holder_id for party in selectors.own_parties(case, person(request), today)]
        decides = selectors.may_review(request.user)
        found = (case.appeals if decides else case.appeals.filter(holder__in=own)).order_by("-pk").first()
        may = found is None and bool(own) and selectors.may_be_appealed(case)
    else:
        sent = _sent(case)
        filed = Appeal.objects.filter(counter=case) if isinstance(case, CounterNotice) else case.appeals.all()
        found = filed.order_by("-pk").first()
        may = found is None and selectors.may_be_appealed(case)
        may = may and selectors.may_write_case(request.user, sent.holder, sent.authority, today)
    form = AppealForm(documents=_documents(request, case))
    return {"appeal": found, "may_appeal": may, "appeal_form": form, "case": case}


def _documents(request: HttpRequest, case: Appealed) -> Any:
    documents = selectors.evidence_for(request.user).exclude(stored="")
    if isinstance(case, Dispute):
        own = selectors.own_parties(case, person(request), timezone.now().date())
        return documents.filter(holder__in=[party.holder_id for party in own])
    return documents.filter(holder=_sent(case).holder)


def _sent(case: Claim | OptOut | CounterNotice) -> Claim | OptOut:
    """What the one who may appeal had sent."""
    return case.opt_out if isinstance(case, CounterNotice) else case


def _show(request: HttpRequest, found: Appeal, **forms: Any) -> HttpResponse:
    user, now = person(request), timezone.now()
    decides = selectors.may_review(user)
    case = found.case
    is_open = found.status in (Appeal.Status.FILED, Appeal.Status.UNDER_REVIEW)
    is_first = user.pk in (found.first_decided_by_id, found.also_decided_by_id)
    is_own = user.pk == found.filed_by_id or selectors.is_member(user, selectors.sides(found))
    anew = found.reopened or found.reopened_dispute or found.reopened_opt_out
    page = {
        "appeal": found,
        "case": case,
        "case_url": _address(case, decides and not is_own),
        "reopened": anew,
        "reopened_url": _address(anew, decides and not is_own) if anew else "",
        "words": services.appeal_words(found),
        "refused": case.lines.filter(outcome__in=("rejected", "reduced")).select_related("track")
        if isinstance(case, Claim)
        else [],
        "documents": found.documents.select_related("holder"),
        "history": history_of(found, user),
        "decides": decides,
        "is_first": is_first,
        "is_own": is_own,
        "can_decide": decides and is_open and not is_first and not is_own,
        "may_retract": is_open and _may_write(user, found, now.date()),
        "words_form": WordsForm(),
        **forms,
    } | (desk_of(request, "appeal", found.pk) if decides else {})
    status = 422 if any(form.errors for form in forms.values()) else 200
    return render(request, "claims/appeal_detail.html", "claims/appeal_detail.html", page, status)


def _may_write(user: User, found: Appeal, day: date) -> bool:
    case = found.case
    if isinstance(case, Dispute):
        return any(party.holder_id == found.holder_id for party in selectors.own_parties(case, user, day))
    return selectors.may_write_case(user, found.holder, _sent(case).authority, day)


def _address(case: Appealed, decides: bool) -> str:
    if isinstance(case, CounterNotice):
        return reverse("claims:counter_notice", kwargs={"counter_id": case.public_id})
    kind = "claim" if isinstance(case, Claim) else "opt_out" if isinstance(case, OptOut) else "dispute"
    name = f"claims:review_{kind}" if decides else f"claims:{kind}"
    return reverse(name, kwargs={f"{kind}_id": case.public_id})


def _case(request: HttpRequest, case_id: str) -> Appealed:
    if case_id.startswith("DIS-"):
        return get_object_or_404(selectors.disputes_for(request.user, mine=True), public_id=case_id)
    if case_id.startswith("CTN-"):
        return get_object_or_404(selectors.counter_notices_for(request.user), public_id=case_id)
    if case_id.startswith("OPT-"):
        return get_object_or_404(selectors.opt_outs_for(request.user), public_id=case_id)
    return get_object_or_404(selectors.claims_for(request.user, mine=True), public_id=case_id)


def _appeal(request: HttpRequest, appeal_id: str) -> Appeal:
    return get_object_or_404(selectors.appeals_for(request.user), public_id=appeal_id)
