"""The reviewer's queue of words: read the original, take out what is personal, publish or withhold."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from claims import selectors as claims
from core.workflow import MovedMeanwhile, MoveNotAllowed, events_of
from register import selectors, services
from register.forms import PassageForm
from register.models import Passage

ROWS_PER_PAGE = 50


@login_required
@require_safe
def passages(request: HttpRequest) -> HttpResponse:
    """This will list the texts that wait for a reviewer, oldest first, or those decided already."""
    reviewer(request)
    wanted = request.GET.get("status", "")
    status = wanted if wanted in Passage.Status.values else Passage.Status.WAITING
    page = Paginator(selectors.passages_waiting(request.user, status), ROWS_PER_PAGE)
    context = {
        "page": page.get_page(request.GET.get("page")),
        "wanted": status,
        "statuses": Passage.Status.choices,
    }
    return render(request, "register/passage_list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def passage(request: HttpRequest, passage_id: str) -> HttpResponse:
    """This will show the original beside what the rules leave of it (each look is noted), and publish what is typed."""
    found, by, now = _passage(request, passage_id), reviewer(request), timezone.now()
    try:
        original = services.show_original(passage=found, by=by, now=now)
    except services.PassageError as error:
        return render(request, "register/passage_detail.html", {"passage": found, "refused": str(error)}, status=403)
    latest = found.texts.select_related("note").order_by("-pk").first()
    first = latest.note.text if latest else original.proposal.text
    form = PassageForm(request.POST or None, initial={"text": first})
    if request.method == "POST" and form.is_valid():
        try:
            services.publish_passage(passage=found, text=form.cleaned_data["text"], by=by, now=now)
        except (services.PassageError, MovedMeanwhile) as error:
            form.add_error("text", str(error))
        else:
            messages.success(request, _("Published."))
            return redirect("register:passages")
    context = {
        "passage": found,
        "original": original,
        "form": form,
        "texts": list(found.texts.select_related("by").order_by("-pk")),
        "history": [
            {
                "at": event.at,
                "title": _("Original read")
                if event.reason_code == "original_read"
                else dict(Passage.Status.choices)[event.to_status],
                "by": event.by,
            }
            for event in events_of(found).reverse()[:50]
        ],
    }
    return render(request, "register/passage_detail.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def withhold(request: HttpRequest, passage_id: str) -> HttpResponse:
    """This will keep a passage from the public, from now on."""
    found, by = _passage(request, passage_id), reviewer(request)
    try:
        services.withhold_passage(passage=found, by=by, now=timezone.now())
    except services.PassageError as error:
        messages.error(request, str(error))
    except (MoveNotAllowed, MovedMeanwhile):
        messages.error(request, _("Meanwhile this case has moved on. Please look at it as it is now."))
    else:
        messages.success(request, _("Withheld."))
    return redirect("register:passages")


def reviewer(request: HttpRequest) -> User:
    """This will let nobody but a reviewer through; for others the door does not exist."""
    if not claims.may_review(request.user):
        raise Http404
    assert isinstance(request.user, User)
    return request.user


def _passage(request: HttpRequest, passage_id: str) -> Passage:
    reviewer(request)
    rows = Passage.objects.select_related("note", "entry__opt_out__holder", "entry__opt_out__created_by")
    found = rows.select_related("entry__opt_out__authority", "entry__licensee").filter(public_id=passage_id).first()
    if found is None:
        raise Http404
    return found
