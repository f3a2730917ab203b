"""What no request may carry, refused once for all doors."""

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_to_bytes

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from core.api import PROBLEM_TYPE, problem_body


class ReadableText:
    """Refuses the character NUL, which no browser sends, no text has and the database cannot hold.

    Bodies of the API are looked at where they are parsed (`core.api`); a form was read for its CSRF token already.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """This will pass on; the check needs the body, which is read after the limits of the other doors."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *arguments: Any) -> HttpResponse | None:
        """This will answer 404 to such an address and 400 to such a question or form."""
        is_api = request.path.startswith("/api/")
        if "\0" in request.path:
            if not is_api:
                raise Http404
            body = problem_body(404, "not_found", _("There is nothing here, or nothing you may see."))
            return JsonResponse(body, status=404, content_type=PROBLEM_TYPE)
        if b"\0" not in unquote_to_bytes(request.META.get("QUERY_STRING", "")) and (
            request.method != "POST" or getattr(view, "csrf_exempt", False) or not _has_nul(request)
        ):
            return None
        said = _("The request holds a character that is no text (NUL). Please leave it out.")
        if is_api:
            return JsonResponse(problem_body(400, "not_text", said), status=400, content_type=PROBLEM_TYPE)
        return render(request, "400.html", {"said": said}, status=400)


def _has_nul(request: HttpRequest) -> bool:
    form = request.POST
    return any("\0" in name or any("\0" in value for value in form.getlist(name)) for name in form)
