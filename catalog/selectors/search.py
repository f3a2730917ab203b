"""Finding tracks as people type: by code, by words in any script, and by words that are mistyped.

A search tries in this order and stops at the first that finds something: a public id, ISRC or ISWC; all words, the last
one perhaps unfinished (one barely begun only counts in the order); the same, each word that no track has being replaced
by the nearest ones that tracks have; the same, one of the others being taken for a slip too, or a doubtful one left
out; then all of them; then any one of the others left out; then the same, marked letters being read as ISO 9. Words
are compared in their Latin form (catalog.names), so either script finds both.

Everything is an index look-up in PostgreSQL (words, and spellings of words: catalog.spelling), so a track is found the
moment it is committed, by every web host, and there is nothing to rebuild. Only what the order needs is fetched of the
candidates; the tracks themselves are read when it is known which ones are shown.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Final, NamedTuple

from django.db import connection
from rapidfuzz import fuzz

from catalog.identifiers import BadIdentifier, normalise_iswc
from catalog.isrc import BadIsrc, normalise_isrc
from catalog.models import Track
from catalog.names import words
from catalog.selectors.track import current_tracks
from catalog.spelling import LENGTH_MIN, nearest, spellings
from core.ids import BadPublicId, normalise_public_id

CANDIDATES_MAX: Final = 400
QUERY_WORDS_MAX: Final = 12
PREFIX_LENGTH_MIN: Final = 3
NEAR_WORDS_MAX: Final = 40
ALIKE_WORDS_MAX: Final = 6
UNFINISHED: Final = 0.9
"""What a word counts that only begins as the last one typed."""
_ISO_9: Final = str.maketrans("âûŝčžšèëŭ", "яющчжшэёў")
"""Letters by which ISO 9 writes Cyrillic ones; names are kept as people write them (`ya`, not `â`)."""
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
    found = _having([_all(as_typed, typed[-1] if is_open else "")])
    if not found and not is_open and len(typed) > 1:
        found = _having([_all(as_typed[:-1])])
    weights = as_typed
    if not found:
        found, weights = _by_near_words(typed)
    if not found and (meant := query.lower().translate(_ISO_9)) != query.lower():
        return search_tracks(meant, limit)
    return _in_order(_ranked(found, typed, weights)[:limit])


def _by_code(query: str, limit: int) -> list[Track]:
    """A number of any kind; what no number looks like (no digit, and not our own prefix) is not asked about."""
    if not any(sign.isdigit() for sign in query) and not query.lstrip().upper().startswith("TRK-"):
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


def _having(terms: Sequence[str]) -> list[_Candidate]:
    """Find tracks that have any of these terms of PostgreSQL's full text search."""
    asked = [term for term in terms if term]
    if not asked:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_BY_WORDS, [asked, CANDIDATES_MAX, CANDIDATES_MAX])
        return list({row[0]: _Candidate(*row) for row in cursor.fetchall()}.values())


def _all(choices: Sequence[Weights], begins: str = "") -> str:
    """One word of every choice; `begins`: for the last one, words that begin like this count too."""
    if not choices or not all(choices):
        return ""
    terms = ["(" + " | ".join(choice) + ")" for choice in choices]
    if begins:
        terms[-1] = f"({terms[-1]} | {begins}:*)"
    return " & ".join(terms)


def _by_near_words(typed: Sequence[str]) -> tuple[list[_Candidate], list[Weights]]:
    """Find tracks by the words that may be meant: for words no track has; for one of the others; without one that is
    unknown or short; then for all of them.
    """
    known, near = _known_and_near(set(typed))
    plain: list[Weights] = [{word: 1.0} if word in known else near[word] for word in typed]
    is_open = not plain[-1] and len(typed) > 1  # a word that is not finished yet may be like none
    if is_open:
        plain[-1] = {typed[-1]: UNFINISHED}
    choices: list[Weights] = [{word: 1.0} | near[word] if word in known else plain[n] for n, word in enumerate(typed)]
    found = [] if known.issuperset(typed) else _having([_all(plain, typed[-1] if is_open else "")])
    if not found:
        found = _having([_all(_one_wrong(plain, near[word], n)) for n, word in enumerate(typed) if word in known])
    if not found and len(typed) > 2:
        doubtful = [n for n, word in enumerate(typed) if word not in known or len(word) <= LENGTH_MIN]
        found = _having([_all([*plain[:n], *plain[n + 1 :]]) for n in doubtful])
    if not found:
        some = [choice for word, choice in zip(typed, choices, strict=True) if choice and len(word) >= LENGTH_MIN]
        found = _having([_all(some)]) if len(some) > 1 or len(typed) == 1 else []
    if not found and len(typed) > 2:  # a slip made another word of one, too far from what was meant
        found = _having([_all([*plain[:n], *plain[n + 1 :]]) for n, word in enumerate(typed) if word in known])
    return found, choices


def _one_wrong(plain: Sequence[Weights], near: Weights, place: int) -> list[Weights]:
    """Give the choices when the word at `place` is a slip of a near one."""
    return [*plain[:place], near, *plain[place + 1 :]]


def _known_and_near(typed: Collection[str]) -> tuple[set[str], Mapping[str, Weights]]:
    """Give the words tracks have, short ones and numbers being taken for such; and for each word the ones of the
    vocabulary it may be, by their spellings; else the most alike ones.
    """
    asked = [word for word in typed if len(word) >= LENGTH_MIN and not word.isdigit()]
    like: dict[str, list[str]] = defaultdict(list)
    near: dict[str, Weights] = defaultdict(dict)
    plain = set(typed) - set(asked)
    if not asked:
        return plain, near
    with connection.cursor() as cursor:
        codes = ["{" + ",".join(map(str, spellings(word))) + "}" for word in asked]
        cursor.execute(_BY_SPELLING, [asked, codes])
        for word, other in cursor.fetchall():
            like[word].append(other)
        near |= {word: nearest(word, set(like[word]) - {word}, NEAR_WORDS_MAX) for word in asked}
        strange = [word for word in asked if not near[word] and word not in like[word]]
        if strange:
            cursor.execute(_BY_TRIGRAMS, {"words": strange, "limit": ALIKE_WORDS_MAX})
            for word, other, alike in cursor.fetchall():
                near[word] = {**near[word], other: alike}
    return plain | {word for word in asked if word in like[word]}, near


_BY_WORDS = """
SELECT near.* FROM unnest(%s::text[]) AS asked (term) CROSS JOIN LATERAL (
    SELECT id, search_text, name_key FROM catalog_track
    WHERE merged_into_id IS NULL AND to_tsvector('simple'::regconfig, coalesce(search_text, ''))
        @@ to_tsquery('simple'::regconfig, asked.term) LIMIT %s
) near LIMIT %s
"""
"""The expression of the index track_search_words. Term by term: of words that all have to be there the index reads the
rarest and looks the others up; of several such terms in one it would read all, up to `the`."""
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


_COLUMNS: Final = [
    field.attname for field in Track._meta.concrete_fields if field.name not in ("match_codes", "search_text")
]
_BY_ID: Final = f"SELECT {', '.join(_COLUMNS)} FROM catalog_track WHERE id = ANY(%s)"


def _in_order(ids: Sequence[int]) -> list[Track]:
    """Read tracks, without the columns that only serve finding them."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_ID, [[*ids]])
        found = [Track.from_db(connection.alias, _COLUMNS, row) for row in cursor.fetchall()]
    tracks = {track.pk: track for track in found}
    return [tracks[pk] for pk in ids if pk in tracks]
