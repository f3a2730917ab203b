"""Is there money for me? Found tracks with what waits for each, as anybody may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max, Min, Sum

from catalog import selectors as catalog
from catalog.models import Track, TrackIsrc
from claims.selectors.waiting import Waiting, waiting_for_tracks
from sales.models import Sale


@dataclass(slots=True)
class Hit:
    """A track somebody may be looking for: its codes, since when it was sold, and what waits."""

    track: Track
    isrcs: list[str]
    waiting: Waiting
    first_sold: date | None = None
    last_sold: date | None = None
    units: int = 0

    @property
    def years(self) -> str:
        """The years of its sales: `2005` or `2005–2007`."""
        if self.first_sold is None or self.last_sold is None:
            return ""
        first, last = self.first_sold.year, self.last_sold.year
        return str(first) if first == last else f"{first}–{last}"


def unclaimed_search(text: str, *, limit: int = 20) -> list[Hit]:
    """This will find tracks by name, title or ISRC in any script, best first, each with what waits for it."""
    return hits([*catalog.search_tracks(text, limit=limit)])


def hits(tracks: Sequence[Track]) -> list[Hit]:
    """This will put beside each track its codes, its years of sale and what waits: three queries for all together."""
    ids = [track.pk for track in tracks]
    codes: dict[int, list[str]] = {}
    for track_id, isrc in TrackIsrc.objects.filter(track_id__in=ids).order_by("pk").values_list("track_id", "isrc"):
        codes.setdefault(track_id, []).append(isrc)
    spans = Sale.objects.filter(track_id__in=ids).values("track_id")
    sold = {row["track_id"]: row for row in spans.annotate(first=Min("use_start"), last=Max("use_end"), n=Sum("units"))}
    waiting = waiting_for_tracks(ids)
    found = []
    for track in tracks:
        hit = Hit(track, codes.get(track.pk, []), waiting[track.pk])
        if row := sold.get(track.pk):
            hit.first_sold, hit.last_sold, hit.units = row["first"], row["last"] - timedelta(days=1), row["n"]
        found.append(hit)
    return found
