"""What every JSON door of the portal has in common: one shape of error, one way of paging, one limit of size.

An error is an RFC 9457 problem document (`application/problem+json`) with a stable `code` for programs, a `detail` for
people and, where single fields are at fault, `fields`: [{name, code, detail}]. A domain exception becomes one by
itself: its class name is the code (`ShareTaken` > `share_taken`), its text the detail; a class may set `status` (422
unless it does), `code` and `fields`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, TooManyFieldsSent, ValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.pagination import PageNumberPagination
from rest_framework.parsers import BaseParser, FormParser, JSONParser, MultiPartParser
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle, UserRateThrottle

from core.ids import BadPublicId
from core.money import TooManyDecimals
from core.workflow import MovedMeanwhile, MoveNotAllowed

PROBLEM_TYPE = "application/problem+json"
OUR_APPS = {"accounts", "catalog", "claims", "payouts", "sales"}
Field = dict[str, str]


class BodyTooLarge(exceptions.APIException):
    """The body of a request is larger than this door takes."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "body_too_large"


class Limited(BaseParser):
    """Reads a body into memory, but only one of at most DATA_UPLOAD_MAX_MEMORY_SIZE."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        """This will parse the body. Raises: BodyTooLarge before any of it is read."""
        request = (parser_context or {}).get("request")
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if request is not None and int(request.META.get("CONTENT_LENGTH") or 0) > limit:
            raise BodyTooLarge(_("The body has more than %(limit)s bytes.") % {"limit": limit})
        return super().parse(stream, media_type, parser_context)


class LimitedJSONParser(Limited, JSONParser):
    """JSON, never more than fits, never deeper than can be read, its text such as the database can hold."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        """This will parse the body. Raises: BodyTooLarge, ParseError."""
        try:
            found = super().parse(stream, media_type, parser_context)
            _check_text(found)
        except RecursionError as error:
            raise exceptions.ParseError(_("The JSON is nested too deeply.")) from error
        return found


class LimitedFormParser(Limited, FormParser):
    """A form as a browser sends it, never more than fits; the framework's own parser would read any amount."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        """This will parse the body. Raises: BodyTooLarge, ParseError."""
        found = super().parse(stream, media_type, parser_context)
        _check_text(dict(found.lists()))
        return found


class PartsParser(MultiPartParser):
    """A form with files; the files stay on disk, the fields are looked at."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        """This will parse the body. Raises: ParseError."""
        found = super().parse(stream, media_type, parser_context)
        _check_text(dict(found.data.lists()))
        return found


_NO_TEXT = re.compile("[\\0\ud800-\udfff]")


def _check_text(found: Any) -> None:
    """Refuse NUL and halves of a surrogate pair, wherever they stand: no text has them, no database takes them."""
    if isinstance(found, str) and _NO_TEXT.search(found):
        raise exceptions.ParseError(_("A text holds a character that is none: NUL, or half of a surrogate pair."))
    if isinstance(found, dict):
        for name, value in found.items():
            _check_text(name)
            _check_text(value)
    elif isinstance(found, list):
        for value in found:
            _check_text(value)


class Pages(PageNumberPagination):
    """`?page=2&page_size=100`; never more than 500 rows at once."""

    page_size = 50
    max_page_size = 500
    page_size_query_param = "page_size"


class AnonymousThrottle(AnonRateThrottle):
    """Counts requests per address; the rate is read when it is needed, so a setting can change it."""

    def get_rate(self) -> str | None:
        """This will give the rate, e.g. 120/min; None counts nothing."""
        rate: str | None = settings.ROMS_API_RATES["anonymous"]
        return rate


class PersonThrottle(UserRateThrottle):
    """Counts requests per person, whichever token or session they come with."""

    def get_rate(self) -> str | None:
        """This will give the rate, e.g. 1200/min; None counts nothing."""
        rate: str | None = settings.ROMS_API_RATES["person"]
        return rate


def problem_body(
    status_code: int, code: str, detail: str, *, fields: Sequence[Field] = (), instance: str = ""
) -> dict[str, Any]:
    """This will give the document that describes one error."""
    body: dict[str, Any] = {
        "type": f"urn:roms:problem:{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": status_code,
        "code": code,
        "detail": detail,
    }
    if fields:
        body["fields"] = list(fields)
    if instance:
        body["instance"] = instance
    return body


def problem(
    status_code: int,
    code: str,
    detail: str,
    *,
    fields: Sequence[Field] = (),
    headers: Mapping[str, str] | None = None,
    instance: str = "",
) -> Response:
    """This will give the answer for one error."""
    body = problem_body(status_code, code, detail, fields=fields, instance=instance)
    return Response(body, status=status_code, headers=headers, content_type=PROBLEM_TYPE)


def exception_handler(exc: Exception, context: Mapping[str, Any]) -> Response | None:
    """This will turn whatever an API view raised into a problem; None (an error 500) for what nobody foresaw."""
    request = context.get("request")
    instance = request.path if request is not None else ""
    if isinstance(exc, exceptions.APIException):
        return _of_framework(exc, instance)
    found = _of_django(exc) or _of_domain(exc)
    if found is None:
        return None
    status_code, code, detail, fields = found
    return problem(status_code, code, detail, fields=fields, instance=instance)


def _of_framework(exc: exceptions.APIException, instance: str) -> Response:
    headers = {}
    if getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = exc.auth_header  # type: ignore[attr-defined]
    if getattr(exc, "wait", None):
        headers["Retry-After"] = str(int(exc.wait) + 1)  # type: ignore[attr-defined]
    if isinstance(exc, exceptions.ValidationError):
        fields = list(_faults(exc.get_full_details()))
        detail = _("Some fields are not in order; each is named with its reason.")
        return problem(exc.status_code, "invalid", detail, fields=fields, headers=headers, instance=instance)
    code = exc.get_codes()
    name = code if isinstance(code, str) else exc.default_code
    return problem(exc.status_code, name, str(exc.detail), headers=headers, instance=instance)


def _faults(details: Any, path: str = "") -> Iterator[Field]:
    if isinstance(details, Mapping) and set(details) == {"message", "code"}:
        yield {"name": path, "code": str(details["code"]), "detail": str(details["message"])}
    elif isinstance(details, Mapping):
        for name, inner in details.items():
            yield from _faults(inner, f"{path}.{name}" if path else str(name))
    elif isinstance(details, list):
        single = all(isinstance(item, Mapping) and set(item) == {"message", "code"} for item in details)
        for index, inner in enumerate(details):
            yield from _faults(inner, path if single else f"{path}.{index}")


Found = tuple[int, str, str, Sequence[Field]]


def _of_django(exc: Exception) -> Found | None:
    if isinstance(exc, Http404 | BadPublicId):
        return 404, "not_found", _("There is nothing here, or nothing you may see."), ()
    if isinstance(exc, PermissionDenied):
        return 403, "permission_denied", str(exc) or _("You may not do this."), ()
    if isinstance(exc, RequestDataTooBig | TooManyFieldsSent):
        return 413, "body_too_large", str(exc), ()
    if isinstance(exc, ValidationError):
        return 400, "invalid", _("Some fields are not in order; each is named with its reason."), _model_faults(exc)
    return None


def _model_faults(exc: ValidationError) -> list[Field]:
    by_name = exc.error_dict if hasattr(exc, "error_dict") else {"": exc.error_list}
    return [
        {"name": name, "code": error.code or "invalid", "detail": message}
        for name, errors in by_name.items()
        for error in errors
        for message in error.messages
    ]


def _of_domain(exc: Exception) -> Found | None:
    """Describe an exception of our own services; anything else is a fault of the program and no answer."""
    kind = type(exc)
    detail, default = str(exc), 422
    if isinstance(exc, MoveNotAllowed | MovedMeanwhile):  # their own words are for logs: they name row numbers
        detail, default = _("Meanwhile this case has moved on. Please look at it as it is now."), 409
    elif isinstance(exc, TooManyDecimals):
        detail = _("The amount %(amount)s has more than eight decimals.") % {"amount": exc}
    elif kind.__module__.partition(".")[0] not in OUR_APPS:
        return None
    code = getattr(exc, "code", "") or re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", kind.__name__).lower()
    return getattr(exc, "status", default), str(code), detail, getattr(exc, "fields", ())


def describe_problems(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """This will tell in the OpenAPI document what any error of any door looks like."""
    text: dict[str, Any] = {"type": "string"}
    fault = {"type": "object", "properties": {"name": text, "code": text, "detail": text}}
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = {
        "type": "object",
        "description": "RFC 9457 problem details.",
        "properties": {
            "type": text,
            "title": text,
            "status": {"type": "integer"},
            "code": {"type": "string", "description": "Stable; for programs."},
            "detail": {"type": "string", "description": "For people, in their language."},
            "instance": text,
            "fields": {"type": "array", "items": fault},
        },
        "required": ["type", "title", "status", "code", "detail"],
    }
    answer = {
        "description": "An error.",
        "content": {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for operations in result.get("paths", {}).values():
        for operation in operations.values():
            if isinstance(operation, dict) and "responses" in operation:
                operation["responses"].setdefault("default", answer)
    return result
