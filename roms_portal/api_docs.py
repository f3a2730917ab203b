"""The API's own pages: its root, the answer to unknown addresses, and documentation drawn from the OpenAPI document.

The page is plain HTML from our own template: nothing is loaded from elsewhere and no script is needed to read it.
"""

from collections import defaultdict
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.decorators import api_view, permission_classes, throttle_classes
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

METHODS = ("get", "post", "put", "patch", "delete")


@extend_schema(responses={200: dict[str, str]}, operation_id="root", tags=["about"])
@api_view(["GET"])
@permission_classes([AllowAny])
def root(request: Request) -> Response:
    """Name the document that describes this API, and its documentation for people."""
    return Response(
        {
            "schema": reverse("api-schema", request=request),
            "documentation": reverse("api-docs", request=request),
        }
    )


@extend_schema(exclude=True)
@api_view(["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
@permission_classes([AllowAny])
@throttle_classes([])
def nothing_here(request: Request, rest: str = "") -> Response:
    """This will answer every address the API does not have."""
    raise exceptions.NotFound


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """This will show the documentation page."""
    return render(request, "api/docs.html", {"groups": documentation(), "host": request.get_host()})


@cache
def documentation() -> list[dict[str, Any]]:
    """This will read the OpenAPI document into what the page shows: operations by noun, references resolved."""
    document = SchemaGenerator().get_schema(request=None, public=True)
    schemas = document.get("components", {}).get("schemas", {})
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for address, operations in document["paths"].items():
        for method in METHODS:
            if method in operations:
                groups[_noun(address)].append(_operation(address, method, operations[method], schemas))
    return [{"noun": noun, "operations": found} for noun, found in sorted(groups.items())]


def _noun(address: str) -> str:
    return (address.removeprefix("/api/v1/").split("/")[0] or "about").replace("-", " ")


def _operation(address: str, method: str, found: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    summary, _, more = found.get("description", "").partition("\n")
    body = found.get("requestBody", {}).get("content", {})
    answers = [
        {"status": status, "fields": _fields(_first_schema(answer.get("content", {})), schemas)}
        for status, answer in found["responses"].items()
        if status != "default"
    ]
    return {
        "id": found["operationId"],
        "method": method.upper(),
        "address": address,
        "summary": summary or found["operationId"].replace("_", " "),
        "more": more.strip(),
        "is_public": {} in found.get("security", [{}]),
        "parameters": [
            item | {"type": _type(item["schema"], schemas)}
            for item in found.get("parameters", [])
            if item["in"] != "header"
        ],
        "body_types": list(body),
        "body": _fields(_first_schema(body), schemas),
        "answers": answers,
    }


def _first_schema(content: dict[str, Any]) -> dict[str, Any]:
    for kind in content.values():
        schema: dict[str, Any] = kind.get("schema", {})
        return schema
    return {}


def _resolve(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    inner = schema.get("allOf", [schema])[0]
    if "$ref" in inner:
        resolved: dict[str, Any] = schemas[inner["$ref"].rpartition("/")[2]]
        return resolved
    return inner


def _fields(schema: dict[str, Any], schemas: dict[str, Any], depth: int = 0) -> list[dict[str, Any]]:
    found = _resolve(schema, schemas)
    if found.get("type") == "array":
        return _fields(found["items"], schemas, depth)
    required = set(found.get("required", []))
    rows = []
    for name, field in found.get("properties", {}).items():
        inner = _resolve(field, schemas)
        nested = inner.get("items", inner)
        rows.append(
            {
                "name": name,
                "type": _type(field, schemas),
                "required": name in required,
                "about": (field.get("description") or inner.get("description", "")).partition("* `")[0].strip(),
                "fields": _fields(nested, schemas, depth + 1) if depth < 3 else [],
            }
        )
    return rows


def _type(field: dict[str, Any], schemas: dict[str, Any]) -> str:
    found = _resolve(field, schemas)
    if "enum" in found:
        return " | ".join(str(value) for value in found["enum"])
    if found.get("type") == "array":
        return f"list of {_type(found['items'], schemas)}"
    kind = found.get("type", "object")
    words = "/".join(kind) if isinstance(kind, list) else str(kind)
    return f"{words} ({found['format']})" if "format" in found else words


class TokenScheme(OpenApiAuthenticationExtension):
    """Says in the OpenAPI document how a key is sent."""

    target_class = "accounts.api.doors.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """This will describe the header."""
        return {"type": "http", "scheme": "bearer", "description": "A key from your profile page, `roms_...`."}
