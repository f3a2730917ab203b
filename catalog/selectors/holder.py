"""Who may see and write for which holder."""

from typing import TypeAlias

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from accounts.models import User
from catalog.models import HolderMember, RightsHolder

Person: TypeAlias = User | AnonymousUser
WRITING_ROLES = (HolderMember.Role.OWNER, HolderMember.Role.EDITOR)
REVIEWING_ROLES = (User.Role.REVIEWER, User.Role.SUPERVISOR)


def holders_for(user: Person, *, writing: bool = False) -> QuerySet[RightsHolder]:
    """This will list the holders a person belongs to; with `writing`, those the person may act for."""
    members = HolderMember.objects.filter(user_id=user.pk or 0)
    if writing:
        members = members.filter(role__in=WRITING_ROLES)
    return RightsHolder.objects.filter(pk__in=members.values("holder_id")).order_by("name", "pk")


def role_in(user: Person, holder: RightsHolder) -> str:
    """This will return a person's role in a holder, or an empty text."""
    found = HolderMember.objects.filter(user_id=user.pk or 0, holder=holder).values_list("role", flat=True).first()
    return found or ""


def may_write(user: Person, holder: RightsHolder) -> bool:
    """This will tell whether a person may file and change things for a holder."""
    return role_in(user, holder) in WRITING_ROLES


def may_review(user: Person) -> bool:
    """This will tell whether a person decides cases for the society."""
    return isinstance(user, User) and user.is_active and user.role in REVIEWING_ROLES


def may_import_catalogue(user: Person) -> bool:
    """This will tell whether a person may bring catalogue files in: anybody of the society's staff."""
    return isinstance(user, User) and user.is_active and (bool(user.role) or user.is_superuser)
