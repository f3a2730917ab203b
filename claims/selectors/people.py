"""Who may see and do what with cases: members of the holder, its agents, and the society's reviewers."""

from collections.abc import Collection

from django.db.models import Q

from catalog.models import HolderMember
from catalog.selectors import holders_for, may_review, may_write
from catalog.selectors.holder import Person

__all__ = ["Person", "holders_for", "is_member", "may_review", "may_write", "seen_holders"]


def is_member(user: Person, holder_ids: Collection[int]) -> bool:
    """This will tell whether somebody belongs to any of these holders, in any role."""
    return HolderMember.objects.filter(user=user.pk or 0, holder_id__in=holder_ids).exists()


def seen_holders(user: Person) -> Q:
    """This will give the condition that a case's holder, or its agent, is one of the person's."""
    mine = HolderMember.objects.filter(user=user.pk or 0).values("holder_id")
    return Q(holder__in=mine) | Q(authority__agent__in=mine)
