"""Who may see which money."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from accounts.models import User
from catalog.models import HolderMember, RightsHolder
from sales.models import LicenseeMember

Person = User | AnonymousUser


def is_finance(user: Person) -> bool:
    """This will tell whether the person works in the money office."""
    return isinstance(user, User) and user.role in {User.Role.FINANCE, User.Role.SUPERVISOR}


def holders_for(user: Person) -> QuerySet[RightsHolder]:
    """This will find the holders whose money the person may see: those they act for, or all of them for finance."""
    if is_finance(user):
        return RightsHolder.objects.all()
    return RightsHolder.objects.filter(members__user_id=user.pk) if user.pk else RightsHolder.objects.none()


def may_keep_statement(user: Person, holder: RightsHolder) -> bool:
    """This will tell whether the person may do more than read for the holder."""
    if not user.pk:
        return False
    roles = [HolderMember.Role.OWNER, HolderMember.Role.EDITOR]
    return HolderMember.objects.filter(holder=holder, user_id=user.pk, role__in=roles).exists()


def sees_store_money(user: Person) -> bool:
    """This will tell whether the person is of the money office or acts for a store."""
    return is_finance(user) or bool(user.pk and LicenseeMember.objects.filter(user_id=user.pk).exists())
