"""Keys for programs: made, used and revoked."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from accounts import selectors
from accounts.models import ApiToken, User

PREFIX = "roms_"
LIFETIME_MAX = timedelta(days=366)
USE_NOTED_EVERY = timedelta(minutes=1)


class BadToken(Exception):
    """The key is unknown, expired or revoked, or its person may no longer log in."""

    status = 401


class SecondFactorMissing(Exception):
    """The society's staff act by nothing, keys included, before they have set up a second factor."""

    status = 403

    def __init__(self) -> None:
        super().__init__(_("Set up your second factor first: without it staff may do nothing else."))


class BadTokenTerms(Exception):
    """A key was asked for without scopes, with unknown ones, or for too long."""


def create_token(
    *, user: User, name: str, scopes: Collection[str], expires_at: datetime, now: datetime
) -> tuple[ApiToken, str]:
    """This will make a key and give it in clear, the only time anybody sees it.

    Raises: BadTokenTerms.
    """
    if not scopes or not set(scopes) <= set(ApiToken.Scope.values):
        raise BadTokenTerms(_("Choose what the key may do."))
    if not now < expires_at <= now + LIFETIME_MAX:
        raise BadTokenTerms(_("A key must end within a year."))
    key = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user,
        name=name,
        hint=key[:10],
        sha256=_digest(key),
        scopes=sorted(set(scopes)),
        created_at=now,
        expires_at=expires_at,
    )
    return token, key


def revoke_token(*, token: ApiToken, now: datetime) -> None:
    """This will end a key at once; doing it again changes nothing."""
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now)


def use_token(*, key: str, now: datetime) -> ApiToken:
    """This will find the living key and note its use, at most once a minute.

    Raises: BadToken, SecondFactorMissing.
    """
    token = ApiToken.objects.select_related("user").filter(sha256=_digest(key)).first()
    if token is None or token.revoked_at is not None or token.expires_at <= now or not token.user.is_active:
        raise BadToken(_("This key is unknown, expired or revoked."))
    if selectors.lacks_second_factor(token.user):
        raise SecondFactorMissing
    if token.last_used_at is None or now - token.last_used_at >= USE_NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token


def change_profile(*, user: User, display_name: str, language: str) -> None:
    """This will write how the person wants to be named and in which language."""
    User.objects.filter(pk=user.pk).update(display_name=display_name.strip(), language=language)


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
