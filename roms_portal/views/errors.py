"""What a visitor reads when a page can't be shown."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from core.api import PROBLEM_TYPE, problem_body


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """This will answer 403: the form was too old, or the step is not yours."""
    return render(request, "403.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """This will answer a form that was open too long, or that came from elsewhere."""
    return forbidden(request)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """This will answer 404, the same whether a page does not exist or is somebody else's."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """This will answer 500 without touching database or session: they may be what failed. To programs as a problem."""
    if request.path.startswith("/api/"):
        code, detail = "internal_error", "Something went wrong on our side. It has been noted; please try again later."
        return JsonResponse(problem_body(500, code, detail), status=500, content_type=PROBLEM_TYPE)
    return HttpResponse(render_to_string("500.html"), status=500)
