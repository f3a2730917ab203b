"""What a person may see of themselves."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import ApiToken, OutboxMessage, User


def tokens_of(user: User | AnonymousUser) -> QuerySet[ApiToken]:
    """This will find the person's own keys, newest first."""
    return ApiToken.objects.filter(user_id=user.pk or 0).order_by("-id")


def outbox() -> QuerySet[OutboxMessage]:
    """This will find the mail kept on a machine without a mail server, newest first."""
    return OutboxMessage.objects.order_by("-id")


def signed_in(request: HttpRequest) -> User:
    """This will give the person behind a request that `login_required` let through."""
    assert isinstance(request.user, User)
    return request.user
