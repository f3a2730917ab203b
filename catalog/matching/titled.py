"""Other recordings of one title: covers, karaoke, live takes. What they are is said, never decided."""

from typing import Final, NamedTuple

from django.contrib.postgres.search import SearchQuery, SearchVector

from catalog.matching.reading import read
from catalog.models import Track

LOOKED_AT_MAX: Final = 500


class Titled(NamedTuple):
    """A recording whose title is the one asked for; `versions`: what its name says of it (live, karaoke ...)."""

    track_id: int
    versions: frozenset[str]


def recordings_titled(title: str, limit: int = 50) -> list[Titled]:
    """This will find the tracks whose title is this one, whoever performs it and in whatever version, oldest first."""
    asked = read(title, "")
    if not asked.title:
        return []
    query = SearchQuery(" & ".join(asked.title), config="simple", search_type="raw")
    tracks = Track.objects.filter(merged_into=None).alias(vector=SearchVector("search_text", config="simple"))
    rows = tracks.filter(vector=query).values_list("pk", "title", "artist")[:LOOKED_AT_MAX]
    found = []
    for track_id, known, artist in rows:
        reading = read(known, artist)
        if sorted(reading.title) == sorted(asked.title) and reading.numbers == asked.numbers:
            found.append(Titled(track_id, reading.versions))
    return sorted(found)[:limit]
