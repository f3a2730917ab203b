"""Shares that a merge could not unite: until their dispute ends, each side's sales are divided by its own shares."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from catalog.models import MergedRow, Track, TrackWork
from claims.models import MergeConflict
from claims.selectors.dispute import LIVE
from sales.models import Sale, StoreKey

Subject = tuple[str, int]


@dataclass(slots=True)
class Apart:
    """What the money rule must keep apart of some tracks; empty nearly always."""

    twins: dict[tuple[Subject, str], list[Subject]] = field(default_factory=lambda: defaultdict(list))
    """Where shares of the source stand for a right of the target: withdrawals of the target count for it too."""
    disputes: dict[int, Subject] = field(default_factory=dict)
    """The dispute of each conflict, and the source it is about as well."""
    sources: set[int] = field(default_factory=set)
    rights: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Rights of a track whose Sales are not all divided alike."""
    origins: dict[tuple[str, int, str], int] = field(default_factory=dict)
    """(sale or key, its id, right) to the track whose shares count."""
    works: dict[int, int] = field(default_factory=dict)
    """Rows of TrackWork to the work whose shares count."""

    def track_of(self, track: int, right: str, key: int, sale: int) -> int:
        """This will say whose shares divide one right of one Sale."""
        return self.origins.get(("key", key, right)) or self.origins.get(("sale", sale, right)) or track


def apart_of(track_ids: Collection[int]) -> Apart:
    """This will read the conflicts of merges about these tracks, or about works they play."""
    live = MergeConflict.objects.filter(merge__ended_at=None, dispute__status__in=LIVE)
    found = Apart()
    for conflict in live.select_related("merge__source_track", "merge__source_work").order_by("pk"):
        merge = conflict.merge
        if merge.source_track is not None and merge.source_track.merged_into_id in track_ids:
            source: Subject = ("track", merge.source_track.pk)
            root: Subject = ("track", merge.source_track.merged_into_id or 0)
            found.sources.add(merge.source_track.pk)
            found.rights[root[1]].add(conflict.right)
            _find_origins(found, merge.pk, merge.source_track.pk, conflict.right)
        elif merge.source_work is not None:
            source, root = ("work", merge.source_work.pk), ("work", merge.source_work.merged_into_id or 0)
            rows = MergedRow.objects.filter(merge=merge, table=TrackWork._meta.label, change=MergedRow.Change.MOVED)
            links = TrackWork.objects.filter(pk__in=rows.values("row_id"), track__in=track_ids)
            found.works |= dict.fromkeys(links.values_list("pk", flat=True), merge.source_work.pk)
        else:
            continue
        found.twins[root, conflict.right].append(source)
        found.disputes[conflict.dispute_id] = source
    return found


def _find_origins(found: Apart, merge: int, source: int, right: str) -> None:
    tables = {StoreKey._meta.label: "key", Sale._meta.label: "sale"}
    rows = MergedRow.objects.filter(merge=merge, table__in=tables)
    for table, row_id in rows.values_list("table", "row_id"):
        found.origins[tables[table], row_id, right] = source


def merged_tracks(track_ids: Collection[int]) -> dict[int, int]:
    """This will give, for these tracks and all that are part of the same ones, those that are merged and into which."""
    roots = {pk: into or pk for pk, into in Track.objects.filter(pk__in=track_ids).values_list("pk", "merged_into_id")}
    parts = Track.objects.filter(merged_into__in=set(roots.values()))
    return dict(parts.values_list("pk", "merged_into_id"))
