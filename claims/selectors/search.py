"""Is there money for me? Found tracks with what waits for each, as anybody may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max, Min, QuerySet, Sum

from catalog import selectors as catalog
from catalog.models import RightsHolder, Track, TrackIsrc
from catalog.selectors import Name
from claims.models import Claim
from claims.selectors.claim import claims_for
from claims.selectors.people import Person
from claims.selectors.waiting import Waiting, waiting_for_tracks
from sales.models import Sale

SUMMED_MAX = 500
"""Of so many tracks of one name what waits is summed up for anybody who asks."""


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


def names_meant(found: Sequence[Hit], text: str) -> list[Name]:
    """This will give the artists and labels among what was found that the words may be meant for."""
    return catalog.names_among([hit.track for hit in found], text)


def waiting_under(kind: str, key: str) -> Waiting | None:
    """This will sum what waits for all tracks under a name; None when they are too many to do so for anybody."""
    ids = list(catalog.tracks_named(kind, key).values_list("pk", flat=True)[: SUMMED_MAX + 1])
    if len(ids) > SUMMED_MAX:
        return None
    whole = Waiting(0)
    for waiting in waiting_for_tracks(ids).values():
        whole.add(waiting)
    return whole


def claims_on(user: Person, track: Track) -> QuerySet[Claim]:
    """This will give the signed claims of somebody's verified holders on a track: they show exact sums."""
    over = (Claim.Status.DRAFT, Claim.Status.REJECTED, Claim.Status.RETRACTED)
    mine = claims_for(user, mine=True).exclude(status__in=over)
    return mine.filter(holder__status=RightsHolder.Status.VERIFIED, lines__track=track).distinct()


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
