"""What a merge does beyond the catalogue: keys, Sales, open cases, and disputes where shares do not fit together."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from catalog import services as catalog
from catalog.models import Merge, RightsHolder, RightsShare, Track, TrackWork, Work
from catalog.territories import interned
from claims import selectors
from claims.conflict import Piece, Stake, cut
from claims.models import (
    CaseMail,
    ClaimLine,
    Correction,
    Dispute,
    DisputeParty,
    MergeConflict,
    MoneyRequest,
    OptOutLine,
)
from claims.services.case_mail import tell_parties
from claims.services.dispute_opening import group_key, start_answer_clocks
from claims.services.errors import TheyDispute
from claims.services.moves import move
from claims.services.queue import touch
from core.workflow import record_event
from sales import services as sales

UNDONE = "merge_undone"


def merge(correction: Correction, by: User, now: datetime) -> Merge:
    """This will merge two tracks or two works with everything that hangs on them."""
    if correction.source_track is not None and correction.target_track is not None:
        merged = catalog.merge_tracks(
            source=correction.source_track, target=correction.target_track, case=correction.public_id, now=now
        )
        sales.follow_merge(merge=merged.merge)
        _move_open_cases(merged.merge)
    elif correction.source_holder is not None and correction.target_holder is not None:
        return _merge_holders(correction, by, now)
    else:
        assert correction.source_work is not None
        assert correction.target_work is not None
        merged = catalog.merge_works(
            source=correction.source_work, target=correction.target_work, case=correction.public_id, now=now
        )
        disputes = Dispute.objects.filter(work=correction.source_work, status__in=selectors.LIVE)
        catalog.move_rows(merge=merged.merge, rows=disputes, work=correction.target_work)
    for right in merged.apart:
        _open_dispute(merged.merge, right, by, now)
    return merged.merge


def undo(merge: Merge, by: User, now: datetime) -> list[int]:
    """This will undo a merge with everything that hung on it; returns the tracks whose money may move."""
    if merge.source_holder_id is not None:
        return _part_holders(merge, now)
    model: type[Any] = Track if merge.source_track_id else Work
    source = merge.source_track_id or merge.source_work_id or 0
    tracks = track_ids(merge)
    family = catalog.family_of(model, source)
    catalog.undo_merge(merge=merge, now=now)
    for conflict in MergeConflict.objects.filter(merge=merge, dispute__status__in=selectors.LIVE):
        move(conflict.dispute, Dispute.Status.SETTLED, by=by, now=now, reason_code=UNDONE)
    there: dict[str, Any] = {"merge": merge, "source": source, "family": family}
    if merge.source_track_id is None:
        catalog.return_rows(model=Dispute, field="work_id", **there)
        sales.join_use_periods(track_ids=tracks)
        return tracks
    sales.leave_merge(merge=merge, family=family)
    sales.join_use_periods(track_ids=[*family, source])
    for table in (ClaimLine, OptOutLine, Dispute):
        catalog.return_rows(model=table, field="track_id", **there)
    return sorted({*tracks, *family, source})


def track_ids(merge: Merge) -> list[int]:
    """This will list the tracks whose money a merge is about."""
    if merge.source_track_id is not None:
        return [merge.source_track_id, merge.target_track_id or 0]
    if merge.source_holder_id is not None:
        return selectors.tracks_of_holders([merge.source_holder_id, merge.target_holder_id or 0])
    links = TrackWork.objects.filter(work__in=[merge.source_work_id, merge.target_work_id])
    return sorted(set(links.values_list("track_id", flat=True)))


def _merge_holders(correction: Correction, by: User, now: datetime) -> Merge:
    """This will unite two holders: facts, sides of open disputes, and what the source asked for; cases stay its own."""
    source, target = correction.source_holder, correction.target_holder
    assert source is not None
    assert target is not None
    sides = DisputeParty.objects.filter(holder=source, dispute__status__in=selectors.LIVE)
    if sides.filter(dispute__parties__holder=target).exists():
        raise TheyDispute
    merge = catalog.merge_holders(source=source, target=target, case=correction.public_id, by=by, now=now).merge
    catalog.move_rows(merge=merge, rows=sides, holder=target)
    asked = MoneyRequest.objects.filter(holder=target).values("before")
    catalog.move_rows(
        merge=merge, rows=MoneyRequest.objects.filter(holder=source).exclude(before__in=asked), holder=target
    )
    return merge


def _part_holders(merge: Merge, now: datetime) -> list[int]:
    """This will part two holders again; returns the tracks whose money may move."""
    source = merge.source_holder_id or 0
    tracks, family = track_ids(merge), catalog.family_of(RightsHolder, source)
    catalog.undo_holder_merge(merge=merge, now=now)
    for table in (DisputeParty, MoneyRequest):
        catalog.return_rows(merge=merge, model=table, field="holder_id", source=source, family=family)
    return sorted({*tracks, *track_ids(merge)})


def _move_open_cases(merge: Merge) -> None:
    """This will let what is not decided yet be about the target: lines of claims and opt-outs, open disputes."""
    target = {"track": merge.target_track}
    same = ClaimLine.objects.filter(track=merge.target_track, claim=OuterRef("claim"), right=OuterRef("right"))
    lines = ClaimLine.objects.filter(track=merge.source_track, outcome=ClaimLine.Outcome.PENDING)
    catalog.move_rows(merge=merge, rows=lines.exclude(Exists(same)), **target)
    rows = OptOutLine.objects.filter(track=merge.source_track, outcome=OptOutLine.Outcome.PENDING)
    catalog.move_rows(merge=merge, rows=rows, **target)
    disputes = Dispute.objects.filter(track=merge.source_track, status__in=selectors.LIVE)
    catalog.move_rows(merge=merge, rows=disputes, **target)


def _open_dispute(merge: Merge, right: str, by: User, now: datetime) -> Dispute:
    """This will let the holders of both sides, or a person, say who has what; until then both are paid as before."""
    theirs, own = (
        _shares(merge.source_track, merge.source_work, right),
        _shares(merge.target_track, merge.target_work, right),
    )
    pieces = _too_much(theirs, own)
    starts, ends = [piece.start for piece in pieces], [piece.end for piece in pieces]
    bits = 0
    for piece in pieces:
        bits |= piece.territories
    dispute = Dispute(
        track_id=merge.target_track_id or track_ids(merge)[0],
        work=merge.target_work,
        right=right,
        territories=interned(bits),
        start=None if None in starts else min(day for day in starts if day),
        end=None if None in ends else max(day for day in ends if day),
        opened_at=now,
    )
    parties = _parties(dispute, [*own, *theirs])
    dispute.group_key = group_key(right, [party.holder_id for party in parties], ())
    start_answer_clocks([dispute], now)
    dispute.save()
    DisputeParty.objects.bulk_create(parties)
    MergeConflict.objects.create(merge=merge, right=right, dispute=dispute)
    record_event(dispute, "", Dispute.Status.OPENED, by=by, now=now, reason_code=merge.public_id)
    touch(dispute, now)
    tell_parties(dispute, CaseMail.Topic.DISPUTE_OPENED, now)
    return dispute


def _shares(track: Track | None, work: Work | None, right: str) -> list[RightsShare]:
    subject = Q(work=work) if work is not None else Q(track=track)
    rows: QuerySet[RightsShare] = RightsShare.objects.filter(subject, right=right).select_related("territories")
    return [share for share in rows.order_by("pk") if share.start is None or share.start != share.end]


def _too_much(theirs: Sequence[RightsShare], own: Sequence[RightsShare]) -> list[Piece]:
    """This will find the days and territories in which both sides together exceed 100 %."""
    stakes = {share.pk: _stake(share) for share in (*own, *theirs)}
    return [
        piece
        for share in theirs
        for piece in cut(
            share.holder_id,
            share.territories.bits,
            share.start,
            share.end,
            [stake for pk, stake in stakes.items() if pk != share.pk],
        )
        if piece.conflicts(share.percent)
    ]


def _stake(share: RightsShare) -> Stake:
    return Stake(share.holder_id, share.percent, share.territories.bits, share.start, share.end)


def _parties(dispute: Dispute, shares: Iterable[RightsShare]) -> list[DisputeParty]:
    percents: dict[int, Decimal] = {}
    standing: dict[int, RightsShare] = {}
    for share in shares:
        percents[share.holder_id] = max(percents.get(share.holder_id, Decimal(0)), share.percent)
        standing.setdefault(share.holder_id, share)
    return [
        DisputeParty(dispute=dispute, holder_id=owner, percent=percent, share=standing[owner])
        for owner, percent in percents.items()
    ]
