"""Agents' authorities with what hangs on them: the letter, the money, and telling both sides."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from catalog import services as catalog
from catalog.models import Authority, RightsHolder, TerritorySet, Track
from claims import tasks
from claims.models import CaseMail, DistributionRun
from claims.reasons import AUTHORITY
from claims.services.case_mail import tell_holders
from claims.services.distribution import plan_run
from claims.services.errors import ReasonNeeded
from claims.services.evidence import add_evidence
from claims.services.queue import touch

Topic = CaseMail.Topic
LETTER = "authority"


@dataclass(frozen=True, slots=True)
class Letter:
    """The file in which the owner of rights says who may act for it."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class AuthorityTerms:
    """How far an agent may go; no `tracks`: all of the principal's."""

    purposes: Collection[str]
    rights: Collection[str]
    territory_set: TerritorySet
    tracks: Collection[Track] = ()
    start: date | None = None
    end: date | None = None
    is_exclusive: bool = False
    may_delegate: bool = False


def give_authority(
    *,
    principal: RightsHolder,
    agent: RightsHolder,
    terms: AuthorityTerms,
    by: User,
    now: datetime,
    letter: Letter | None = None,
    parent: Authority | None = None,
) -> Authority:
    """This will let an agent act for a principal, or for an agent's principal (`parent`), and tell all sides.

    Raises: as catalog.services.grant_authority, MayNotWrite, EvidenceRefused.
    """
    with transaction.atomic():
        giver = principal if parent is None else parent.agent
        authority = catalog.grant_authority(
            principal=principal,
            agent=agent,
            purposes=terms.purposes,
            rights=terms.rights,
            territory_set=terms.territory_set,
            tracks=terms.tracks,
            start=terms.start,
            end=terms.end,
            is_exclusive=terms.is_exclusive,
            may_delegate=terms.may_delegate,
            document_sha256=_kept(letter, giver, by, now),
            parent=parent,
            by=by,
            now=now,
        )
        _follow(authority, Topic.AUTHORITY_GIVEN, now)
    return authority


def ask_authority(
    *, principal: RightsHolder, agent: RightsHolder, terms: AuthorityTerms, letter: Letter, by: User, now: datetime
) -> Authority:
    """This will put an agent's letter before a reviewer, and tell the principal's own people that somebody asks.

    Raises: as catalog.services.ask_authority, MayNotWrite, EvidenceRefused.
    """
    with transaction.atomic():
        authority = catalog.ask_authority(
            principal=principal,
            agent=agent,
            purposes=terms.purposes,
            rights=terms.rights,
            territory_set=terms.territory_set,
            tracks=terms.tracks,
            start=terms.start,
            end=terms.end,
            is_exclusive=terms.is_exclusive,
            document_sha256=_kept(letter, agent, by, now),
            by=by,
            now=now,
        )
        touch(authority, now)
        tell_holders(authority, [principal.pk], Topic.AUTHORITY_ASKED, now)
    return authority


def decide_authority(
    *, authority: Authority, is_granted: bool, reason_code: str, reason: str, by: User, now: datetime
) -> Authority:
    """This will grant what an agent asked for or refuse it, with a reason from the list and words, and tell both sides.

    Raises: ReasonNeeded, as catalog.services.decide_authority.
    """
    if reason_code not in AUTHORITY or (reason_code == "letter_in_order") != is_granted:
        raise ReasonNeeded
    with transaction.atomic():
        catalog.decide_authority(
            authority=authority, is_granted=is_granted, by=by, now=now, reason=reason, reason_code=reason_code
        )
        touch(authority, now)
        _follow(authority, Topic.AUTHORITY_GIVEN if is_granted else Topic.AUTHORITY_DENIED, now)
    return authority


def end_authority(*, authority: Authority, end: date, by: User, now: datetime, reason: str = "") -> Authority:
    """This will end an authority and all under it; money of later use goes to the principal from then on.

    Raises: as catalog.services.end_authority.
    """
    with transaction.atomic():
        authority = catalog.end_authority(authority=authority, end=end, by=by, now=now, reason=reason)
        _follow(authority, Topic.AUTHORITY_ENDED, now)
    return authority


def _kept(letter: Letter | None, holder: RightsHolder, by: User, now: datetime) -> str:
    """This will keep the letter in the vault of who shows it and give its hash."""
    if letter is None:
        return ""
    document = add_evidence(holder=holder, name=letter.name, content=letter.content, kind=LETTER, by=by, now=now)
    return document.sha256


def _follow(authority: Authority, topic: Topic, now: datetime) -> None:
    sides = [authority.principal_id, authority.agent_id]
    if authority.parent is not None:
        sides.append(authority.parent.agent_id)
    tell_holders(authority, sides, topic, now)
    if Authority.Purpose.COLLECT in authority.purposes and authority.status == Authority.Status.GRANTED:
        run = plan_run(cause=DistributionRun.Cause.AUTHORITY, object_id=authority.pk, now=now)
        tasks.hurry(tasks.distribute, run_id=run.pk)
