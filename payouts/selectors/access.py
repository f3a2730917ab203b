"""Who may see which money."""

from django.db.models import QuerySet

from accounts.models import User
from catalog import selectors as catalog
from catalog.models import RightsHolder
from catalog.selectors.holder import Person
from sales.models import Licensee, LicenseeMember

FINANCE = {User.Role.FINANCE, User.Role.SUPERVISOR}


def is_finance(user: Person) -> bool:
    """This will tell whether the person works in the money office."""
    return isinstance(user, User) and user.is_active and user.role in FINANCE


def holders_for(user: Person) -> QuerySet[RightsHolder]:
    """This will find the holders whose money the person may see: those they act for, or all of them for finance."""
    if is_finance(user):
        return RightsHolder.objects.all()
    return catalog.holders_for(user)


def may_keep_statement(user: Person, holder: RightsHolder) -> bool:
    """This will tell whether the person may do more than read for the holder."""
    return catalog.may_write(user, holder)


def acts_for_store(user: Person, licensee: Licensee) -> bool:
    """This will tell whether the person is one of a store's people."""
    return LicenseeMember.objects.filter(licensee=licensee, user_id=user.pk or 0).exists()


def sees_store_money(user: Person) -> bool:
    """This will tell whether the person is of the money office or acts for a store."""
    return is_finance(user) or LicenseeMember.objects.filter(user_id=user.pk or 0).exists()
