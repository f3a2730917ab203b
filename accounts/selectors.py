"""What a person may see of themselves."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from accounts.models import ApiToken, User


def tokens_of(user: User | AnonymousUser) -> QuerySet[ApiToken]:
    """This will find the person's own keys, newest first."""
    return ApiToken.objects.filter(user_id=user.pk).order_by("-id")
