"""Typed rows as tracks, where each row must be one certain track."""

from collections.abc import Sequence

from catalog.models import Track
from claims import selectors, services
from claims.formats.pasted_list import PastedRow


def tracks_named(rows: Sequence[PastedRow]) -> list[Track]:
    """This will give the tracks that rows name. Raises: services.NoSuchTrack when a row is no certain track."""
    found = selectors.find_rows(rows)
    if any(row.track_id is None for row in found):
        raise services.NoSuchTrack
    return list(Track.objects.filter(pk__in={row.track_id for row in found}))
