"""Agents: who may collect or take down for whom, how far, from when to when, and through how many hands.

What an agent grants to another is a part of what it has: fewer or the same purposes, rights, territories, tracks and
days. Where one authority is exclusive no other agent gets the same of the same principal. Granting locks the
principal's row, so two exclusive ones at once cannot both come through.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Q

from accounts.models import User
from catalog import selectors
from catalog.models import Authority, RightsHolder, TerritorySet, Track
from catalog.services.errors import (
    AlreadyExclusive,
    AuthorityTooWide,
    DecidesOwnCase,
    DocumentMissing,
    EndsWrongly,
    GoesInCircles,
    MayNotDelegate,
    NotAMember,
    NotAReviewer,
    NothingGranted,
    ReasonMissing,
)
from core.workflow import move, record_event

Status = Authority.Status


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
    may_delegate: bool = False,
    document_sha256: str = "",
    parent: Authority | None = None,
) -> Authority:
    """This will write down that an agent may act for a principal; no `tracks` means all of the principal's.

    The principal's own people may say so, or a reviewer who saw the document; never the agent about itself. With
    `parent` the agent of that authority says it of a part of what it has.

    Raises: NotAMember, NothingGranted, MayNotDelegate, AuthorityTooWide, GoesInCircles, AlreadyExclusive.
    """
    giver = principal if parent is None else parent.agent
    seen_by_reviewer = bool(document_sha256) and selectors.may_review(by) and not selectors.role_in(by, agent)
    if not (seen_by_reviewer and parent is None) and not selectors.may_write(by, giver):
        raise NotAMember
    with transaction.atomic():
        authority = _write(
            principal=principal,
            agent=agent,
            purposes=sorted(set(purposes)),
            rights=sorted(set(rights)),
            territories=territory_set,
            start=start,
            end=end,
            is_exclusive=is_exclusive,
            may_delegate=may_delegate,
            document_sha256=document_sha256,
            parent=parent,
            tracks=tracks,
        )
        _check(authority, now)
        record_event(authority, "", Status.GRANTED, by=by, now=now)
    return authority


def ask_authority(
    *,
    principal: RightsHolder,
    agent: RightsHolder,
    purposes: Collection[str],
    rights: Collection[str],
    territory_set: TerritorySet,
    document_sha256: str,
    by: User,
    now: datetime,
    tracks: Collection[Track] = (),
    start: date | None = None,
    end: date | None = None,
    is_exclusive: bool = False,
) -> Authority:
    """This will put an agent's letter of direction before a reviewer; until it is granted it allows nothing.

    Raises: NotAMember, NothingGranted, DocumentMissing.
    """
    if not selectors.may_write(by, agent):
        raise NotAMember
    if not document_sha256:
        raise DocumentMissing
    with transaction.atomic():
        authority = _write(
            status=Status.ASKED,
            principal=principal,
            agent=agent,
            purposes=sorted(set(purposes)),
            rights=sorted(set(rights)),
            territories=territory_set,
            start=start,
            end=end,
            is_exclusive=is_exclusive,
            document_sha256=document_sha256,
            tracks=tracks,
        )
        record_event(authority, "", Status.ASKED, by=by, now=now)
    return authority


def decide_authority(
    *, authority: Authority, is_granted: bool, by: User, now: datetime, reason: str = "", reason_code: str = ""
) -> Authority:
    """This will grant what an agent asked for, or refuse it with reasons, after a reviewer read the letter.

    Raises: NotAReviewer, DecidesOwnCase, ReasonMissing, AlreadyExclusive, MoveNotAllowed, MovedMeanwhile.
    """
    if not selectors.may_review(by):
        raise NotAReviewer
    if selectors.has_belonged(by, [authority.agent_id, authority.principal_id]):
        raise DecidesOwnCase
    if not is_granted and not reason.strip():
        raise ReasonMissing
    with transaction.atomic():
        if is_granted:
            _check(authority, now)
        to = Status.GRANTED if is_granted else Status.REFUSED
        return move(authority, to, by=by, now=now, reason=reason, reason_code=reason_code)


def retract_authority(*, authority: Authority, by: User, now: datetime) -> Authority:
    """This will take back what an agent asked for. Raises: NotAMember, MoveNotAllowed, MovedMeanwhile."""
    if not selectors.may_write(by, authority.agent):
        raise NotAMember
    return move(authority, Status.RETRACTED, by=by, now=now)


def end_authority(*, authority: Authority, end: date, by: User, now: datetime, reason: str = "") -> Authority:
    """This will end an authority with all that was granted under it: accruals of later use go to the principal.

    The principal, the agent, or the agent that granted it says so, for today or a later day: what was used before
    stays with the agent. Only a reviewer, who must say why, may name an earlier day.

    Raises: NotAMember, ReasonMissing, EndsWrongly.
    """
    with transaction.atomic():
        current = Authority.objects.select_for_update(of=("self",)).get(pk=authority.pk)
        sides = [current.principal, current.agent, *([current.parent.agent] if current.parent else [])]
        reviews = selectors.may_review(by) and not any(selectors.role_in(by, side) for side in sides)
        if reviews and not reason.strip():
            raise ReasonMissing
        if not reviews and not any(selectors.may_write(by, side) for side in sides):
            raise NotAMember
        wrong = (current.start and end < current.start) or (current.end and end > current.end)
        if current.status != Status.GRANTED or wrong or (not reviews and end < now.date()):
            raise EndsWrongly
        for each in [current, *_below(current)]:
            if each.end is None or end < each.end:
                last = end if each.start is None else max(end, each.start)
                Authority.objects.filter(pk=each.pk).update(end=last)
                record_event(each, "", "ended", by=by, now=now, reason=reason)
    authority.end = end
    return authority


# Rules ----------------------------------------------------------------------------------------------------------------
def _write(*, tracks: Collection[Track], **fields: object) -> Authority:
    if not fields["purposes"] or not fields["rights"]:
        raise NothingGranted
    if fields["principal"] == fields["agent"]:
        raise GoesInCircles
    start, end = fields.get("start"), fields.get("end")
    if isinstance(start, date) and isinstance(end, date) and end <= start:
        raise EndsWrongly
    authority = Authority.objects.create(**fields)
    authority.tracks.set(tracks)
    return authority


def _check(authority: Authority, now: datetime) -> None:
    """This will hold an authority against what it is a part of, and against its siblings. Locks the principal."""
    RightsHolder.objects.select_for_update(no_key=True).get(pk=authority.principal_id)
    if authority.parent is not None:
        _check_part(authority, Authority.objects.select_for_update(of=("self",)).get(pk=authority.parent.pk), now)
    rivals = Authority.objects.filter(
        principal=authority.principal_id,
        parent=authority.parent_id,
        status=Status.GRANTED,
        purposes__overlap=authority.purposes,
        rights__overlap=authority.rights,
    )
    rivals = rivals.exclude(pk=authority.pk).exclude(agent=authority.agent_id).exclude(start=F("end"))
    for rival in rivals.select_related("territories"):
        if (authority.is_exclusive or rival.is_exclusive) and _meet(authority, rival):
            raise AlreadyExclusive


def _check_part(part: Authority, whole: Authority, now: datetime) -> None:
    ended = whole.end is not None and whole.end <= now.date()
    if not whole.may_delegate or whole.status != Status.GRANTED or ended or whole.principal_id != part.principal_id:
        raise MayNotDelegate
    if part.agent_id in {whole.principal_id, *(each.agent_id for each in _above(part))}:
        raise GoesInCircles
    limited = set(whole.tracks.values_list("pk", flat=True))
    own = set(part.tracks.values_list("pk", flat=True))
    if (
        not set(part.purposes) <= set(whole.purposes)
        or not set(part.rights) <= set(whole.rights)
        or part.territories.bits & ~whole.territories.bits
        or (limited and (not own or not own <= limited))
        or (whole.start is not None and (part.start is None or part.start < whole.start))
        or (whole.end is not None and (part.end is None or part.end > whole.end))
    ):
        raise AuthorityTooWide


def _meet(one: Authority, other: Authority) -> bool:
    """This will tell whether two authorities reach a common track in a common territory on a common day."""
    if not one.territories.bits & other.territories.bits:
        return False
    if (one.end and other.start and one.end <= other.start) or (other.end and one.start and other.end <= one.start):
        return False
    mine, theirs = (set(each.tracks.values_list("pk", flat=True)) for each in (one, other))
    return not mine or not theirs or bool(mine & theirs)


def _above(authority: Authority) -> Iterable[Authority]:
    while authority.parent is not None:
        authority = authority.parent
        yield authority


def _below(authority: Authority) -> list[Authority]:
    """This will list all that was granted under an authority, however deep, locked."""
    found: list[Authority] = []
    layer = [authority.pk]
    while layer:
        rows = Authority.objects.select_for_update(of=("self",)).filter(Q(parent__in=layer)).order_by("pk")
        layer = [row.pk for row in rows]
        found += rows
    return found
