"""Where the tracks of some rows stand on which release. A release is known by its ICPN, else by its names."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from catalog.formats import CatalogueRow
from catalog.models import Release, ReleaseTrack
from catalog.names import name_key
from catalog.selectors import numbers, texts
from catalog.services.copying import copy_rows, new_ids
from core.ids import new_public_id

_COLUMNS = ("id", "public_id", "title", "artist", "label", "icpn", "released_date", "name_key")
_Row = tuple[int, str, str, str, str, str, date | None, str]


class ReleaseShelf:
    """The releases some rows name, known and new, and the places on them."""

    def __init__(self, rows: Sequence[CatalogueRow]) -> None:
        named = [row for row in rows if row.release_title or row.icpn]
        self._ids = iter(new_ids(Release, len(named)))
        self._by_icpn: dict[str, int] = {}
        self._by_key: dict[str, int] = {}
        self._new: list[_Row] = []
        self._new_places: list[tuple[int, int, int]] = []
        keys, icpns = {_key(row) for row in named}, {row.icpn for row in named if row.icpn}
        known = Release.objects.all()
        for pk, icpn in known.filter(icpn__in=texts(icpns)).exclude(icpn="").order_by("-pk").values_list("pk", "icpn"):
            self._by_icpn[icpn] = pk
        for pk, key in known.filter(name_key__in=texts(keys)).order_by("-pk").values_list("pk", "name_key"):
            self._by_key[key] = pk
        self._places: dict[int, dict[int, int]] = defaultdict(dict)
        ids = {*self._by_icpn.values(), *self._by_key.values()}
        places = ReleaseTrack.objects.filter(release_id__in=numbers(ids))
        for release, sequence, track in places.values_list("release_id", "sequence", "track_id"):
            self._places[release][sequence] = track

    def place(self, row: CatalogueRow, track_id: int) -> tuple[bool, list[str]]:
        """This will put a row's track on its release; tells whether that is new, and codes of remarks."""
        if not row.release_title and not row.icpn:
            return False, []
        places = self._places[self._release(row)]
        if row.track_number is None:
            if track_id in places.values():
                return False, []
            sequence = max(places, default=0) + 1
        else:
            sequence = row.track_number
            if sequence in places:
                return False, [] if places[sequence] == track_id else ["place_taken"]
        places[sequence] = track_id
        self._new_places.append((self._release(row), track_id, sequence))
        return True, []

    def _release(self, row: CatalogueRow) -> int:
        key = _key(row)
        found = self._by_icpn.get(row.icpn) if row.icpn else self._by_key.get(key)
        if found is None:
            found = next(self._ids)
            title = row.release_title or row.icpn
            self._new.append(
                (found, new_public_id("REL"), title, row.release_artist, row.label, row.icpn, row.release_date, key)
            )
            self._by_key.setdefault(key, found)
            if row.icpn:
                self._by_icpn[row.icpn] = found
        return found

    def write(self) -> None:
        """This will write new releases and places; the tracks must be there."""
        copy_rows(Release, _COLUMNS, self._new)
        copy_rows(ReleaseTrack, ("release_id", "track_id", "sequence"), self._new_places)


def _key(row: CatalogueRow) -> str:
    """Two albums may have one title, so the artist counts: the release's own, else the track's."""
    return name_key(row.release_title or row.icpn, row.release_artist or row.artist)
