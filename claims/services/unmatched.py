"""Deciding what unmatched keys are, one or a page of them, with what follows: rules, proposals, money.

Every row is a transaction of its own: what one row refuses hinders no other. The money of a matched key moves with the
next distribution, which is queued at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from accounts.models import User
from catalog import selectors as tracks
from catalog import services as catalog
from catalog.isrc import BadIsrc, normalise_isrc
from catalog.models import Release, Track
from claims import selectors, tasks
from claims.models import DistributionRun
from claims.reasons import words
from claims.services.distribution import plan_run
from claims.services.errors import (
    DecidesOwnCase,
    NoSuchRelease,
    NoSuchTrack,
    NotAReviewer,
    Refused,
    SeveralTracks,
    WordsNeeded,
)
from claims.services.queue import touch
from core.ids import BadPublicId, normalise_public_id
from sales import services as sales
from sales.models import Licensee, MatchProposal, SameAsRule, StoreKey


class Act(StrEnum):
    """What is done about a key."""

    MATCH = "match"
    REJECT = "reject"
    CREATE = "create"


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person chose for one key; `to` is a track's (or release's) id or ISRC, several to reject."""

    key: StoreKey
    act: Act
    to: tuple[str, ...] = ()
    remember: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one key; `problem` in words when nothing did."""

    key: StoreKey
    act: Act
    track: Track | None = None
    release: Release | None = None
    problem: str = ""
    others: int = 0
    """Further keys of the store that the rule just made has matched."""


def decide_keys(*, choices: Sequence[Choice], by: User, now: datetime, reason: str = "") -> list[Outcome]:
    """This will do what was chosen for each key and say what became of it. Raises: NotAReviewer."""
    if not selectors.may_match(by):
        raise NotAReviewer
    return [_decided(choice, by, now, reason) for choice in choices]


def decide_proposal(*, proposal: MatchProposal, accept: bool, by: User, now: datetime, reason: str) -> MatchProposal:
    """This will match the key as a holder proposed, or refuse it; with a reason the holder reads.

    Raises: NotAReviewer, DecidesOwnCase, WordsNeeded, KeyAlreadyMatched.
    """
    if not selectors.may_match(by):
        raise NotAReviewer
    if by.pk == proposal.proposed_by_id or selectors.is_member(by, [proposal.holder_id]):
        raise DecidesOwnCase
    if not reason.strip():
        raise WordsNeeded
    with transaction.atomic():
        if accept:
            _match(proposal.store_key, proposal.track, by, now, reason)
        else:
            sales.reject_match(key=proposal.store_key, track_ids=[proposal.track_id], by=by, now=now, reason=reason)
    proposal.refresh_from_db()
    touch(proposal, now)
    return proposal


def make_rule(*, licensee: Licensee, pattern: str, to: str, by: User, now: datetime) -> tuple[SameAsRule, int]:
    """This will remember what a store's names mean and match what fits now; returns how many keys that were.

    Raises: NotAReviewer, NoSuchTrack, SeveralTracks, DecidesOwnCase, sales' BadPattern, RuleExists.
    """
    if not selectors.may_match(by):
        raise NotAReviewer
    track = find_track(to)
    _not_own(track, by)
    with transaction.atomic():
        rule = sales.make_rule(licensee=licensee, pattern=pattern, track=track, by=by, now=now)
        return rule, _applied(rule, now)


def remove_rule(*, rule: SameAsRule, by: User, now: datetime) -> None:
    """This will stop a rule. Raises: NotAReviewer."""
    if not selectors.may_match(by):
        raise NotAReviewer
    sales.remove_rule(rule=rule, by=by, now=now)


def apply_rules(*, now: datetime) -> int:
    """This will match new keys that a rule of their store fits, and queue their money."""
    keys = sales.apply_rules(now=now)
    for key in keys:
        _queue_money(key, now)
    return len(keys)


def find_track(text: str) -> Track:
    """This will give the track a person means by its id or ISRC. Raises: NoSuchTrack, SeveralTracks."""
    text = text.strip()
    try:
        found = list(Track.objects.filter(public_id=normalise_public_id(text, "TRK")).select_related("merged_into"))
    except BadPublicId:
        try:
            found = list(tracks.current_tracks().filter(isrcs__isrc=normalise_isrc(text)).distinct()[:2])
        except BadIsrc:
            found = []
    if not found:
        raise NoSuchTrack
    if len(found) > 1:
        raise SeveralTracks
    return found[0].merged_into or found[0]


def find_release(text: str) -> Release:
    """This will give the release a person means by its id, or by an ICPN only it has. Raises: NoSuchRelease."""
    text = text.strip()
    try:
        named = Release.objects.filter(public_id=normalise_public_id(text, "REL"))
    except BadPublicId:
        named = Release.objects.filter(icpn=text) if text.isdecimal() else Release.objects.none()
    found = list(named[:2])
    if len(found) != 1:
        raise NoSuchRelease
    return found[0]


# How ------------------------------------------------------------------------------------------------------------------
def _decided(choice: Choice, by: User, now: datetime, reason: str) -> Outcome:
    try:
        with transaction.atomic():
            return _done(choice, by, now, reason)
    except (Refused, catalog.CatalogueError) as refusal:
        return Outcome(choice.key, choice.act, problem=str(refusal))
    except sales.SalesError as refusal:
        return Outcome(choice.key, choice.act, problem=words(refusal.code))
    except BadIsrc:
        return Outcome(choice.key, choice.act, problem=words("no_such_track"))


def _done(choice: Choice, by: User, now: datetime, reason: str) -> Outcome:
    key = choice.key
    if choice.act == Act.REJECT:
        ids = [find_track(text).pk for text in choice.to]
        sales.reject_match(key=key, track_ids=ids, by=by, now=now, reason=reason)
        return Outcome(key, choice.act)
    if key.kind == StoreKey.Kind.RELEASE:
        release = find_release(choice.to[0] if choice.to else "")
        if selectors.is_member(by, selectors.holders_concerned(set(release.tracks.values_list("pk", flat=True)))):
            raise DecidesOwnCase
        sales.match_store_release(key=key, release=release, by=by, now=now, reasons=["chosen_by_person"])
        _queue_money(key, now)
        return Outcome(key, choice.act, release=release)
    if choice.act == Act.CREATE:
        codes = (key.isrc,) if key.isrc else ()
        track = catalog.add_track(track=catalog.NewTrack(title=key.title, artist=key.artist, isrcs=codes))
    else:
        track = find_track(choice.to[0] if choice.to else "")
        _not_own(track, by)
    _match(key, track, by, now, reason)
    others = 0
    if choice.remember:
        name = f"{key.artist} - {key.title}"
        others = _applied(sales.make_rule(licensee=key.licensee, pattern=name, track=track, by=by, now=now), now)
    return Outcome(key, choice.act, track, others=others)


def _match(key: StoreKey, track: Track, by: User, now: datetime, reason: str) -> None:
    sales.match_store_key(key=key, track=track, by=by, now=now, reasons=["chosen_by_person"])
    sales.close_proposals(key=key, track=track, by=by, now=now, reason=reason)
    _queue_money(key, now)


def _applied(rule: SameAsRule, now: datetime) -> int:
    keys = sales.apply_rules(now=now, rules=SameAsRule.objects.filter(pk=rule.pk))
    for key in keys:
        _queue_money(key, now)
    return len(keys)


def _not_own(track: Track, by: User) -> None:
    if selectors.is_member(by, selectors.holders_concerned({track.pk})):
        raise DecidesOwnCase


def _queue_money(key: StoreKey, now: datetime) -> None:
    run = plan_run(cause=DistributionRun.Cause.MATCH, object_id=key.pk, now=now)
    tasks.hurry(tasks.distribute, run_id=run.pk)
