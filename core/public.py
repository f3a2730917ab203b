"""Pages that are the same for everybody: they look at no person, set no cookie, and any cache may keep them.

The language is in the address (`?lang=ru`) or what the browser asks for; the language cookie is not looked at, else one
address would have answers a cache cannot tell apart.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from django.utils.translation import trans_real

SECONDS_FRESH = 60
SEES_NO_PERSON = "sees_no_person"
Stamp = Callable[..., datetime | None]


def language_of(request: HttpRequest) -> str:
    """This will give the language of a public page: the address says it, else the browser, else the portal."""
    asked = request.GET.get("lang", "")
    if asked in dict(settings.LANGUAGES):
        return asked
    for code, _weight in trans_real.parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if code == "*":
            break
        try:
            return translation.get_supported_language_variant(code)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE


def public_page(stamp: Stamp) -> Callable[[Callable[..., Any]], Callable[..., HttpResponseBase]]:
    """This will make a view public. `stamp` takes the view's arguments and says when what it shows last changed.

    The answer carries ETag, Last-Modified and Cache-Control; who has it already gets 304 and the view is not run.
    """

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            language = language_of(request)
            moment = stamp(request, *args, **kwargs)
            etag = _etag(request, language, moment)
            seconds = int(moment.timestamp()) if moment else None
            with translation.override(language):
                known = get_conditional_response(request, etag=etag, last_modified=seconds)
                response: HttpResponseBase = known if known is not None else view(request, *args, **kwargs)
            if response.status_code in (200, 304):
                response["ETag"] = etag
                if seconds is not None:
                    response["Last-Modified"] = http_date(seconds)
                response["Cache-Control"] = f"public, max-age={SECONDS_FRESH}"
            response["Content-Language"] = language
            return response

        setattr(answer, SEES_NO_PERSON, True)
        return answer

    return decorate


def _etag(request: HttpRequest, language: str, moment: datetime | None) -> str:
    said = f"{request.get_full_path()} {language} {moment.isoformat() if moment else ''}"
    return quote_etag(sha256(said.encode()).hexdigest()[:32])
