"""Artists and labels as names on tracks: whatever is written alike in any script is one name, with one address.

Nobody is said to be behind a name: it groups tracks, it is not a holder. Names are found by the keys of tracks
(catalog.names.artist_key), which change with them, so there is no list of names to keep.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, QuerySet
from django.db.models.functions import Length

from catalog.models import NameKind, Track, TrackName
from catalog.models.track import ARTIST_KEY
from catalog.names import artist_key, words
from catalog.selectors.track import current_tracks

_KEY: Final = re.compile(r"[a-z0-9]+(?: [a-z0-9]+)*")
SPELLINGS_MAX: Final = 6
NAMES_MAX: Final = 4


@dataclass(frozen=True, slots=True)
class Name:
    """A name as most of its tracks write it, and the other ways it is written."""

    kind: str
    key: str
    name: str
    also: tuple[str, ...] = ()

    @property
    def slug(self) -> str:
        """The name in its address."""
        return self.key.replace(" ", "-")


def name_of(kind: str, text: str) -> Name | None:
    """This will give the name a text means; None where it has no letters or digits to make an address of."""
    key = artist_key(" ".join(text.split()))
    return Name(kind, key, text) if _KEY.fullmatch(key) else None


def find_name(kind: str, slug: str) -> Name | None:
    """This will find the name an address means, as its tracks write it; None when no track has it."""
    key = slug.replace("-", " ")
    if not _KEY.fullmatch(key):
        return None
    column = "artist" if kind == NameKind.ARTIST else "label"
    mine = _own(kind, key).values(column).annotate(n=Count("pk")).order_by("-n", Length(column), column)
    found = list(mine.values_list(column, flat=True)[:SPELLINGS_MAX])
    if kind == NameKind.ARTIST:
        other = _other(key).order_by("artist").values_list("artist", flat=True).distinct()
        found += [artist for artist in other[:SPELLINGS_MAX] if artist not in found]
    return Name(kind, key, found[0], tuple(found[1:])) if found else None


def tracks_named(kind: str, key: str) -> QuerySet[Track]:
    """This will give the tracks of an artist or of a label, under any of their names."""
    if kind == NameKind.LABEL:
        return _own(kind, key)
    return current_tracks().filter(pk__in=_own(kind, key).values("pk").union(_other(key).values("track_id")))


def names_among(tracks: Iterable[Track], text: str) -> list[Name]:
    """This will give the artists and labels on some tracks that what was typed may be meant for."""
    typed = words(text)
    found: dict[tuple[str, str], Name] = {}
    for track in tracks:
        for kind, written in ((NameKind.ARTIST, track.artist), (NameKind.LABEL, track.label)):
            name = name_of(kind, written) if written else None
            if name is not None and _is_meant(name.key.split(), typed):
                found.setdefault((kind, name.key), name)
    return list(found.values())[:NAMES_MAX]


def _is_meant(known: Sequence[str], typed: Sequence[str]) -> bool:
    if not typed:
        return False
    if set(known) <= set(typed):
        return True
    *whole, last = typed
    return set(whole) <= set(known) and any(word.startswith(last) for word in known)


def _own(kind: str, key: str) -> QuerySet[Track]:
    if kind == NameKind.LABEL:
        return current_tracks().filter(label_key=key)
    return current_tracks().alias(artist_key=ARTIST_KEY).filter(artist_key=key)


def _other(key: str) -> QuerySet[TrackName]:
    return TrackName.objects.alias(artist_key=ARTIST_KEY).filter(artist_key=key)
