"""Finding tracks exactly, for whole files at once. What people type is found by catalog.selectors.search."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from django.db.models import Case, IntegerField, QuerySet, When
from django.db.models.expressions import RawSQL

from catalog.models import Track, TrackIsrc, TrackName


def texts(values: Collection[str]) -> RawSQL:
    """This will give texts to look for (`column__in=`) as one parameter, however many they are."""
    return RawSQL("SELECT unnest(%s::text[])", [list(values)])


def numbers(values: Collection[int]) -> RawSQL:
    """This will give ids to look for (`column__in=`) as one parameter, however many they are."""
    return RawSQL("SELECT unnest(%s::bigint[])", [list(values)])


def find_tracks_by_isrc(isrcs: Collection[str]) -> Mapping[str, list[int]]:
    """This will return the ids of the tracks that carry each code, ascending; several are a mistake somebody made."""
    pairs = TrackIsrc.objects.filter(isrc__in=texts(isrcs)).values_list("isrc", "track_id")
    return _grouped(sorted(pairs))


def find_tracks_by_name_keys(keys: Collection[str]) -> Mapping[str, list[int]]:
    """This will return the ids of the tracks known by each name key, under any of their names, ascending."""
    own = Track.objects.filter(name_key__in=texts(keys)).values_list("name_key", "pk")
    other = TrackName.objects.filter(name_key__in=texts(keys)).values_list("name_key", "track_id")
    return _grouped(sorted({*own, *other}))


def current_tracks() -> QuerySet[Track]:
    """This will give all tracks but those merged into another."""
    return Track.objects.filter(merged_into=None)


def tracks_in_order(ids: Sequence[int]) -> QuerySet[Track]:
    """This will give these tracks in the order of their ids here."""
    places = [When(pk=pk, then=place) for place, pk in enumerate(ids)]
    tracks = Track.objects.filter(pk__in=ids)
    return tracks.order_by(Case(*places, output_field=IntegerField())) if places else tracks.order_by("pk")


def _grouped(pairs: Iterable[tuple[str, int]]) -> Mapping[str, list[int]]:
    grouped: dict[str, list[int]] = defaultdict(list)
    for word, track_id in pairs:
        grouped[word].append(track_id)
    return grouped
