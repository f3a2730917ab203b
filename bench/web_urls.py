"""The portal's addresses and `bare/`: a trivial view with a template of twenty rows, through the same middleware."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

ROWS = [(number, f"Row {number}", number * 3) for number in range(20)]
PAGE = engines["django"].from_string(
    "<!doctype html><title>Bare</title><table>"
    "{% for number, name, sum in rows %}<tr><td>{{ number }}<td>{{ name }}<td>{{ sum }}</tr>{% endfor %}</table>"
)


def bare(request: HttpRequest) -> HttpResponse:
    """Answer with the table."""
    return HttpResponse(PAGE.render({"rows": ROWS}, request))


urlpatterns = [path("bare/", bare), path("", include("roms_portal.urls"))]
