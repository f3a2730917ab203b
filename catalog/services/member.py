"""The people of a holder: invited, let in, given another role, removed, gone by themselves.

What a person may do follows from the membership at every request, so who is removed loses everything at once, keys for
programs included; invitations the person sent and nobody has answered are taken back with it.
"""

from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction

from accounts import selectors as accounts
from accounts.models import User
from catalog import selectors
from catalog.models import HolderInvitation, HolderMember, RightsHolder
from catalog.services.errors import AlreadyInvited, InvitationClosed, LastOwner, NotAMember, NotInvited
from catalog.services.holder import require_owner
from core.workflow import move, record_event

Role, Status = HolderMember.Role, HolderInvitation.Status
INVITATION_LASTS = timedelta(days=14)
_SALT = "catalog.invitation"


def add_member(*, holder: RightsHolder, user: User, role: str, by: User, now: datetime) -> HolderMember:
    """This will let a person act for a holder, or change what they may do. Raises: NotAMember, LastOwner."""
    with transaction.atomic():
        require_owner(by, holder)
        role = Role(role)
        if role != Role.OWNER:
            _require_other_owner(holder, user)
        return _let_in(holder, user, role, by, now)


def remove_member(*, holder: RightsHolder, user: User, by: User, now: datetime) -> None:
    """This will stop a person from acting for a holder: an owner says so, or the person goes.

    Locks the holder, so that of two last owners who leave at once one is told to stay. Raises: NotAMember, LastOwner.
    """
    with transaction.atomic():
        if by.pk == user.pk:
            RightsHolder.objects.select_for_update(no_key=True).get(pk=holder.pk)
        else:
            require_owner(by, holder)
        _require_other_owner(holder, user)
        gone, _ = HolderMember.objects.filter(holder=holder, user=user).delete()
        if not gone:
            raise NotAMember
        for invitation in HolderInvitation.objects.filter(holder=holder, invited_by=user, status=Status.OPEN):
            move(invitation, Status.REVOKED, by=by, now=now, reason_code="inviter_removed")
        record_event(holder, "", "member_removed", by=by, now=now, reason_code=f"user:{user.pk}")


def _let_in(holder: RightsHolder, user: User, role: str, by: User, now: datetime) -> HolderMember:
    member, _ = HolderMember.objects.update_or_create(holder=holder, user=user, defaults={"role": role})
    record_event(holder, "", f"member_{role}", by=by, now=now, reason_code=f"user:{user.pk}")
    return member


def _require_other_owner(holder: RightsHolder, user: User) -> None:
    if not HolderMember.objects.filter(holder=holder, role=Role.OWNER).exclude(user=user).exists():
        raise LastOwner


# Invitations ----------------------------------------------------------------------------------------------------------
def invite_member(*, holder: RightsHolder, email: str, role: str, by: User, now: datetime) -> HolderInvitation:
    """This will ask an address to act for a holder; the caller sends the link. Raises: NotAMember, AlreadyInvited."""
    email = email.strip().lower()
    with transaction.atomic():
        holder = require_owner(by, holder)
        _close_expired(holder, now)
        asked = HolderInvitation.objects.filter(holder=holder, email=email, status=Status.OPEN)
        if asked.exists() or HolderMember.objects.filter(holder=holder, user__email=email).exists():
            raise AlreadyInvited
        invitation = HolderInvitation.objects.create(
            holder=holder,
            email=email,
            role=Role(role),
            invited_by=by,
            invited_at=now,
            expires_at=now + INVITATION_LASTS,
        )
        record_event(invitation, "", Status.OPEN, by=by, now=now)
    return invitation


def _close_expired(holder: RightsHolder, now: datetime) -> None:
    for old in HolderInvitation.objects.filter(holder=holder, status=Status.OPEN, expires_at__lte=now):
        move(old, Status.REVOKED, by=None, now=now, reason_code="expired")


def revoke_invitation(*, invitation: HolderInvitation, by: User, now: datetime) -> HolderInvitation:
    """This will take an invitation back before it is answered. Raises: NotAMember, MoveNotAllowed, MovedMeanwhile."""
    with transaction.atomic():
        require_owner(by, invitation.holder)
        return move(invitation, Status.REVOKED, by=by, now=now)


def accept_invitation(*, invitation: HolderInvitation, by: User, now: datetime) -> HolderMember:
    """This will let the invited person in, once. Who belongs to the holder already keeps the role.

    Raises: NotInvited, InvitationClosed.
    """
    with transaction.atomic():
        invitation = _answered(invitation, Status.ACCEPTED, by, now)
        holder = invitation.holder
        present = HolderMember.objects.filter(holder=holder, user=by).first()
        return present or _let_in(holder, by, invitation.role, by, now)


def decline_invitation(*, invitation: HolderInvitation, by: User, now: datetime) -> HolderInvitation:
    """This will note that the invited person does not want to. Raises: NotInvited, InvitationClosed."""
    with transaction.atomic():
        return _answered(invitation, Status.DECLINED, by, now)


def _answered(invitation: HolderInvitation, to: str, by: User, now: datetime) -> HolderInvitation:
    RightsHolder.objects.select_for_update(no_key=True).get(pk=invitation.holder_id)
    invitation = HolderInvitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if invitation.email not in accounts.confirmed_addresses(by):
        raise NotInvited
    if not selectors.is_open(invitation, now):
        raise InvitationClosed
    return move(invitation, to, by=by, now=now)


def invitation_key(invitation: HolderInvitation) -> str:
    """This will give the secret part of the link: signed, so nobody makes one up; that it works once is the row's."""
    return signing.dumps(invitation.public_id, salt=_SALT)


def invitation_of(key: str) -> HolderInvitation | None:
    """This will find the invitation a link is about."""
    try:
        public_id = signing.loads(key, salt=_SALT)
    except signing.BadSignature:
        return None
    return HolderInvitation.objects.select_related("holder", "invited_by").filter(public_id=public_id).first()
