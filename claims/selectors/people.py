"""Who may see and do what with cases: members of the holder, its agents, and the society's reviewers."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from accounts.models import User
from catalog.models import Authority, HolderMember, RightsHolder
from catalog.selectors import has_belonged, holders_for, may_review, may_write, role_in
from catalog.selectors.holder import WRITING_ROLES, Person
from sales.models import LicenseeMember

__all__ = [
    "Person",
    "authorities_held",
    "colleagues_of",
    "holders_for",
    "in_force",
    "is_in_force",
    "is_member",
    "may_review",
    "may_write",
    "may_write_case",
    "papers_held",
    "role_in",
    "seen_holders",
    "writers_of",
]


def is_member(user: Person, holder_ids: Collection[int]) -> bool:
    """This will tell whether somebody belongs to any of these holders, in any role, or ever did."""
    return has_belonged(user, holder_ids)


def colleagues_of(user: User, among: Collection[int]) -> set[int]:
    """This will say which of these people belong to a holder or a store of this person, who is one of them too."""
    holders = HolderMember.objects.filter(user=user).values("holder_id")
    stores = LicenseeMember.objects.filter(user=user).values("licensee_id")
    same = HolderMember.objects.filter(user__in=among, holder__in=holders).values_list("user_id", flat=True)
    till = LicenseeMember.objects.filter(user__in=among, licensee__in=stores).values_list("user_id", flat=True)
    return {user.pk, *same, *till}


def writers_of(holder_ids: Collection[int]) -> dict[int, list[int]]:
    """This will name, by holder, the people who may file for it and can still log in; one statement for all."""
    members = HolderMember.objects.filter(holder__in=holder_ids, role__in=WRITING_ROLES, user__is_active=True)
    found: dict[int, list[int]] = {}
    for holder, user in members.order_by("user_id").values_list("holder_id", "user_id"):
        found.setdefault(holder, []).append(user)
    return found


def is_in_force(paper: Authority, day: date) -> bool:
    """This will tell whether an agent may still, and already, act for its principal."""
    begun = paper.status == Authority.Status.GRANTED and (paper.start is None or paper.start <= day)
    return begun and (paper.end is None or day < paper.end)


def seen_holders(user: Person) -> Q:
    """This will give the condition that a case's holder, or its agent while the authority holds, is the person's."""
    mine = HolderMember.objects.filter(user=user.pk or 0).values("holder_id")
    own = Q(holder__in=mine) | Q(holder__merged_into__in=mine)
    return own | (Q(authority__agent__in=mine) & in_force("authority__"))


def in_force(prefix: str = "") -> Q:
    """This will give the condition that an authority holds today, by the database's calendar."""
    begun = Q(**{f"{prefix}start": None}) | Q(**{f"{prefix}start__lte": Now()})
    granted = Q(**{f"{prefix}status": Authority.Status.GRANTED})
    return granted & begun & (Q(**{f"{prefix}end": None}) | Q(**{f"{prefix}end__gt": Now()}))


def authorities_held(user: Person, purpose: str, day: date) -> QuerySet[Authority]:
    """This will list the authorities under which somebody may act for a principal, for this purpose, on a day."""
    held = Authority.objects.filter(agent__in=holders_for(user, writing=True), purposes__contains=[purpose])
    held = held.filter(status=Authority.Status.GRANTED)
    held = held.filter(Q(end=None) | Q(end__gt=day), Q(start=None) | Q(start__lte=day))
    return held.select_related("principal", "agent").order_by("principal__name", "pk")


def papers_held(user: Person, day: date) -> QuerySet[Authority]:
    """This will list the authorities under which somebody may collect or take down for a principal, on a day."""
    collect, take_down = (authorities_held(user, purpose, day) for purpose in ("collect", "take_down"))
    return collect | take_down


def may_write_case(user: Person, holder: RightsHolder, paper: Authority | None, day: date) -> bool:
    """This will tell whether somebody may change a case: for its holder, or for the agent while its authority holds."""
    if may_write(user, holder):
        return True
    return paper is not None and is_in_force(paper, day) and may_write(user, paper.agent)
