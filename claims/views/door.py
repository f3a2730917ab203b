"""What the doors of this app share: who is there, one service call with its refusal shown, a case's history."""

from collections.abc import Callable, Collection
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.models import User
from catalog import services as catalog
from claims import selectors, services
from claims.forms import WordsForm
from claims.models import Check, Claim
from claims.reasons import EVENTS, SAID, words
from core.workflow import MovedMeanwhile, MoveNotAllowed, events_of
from sales import services as sales

Domain = (
    services.Refused,
    services.MayNotWrite,
    services.EvidenceRefused,
    services.SignatureMissing,
    catalog.CatalogueError,
)


def reviewer_or_404(request: HttpRequest) -> None:
    """This will let nobody but a reviewer through; for others the door does not exist."""
    if not selectors.may_review(request.user):
        raise Http404


def person(request: HttpRequest) -> User:
    """This will give the person who is logged in; doors that need one carry `login_required`."""
    assert isinstance(request.user, User)
    return request.user


def attempt(request: HttpRequest, act: Callable[[], object], form: Form | None = None) -> bool:
    """This will do one service call and show its refusal on the form, or above the page."""
    try:
        act()
    except Domain as error:
        if form is not None:
            form.add_error(None, str(error))
        else:
            messages.error(request, str(error))
        return False
    except sales.SalesError as error:
        if form is not None:
            form.add_error(None, words(error.code))
        else:
            messages.error(request, words(error.code))
        return False
    except (MoveNotAllowed, MovedMeanwhile):
        messages.error(request, _("Meanwhile this case has moved on. Please look at it as it is now."))
        return False
    return True


def in_words(
    request: HttpRequest,
    act: Callable[[str], object],
    *,
    done: Callable[[], HttpResponse],
    show: Callable[[Form], HttpResponse],
) -> HttpResponse:
    """This will do what takes words: `act` with them, then `done`; `show` the page anew where either is refused."""
    form = WordsForm(request.POST)
    if form.is_valid() and attempt(request, lambda: act(form.cleaned_data["text"]), form):
        return done()
    return show(form)


def progress_of(found: Claim) -> dict[str, Any]:
    """This will give what the moving part of a claim's page shows."""
    checks = list(found.checks.order_by("pk"))
    running = any(check.result == Check.Result.WAITING for check in checks)
    posting = found.status in (Claim.Status.APPROVED, Claim.Status.AWARDING)
    return {
        "claim": found,
        "checks": checks,
        "is_moving": running or posting,
        "is_posting": posting,
        "line_count": found.lines.count(),
    }


def history_of(case: Any, viewer: User) -> list[dict[str, Any]]:
    """This will give the Events of a case as rows of the history component, newest first.

    A person is named to staff and to colleagues; others read on which side it was said.
    """
    labels = dict(case.Status.choices)
    events = list(events_of(case))
    near = selectors.colleagues_of(viewer, {event.by_id for event in events if event.by_id})
    return [
        {
            "at": event.at,
            "title": labels.get(event.to_status) or EVENTS.get(event.to_status, event.to_status),
            "by": _named(event.by, viewer, near),
            "text": " ".join(filter(None, [_reason(event.reason_code), event.note.text if event.note else ""])),
        }
        for event in reversed(events)
    ]


def _reason(code: str) -> str:
    """Reasons from the list about identities and documents are said in words; other codes are for programs."""
    return words(code) if code in SAID else ""


def _named(by: User | None, viewer: User, near: Collection[int]) -> str:
    if by is None:
        return ""
    if selectors.may_review(viewer) or by.pk in near:
        return str(by)
    return "ROMS" if by.role else _("another party")
