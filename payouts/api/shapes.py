"""What JSON doors of the money office share: bodies read, rows in pages, and what a second person says."""

from collections.abc import Callable
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import ApiToken
from core.api import Pages

Shape = type[serializers.Serializer[Any]]


class PageShape(serializers.Serializer[Any]):
    """What every page of rows has."""

    count = serializers.IntegerField()
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)


class ForReasonShape(serializers.Serializer[Any]):
    """Why somebody does what is not done without words."""

    reason = serializers.CharField(max_length=1000)


class SecondWordShape(serializers.Serializer[Any]):
    """What the second person says."""

    approve = serializers.BooleanField(help_text="false refuses it.")
    reason = serializers.CharField(max_length=1000, required=False, default="")


def read_body(shape: Shape, request: Request) -> dict[str, Any]:
    """This will read what was sent into the words of a shape. Raises: ValidationError."""
    form = shape(data=request.data)
    form.is_valid(raise_exception=True)
    read: dict[str, Any] = form.validated_data
    return read


def paged(request: Request, rows: Any, shape: Shape, **context: Any) -> Response:
    """This will answer with one page of rows; `context` is what the shape has to know beside them."""
    pages = Pages()
    found: Any = pages.paginate_queryset(rows, request)
    return pages.get_paginated_response(shape(found, many=True, context=context).data)


def decides_money(*doors: Callable[..., Any]) -> None:
    """This will ask a key that writes at these doors for the scope of those who decide."""
    for door in doors:
        door.cls.write_scope = ApiToken.Scope.DECIDE  # type: ignore[attr-defined]
