"""Finding tracks: exactly, for whole files at once, and as people type.

A search tries in this order and stops at the first that finds something: a public id or ISRC; all words, the last one
perhaps unfinished (one barely begun only counts in the order); the same, each word that no track has being replaced by
the nearest ones that tracks have. Words are compared in their Latin form (catalog.names), so either script finds both.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import connection
from django.db.models import Case, IntegerField, QuerySet, When
from django.db.models.expressions import RawSQL
from rapidfuzz import fuzz

from catalog.isrc import BadIsrc, normalise_isrc
from catalog.models import SearchWord, Track, TrackIsrc, TrackName
from catalog.names import search_text, words
from core.ids import BadPublicId, normalise_public_id

CANDIDATES_MAX = 300
QUERY_WORDS_MAX = 12
PREFIX_LENGTH_MIN = 3
NEAR_WORDS_MAX = 6


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


def search_tracks(query: str, limit: int = 20) -> list[Track]:
    """This will return the tracks a person means, best first, or the nearest to what was typed."""
    exact = _by_code(query)
    if exact:
        return exact[:limit]
    typed = list(words(query)[:QUERY_WORDS_MAX])
    if not typed:
        return []
    is_open = len(typed[-1]) >= PREFIX_LENGTH_MIN
    found = _by_words([[word] for word in typed], is_open=is_open)
    if not found and not is_open and len(typed) > 1:
        found = _by_words([[word] for word in typed[:-1]], is_open=False)
    if not found:
        found = _by_words(_corrected(typed), is_open=False)
    return _ranked(found, typed)[:limit]


def current_tracks() -> QuerySet[Track]:
    """This will give all tracks but those merged into another."""
    return Track.objects.filter(merged_into=None)


def tracks_in_order(ids: Sequence[int]) -> QuerySet[Track]:
    """This will give these tracks in the order of their ids here."""
    places = [When(pk=pk, then=place) for place, pk in enumerate(ids)]
    tracks = Track.objects.filter(pk__in=ids)
    return tracks.order_by(Case(*places, output_field=IntegerField())) if places else tracks.order_by("pk")


def _by_code(query: str) -> list[Track]:
    try:
        return list(current_tracks().filter(isrcs__isrc=normalise_isrc(query)).distinct().order_by("pk"))
    except BadIsrc:
        pass
    try:
        return list(Track.objects.filter(public_id=normalise_public_id(query, "TRK")))
    except BadPublicId:
        return []


def _by_words(choices: list[list[str]], *, is_open: bool) -> list[Track]:
    """Find tracks with one word of every choice; `is_open`: words that begin with the last one count too."""
    terms = ["(" + " | ".join(choice) + ")" for choice in choices if choice]
    if len(terms) < len(choices):
        return []
    asked = " & ".join(terms) if not is_open else " & ".join([*terms[:-1], f"{choices[-1][0]}:*"])
    query = SearchQuery(asked, config="simple", search_type="raw")
    tracks = current_tracks().alias(vector=SearchVector("search_text", config="simple")).filter(vector=query)
    return list(tracks[:CANDIDATES_MAX])


def _corrected(typed: list[str]) -> list[list[str]]:
    """Give, for every word that some track has, the word; for the others the nearest ones of tracks."""
    known = set(SearchWord.objects.filter(word__in=typed).values_list("word", flat=True))
    known |= {word for word in typed if len(word) < PREFIX_LENGTH_MIN or word.isdigit()}
    unknown = [word for word in typed if word not in known]
    near: dict[str, list[str]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_NEAR_WORDS, {"words": unknown, "limit": NEAR_WORDS_MAX})
        for word, other in cursor.fetchall():
            near[word].append(other)
    return [[word] if word in known else near[word] for word in typed]


_NEAR_WORDS = """
SELECT typed.word, near.word FROM unnest(%(words)s::text[]) AS typed (word)
CROSS JOIN LATERAL (
    SELECT v.word FROM catalog_searchword v WHERE v.word %% typed.word
    ORDER BY similarity(v.word, typed.word) DESC, v.word LIMIT %(limit)s
) near
"""


def _ranked(tracks: list[Track], typed: list[str]) -> list[Track]:
    wanted = " ".join(typed)

    def nearness(track: Track) -> tuple[bool, float, float, int]:
        text = search_text(track.title, track.artist)
        lacks_last = not any(word.startswith(typed[-1]) for word in track.search_text.split())
        set_ratio, sort_ratio = fuzz.token_set_ratio(wanted, track.search_text), fuzz.token_sort_ratio(wanted, text)
        return lacks_last, -set_ratio, -sort_ratio, track.pk

    return sorted(tracks, key=nearness)


def _grouped(pairs: Iterable[tuple[str, int]]) -> Mapping[str, list[int]]:
    grouped: dict[str, list[int]] = defaultdict(list)
    for word, track_id in pairs:
        grouped[word].append(track_id)
    return grouped
