"""The society's staff may do nothing before they have a second factor, by page or by API."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect

from accounts import selectors
from accounts.services import SecondFactorMissing
from core.api import PROBLEM_TYPE, problem_body
from core.htmx import wants_fragment
from core.public import SEES_NO_PERSON

OPEN = ("mfa_", "account_", "set_language", "healthz")
"""Beginnings of the names of addresses that lead to a second factor, or out."""


class SecondFactorMiddleware:
    """Leads staff without a second factor to its set-up, wherever they were going."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """This will pass on; the check needs to know which address was asked for."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        """This will stop who must have a second factor and has none, except on the way to it."""
        match = request.resolver_match
        name = match.url_name if match is not None else None
        if match is not None and getattr(match.func, SEES_NO_PERSON, False):
            return None
        if (name or "").startswith(OPEN) or not selectors.lacks_second_factor(request.user):
            return None
        if request.path.startswith("/api/"):
            body = problem_body(403, "second_factor_missing", str(SecondFactorMissing()))
            return JsonResponse(body, status=403, content_type=PROBLEM_TYPE)
        answer = redirect("mfa_activate_totp")
        if wants_fragment(request):
            return HttpResponse(headers={"HX-Redirect": answer.url})
        return answer
