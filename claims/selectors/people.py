"""Who may see and do what with cases: members of the holder, its agents, and the society's reviewers."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q

from catalog.models import Authority, HolderMember
from catalog.selectors import holders_for, may_review, may_write
from catalog.selectors.holder import WRITING_ROLES, Person

__all__ = [
    "Person",
    "holders_for",
    "is_in_force",
    "is_member",
    "may_review",
    "may_write",
    "seen_holders",
    "writers_of",
]


def is_member(user: Person, holder_ids: Collection[int]) -> bool:
    """This will tell whether somebody belongs to any of these holders, in any role."""
    return HolderMember.objects.filter(user=user.pk or 0, holder_id__in=holder_ids).exists()


def writers_of(holder_ids: Collection[int]) -> list[int]:
    """This will name the people who may file for any of these holders and can still log in."""
    members = HolderMember.objects.filter(holder__in=holder_ids, role__in=WRITING_ROLES, user__is_active=True)
    return list(members.order_by("user_id").values_list("user_id", flat=True).distinct())


def is_in_force(paper: Authority, day: date) -> bool:
    """This will tell whether an agent may still, and already, act for its principal."""
    return (paper.start is None or paper.start <= day) and (paper.end is None or day < paper.end)


def seen_holders(user: Person) -> Q:
    """This will give the condition that a case's holder, or its agent, is one of the person's."""
    mine = HolderMember.objects.filter(user=user.pk or 0).values("holder_id")
    return Q(holder__in=mine) | Q(authority__agent__in=mine)
