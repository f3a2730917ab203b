"""Lists as a person may see them: how far they are, their rows by kind, and the rows that need mending."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from catalog.models import Track, TrackIsrc
from claims.models import RepertoireList, RepertoireRow
from claims.selectors.people import Person, seen_holders
from claims.selectors.waiting import Band

Outcome = RepertoireRow.Outcome
BAD = (Outcome.UNREADABLE, Outcome.UNKNOWN, Outcome.DUPLICATE, Outcome.NOT_MINE)
UNSURE = (RepertoireRow.Group.DOUBTFUL, RepertoireRow.Group.VERSION, RepertoireRow.Group.OTHER_ARTIST)
ROWS_AT_ONCE = 5000


def lists_for(user: Person) -> QuerySet[RepertoireList]:
    """This will list the lists of somebody's holders, newest first. They are drafts: nobody else sees them."""
    lists = RepertoireList.objects.select_related("holder", "authority__agent", "created_by", "follows").order_by("-pk")
    return lists.filter(seen_holders(user)) if user.is_authenticated else lists.none()


def rows_of(found: RepertoireList, *, kind: str = "", after: int = 0) -> QuerySet[RepertoireRow]:
    """This will give the rows in order, of one kind where asked: a group, an outcome, `bad`, `chosen`, `money`."""
    rows = RepertoireRow.objects.filter(list=found).order_by("row_no", "place")
    if kind in RepertoireRow.Group.values:
        rows = rows.filter(group=kind)
    elif kind in Outcome.values:
        rows = rows.filter(outcome=kind)
    elif kind == "bad":
        unsure = Q(group__in=UNSURE, is_chosen=False)
        rows = rows.filter(Q(outcome__in=BAD) | unsure, place=0)
    elif kind == "chosen":
        rows = rows.filter(is_chosen=True)
    elif kind == "money":
        rows = rows.filter(has_money=True)
    return rows.filter(row_no__gte=after) if after else rows


def band_of(kept: Mapping[str, Any]) -> Band:
    """This will give an order of size as it was kept with the counts of a list."""
    low, high = kept["low"], kept["high"]
    return Band(kept["currency"], None if low is None else Decimal(low), None if high is None else Decimal(high))


def with_tracks(rows: Sequence[RepertoireRow]) -> list[RepertoireRow]:
    """This will put the tracks to rows, in two statements."""
    isrcs = Prefetch("isrcs", queryset=TrackIsrc.objects.order_by("isrc"))
    tracks = Track.objects.prefetch_related(isrcs).in_bulk({row.track_id for row in rows if row.track_id})
    for row in rows:
        row.track = tracks.get(row.track_id) if row.track_id else None
    return list(rows)


def progress(found: RepertoireList) -> dict[str, int]:
    """This will say how far a list is: rows read, and rows looked up."""
    done = 0
    for first, last in found.parts.filter(done_at__isnull=False).values_list("first_row", "last_row"):
        done += last - first + 1
    return {"read": found.row_count, "done": min(done, found.row_count)}


def bad_rows(found: RepertoireList) -> Iterator[dict[str, Any]]:
    """This will give the rows that need mending, piece by piece: what they said, and what is wrong."""
    columns = (
        "row_no",
        "typed",
        "isrcs",
        "title",
        "artist",
        "release",
        "seconds",
        "store_key",
        "address",
        "group",
        "outcome",
        "fault",
        "fault_column",
    )
    yield from rows_of(found, kind="bad").values(*columns).iterator(chunk_size=ROWS_AT_ONCE)
