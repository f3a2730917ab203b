"""A holder's money, from the balance down to the sales lines; every amount links to what it is made of."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from catalog.models import RightsHolder, Track
from catalog.rights import Right
from claims import selectors as claims
from claims import services as cases
from ledger.proofs import NotYetLogged, prove_posting
from ledger.publishing import signer
from payouts import selectors
from payouts.places import PLACE_WORDS
from sales.models import SalesReport
from sales.pipeline import lookup

PAGE_SIZE = 50


def holder_or_404(request: HttpRequest, holder_id: str) -> RightsHolder:
    """This will find a holder whose money the person may see."""
    return get_object_or_404(selectors.holders_for(request.user), public_id=holder_id)


@login_required
@require_safe
def holders(request: HttpRequest) -> HttpResponse:
    """This will list the holders the person acts for, or lead straight to the only one."""
    page = Paginator(selectors.holders_for(request.user).order_by("name", "id"), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    if page.paginator.count == 1:
        return redirect("payouts:holder_balance", page[0].public_id)
    totals = selectors.totals_of(page)
    rows = [(holder, totals.get(holder.pk, [])) for holder in page]
    return render(request, "payouts/holders.html", {"rows": rows, "page": page})


@login_required
@require_safe
def balance(request: HttpRequest, holder_id: str) -> HttpResponse:
    """This will show what rests where for a holder, received and not yet received apart."""
    holder = holder_or_404(request, holder_id)
    found = selectors.bands(holder)
    context = {
        "holder": holder,
        "rows": [(PLACE_WORDS[band.place], band) for band in found],
        "waits": selectors.waits_of(holder, found, timezone.now()),
        "statements": selectors.statements_of(holder)[:5],
        "kept_apart": claims.kept_apart(holder),
        "may_ask": claims.may_write(request.user, holder),
        "asked": claims.money_requests_of(holder).first(),
    }
    return render(request, "payouts/balance.html", context)


@login_required
@require_POST
def ask_for_money(request: HttpRequest, holder_id: str) -> HttpResponse:
    """This will ask for the money of sales after the holder's opt-outs, for the holder's own people."""
    holder = holder_or_404(request, holder_id)
    assert isinstance(request.user, User)
    try:
        cases.ask_for_money(holder=holder, by=request.user, now=timezone.now())
    except (cases.MayNotWrite, cases.NothingAsked) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Asked for. It is being moved to what is payable."))
    return redirect("payouts:holder_balance", holder_id)


@login_required
@require_safe
def balance_tracks(request: HttpRequest, holder_id: str, place: str, currency: str) -> HttpResponse:
    """This will show the tracks and rights one balance is made of."""
    holder = holder_or_404(request, holder_id)
    if place not in PLACE_WORDS:
        raise Http404
    found = selectors.TrackBands(holder, place, currency)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    total = next((b for b in selectors.bands(holder) if (b.place, b.currency) == (place, currency)), None)
    context = {"holder": holder, "words": PLACE_WORDS[place], "currency": currency, "page": page, "total": total}
    return render(request, "payouts/balance_tracks.html", context)


@login_required
@require_safe
def entries(request: HttpRequest, holder_id: str, track_id: str, right: str) -> HttpResponse:
    """This will show every posting to the holder for one right in one track."""
    holder = holder_or_404(request, holder_id)
    track = get_object_or_404(Track, public_id=track_id)
    rows = selectors.moves_of(holder, track, right)
    if not rows:
        raise Http404
    places = sorted({row.move.place for row in rows}, key=selectors.PLACES.index)
    context = {
        "holder": holder,
        "track": track,
        "right": right,
        "right_words": Right(right).label,
        "rows": rows,
        "place_words": {place: PLACE_WORDS[place] for place in places},
        "sums": selectors.sums_of(rows),
    }
    return render(request, "payouts/entries.html", context)


@login_required
@require_safe
def proof(request: HttpRequest, holder_id: str, posting_id: int) -> HttpResponse:
    """This will give the proof that a posting to the holder is in the ledger, as a file for verify.py."""
    holder = holder_or_404(request, holder_id)
    if not selectors.is_posting_of(holder, posting_id):
        raise Http404
    try:
        proved = prove_posting(posting_id)
    except NotYetLogged:
        messages.info(
            request, _("This posting is under no signed checkpoint yet; the next one follows within the hour.")
        )
        return redirect("payouts:holder_balance", holder_id)
    answer = HttpResponse(proved.as_json(signer().vkey), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="roms-proof-{posting_id}.json"'
    return answer


@login_required
@require_safe
def accrual(request: HttpRequest, holder_id: str, track_id: str, right: str, report_id: str) -> HttpResponse:
    """This will show how one report's sales of a track came to the holder's amount, down to the sales lines."""
    holder = holder_or_404(request, holder_id)
    track = get_object_or_404(Track, public_id=track_id)
    report = get_object_or_404(SalesReport.objects.select_related("licensee"), public_id=report_id)
    moves = [row for row in selectors.moves_of(holder, track, right) if row.report == report]
    if not moves:
        raise Http404
    rows = selectors.accrual_rows(track, report, right)
    context = {
        "holder": holder,
        "track": track,
        "right": right,
        "right_words": Right(right).label,
        "report": report,
        "moves": moves,
        "rows": rows,
        "total": selectors.accrual_total(rows),
        "lines": lookup.lines_of(report, track_id=track.pk),
    }
    return render(request, "payouts/accrual.html", context)
