"""What JSON doors share: who is there, what was sent, and which scope of a key a writing door asks for.

That is `write` unless a door says otherwise.
"""

from collections.abc import Callable
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

from accounts.models import ApiToken, User


def person(request: Request) -> User:
    """This will give the person at a door that nobody opens without a key or a session."""
    assert isinstance(request.user, User)
    return request.user


def read_body(shape: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """This will read what was sent into the words of a shape. Raises: ValidationError."""
    form = shape(data=request.data)
    form.is_valid(raise_exception=True)
    read: dict[str, Any] = form.validated_data
    return read


def answers_for_store(view: Callable[..., Any]) -> Callable[..., Any]:
    """This will ask for the scope of stores instead of the scope of holders."""
    view.cls.write_scope = ApiToken.Scope.REPORTS  # type: ignore[attr-defined]
    return view


def decides(view: Callable[..., Any]) -> Callable[..., Any]:
    """This will ask for the scope of staff who decide cases."""
    view.cls.write_scope = ApiToken.Scope.DECIDE  # type: ignore[attr-defined]
    return view
