"""Watching a name by mail, without an account."""

from django.conf import settings
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.shortcuts import render as render_page
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims import services
from claims.forms import WatchForm
from claims.models import NameWatch
from claims.views.rate import asks_too_often, please_wait
from core.htmx import render, wants_fragment

ASKED_PER_MINUTE = 6


@require_http_methods(["GET", "HEAD", "POST"])
def ask_watch(request: HttpRequest) -> HttpResponse:
    """This will ask for a name and an address, and write to the address; the answer is the same whoever asks."""
    if request.method != "POST":
        asked = {"kind": request.GET.get("kind", "artist"), "name": request.GET.get("name", "")[:300]}
        return render_page(request, "claims/watch_form.html", {"watch_form": WatchForm(initial=asked)})
    if asks_too_often(request, "watch", ASKED_PER_MINUTE):
        return please_wait(request)
    form = WatchForm(request.POST)
    if form.is_valid():
        try:
            services.ask_watch(
                kind=form.cleaned_data["kind"],
                name=form.cleaned_data["name"],
                address=form.cleaned_data["email"],
                language=get_language() or settings.LANGUAGE_CODE,
                now=timezone.now(),
                secret=settings.SECRET_KEY,
            )
        except services.NoSuchName as refusal:
            form.add_error("name", str(refusal))
        else:
            if wants_fragment(request):
                return render_page(request, "claims/_watch_asked.html")
            return redirect("claims:watch_asked")
    return render(request, "claims/watch_form.html", "claims/_watch_form.html", {"watch_form": form}, status=422)


@require_safe
def watch_asked(request: HttpRequest) -> HttpResponse:
    """This will say to look into the mailbox."""
    return render_page(request, "claims/watch_asked.html")


@require_safe
def watch(request: HttpRequest, token: str) -> HttpResponse:
    """This will show one watch to whoever got its mail: to confirm it, or to stop it. Looking changes nothing."""
    return render_page(request, "claims/watch.html", {"watch": _watch(token), "token": token})


@require_POST
def confirm_watch(request: HttpRequest, token: str) -> HttpResponse:
    """This will begin to watch."""
    found = _watch(token)
    if found is not None:
        services.confirm_watch(watch=found, now=timezone.now())
    return redirect("claims:watch", token=token)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop_watch(request: HttpRequest, token: str) -> HttpResponse:
    """This will stop at once and forget the address. Mail programs post here by themselves (RFC 8058), so it asks for
    no form of ours and answers without leading elsewhere; who only opens the link gets the page with the button.
    """
    found = _watch(token)
    if request.method != "POST":
        return redirect("claims:watch", token=token)
    if found is not None:
        services.stop_watch(watch=found, now=timezone.now())
    return render_page(request, "claims/watch.html", {"watch": None, "token": token})


def _watch(token: str) -> NameWatch | None:
    try:
        return services.watch_by_token(token)
    except BadSignature:
        raise Http404 from None
