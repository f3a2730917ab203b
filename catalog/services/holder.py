"""Registers holders, their people, names and numbers, and decides whether they are who they say."""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from catalog import selectors, territories
from catalog.identifiers import NORMALISE, BadIdentifier
from catalog.models import Authority, HolderIdentifier, HolderMember, HolderName, RightsHolder, TerritorySet, Track
from catalog.names import artist_key
from catalog.services.errors import (
    DecidesOwnCase,
    EndsWrongly,
    LastOwner,
    NameMissing,
    NotAMember,
    NotAReviewer,
    ReasonMissing,
    UnknownCountry,
    WrongNumber,
)
from core.workflow import move, record_event

Status = RightsHolder.Status
Role = HolderMember.Role


def register_holder(
    *,
    name: str,
    kind: str,
    country: str = "",
    by: User,
    now: datetime,
    names: Iterable[tuple[str, str]] = (),
    identifiers: Iterable[tuple[str, str]] = (),
) -> RightsHolder:
    """This will register a holder with `by` as its owner; `names` are (text, language), `identifiers` (scheme, value).

    Raises: NameMissing, UnknownCountry, WrongNumber.
    """
    name, country = name.strip(), country.strip().upper()
    if not artist_key(name):
        raise NameMissing
    if country and country not in territories.names():
        raise UnknownCountry(country)
    with transaction.atomic():
        holder = RightsHolder.objects.create(
            name=name, name_key=artist_key(name), kind=RightsHolder.Kind(kind), country=country, created_by=by
        )
        HolderMember.objects.create(holder=holder, user=by, role=Role.OWNER)
        record_event(holder, "", Status.REGISTERED, by=by, now=now)
        for text, language in names:
            add_holder_name(holder=holder, text=text, language=language, by=by)
        for scheme, value in identifiers:
            add_identifier(holder=holder, scheme=scheme, value=value, by=by)
    return holder


def add_holder_name(*, holder: RightsHolder, text: str, language: str = "", by: User) -> HolderName:
    """This will add another name of a holder; the same name again changes nothing. Raises: NotAMember, NameMissing."""
    _require_writer(by, holder)
    text = text.strip()
    if not artist_key(text):
        raise NameMissing
    fields = {"language": language, "name_key": artist_key(text)}
    return HolderName.objects.get_or_create(holder=holder, text=text, defaults=fields)[0]


def add_identifier(*, holder: RightsHolder, scheme: str, value: str, by: User) -> HolderIdentifier:
    """This will add a number after testing its check digit. Raises: NotAMember, WrongNumber."""
    _require_writer(by, holder)
    scheme = HolderIdentifier.Scheme(scheme)
    try:
        number = NORMALISE[scheme](value)
    except BadIdentifier:
        raise WrongNumber(scheme.label, value) from None
    return HolderIdentifier.objects.get_or_create(holder=holder, scheme=scheme, value=number)[0]


# People --------------------------------------------------------------------------------------------------------------
def add_member(*, holder: RightsHolder, user: User, role: str, by: User, now: datetime) -> HolderMember:
    """This will let a person act for a holder, or change what they may do. Raises: NotAMember, LastOwner."""
    with transaction.atomic():
        _require_owner(by, holder)
        role = Role(role)
        if role != Role.OWNER:
            _require_other_owner(holder, user)
        member, _ = HolderMember.objects.update_or_create(holder=holder, user=user, defaults={"role": role})
        record_event(holder, "", f"member_{role}", by=by, now=now)
    return member


def remove_member(*, holder: RightsHolder, user: User, by: User, now: datetime) -> None:
    """This will stop a person from acting for a holder. Raises: NotAMember, LastOwner."""
    with transaction.atomic():
        _require_owner(by, holder)
        _require_other_owner(holder, user)
        HolderMember.objects.filter(holder=holder, user=user).delete()
        record_event(holder, "", "member_removed", by=by, now=now)


def _require_owner(by: User, holder: RightsHolder) -> None:
    RightsHolder.objects.select_for_update(no_key=True).get(pk=holder.pk)
    if not HolderMember.objects.filter(holder=holder, user=by, role=Role.OWNER).exists():
        raise NotAMember


def _require_other_owner(holder: RightsHolder, user: User) -> None:
    if not HolderMember.objects.filter(holder=holder, role=Role.OWNER).exclude(user=user).exists():
        raise LastOwner


def _require_writer(by: User, holder: RightsHolder) -> None:
    if not selectors.may_write(by, holder):
        raise NotAMember


# Verification --------------------------------------------------------------------------------------------------------
def ask_for_verification(*, holder: RightsHolder, by: User, now: datetime) -> RightsHolder:
    """This will put a new or refused holder before a reviewer. Raises: NotAMember, MoveNotAllowed, MovedMeanwhile."""
    _require_writer(by, holder)
    return move(holder, Status.UNDER_REVIEW, by=by, now=now)


def verify_holder(*, holder: RightsHolder, by: User, now: datetime, reason: str = "") -> RightsHolder:
    """This will note that a holder is who it says; one nobody asked about yet is taken under review on the way.

    Raises: NotAReviewer, DecidesOwnCase, MoveNotAllowed, MovedMeanwhile.
    """
    return _decide(holder, Status.VERIFIED, by, now, reason)


def refuse_holder(*, holder: RightsHolder, by: User, now: datetime, reason: str) -> RightsHolder:
    """This will note that a holder could not prove who it is; it may come back with better proof.

    Raises: ReasonMissing, NotAReviewer, DecidesOwnCase, MoveNotAllowed, MovedMeanwhile.
    """
    if not reason.strip():
        raise ReasonMissing
    return _decide(holder, Status.REFUSED, by, now, reason)


def _decide(holder: RightsHolder, to: str, by: User, now: datetime, reason: str) -> RightsHolder:
    if not selectors.may_review(by):
        raise NotAReviewer
    if holder.created_by_id == by.pk or selectors.role_in(by, holder):
        raise DecidesOwnCase
    with transaction.atomic():
        if holder.status == Status.REGISTERED:
            move(holder, Status.UNDER_REVIEW, by=by, now=now)
        return move(holder, to, by=by, now=now, reason=reason)


# Agents --------------------------------------------------------------------------------------------------------------
def grant_authority(
    *,
    principal: RightsHolder,
    agent: RightsHolder,
    purposes: Collection[str],
    rights: Collection[str],
    territory_set: TerritorySet,
    by: User,
    now: datetime,
    tracks: Collection[Track] = (),
    start: date | None = None,
    end: date | None = None,
    is_exclusive: bool = False,
    document_sha256: str = "",
) -> Authority:
    """This will write down that an agent may act for a principal; no `tracks` means all of the principal's.

    The principal's own people may say so, or a reviewer who saw the document; never the agent about itself.

    Raises: NotAMember.
    """
    seen_by_reviewer = bool(document_sha256) and selectors.may_review(by) and not selectors.role_in(by, agent)
    if not seen_by_reviewer and not selectors.may_write(by, principal):
        raise NotAMember
    with transaction.atomic():
        authority = Authority.objects.create(
            principal=principal,
            agent=agent,
            purposes=sorted(purposes),
            rights=sorted(rights),
            territories=territory_set,
            start=start,
            end=end,
            is_exclusive=is_exclusive,
            document_sha256=document_sha256,
        )
        authority.tracks.set(tracks)
        record_event(authority, "", "granted", by=by, now=now)
    return authority


def end_authority(*, authority: Authority, end: date, by: User, now: datetime, reason: str = "") -> Authority:
    """This will end an authority: later accruals no longer go to the agent; what accrued before stays where it is.

    Raises: NotAMember, EndsWrongly.
    """
    with transaction.atomic():
        current = Authority.objects.select_for_update(of=("self",)).get(pk=authority.pk)
        if not (selectors.may_write(by, current.principal) or selectors.may_write(by, current.agent)):
            raise NotAMember
        if (current.start and end < current.start) or (current.end and end > current.end):
            raise EndsWrongly
        Authority.objects.filter(pk=current.pk).update(end=end)
        record_event(current, "", "ended", by=by, now=now, reason=reason)
    authority.end = end
    return authority
