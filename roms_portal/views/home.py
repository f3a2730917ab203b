"""The front page for visitors and the home of everybody who is logged in."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from roms_portal.navigation import audience_of


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """This will show what the portal is for, to anybody."""
    return render(request, "home.html")


@require_safe
@login_required
def dashboard(request: HttpRequest) -> HttpResponse:
    """This will show a person what there is and what to do next: holder, store, reviewer or finance."""
    return render(request, f"dashboard/{audience_of(request.user)}.html")
