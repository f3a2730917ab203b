"""How often one address may ask a door that is open to everybody: a patient page instead of a puzzle."""

import hashlib

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from core.htmx import render

MINUTE = 60


def asks_too_often(request: HttpRequest, what: str, most: int) -> bool:
    """This will count what an address asks for per minute, under a digest that is forgotten with the minute."""
    salted = f"{settings.SECRET_KEY}:{get_adapter(request).get_client_ip(request)}"
    key = f"{what}:{hashlib.sha256(salted.encode()).hexdigest()[:32]}"
    try:
        return cache.incr(key) > most
    except ValueError:  # the first in this minute
        cache.add(key, 1, MINUTE)
        return most < 1


def please_wait(request: HttpRequest) -> HttpResponse:
    """This will ask to wait a minute, without a puzzle to solve."""
    answer = render(request, "claims/too_often.html", "claims/_too_often.html", status=429)
    answer["Retry-After"] = str(MINUTE)
    return answer
