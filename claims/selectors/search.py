"""Is there money for me? Found tracks with what waits for each, as anybody may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.db.models import QuerySet

from catalog import selectors as catalog
from catalog.models import RightsHolder, Track
from catalog.selectors import Name
from claims.models import Claim
from claims.selectors.claim import claims_for
from claims.selectors.people import Person
from claims.selectors.waiting import Waiting, waiting_for_tracks

SUMMED_MAX = 500
"""Of so many tracks of one name what waits is summed up for anybody who asks."""


@dataclass(slots=True)
class Hit:
    """A track somebody may be looking for: its codes, since when it was sold, and what waits."""

    track: Track
    isrcs: tuple[str, ...]
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


_KNOWN = """
SELECT t.id, ARRAY(SELECT c.isrc::text FROM catalog_trackisrc c WHERE c.track_id = t.id ORDER BY c.id),
    s.first, s.last, s.n
FROM unnest(%s::bigint[]) t (id) CROSS JOIN LATERAL (
    SELECT min(use_start) AS first, max(use_end) AS last, sum(units) AS n FROM sales_sale WHERE track_id = t.id
) s
"""


def hits(tracks: Sequence[Track]) -> list[Hit]:
    """This will put beside each track its codes, its years of sale and what waits: three queries for all together."""
    ids = [track.pk for track in tracks]
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [ids])
        known = {pk: rest for pk, *rest in cursor.fetchall()}
    waiting, found = waiting_for_tracks(ids), []
    for track in tracks:
        isrcs, first, last, units = known[track.pk]
        hit = Hit(track, tuple(isrcs), waiting[track.pk])
        if first is not None:
            hit.first_sold, hit.last_sold, hit.units = first, last - timedelta(days=1), units
        found.append(hit)
    return found
