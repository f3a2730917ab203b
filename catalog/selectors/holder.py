"""Who may see and write for which holder."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TypeAlias

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Exists, Q, QuerySet, When

from accounts.models import User
from catalog.models import HolderInvitation, HolderMember, RightsHolder
from core.models import Event

Person: TypeAlias = User | AnonymousUser
WRITING_ROLES = (HolderMember.Role.OWNER, HolderMember.Role.EDITOR)
REVIEWING_ROLES = (User.Role.REVIEWER, User.Role.SUPERVISOR)


def holders_for(user: Person, *, writing: bool = False) -> QuerySet[RightsHolder]:
    """This will list the holders a person belongs to; with `writing`, those the person may act for.

    For a suspended holder nobody acts; one that became part of another is not listed, the other is.
    """
    members = HolderMember.objects.filter(user_id=user.pk or 0)
    holders = RightsHolder.objects.filter(merged_into=None).order_by("name", "pk")
    if writing:
        members = members.filter(role__in=WRITING_ROLES)
        holders = holders.exclude(status=RightsHolder.Status.SUSPENDED)
    return holders.filter(pk__in=members.values("holder_id"))


def role_in(user: Person, holder: RightsHolder) -> str:
    """This will return a person's role in a holder (or the one it became part of), or an empty text."""
    owner = holder.merged_into_id or holder.pk
    found = HolderMember.objects.filter(user_id=user.pk or 0, holder=owner).values_list("role", flat=True).first()
    return found or ""


def may_write(user: Person, holder: RightsHolder) -> bool:
    """This will tell whether a person may file and change things for a holder."""
    return holders_for(user, writing=True).filter(pk=holder.merged_into_id or holder.pk).exists()


def has_belonged(user: Person, holder_ids: Iterable[int]) -> bool:
    """This will tell whether somebody belongs to any of these holders, or to what one was merged into, or ever did.

    Who left yesterday to decide today decides their own case all the same: leaving is an Event, and Events stay.
    """
    ids = list(holder_ids)
    merged = RightsHolder.objects.filter(pk__in=ids, merged_into__isnull=False).values("merged_into")
    own = HolderMember.objects.filter(Q(holder__in=ids) | Q(holder__in=merged), user=user.pk or 0)
    left = Event.objects.filter(noun=RightsHolder._meta.label, object_id__in=ids, to_status="member_removed")
    ever = Exists(own) | Exists(left.filter(reason_code=f"user:{user.pk}"))
    return User.objects.filter(ever, pk=user.pk or 0).exists()


def acts_since(user: Person, holder: RightsHolder) -> datetime | None:
    """This will tell since when a person may act for a holder without a break; None: they may not.

    Read from the Events: made a reader, or removed, is a break. Who registered the holder acts since then, and who is
    named by no Event was there before any was written.
    """
    if not may_write(user, holder):
        return None
    merged = RightsHolder.objects.filter(merged_into=holder).values_list("pk", flat=True)
    told = Event.objects.filter(noun=RightsHolder._meta.label, object_id__in=[holder.pk, *merged])
    made = told.filter(by=user.pk, from_status="", to_status=RightsHolder.Status.REGISTERED)
    began = made.order_by("at").values_list("at", flat=True).first()
    changes = told.filter(reason_code=f"user:{user.pk}", to_status__startswith="member_").order_by("at", "pk")
    acts = began is not None
    for status, at in changes.values_list("to_status", "at"):
        now_acts = status in {f"member_{role}" for role in WRITING_ROLES}
        if not (acts and now_acts):
            began = at
        acts = now_acts
    return began or datetime.min.replace(tzinfo=UTC)


def people_of(holder: RightsHolder) -> QuerySet[HolderMember]:
    """This will list who acts for a holder, owners first."""
    members = HolderMember.objects.filter(holder=holder).select_related("user")
    order = Case(*(When(role=role, then=place) for place, role in enumerate(HolderMember.Role.values)))
    return members.order_by(order, "user__email")


def open_invitations(holder: RightsHolder) -> QuerySet[HolderInvitation]:
    """This will list the invitations nobody has answered, newest first."""
    waiting = HolderInvitation.objects.filter(holder=holder, status=HolderInvitation.Status.OPEN)
    return waiting.select_related("invited_by").order_by("-pk")


def is_open(invitation: HolderInvitation, now: datetime) -> bool:
    """This will tell whether an invitation can still be accepted."""
    return invitation.status == HolderInvitation.Status.OPEN and now < invitation.expires_at


def may_review(user: Person) -> bool:
    """This will tell whether a person decides cases for the society."""
    return isinstance(user, User) and user.is_active and user.role in REVIEWING_ROLES


def may_import_catalogue(user: Person) -> bool:
    """This will tell whether a person may bring catalogue files in: anybody of the society's staff."""
    return isinstance(user, User) and user.is_active and (bool(user.role) or user.is_superuser)
