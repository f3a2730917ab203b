"""Forgetting a person or a holder: what names them goes, keys are destroyed, numbers, amounts and proofs stay.

Append-only rows hold ids and codes only, so nothing in them has to change: a decision still says that user 17 made it,
and nothing anywhere says who user 17 was. Sealed rows and files become noise with the key (`core.vault`).
"""

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import OutboxMessage, User
from catalog.models import HolderIdentifier, HolderInvitation, HolderMember, HolderName, RightsHolder, SocietyMembership
from claims import services as claims
from claims.models import CounterNotice, GroupAct, Observation, QueueItem, Reentry, SenderSuspension
from core import vault
from core.models import Event, Note
from core.workflow import move, record_event
from payouts import selectors
from payouts.models import Payee
from payouts.services.errors import CannotErase
from sales.models import LicenseeMember

ERASED_ADDRESS = "user-{}@erased.invalid"
WORDS: list[tuple[type[models.Model], str, str]] = [
    (Event, "note", "by"),
    (Observation, "note", "by"),
    (Reentry, "note", "by"),
    (CounterNotice, "words", "filed_by"),
    (GroupAct, "note", "by"),
    (SenderSuspension, "appeal_words", "appealed_by"),
]
"""Where people from outside leave words in clear, and whose they are. All other Notes are the society's own."""


def erase_person(*, user: User, by: User, now: datetime, secret: str) -> None:
    """This will forget a person: address, name, words, keys, memberships; the row stays for what it did.

    A supervisor does it, never to staff (their decisions must have a name while they hold office) nor to themselves.
    `secret` keys the digest by which a watched name knows its address. Done again it changes nothing.

    Raises: CannotErase.
    """
    _require_supervisor(by)
    if user.pk == by.pk:
        raise CannotErase(_("Only a supervisor may do this."))
    require_may_go(user)
    address = User.objects.values_list("email", flat=True).get(pk=user.pk)
    with transaction.atomic():
        forget_account(user=user, by=by, now=now)
        user.api_tokens.filter(revoked_at=None).update(revoked_at=now)
        user.api_tokens.update(name="")
        for member in HolderMember.objects.filter(user=user).select_related("holder"):
            record_event(member.holder, "", "member_removed", by=by, now=now, reason_code=f"user:{user.pk}")
        HolderMember.objects.filter(user=user).delete()
        LicenseeMember.objects.filter(user=user).delete()
        _forget_invitations(Q(email=address) | Q(invited_by=user), Q(email=address), by, now)
        claims.forget_watches(address=address, now=now, secret=secret)
        _erase_words(user, now)
        vault.erase(f"user:{user.pk}", now=now)


def forget_account(*, user: User, by: User | None, now: datetime) -> bool:
    """This will blank who logs in: address, name, password, second factor, mails to the address. True: it did."""
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        OutboxMessage.objects.filter(to__icontains=user.email).delete()
        user.email, user.display_name, user.is_active = ERASED_ADDRESS.format(user.pk), "", False
        user.set_unusable_password()  # ends every session too
        user.save(update_fields=["email", "display_name", "is_active", "password"])
        EmailAddress.objects.filter(user=user).delete()
        Authenticator.objects.filter(user=user).delete()
        record_event(user, "", "erased", by=by, now=now)
    return True


def erase_holder(*, holder: RightsHolder, by: User, now: datetime) -> None:
    """This will forget who a holder is: names, numbers, bank accounts, evidence, messages. Its money stays its own.

    The key is destroyed, so what was sealed under it (accounts, documents, statements, letters) cannot be read again,
    and nothing is paid out any more. A payment on its way is waited for.

    Raises: CannotErase.
    """
    _require_supervisor(by)
    with transaction.atomic():
        holder = RightsHolder.objects.select_for_update(no_key=True).get(pk=holder.pk)
        require_may_go(holder)
        for payee in Payee.objects.filter(holder=holder, status__in=[Payee.Status.PROPOSED, Payee.Status.CONFIRMED]):
            end = Payee.Status.REFUSED if payee.status == Payee.Status.PROPOSED else Payee.Status.STOPPED
            move(payee, end, by=by, now=now, reason_code="erased")
        RightsHolder.objects.filter(pk=holder.pk).update(name=holder.public_id, name_key="", country="")
        HolderName.objects.filter(holder=holder).delete()
        HolderIdentifier.objects.filter(holder=holder).delete()
        SocietyMembership.objects.filter(holder=holder).update(source="")
        QueueItem.objects.filter(holder_ids__contains=[holder.pk]).update(title=holder.public_id)
        _forget_invitations(Q(holder=holder), Q(holder=holder), by, now)
        notes = Event.objects.filter(noun=RightsHolder._meta.label, object_id=holder.pk).values("note_id")
        Note.objects.filter(pk__in=notes, erased_at=None).update(text="", erased_at=now)
        vault.erase(f"holder:{holder.pk}", now=now)
        record_event(holder, holder.status, "erased", by=by, now=now)


def require_may_go(subject: User | RightsHolder | None) -> None:
    """This will stop at staff, whose decisions must have a name, and at a payment on its way. Raises: CannotErase."""
    if isinstance(subject, User) and (subject.role or subject.is_staff):
        raise CannotErase(_("Take the person's staff role away first."))
    if isinstance(subject, RightsHolder) and selectors.is_paid_just_now(subject):
        raise CannotErase(_("A payment to this holder is on its way. Wait for the bank's answer."))


def _require_supervisor(by: User) -> None:
    if by.role != User.Role.SUPERVISOR:
        raise CannotErase(_("Only a supervisor may do this."))


def _forget_invitations(which: Q, whose: Q, by: User, now: datetime) -> None:
    for invitation in HolderInvitation.objects.filter(which, status=HolderInvitation.Status.OPEN):
        move(invitation, HolderInvitation.Status.REVOKED, by=by, now=now, reason_code="erased")
    HolderInvitation.objects.filter(whose).update(email="")


def _erase_words(user: User, now: datetime) -> None:
    for model, note, person in WORDS:
        ids = model._default_manager.filter(**{person: user, f"{note}__isnull": False}).values(note)
        Note.objects.filter(pk__in=ids, erased_at=None).update(text="", erased_at=now)
