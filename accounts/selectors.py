"""What a person may see of themselves."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import ApiToken, OutboxMessage, User


def tokens_of(user: User | AnonymousUser) -> QuerySet[ApiToken]:
    """This will find the person's own keys, newest first."""
    return ApiToken.objects.filter(user_id=user.pk or 0).order_by("-id")


def confirmed_addresses(user: User | AnonymousUser) -> set[str]:
    """This will give the addresses a person has shown to be theirs, in small letters."""
    rows = EmailAddress.objects.filter(user_id=user.pk or 0, verified=True)
    return {email.lower() for email in rows.values_list("email", flat=True)}


def has_second_factor(user: User | AnonymousUser) -> bool:
    """This will tell whether a person proves who they are by an authenticator app besides the password."""
    return Authenticator.objects.filter(user_id=user.pk or 0, type=Authenticator.Type.TOTP).exists()


def must_have_second_factor(user: object) -> bool:
    """This will tell whether a person may do nothing without a second factor: the society's staff, unless in a demo."""
    if not settings.ROMS_SECOND_FACTOR or not isinstance(user, User):
        return False
    return bool(user.role) or user.is_staff or user.is_superuser


def lacks_second_factor(user: object) -> bool:
    """This will tell whether somebody who must have a second factor has none yet."""
    return isinstance(user, User) and must_have_second_factor(user) and not has_second_factor(user)


def outbox() -> QuerySet[OutboxMessage]:
    """This will find the mail kept on a machine without a mail server, newest first."""
    return OutboxMessage.objects.order_by("-id")


def signed_in(request: HttpRequest) -> User:
    """This will give the person behind a request that `login_required` let through."""
    assert isinstance(request.user, User)
    return request.user
