"""Agents: who may collect or take down for whom, from when to when."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from catalog import selectors
from catalog.models import Authority, RightsHolder, TerritorySet, Track
from catalog.services.errors import EndsWrongly, NotAMember
from core.workflow import record_event


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
