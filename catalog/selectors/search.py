"""Finding tracks as people type: by code, by words in any script, and by words that are mistyped.

A search tries in this order and stops at the first that finds something: a public id, ISRC or ISWC; all words, the last
one perhaps unfinished (one barely begun only counts in the order); the same, each word that no track has being replaced
by the nearest ones that tracks have; the same, every word being taken for a slip of the finger. Words are compared in
their Latin form (catalog.names), so either script finds both.

Everything is an index look-up in PostgreSQL (words, and spellings of words: catalog.spelling), so a track is found the
moment it is committed, by every web host, and there is nothing to rebuild. Only what the order needs is fetched of the
candidates; the tracks themselves are read when it is known which ones are shown.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Final, NamedTuple

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import connection
from rapidfuzz import fuzz

from catalog.identifiers import BadIdentifier, normalise_iswc
from catalog.isrc import BadIsrc, normalise_isrc
from catalog.models import SearchWord, Track
from catalog.names import words
from catalog.selectors.track import current_tracks
from catalog.spelling import LENGTH_MIN, nearest, spellings
from core.ids import BadPublicId, normalise_public_id

CANDIDATES_MAX: Final = 400
QUERY_WORDS_MAX: Final = 12
PREFIX_LENGTH_MIN: Final = 3
NEAR_WORDS_MAX: Final = 6
UNFINISHED: Final = 0.9
"""What a word counts that only begins as the last one typed."""
Weights = dict[str, float]


class _Candidate(NamedTuple):
    """As much of a track as its place in the answer depends on."""

    pk: int
    text: str
    key: str


def search_tracks(query: str, limit: int = 20) -> list[Track]:
    """This will return the tracks a person means, best first, or the nearest to what was typed."""
    exact = _by_code(query, limit)
    if exact:
        return exact
    typed = list(words(query)[:QUERY_WORDS_MAX])
    if not typed:
        return []
    as_typed: list[Weights] = [{word: 1.0} for word in typed]
    is_open = len(typed[-1]) >= PREFIX_LENGTH_MIN
    found = _by_words(as_typed, is_open=is_open)
    if not found and not is_open and len(typed) > 1:
        found = _by_words(as_typed[:-1], is_open=False)
    weights = as_typed
    if not found:
        found, weights = _by_near_words(typed)
    return _in_order(_ranked(found, typed, weights)[:limit])


def _by_code(query: str, limit: int) -> list[Track]:
    """A number of any kind; what no number looks like (12 signs at most, one of them a digit) is not asked about."""
    if not any(sign.isdigit() for sign in query):
        return []
    try:
        code = normalise_isrc(query)
        return list(current_tracks().filter(isrcs__isrc=code).distinct().order_by("pk")[:limit])
    except BadIsrc:
        pass
    try:
        code = normalise_iswc(query)
        return list(current_tracks().filter(works__iswc=code).distinct().order_by("pk")[:limit])
    except BadIdentifier:
        pass
    try:
        return list(Track.objects.filter(public_id=normalise_public_id(query, "TRK")))
    except BadPublicId:
        return []


def _by_words(choices: Sequence[Weights], *, is_open: bool) -> list[_Candidate]:
    """Find tracks with one word of every choice; `is_open`: words that begin with the last one count too."""
    if not choices or not all(choices):
        return []
    terms = ["(" + " | ".join(choice) + ")" for choice in choices]
    if is_open:
        terms[-1] = f"({terms[-1]} | {next(iter(choices[-1]))}:*)"
    query = SearchQuery(" & ".join(terms), config="simple", search_type="raw")
    tracks = current_tracks().alias(vector=SearchVector("search_text", config="simple")).filter(vector=query)
    return [_Candidate(*row) for row in tracks.values_list("pk", "search_text", "name_key")[:CANDIDATES_MAX]]


def _by_near_words(typed: Sequence[str]) -> tuple[list[_Candidate], list[Weights]]:
    """Find tracks by the words that may be meant: first for words no track has, then for all of them."""
    known = _known(typed)
    near = _near(set(typed))
    choices: list[Weights] = [{word: 1.0} if word in known else near[word] for word in typed]
    is_open = not choices[-1]
    if is_open and len(typed) > 1:  # a word that is not finished yet may be like none
        choices[-1] = {typed[-1]: UNFINISHED}
    found = _by_words(choices, is_open=is_open)
    if not found:
        choices = [{word: 1.0} | near[word] if word in known else near[word] for word in typed]
        found = _by_words(choices, is_open=False)
    if not found and sum(map(bool, choices)) > 1:
        found = _by_words([choice for choice in choices if choice], is_open=False)
    return found, choices


def _known(typed: Collection[str]) -> set[str]:
    known = set(SearchWord.objects.filter(word__in=typed).values_list("word", flat=True))
    return known | {word for word in typed if len(word) < LENGTH_MIN or word.isdigit()}


def _near(typed: Collection[str]) -> Mapping[str, Weights]:
    """Give for each word the ones of the vocabulary it may be, by their spellings; else the most alike ones."""
    asked = [word for word in typed if len(word) >= LENGTH_MIN and not word.isdigit()]
    like: dict[str, list[str]] = defaultdict(list)
    near: dict[str, Weights] = defaultdict(dict)
    if not asked:
        return near
    with connection.cursor() as cursor:
        codes = ["{" + ",".join(map(str, spellings(word))) + "}" for word in asked]
        cursor.execute(_BY_SPELLING, [asked, codes])
        for word, other in cursor.fetchall():
            like[word].append(other)
        near |= {word: nearest(word, set(like[word]) - {word}, NEAR_WORDS_MAX) for word in asked}
        strange = [word for word in asked if not near[word] and word not in like[word]]
        if strange:
            cursor.execute(_BY_TRIGRAMS, {"words": strange, "limit": NEAR_WORDS_MAX})
            for word, other, alike in cursor.fetchall():
                near[word] = {**near[word], other: alike}
    return near


_BY_SPELLING = """
SELECT typed.word, near.word FROM unnest(%s::text[], %s::text[]) AS typed (word, codes)
CROSS JOIN LATERAL (
    SELECT v.word FROM catalog_searchword v WHERE v.spellings && typed.codes::integer[] OFFSET 0
) near
"""
_BY_TRIGRAMS = """
SELECT typed.word, near.word, near.alike FROM unnest(%(words)s::text[]) AS typed (word)
CROSS JOIN LATERAL (
    SELECT v.word, similarity(v.word, typed.word)::float8 AS alike FROM catalog_searchword v
    WHERE v.word %% typed.word ORDER BY 2 DESC, 1 LIMIT %(limit)s
) near
"""


def _ranked(found: Sequence[_Candidate], typed: Sequence[str], weights: Sequence[Weights]) -> list[int]:
    """Order candidates: how well the words fit, then how much else is in title and artist."""
    wanted, last = " ".join(typed), typed[-1]

    def nearness(candidate: _Candidate) -> tuple[float, float, int]:
        known = set(candidate.text.split())
        fits = 0.0
        for place, choice in enumerate(weights):
            best = max((choice[word] for word in known.intersection(choice)), default=0.0)
            if best < UNFINISHED and place == len(weights) - 1 and any(word.startswith(last) for word in known):
                best = UNFINISHED
            fits += best
        return -round(fits, 6), -fuzz.token_sort_ratio(wanted, candidate.key.replace("|", " ")), candidate.pk

    return [candidate.pk for candidate in sorted(found, key=nearness)]


def _in_order(ids: Sequence[int]) -> list[Track]:
    tracks = Track.objects.in_bulk(ids)
    return [tracks[pk] for pk in ids if pk in tracks]
