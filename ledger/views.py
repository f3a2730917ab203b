"""The ledger from outside: what was signed of it, what it came to each day, and how anybody checks it."""

from datetime import date

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from ledger import selectors
from ledger.note import fingerprint
from ledger.publishing import signer

PAGE_SIZE = 30
TEXT = "text/plain; charset=utf-8"


@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """This will explain how to check a proof, check one in the browser, and show the newest checkpoint and days."""
    key = signer().vkey
    context = {
        "key": key,
        "fingerprint": fingerprint(key),
        "checkpoint": selectors.checkpoints().first(),
        "days": Paginator(selectors.daily_proofs(), PAGE_SIZE).get_page(request.GET.get("page")),
    }
    return render(request, "ledger/check.html", context)


@require_safe
def latest_checkpoint(request: HttpRequest) -> HttpResponse:
    """This will give the newest checkpoint as its signed text."""
    checkpoint = selectors.checkpoints().first()
    if checkpoint is None:
        raise Http404
    return HttpResponse(checkpoint.note, content_type=TEXT)


@require_safe
def checkpoint(request: HttpRequest, size: int) -> HttpResponse:
    """This will give the checkpoint of a size as its signed text, which never changes."""
    return HttpResponse(get_object_or_404(selectors.checkpoints(), size=size).note, content_type=TEXT)


@require_safe
def consistency(request: HttpRequest, first: int, second: int) -> HttpResponse:
    """This will prove that the later of two checkpoints continues the earlier one."""
    notes = [get_object_or_404(selectors.checkpoints(), size=size).note for size in (first, second)]
    if first > second:
        raise Http404
    path = [step.hex() for step in selectors.consistency(first, second)]
    return JsonResponse(
        {"format": "roms-consistency-1", "first": notes[0], "second": notes[1], "path": path, "key": signer().vkey}
    )


@require_safe
def day(request: HttpRequest, day: date) -> HttpResponse:
    """This will show what the published identities came to at the end of a day."""
    proof = get_object_or_404(selectors.daily_proofs(), day=day)
    return render(request, "ledger/day.html", {"proof": proof})
