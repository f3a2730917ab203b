"""Proof that the right person still sits at the screen, asked for before money decisions and bank details.

    @login_required
    @require_POST
    @sudo_required
    def approve_batch(request, batch_id): ...

Who logged in or proved it again within the last minutes (`ACCOUNT_REAUTHENTICATION_TIMEOUT`) goes on; others confirm by
password, or by their second factor where they have one, and land where they were going: a form they sent is sent again
by itself, without its files. A page that takes files therefore asks when it is opened, not only when it is sent.
`second_factor_required` asks besides that there is a second factor at all. To let a stranger meet 404 before any
question, call `ask_again(request)` inside the view, after the object was found.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from allauth.account import app_settings
from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts import selectors

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
NEXT = "after_second_factor"


def proved_recently(request: HttpRequest) -> bool:
    """This will tell whether the person proved recently who they are, by the strongest proof they have."""
    user = request.user
    if not user.is_authenticated:
        return False
    since = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
    recent = {record["method"] for record in get_authentication_records(request, user) if record["at"] > since}
    return "mfa" in recent if selectors.has_second_factor(user) else bool(recent)


def ask_again(request: HttpRequest) -> None:
    """This will let a logged-in person go on only with a recent proof. Raises: what the log-in library answers with."""
    if request.user.is_authenticated and not proved_recently(request):
        raise ReauthenticationRequired


def ask_second_factor(request: HttpRequest) -> None:
    """This will let a logged-in person go on only with a recent proof by a second factor, and have it set up first."""
    user = request.user
    if user.is_authenticated and settings.ROMS_SECOND_FACTOR and not selectors.has_second_factor(user):
        request.session[NEXT] = request.get_full_path()
        messages.info(request, _("This needs a second factor: an app on your phone that shows a code. Set it up once."))
        raise ImmediateHttpResponse(redirect("mfa_activate_totp"))
    ask_again(request)


def sudo_required(view: View[P]) -> View[P]:
    """This will ask for a recent proof before a view (below `login_required`)."""
    return _asking(view, ask_again)


def second_factor_required(view: View[P]) -> View[P]:
    """This will ask for a second factor, and a recent proof by it, before a view (below `login_required`)."""
    return _asking(view, ask_second_factor)


def _asking(view: View[P], ask: Callable[[HttpRequest], None]) -> View[P]:
    @wraps(view)
    def asking(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        ask(request)
        return view(request, *args, **kwargs)

    return asking
