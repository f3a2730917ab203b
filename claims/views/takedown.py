"""The store's doors to its notices: read, acknowledge, mark as removed, object. Holders and reviewers read along."""

from collections.abc import Collection
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.shortcuts import render as render_page
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from claims import selectors, services
from claims.formats.takedown_notice import as_csv
from claims.forms import AcknowledgeForm, AnswerFileForm, CounterForm, RowsForm
from claims.models import NoticeDelivery, NoticeRow, OptOut, TakedownNotice
from claims.views.door import attempt, history_of, person
from core.htmx import render

ROWS_PER_PAGE = 100
ROWS_AT_ONCE = 2000


@login_required
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """This will list the notices of the person's stores, newest first."""
    found = selectors.store_notices(request.user)
    wanted = request.GET.get("status", "")
    if wanted in TakedownNotice.Status.values:
        found = found.filter(status=wanted)
    context = {
        "page": Paginator(found, 50).get_page(request.GET.get("page")),
        "wanted": wanted,
        "statuses": TakedownNotice.Status.choices,
        "stores": list(selectors.own_stores(request.user)),
    }
    return render(request, "claims/notice_list.html", "claims/_notice_list.html", context)


@login_required
@require_safe
def notice(request: HttpRequest, public_id: str) -> HttpResponse:
    """This will show a notice with its rows, how it was delivered, and what the store answered."""
    return show_notice(request, find_notice(request, public_id))


@login_required
@require_safe
def notice_file(request: HttpRequest, public_id: str) -> HttpResponse | StreamingHttpResponse:
    """This will give the rows of a notice as a table file."""
    found = find_notice(request, public_id)
    rows = selectors.message_rows(selectors.notice_rows(found).iterator(chunk_size=ROWS_AT_ONCE))
    answer = StreamingHttpResponse(as_csv(found.public_id, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{found.public_id}.csv"'
    return answer


@login_required
@require_POST
def acknowledge_notice(request: HttpRequest, public_id: str) -> HttpResponse:
    """This will keep the store's receipt."""
    found = find_notice(request, public_id)
    form = AcknowledgeForm(request.POST)
    if form.is_valid() and attempt(
        request,
        lambda: services.acknowledge_notice(
            notice=found, by=person(request), now=timezone.now(), reference=form.cleaned_data["reference"]
        ),
    ):
        return redirect("claims:notice", public_id=public_id)
    return show_notice(request, found, acknowledge_form=form)


@login_required
@require_POST
def mark_removed(request: HttpRequest, public_id: str) -> HttpResponse:
    """This will keep the store's word that the chosen rows (or `all`) are removed."""
    found = find_notice(request, public_id)
    if attempt(
        request,
        lambda: services.mark_rows_removed(
            notice=found, row_ids=_rows(request, found), by=person(request), now=timezone.now()
        ),
    ):
        return redirect("claims:notice", public_id=public_id)
    return show_notice(request, found, status=422)


@login_required
@require_POST
def object_to_notice(request: HttpRequest, public_id: str) -> HttpResponse:
    """This will keep the store's objection to the chosen rows (or `all`): its ground, words and document."""
    found = find_notice(request, public_id)
    form = CounterForm(request.POST, request.FILES, is_512=found.opt_out.basis == OptOut.Basis.USC_512)
    if form.is_valid() and attempt(request, lambda: _object(request, found, form), form):
        return redirect("claims:notice", public_id=public_id)
    return show_notice(request, found, counter_form=form)


def _object(request: HttpRequest, found: TakedownNotice, form: CounterForm) -> None:
    data = form.cleaned_data
    file = data["file"]
    said = services.Countered(
        ground=data["ground"],
        words=data["text"],
        paper=(file.name, file.read(services.EVIDENCE_SIZE_MAX + 1)) if file else None,
        sworn=form.sworn(),
        confirmed=form.confirmed(),
    )
    services.file_counter_notice(
        notice=found, said=said, row_ids=_rows(request, found), by=person(request), now=timezone.now()
    )


@login_required
@require_POST
def retry_delivery(request: HttpRequest, public_id: str) -> HttpResponse:
    """This will bring a notice out again by one way, with the same id; for staff."""
    found = find_notice(request, public_id)
    ended = found.deliveries.filter(state__in=(NoticeDelivery.State.DEAD, NoticeDelivery.State.DELIVERED))
    delivery = get_object_or_404(ended, channel=request.POST.get("channel"))
    attempt(request, lambda: services.retry_delivery(delivery=delivery, by=person(request), now=timezone.now()))
    return redirect("claims:notice", public_id=public_id)


def _rows(request: HttpRequest, found: TakedownNotice) -> Collection[int] | None:
    """Read which rows were chosen by their tracks; None: all of them."""
    if "all" in request.POST:
        return None
    known = dict(found.rows.values_list("track__public_id", "pk"))
    form = RowsForm(request.POST, tracks=known)
    return [known[track] for track in form.cleaned_data["track"]] if form.is_valid() else []


def show_notice(request: HttpRequest, found: TakedownNotice, status: int = 200, **forms: Any) -> HttpResponse:
    """This will show the page of a notice, with forms that were refused."""
    rows = selectors.notice_rows(found)
    acts = selectors.acts_for_store(request.user, found)
    is_takedown = found.kind == TakedownNotice.Kind.TAKEDOWN
    context = {
        "notice": found,
        "page": Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page")),
        "open_count": rows.exclude(state__in=NoticeRow.CLOSED).count() if is_takedown else 0,
        "deliveries": found.deliveries.order_by("pk"),
        "receipt": selectors.receipt_of(found),
        "sender": services.sender_of(found),
        "history": history_of(found, person(request)),
        "may_answer": acts,
        "may_review": selectors.may_review(request.user),
        "may_observe": _may_observe(request, found),
        "observations": list(selectors.observations_of(found)[:ROWS_PER_PAGE]),
        "messages_sent": selectors.store_messages_about(found),
        "sees_case": selectors.opt_outs_for(request.user).filter(pk=found.opt_out_id).exists(),
        "acknowledge_form": AcknowledgeForm(),
        "answer_form": AnswerFileForm(),
        "counter_form": CounterForm(is_512=found.opt_out.basis == OptOut.Basis.USC_512),
        "counters": selectors.counter_notices_for(request.user).filter(notice=found)[:ROWS_PER_PAGE],
        **forms,
    }
    wrong = any(form.errors for form in forms.values())
    return render_page(request, "claims/notice_detail.html", context, status=422 if wrong else status)


def find_notice(request: HttpRequest, public_id: str) -> TakedownNotice:
    return get_object_or_404(selectors.notices_for(request.user), public_id=public_id)


def _may_observe(request: HttpRequest, found: TakedownNotice) -> bool:
    """Whoever may act for the holder, and staff; only of what the store was told."""
    if found.sent_at is None or found.kind == TakedownNotice.Kind.RETURN:
        return False
    case = found.opt_out
    day = timezone.now().date()
    return selectors.may_review(request.user) or selectors.may_write_case(
        request.user, case.holder, case.authority, day
    )
