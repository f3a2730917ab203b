"""Registers holders with their names and numbers, and changes them."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from accounts.models import User
from catalog import selectors, territories
from catalog.identifiers import NORMALISE, BadIdentifier
from catalog.models import HolderIdentifier, HolderMember, HolderName, RightsHolder
from catalog.names import artist_key
from catalog.services.errors import NameMissing, NotAMember, UnknownCountry, WrongNumber
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
    name, country = _checked(name, country)
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


def register_principal(*, name: str, kind: str, country: str = "", by: User, now: datetime) -> RightsHolder:
    """This will register an owner of rights for whom an agent has a letter; it has no people of its own yet.

    Raises: NameMissing, UnknownCountry.
    """
    name, country = _checked(name, country)
    with transaction.atomic():
        holder = RightsHolder.objects.create(
            name=name, name_key=artist_key(name), kind=RightsHolder.Kind(kind), country=country, created_by=by
        )
        record_event(holder, "", Status.REGISTERED, by=by, now=now, reason_code="by_agent")
    return holder


def add_holder_name(*, holder: RightsHolder, text: str, language: str = "", by: User) -> HolderName:
    """This will add another name of a holder; the same name again changes nothing. Raises: NotAMember, NameMissing."""
    require_writer(by, holder)
    text = text.strip()
    if not artist_key(text):
        raise NameMissing
    fields = {"language": language, "name_key": artist_key(text)}
    return HolderName.objects.get_or_create(holder=holder, text=text, defaults=fields)[0]


def add_identifier(*, holder: RightsHolder, scheme: str, value: str, by: User) -> HolderIdentifier:
    """This will add a number after testing its check digit. Raises: NotAMember, WrongNumber."""
    require_writer(by, holder)
    scheme = HolderIdentifier.Scheme(scheme)
    try:
        number = NORMALISE[scheme](value)
    except BadIdentifier:
        raise WrongNumber(scheme.label, value) from None
    return HolderIdentifier.objects.get_or_create(holder=holder, scheme=scheme, value=number)[0]


def remove_holder_name(*, holder: RightsHolder, text: str, by: User) -> None:
    """This will take another name of a holder away. Raises: NotAMember."""
    require_writer(by, holder)
    HolderName.objects.filter(holder=holder, text=text).delete()


def remove_identifier(*, holder: RightsHolder, scheme: str, value: str, by: User) -> None:
    """This will take a number of a holder away. Raises: NotAMember."""
    require_writer(by, holder)
    HolderIdentifier.objects.filter(holder=holder, scheme=scheme, value=value).delete()


def change_holder(*, holder: RightsHolder, name: str, kind: str, country: str, by: User, now: datetime) -> RightsHolder:
    """This will change who a holder says it is; the old name stays as another name, a verified one is looked at again.

    Locks the holder. Raises: NotAMember, NameMissing, UnknownCountry.
    """
    name, country = _checked(name, country)
    with transaction.atomic():
        holder = require_owner(by, holder)
        said = {"name": name, "kind": RightsHolder.Kind(kind), "country": country}
        if all(getattr(holder, field) == value for field, value in said.items()):
            return holder
        if name != holder.name:
            former = {"name_key": artist_key(holder.name)}
            HolderName.objects.get_or_create(holder=holder, text=holder.name, defaults=former)
        RightsHolder.objects.filter(pk=holder.pk).update(**said, name_key=artist_key(name))
        holder.refresh_from_db()
        if holder.status == Status.VERIFIED:
            move(holder, Status.UNDER_REVIEW, by=by, now=now, reason_code="facts_changed")
        else:
            record_event(holder, holder.status, holder.status, by=by, now=now, reason_code="facts_changed")
    return holder


def _checked(name: str, country: str) -> tuple[str, str]:
    name, country = name.strip(), country.strip().upper()
    if not artist_key(name):
        raise NameMissing
    if country and country not in territories.names():
        raise UnknownCountry(country)
    return name, country


def require_writer(by: User, holder: RightsHolder) -> None:
    """This will stop who may not act for a holder. Raises: NotAMember."""
    if not selectors.may_write(by, holder):
        raise NotAMember


def require_owner(by: User, holder: RightsHolder) -> RightsHolder:
    """This will lock a holder, read it anew, and stop who is not its owner. Raises: NotAMember."""
    holder = RightsHolder.objects.select_for_update(no_key=True).get(pk=holder.pk)
    if not selectors.may_write(by, holder) or selectors.role_in(by, holder) != Role.OWNER:
        raise NotAMember
    return holder
