"""Two tracks (or works) that are one: what belonged to the source becomes the target's, and can go back.

Names, codes, releases, works, shares and withdrawals unite. What the target has already stays where it is. Shares of
one right either all fit beside the target's, or none of them moves and the caller is told: that is a conflict, which
people decide (`claims`). Old public ids lead to the target. Whether to merge is decided in `claims`; here it becomes
a fact.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import models, transaction
from django.db.models import Q, QuerySet

from catalog.models import (
    Merge,
    MergedRow,
    ReleaseTrack,
    RightsShare,
    Track,
    TrackIsrc,
    TrackName,
    TrackWork,
    Withdrawal,
    Work,
)
from catalog.names import name_key, search_text
from catalog.services.errors import (
    AlreadyMerged,
    MergeEnded,
    PartLimitExceeded,
    SameSubject,
    ShareLimitExceeded,
    SharesDiffer,
    WorksDiffer,
)
from catalog.services.limits import limits_explained
from catalog.services.track import note_words
from core.workflow import record_event

Change = MergedRow.Change
ROWS_AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class Merged:
    """A merge, and the rights whose shares do not fit together: they stayed with the source."""

    merge: Merge
    apart: tuple[str, ...]


class _Pair(NamedTuple):
    """What is being merged: `kind` names the foreign key, track or work."""

    merge: Merge
    kind: str
    source: Any
    target: Any

    def of_source(self) -> Q:
        return Q(**{self.kind: self.source})

    def of_target(self) -> Q:
        return Q(**{self.kind: self.target})


def note_rows(*, merge: Merge, table: str, ids: Iterable[int], change: str = Change.MOVED) -> None:
    """This will remember rows of any app that a merge moved."""
    rows = [MergedRow(merge=merge, table=table, row_id=pk, change=change) for pk in ids]
    MergedRow.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE, ignore_conflicts=True)


def noted_rows(merge: Merge, table: str) -> QuerySet[MergedRow, int]:
    """This will give the ids of the rows of one table that a merge moved."""
    return merge.rows.filter(table=table, change=Change.MOVED).values_list("row_id", flat=True)


def move_rows(*, merge: Merge, rows: QuerySet[Any], **to: object) -> int:
    """This will point rows at the target (`track=...`), remember them and return how many they were."""
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), ROWS_AT_ONCE):
        rows.model._base_manager.filter(pk__in=ids[start : start + ROWS_AT_ONCE]).update(**to)
    note_rows(merge=merge, table=rows.model._meta.label, ids=ids)
    return len(ids)


def return_rows(
    *, merge: Merge, model: type[models.Model], field: str, source: int, family: Sequence[int]
) -> list[int]:
    """This will point rows that a merge moved at the source again, and return their ids.

    `family` are the track (or work) the source is part of now and all others that are: rows anybody has moved away
    from there by hand stay where they are. Later merges forget the rows, they are not theirs to return any more.
    """
    ids = list(noted_rows(merge, model._meta.label))
    rows = model._base_manager.filter(pk__in=ids, **{f"{field}__in": family})
    there = list(rows.values_list("pk", flat=True))
    for start in range(0, len(there), ROWS_AT_ONCE):
        model._base_manager.filter(pk__in=there[start : start + ROWS_AT_ONCE]).update(**{field: source})
    forget_rows(merge=merge, table=model._meta.label, ids=there)
    return there


def forget_rows(*, merge: Merge, table: str, ids: Sequence[int]) -> None:
    """This will take rows out of the memory of the merges made after this one."""
    MergedRow.objects.filter(merge__gt=merge.pk, table=table, row_id__in=ids).delete()


# Merging ------------------------------------------------------------------------------------------------------------
def merge_tracks(*, source: Track, target: Track, case: str, now: datetime) -> Merged:
    """This will make `source` part of `target`. Locks both rows in the order of their ids until the caller's commit.

    Raises: SameSubject, AlreadyMerged, SharesDiffer, WorksDiffer.
    """
    with transaction.atomic():
        source, target = locked_pair(Track, source, target)
        merge = Merge.objects.create(source_track=source, target_track=target, case=case, merged_at=now)
        pair = _Pair(merge, "track", source, target)
        _unite_names(pair)
        codes = TrackIsrc.objects.filter(track=target).values("isrc")
        move_rows(merge=merge, rows=source.isrcs.exclude(isrc__in=codes), track=target)
        move_rows(merge=merge, rows=ReleaseTrack.objects.filter(track=source), track=target)
        _unite_works_played(pair)
        apart = _unite_shares(pair)
        move_rows(merge=merge, rows=Withdrawal.objects.filter(track=source), track=target)
        lead_on(Track, merge, source, target)
        return Merged(merge, apart)


def merge_works(*, source: Work, target: Work, case: str, now: datetime) -> Merged:
    """This will make `source` part of `target`, in every track that plays it. Locks both rows in the order of ids.

    Raises: SameSubject, AlreadyMerged, SharesDiffer.
    """
    with transaction.atomic():
        source, target = locked_pair(Work, source, target)
        merge = Merge.objects.create(source_work=source, target_work=target, case=case, merged_at=now)
        pair = _Pair(merge, "work", source, target)
        apart = _unite_shares(pair)
        move_rows(merge=merge, rows=Withdrawal.objects.filter(work=source), work=target)
        _unite_parts(pair)
        lead_on(Work, merge, source, target)
        return Merged(merge, apart)


def locked_pair(model: type[Any], source: Any, target: Any) -> tuple[Any, Any]:
    """This will lock both in the order of their ids and read them anew. Raises: SameSubject, AlreadyMerged."""
    if source.pk == target.pk:
        raise SameSubject
    rows = model.objects.select_for_update(no_key=True).filter(pk__in=[source.pk, target.pk]).order_by("pk")
    found = {row.pk: row for row in rows}
    for row in found.values():
        if row.merged_into_id is not None:
            raise AlreadyMerged(row.public_id)
    return found[source.pk], found[target.pk]


def _unite_names(pair: _Pair) -> None:
    """This will let the target be found under every name of the source."""
    source, target = pair.source, pair.target
    known = {(target.title, target.artist), *TrackName.objects.filter(track=target).values_list("title", "artist")}
    theirs = TrackName.objects.filter(track=source)
    ids = [name.pk for name in theirs if (name.title, name.artist) not in known]
    known |= {(name.title, name.artist) for name in theirs}
    move_rows(merge=pair.merge, rows=TrackName.objects.filter(pk__in=ids), track=target)
    if (source.title, source.artist) not in known:
        made = TrackName.objects.create(
            track=target,
            title=source.title,
            artist=source.artist,
            language=source.language,
            name_key=name_key(source.title, source.artist),
        )
        note_rows(merge=pair.merge, table=TrackName._meta.label, ids=[made.pk], change=Change.MADE)
    _write_search_text(target, also=source.search_text)


def _write_search_text(track: Track, also: str = "") -> None:
    names = [text for name in track.names.order_by("pk") for text in (name.title, name.artist)]
    text = search_text(track.title, track.artist, track.label, *names)
    track.search_text = " ".join(dict.fromkeys(f"{text} {also}".split()))
    track.save(update_fields=["search_text"])
    note_words(texts=[track.search_text])


def _unite_works_played(pair: _Pair) -> None:
    """This will move the works the source plays, as far as the target does not play them already."""
    known = set(TrackWork.objects.filter(track=pair.target).values_list("work_id", "start", "end"))
    links = TrackWork.objects.filter(track=pair.source)
    new = [link for link in links if (link.work_id, link.start, link.end) not in known]
    rows = TrackWork.objects.filter(pk__in=[link.pk for link in new])
    try:
        with limits_explained():
            move_rows(merge=pair.merge, rows=rows, track=pair.target)
    except PartLimitExceeded:
        works = [link.work_id for link in new]
        if RightsShare.objects.filter(work__in=works).exists() or Withdrawal.objects.filter(work__in=works).exists():
            raise WorksDiffer from None


def _unite_shares(pair: _Pair) -> tuple[str, ...]:
    """This will move the source's shares right by right; a right whose shares do not fit stays and is returned."""
    theirs: dict[str, list[RightsShare]] = defaultdict(list)
    for share in RightsShare.objects.filter(pair.of_source()).select_related("territories").order_by("pk"):
        theirs[share.right].append(share)
    apart = []
    for right, shares in sorted(theirs.items()):
        own = RightsShare.objects.filter(pair.of_target(), right=right).select_related("territories")
        new = _without_known(shares, [share for share in own if _lives(share)])
        try:
            with limits_explained():
                rows = RightsShare.objects.filter(pk__in=[share.pk for share in new])
                move_rows(merge=pair.merge, rows=rows, **{pair.kind: pair.target})
        except ShareLimitExceeded:
            apart.append(right)
    return tuple(apart)


def _without_known(shares: Sequence[RightsShare], own: Sequence[RightsShare]) -> list[RightsShare]:
    """This will leave out what the same holder has of the target already. Raises: SharesDiffer."""
    new = []
    for share in filter(_lives, shares):
        same = [mine for mine in own if mine.holder_id == share.holder_id]
        if any(_covers(mine, share) for mine in same):
            continue
        if same:
            raise SharesDiffer(share.holder.name)
        new.append(share)
    return new


def _lives(share: RightsShare) -> bool:
    return share.start is None or share.end is None or share.start < share.end


def _covers(mine: RightsShare, other: RightsShare) -> bool:
    return (
        mine.percent >= other.percent
        and not other.territories.bits & ~mine.territories.bits
        and (mine.start is None or (other.start is not None and mine.start <= other.start))
        and (mine.end is None or (other.end is not None and other.end <= mine.end))
    )


def _unite_parts(pair: _Pair) -> None:
    """This will let every track play the target instead; where it plays both, the parts become one."""
    known = {(link.track_id, link.start, link.end): link for link in TrackWork.objects.filter(work=pair.target)}
    both = []
    for link in TrackWork.objects.filter(work=pair.source).order_by("pk"):
        mine = known.get((link.track_id, link.start, link.end))
        if mine is not None:
            both.append((link, mine))
    for link, mine in both:
        detail = {"track": link.track_id, "percent": str(link.percent), "into": mine.pk, "source": link.source}
        detail |= {"start": str(link.start or ""), "end": str(link.end or "")}
        MergedRow.objects.create(
            merge=pair.merge, table=TrackWork._meta.label, row_id=link.pk, change=Change.REMOVED, detail=detail
        )
        link.delete()
        TrackWork.objects.filter(pk=mine.pk).update(percent=models.F("percent") + link.percent)
    move_rows(merge=pair.merge, rows=TrackWork.objects.filter(work=pair.source), work=pair.target)


def lead_on(model: type[Any], merge: Merge, source: Any, target: Any) -> None:
    """This will let the source, and what was merged into it before, lead to the target."""
    move_rows(merge=merge, rows=model.objects.filter(merged_into=source), merged_into=target)
    model.objects.filter(pk=source.pk).update(merged_into=target)


# Undoing ------------------------------------------------------------------------------------------------------------
def undo_merge(*, merge: Merge, now: datetime) -> Merge:
    """This will give the source back what was its own, wherever later merges have taken it.

    What came to the target since the merge stays with the target. Locks source and target in the order of their ids.

    Raises: MergeEnded, ShareLimitExceeded, PartLimitExceeded.
    """
    with transaction.atomic(), limits_explained():
        merge = locked_merge(merge)
        model: type[Any] = Track if merge.source_track_id else Work
        kind = "track" if merge.source_track_id else "work"
        source_id = merge.source_track_id or merge.source_work_id
        assert source_id is not None
        family = family_of(model, source_id)
        list(model.objects.select_for_update(no_key=True).filter(pk__in=family).order_by("pk"))
        _return(merge, model, kind, source_id, family)
        Merge.objects.filter(pk=merge.pk).update(ended_at=now)
        merge.ended_at = now
    return merge


def locked_merge(merge: Merge) -> Merge:
    """This will lock a merge that stands, and read it anew. Raises: MergeEnded."""
    merge = Merge.objects.select_for_update().get(pk=merge.pk)
    if merge.ended_at is not None:
        raise MergeEnded(merge.public_id)
    return merge


def family_of(model: type[Any], row_id: int) -> list[int]:
    """This will give the ids of the track (or work) that one is part of now, first, and of all that are part of it."""
    root = model.objects.get(pk=row_id).merged_into_id or row_id
    return [root, *model.objects.filter(merged_into=root).order_by("pk").values_list("pk", flat=True)]


def _return(merge: Merge, model: type[Any], kind: str, source_id: int, family: Sequence[int]) -> None:
    there: dict[str, Any] = {"merge": merge, "source": source_id, "family": family}
    model.objects.filter(pk=source_id).update(merged_into=None)
    forget_rows(merge=merge, table=model._meta.label, ids=[source_id])
    return_rows(model=model, field="merged_into_id", **there)
    tables: tuple[type[models.Model], ...] = (RightsShare, Withdrawal, TrackWork)
    if kind == "track":
        tables = (*tables, TrackIsrc, TrackName, ReleaseTrack)
        made = merge.rows.filter(table=TrackName._meta.label, change=Change.MADE).values("row_id")
        TrackName.objects.filter(pk__in=made).delete()
    for table in tables:
        return_rows(model=table, field=f"{kind}_id", **there)
    for row in merge.rows.filter(table=TrackWork._meta.label, change=Change.REMOVED):
        _part_again(row, source_id)
    if kind == "track":
        for track in Track.objects.filter(pk__in=[family[0], source_id]):
            _write_search_text(track)


def _part_again(row: MergedRow, work_id: int) -> None:
    """This will take a part of a track out of the one it was added to."""
    said = row.detail
    percent = models.F("percent") - models.Value(said["percent"], output_field=models.DecimalField())
    TrackWork.objects.filter(pk=said["into"], percent__gt=said["percent"]).update(percent=percent)
    TrackWork.objects.create(
        track_id=said["track"],
        work_id=work_id,
        percent=said["percent"],
        start=said["start"] or None,
        end=said["end"] or None,
        source=said["source"],
    )


# Splitting ----------------------------------------------------------------------------------------------------------
def hand_over_isrcs(*, source_ids: Iterable[int], target: Track, isrcs: Sequence[str], by: Any, now: datetime) -> None:
    """This will give codes of some tracks to another track; which it was stays in the target's history."""
    codes = TrackIsrc.objects.filter(track__in=source_ids, isrc__in=isrcs).exclude(track=target)
    with transaction.atomic():
        known = TrackIsrc.objects.filter(track=target, isrc__in=isrcs).values_list("isrc", flat=True)
        codes.filter(isrc__in=list(known)).delete()
        for code in codes.select_related("track").order_by("pk"):
            record_event(target, code.track.public_id, code.isrc, by=by, now=now, reason_code="isrc_handed_over")
        codes.update(track=target)
