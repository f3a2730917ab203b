"""Doors to objections of stores and contests of holders: the case, its two sides, its decision, its papers."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog.models import Withdrawal
from claims import selectors, services
from claims.forms import ContestForm, WordsForm
from claims.models import CounterNotice
from claims.views.appeal import appeal_panel
from claims.views.desk import desk_of
from claims.views.door import attempt, history_of, in_words, person, reviewer_or_404
from claims.views.evidence import viewer_of
from core.htmx import render
from core.vault import VaultError

OPEN = (CounterNotice.Status.FILED, CounterNotice.Status.UNDER_REVIEW)
ROWS_PER_PAGE = 100


@login_required
@require_safe
def counter_notice(request: HttpRequest, counter_id: str) -> HttpResponse:
    """This will show what was said, to both sides and to reviewers; never to one holder who the other is."""
    return _show(request, _counter(request, counter_id))


@login_required
@require_POST
def decide_counter_notice(request: HttpRequest, counter_id: str) -> HttpResponse:
    """This will accept or dismiss, in words."""
    reviewer_or_404(request)
    found, by, now = _counter(request, counter_id), person(request), timezone.now()
    is_accepted = request.POST.get("outcome") == "accepted"
    return in_words(
        request,
        lambda reason: services.decide_counter_notice(
            counter=found, is_accepted=is_accepted, reason=reason, by=by, now=now
        ),
        done=lambda: redirect("claims:counter_notice", counter_id=counter_id),
        show=lambda form: _show(request, found, words_form=form),
    )


@login_required
@require_POST
def retract_counter_notice(request: HttpRequest, counter_id: str) -> HttpResponse:
    """This will take it back, by its own side."""
    found = _counter(request, counter_id)
    attempt(request, lambda: services.retract_counter_notice(counter=found, by=person(request), now=timezone.now()))
    return redirect("claims:counter_notice", counter_id=counter_id)


@login_required
@require_POST
def note_suit(request: HttpRequest, counter_id: str) -> HttpResponse:
    """This will keep the sender's word that it has gone to court."""
    found, by, now = _counter(request, counter_id), person(request), timezone.now()
    return in_words(
        request,
        lambda reason: services.note_suit(counter=found, reason=reason, by=by, now=now),
        done=lambda: redirect("claims:counter_notice", counter_id=counter_id),
        show=lambda form: _show(request, found, suit_form=form),
    )


@login_required
@never_cache
@require_safe
def counter_paper(request: HttpRequest, counter_id: str, sha256: str) -> HttpResponse:
    """This will hand out a store's document, to reviewers and the store; every look is written down."""
    found = _counter(request, counter_id)
    if not (selectors.may_review(request.user) or selectors.is_own_counter(request.user, found)):
        raise Http404
    paper = get_object_or_404(found.papers.select_related("counter"), sha256=sha256)
    try:
        name, content = services.open_paper(paper=paper, by=person(request), now=timezone.now())
    except VaultError as error:
        raise Http404 from error
    response = HttpResponse(content, content_type=paper.content_type)
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def contest(request: HttpRequest, withdrawal_id: str) -> HttpResponse:
    """This will take another holder's word against one withdrawal."""
    fact = get_object_or_404(selectors.contestable(timezone.now().date()), public_id=withdrawal_id)
    holders = selectors.holders_for(request.user, writing=True)
    form = ContestForm(request.POST or None, request.FILES or None, holders=holders)
    filed: list[CounterNotice] = []
    if form.is_bound and form.is_valid() and attempt(request, lambda: filed.append(_file(request, fact, form)), form):
        number = filed[0].public_id
        messages.success(request, _("Filed. The number of your objection is %(number)s.") % {"number": number})
        return redirect("claims:counter_notice", counter_id=number)
    context = {"form": form, "withdrawal": fact, "has_holder": holders.exists()}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "claims/contest_form.html", "claims/contest_form.html", context, status)


def _file(request: HttpRequest, fact: Withdrawal, form: ContestForm) -> CounterNotice:
    data, now, by = form.cleaned_data, timezone.now(), person(request)
    documents = []
    if data["file"]:
        documents = [
            services.add_evidence(
                holder=data["holder"],
                name=data["file"].name,
                content=data["file"].read(services.EVIDENCE_SIZE_MAX + 1),
                kind=data["kind"] or "other",
                by=by,
                now=now,
            )
        ]
    return services.contest_withdrawals(
        withdrawals=[fact], holder=data["holder"], words=data["text"], documents=documents, by=by, now=now
    )


def _show(request: HttpRequest, found: CounterNotice, **forms: Any) -> HttpResponse:
    user, now = person(request), timezone.now()
    reviews, own = selectors.may_review(user), selectors.is_own_counter(user, found)
    is_store, is_open = found.licensee_id is not None, found.status in OPEN
    sender = selectors.may_write_case(user, found.opt_out.holder, found.opt_out.authority, now.date())
    documents = selectors.evidence_for(user).filter(counter_notices=found)
    can_decide = reviews and is_open and services.may_decide_counter(user, found, now)
    rows = found.rows.select_related("track").order_by("pk") if is_store else found.rows.none()
    page = {
        "counter": found,
        "decides": reviews,
        "is_own": own,
        "is_512": found.ground == CounterNotice.Ground.USC_512,
        "sees_words": reviews or own or is_store,
        "sees_papers": reviews or own,
        "sees_case": reviews or selectors.opt_outs_for(user).filter(pk=found.opt_out_id).exists(),
        "sworn": services.sworn_of(found) if reviews or own or sender else {},
        "page": Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page")),
        "facts": found.withdrawals.select_related("track", "work", "territories").order_by("pk"),
        "papers": found.papers.order_by("pk"),
        "documents": documents,
        "history": history_of(found, user),
        "can_decide": can_decide,
        "is_waiting_512": found.restore_from is not None and now < found.restore_from,
        "may_retract": is_open and selectors.may_write_counter(user, found),
        "may_sue": sender and is_open and found.ground == "usc_512" and found.suit_filed_at is None,
        "may_return": sender and is_open,
        "words_form": WordsForm(auto_id="decide_%s"),
        "suit_form": WordsForm(auto_id="suit_%s"),
        **forms,
    } | appeal_panel(request, found)
    if reviews:
        page |= desk_of(request, "counter", found.pk) | viewer_of(request, documents)
    status = 422 if any(form.errors for form in forms.values()) else 200
    return render(request, "claims/counter_detail.html", "claims/counter_detail.html", page, status)


def _counter(request: HttpRequest, counter_id: str) -> CounterNotice:
    return get_object_or_404(selectors.counter_notices_for(request.user), public_id=counter_id)
