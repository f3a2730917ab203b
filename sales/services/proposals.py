"""What people say about keys nobody matched: proposals of holders, rejections, rules of a store's names.

None of it moves money: a match does, and the next distribution after it.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import BooleanField, F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat

from catalog import selectors as catalog
from catalog import services as tracks
from catalog.models import RightsHolder, Track
from core.workflow import move, record_event
from sales.models import Licensee, MatchProposal, MatchRejection, SameAsRule, StoreKey
from sales.services.errors import AlreadyProposed, BadPattern, KeyAlreadyMatched, NotOnesProposal, RuleExists
from sales.services.matching import match_store_key

Status = MatchProposal.Status
PATTERN_LETTERS_MIN = 3
KEYS_AT_ONCE = 500


class Like(Func):
    """SQL's ILIKE with a pattern of our own making (`*` is the only wildcard people write)."""

    template = "(%(expressions)s)"
    arg_joiner = " ILIKE "
    output_field = BooleanField()


def propose_match(
    *, key: StoreKey, track: Track, holder: RightsHolder, by: Any, now: datetime, words: str = ""
) -> MatchProposal:
    """This will keep a holder's word that a store's key is its track. Raises: NotAMember, KeyAlreadyMatched."""
    if not catalog.may_write(by, holder):
        raise tracks.NotAMember
    if key.track_id is not None or key.release_id is not None:
        raise KeyAlreadyMatched(key.public_id)
    track = track.merged_into or track
    try:
        with transaction.atomic():
            proposal = MatchProposal.objects.create(
                store_key=key, track=track, holder=holder, proposed_by=by, proposed_at=now
            )
            record_event(proposal, "", Status.PROPOSED, by=by, now=now, reason=words)
    except IntegrityError:
        raise AlreadyProposed(key.public_id) from None
    return proposal


def retract_proposal(*, proposal: MatchProposal, by: Any, now: datetime) -> MatchProposal:
    """This will take a proposal back. Raises: NotOnesProposal, MoveNotAllowed."""
    if not catalog.may_write(by, proposal.holder):
        raise NotOnesProposal
    return move(proposal, Status.RETRACTED, by=by, now=now)


def close_proposals(*, key: StoreKey, track: Track | None, by: Any, now: datetime, reason: str = "") -> None:
    """This will decide the open proposals about a key: those for `track` are accepted, all others rejected."""
    for proposal in MatchProposal.objects.filter(store_key=key, status=Status.PROPOSED).order_by("pk"):
        to = Status.ACCEPTED if track is not None and proposal.track_id == track.pk else Status.REJECTED
        move(proposal, to, by=by, now=now, reason=reason)


def reject_match(*, key: StoreKey, track_ids: Collection[int], by: Any, now: datetime, reason: str = "") -> int:
    """This will note that a key is none of these tracks, so that they are not suggested again; says how many."""
    with transaction.atomic():
        rows = [
            MatchRejection(store_key=key, track_id=pk, rejected_by=by, rejected_at=now) for pk in sorted(set(track_ids))
        ]
        MatchRejection.objects.bulk_create(rows, ignore_conflicts=True)
        open_ones = MatchProposal.objects.filter(store_key=key, track__in=track_ids, status=Status.PROPOSED)
        for proposal in open_ones.order_by("pk"):
            move(proposal, Status.REJECTED, by=by, now=now, reason=reason)
        record_event(key, "", "not_these_tracks", by=by, now=now, reason=reason, reason_code="match_rejected")
    return len(rows)


# Rules ----------------------------------------------------------------------------------------------------------------
def make_rule(*, licensee: Licensee, pattern: str, track: Track, by: Any, now: datetime) -> SameAsRule:
    """This will remember that one store's `pattern` is this track. Raises: BadPattern, RuleExists."""
    pattern = " ".join(pattern.split())
    if sum(letter.isalnum() for letter in pattern) < PATTERN_LETTERS_MIN:
        raise BadPattern(pattern)
    try:
        with transaction.atomic():
            rule = SameAsRule.objects.create(
                licensee=licensee, pattern=pattern[:500], track=track.merged_into or track, made_by=by, made_at=now
            )
            record_event(rule, "", "made", by=by, now=now)
    except IntegrityError:
        raise RuleExists(pattern) from None
    return rule


def remove_rule(*, rule: SameAsRule, by: Any, now: datetime) -> None:
    """This will stop a rule; what it matched stays matched."""
    with transaction.atomic():
        if SameAsRule.objects.filter(pk=rule.pk, removed_at=None).update(removed_at=now):
            record_event(rule, "made", "removed", by=by, now=now)


def apply_rules(*, now: datetime, rules: QuerySet[SameAsRule] | None = None) -> list[StoreKey]:
    """This will match what the rules in force fit, oldest rule first, and return the keys matched."""
    standing = (rules if rules is not None else SameAsRule.objects.all()).filter(removed_at=None)
    matched = []
    for rule in standing.select_related("track__merged_into").order_by("pk"):
        for key in keys_like(rule.licensee_id, rule.pattern)[:KEYS_AT_ONCE]:
            reasons = ["same_as_rule", rule.public_id]
            try:
                matched.append(match_store_key(key=key, track=rule.track, by=None, now=now, reasons=reasons))
            except KeyAlreadyMatched:
                continue
            close_proposals(key=key, track=rule.track.merged_into or rule.track, by=rule.made_by, now=now)
    return matched


def keys_like(licensee_id: int, pattern: str) -> QuerySet[StoreKey]:
    """This will find a store's unmatched track keys that a pattern fits, by their key or by "artist - title"."""
    like = pattern.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_").replace("*", "%")
    rows = StoreKey.objects.filter(licensee=licensee_id, kind=StoreKey.Kind.TRACK, track=None, release=None)
    called = Concat("artist", Value(" - "), "title", output_field=TextField())
    return rows.filter(Q(Like(called, Value(like))) | Q(Like(F("key"), Value(like)))).order_by("pk")
