"""One answer for a browser with and without htmx: the whole page, or only the fragment that changed."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render as render_template
from django.utils.cache import patch_vary_headers

_HEADERS = ("HX-Request", "HX-Boosted", "HX-History-Restore-Request")


def wants_fragment(request: HttpRequest) -> bool:
    """Tell whether htmx asked for a part; a boosted link and a lost history entry want the whole page."""
    asked, boosted, restoring = (request.headers.get(name) == "true" for name in _HEADERS)
    return asked and not boosted and not restoring


def render(
    request: HttpRequest, page: str, fragment: str, ctx: Mapping[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """Render `fragment` for htmx and `page` (which includes the fragment) for everybody else."""
    template = fragment if wants_fragment(request) else page
    response = render_template(request, template, dict(ctx or {}), status=status)
    patch_vary_headers(response, _HEADERS)
    return response
