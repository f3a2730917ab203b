"""Who is at a JSON door, and which scope of a key a writing door asks for: `write` unless it says otherwise."""

from collections.abc import Callable
from typing import Any

from rest_framework.request import Request

from accounts.models import ApiToken, User


def person(request: Request) -> User:
    """This will give the person at a door that nobody opens without a key or a session."""
    assert isinstance(request.user, User)
    return request.user


def answers_for_store(view: Callable[..., Any]) -> Callable[..., Any]:
    """This will ask for the scope of stores instead of the scope of holders."""
    view.cls.write_scope = ApiToken.Scope.REPORTS  # type: ignore[attr-defined]
    return view


def decides(view: Callable[..., Any]) -> Callable[..., Any]:
    """This will ask for the scope of staff who decide cases."""
    view.cls.write_scope = ApiToken.Scope.DECIDE  # type: ignore[attr-defined]
    return view
