"""Which of the candidates a name means, or that a person has to say. Pure.

A name is read as it stands, repaired where it was garbled, and only where that finds nothing also with title and
artist swapped or both in one cell. Every candidate is judged under each of its names and keeps the best judgement.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

from rapidfuzz import fuzz, process

from catalog.matching import evidence, versions
from catalog.matching.mojibake import is_hopeless, repaired
from catalog.matching.reading import Reading, parts, read
from catalog.names import artist_key, name_key, title_key

MARGIN: Final = 0.02
"""How much better than the next one the best candidate has to be."""
JUDGED_MAX: Final = 5
"""So many names of candidates, the nearest at a glance, are judged in detail."""
GLANCE_MIN: Final = 45.0
GLANCE_APART: Final = 18.0
"""What looks less alike than this, or so much less than the best, is not judged. Of 100, on name keys."""
ISRC_SCORE: Final = 0.95
SWAPPED: Final = 0.97
"""What a reading that is not the plain one is worth."""
_SAME_ISRC_MAY_DIFFER: Final = frozenset({versions.EDIT, versions.EXTENDED, versions.REMASTER, versions.OTHER_TAKE})
SWAPPED_SCORE: Final = Decimal("0.9700")
SWAPPED_REASONS: Final = ("title_and_artist_swapped", "title_equal", "artist_equal")
"""Of a name that is exactly a track's, swapped."""
ACCEPT_OTHER_WAYS: Final = 0.9
"""A reading that is not the plain one has to fit better."""
_UNDECIDED: Final = ("isrc_on_several_tracks", "name_decides_nothing")
_PLACES: Final = Decimal("0.0001")


class Asked(NamedTuple):
    """A name to find the track of, and what else is known about it. `no` tells several of them apart."""

    no: int
    title: str
    artist: str
    isrcs: tuple[str, ...] = ()
    seconds: int | None = None
    label: str = ""
    release: str = ""


class Candidate(NamedTuple):
    """A track under one of its names; `by_isrc`: it has one of the ISRCs asked for."""

    track_id: int
    title: str
    artist: str
    key: str
    seconds: int | None
    label: str
    by_isrc: bool
    on_release: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for a name: the track, or none; how, how surely and why."""

    no: int
    track_id: int | None
    method: str = ""
    score: Decimal | None = None
    reasons: tuple[str, ...] = ()
    nearest_id: int | None = None
    """The track that came nearest where none was good enough, for a person to look at."""


@dataclass(slots=True)
class Way:
    """One way to read what was asked."""

    reading: Reading
    key: str
    reasons: tuple[str, ...] = ()
    worth: float = 1.0


class Ranked(NamedTuple):
    """A track that may be meant."""

    track_id: int
    score: float
    method: str
    reasons: tuple[str, ...]
    is_match: bool
    ties: tuple[int, ...] = ()
    """What decides between equally good ones: playing time, release, label."""


def plain_way(asked: Asked) -> Way | None:
    """This will read a name as it stands, repaired if need be; None where title or artist says nothing."""
    again = repaired(asked.title, asked.artist)
    title, artist = (again[0], again[1]) if again else (asked.title, asked.artist)
    if not _says_something(title, artist):
        return None
    return Way(read(title, artist), name_key(title, artist), ("text_repaired",) if again else ())


def other_ways(asked: Asked) -> list[Way]:
    """This will read a name in less likely ways: swapped, or both in one cell."""
    again = repaired(asked.title, asked.artist)
    title, artist = (again[0], again[1]) if again else (asked.title, asked.artist)
    said = ("text_repaired",) if again else ()
    ways = []
    if _says_something(artist, title):
        ways.append(_way(artist, title, (*said, "title_and_artist_swapped")))
    both = parts(title)
    if both and _says_something(*both):
        first, second = both
        is_known = not artist or artist_key(artist) in (artist_key(first), artist_key(second))
        if is_known:
            ways.append(_way(second, first, (*said, "artist_in_title")))
            if not artist:
                ways.append(_way(first, second, (*said, "artist_in_title")))
    return ways


def is_plain(asked: Asked) -> bool:
    """This will tell whether nothing but a whole title and artist is known of a name: no number, no playing time."""
    return not asked.isrcs and asked.seconds is None and _says_something(asked.title, asked.artist)


def rank(asked: Asked, ways: Sequence[Way], candidates: Iterable[Candidate]) -> list[Ranked]:
    """This will judge the candidates and order them, best first; equal ones by track id."""
    found: dict[int, Ranked] = {}
    near = _nearest(ways, candidates)
    carriers = {candidate.track_id for candidate in near if candidate.by_isrc}
    for candidate in near:
        if not ways and candidate.by_isrc:
            found[candidate.track_id] = Ranked(candidate.track_id, evidence.SHOW, "isrc", _UNDECIDED, is_match=False)
        for way in ways:
            ranked = _judged(asked, way, candidate, is_lone=len(carriers) == 1)
            known = found.get(ranked.track_id)
            if known is None or _order(ranked) < _order(known):
                found[ranked.track_id] = ranked
    return sorted(found.values(), key=_order)


def decide(asked: Asked, ranked: Sequence[Ranked]) -> Found:
    """This will match the best candidate when it is good enough and clearly better than the next."""
    if not ranked or ranked[0].score < evidence.SHOW:
        return Found(asked.no, None)
    best = ranked[0]
    near = best.track_id
    score = Decimal(best.score).quantize(_PLACES)
    if best.reasons == _UNDECIDED:
        return Found(asked.no, None, "", score, best.reasons, near)
    if not best.is_match:
        return Found(asked.no, None, "", score, (*best.reasons, "score_too_low"), near)
    rivals = [one for one in ranked[1:] if one.is_match and best.score - one.score < MARGIN]
    if rivals and max(one.ties for one in rivals) >= best.ties:
        if best.score >= 1:
            return Found(asked.no, None, "", score, ("name_on_several_tracks",), near)
        return Found(asked.no, None, "", score, (*best.reasons, "several_alike"), near)
    return Found(asked.no, best.track_id, best.method, score, best.reasons)


def _way(title: str, artist: str, reasons: tuple[str, ...]) -> Way:
    return Way(read(title, artist), name_key(title, artist), reasons, SWAPPED)


def _says_something(title: str, artist: str) -> bool:
    return bool(title_key(title) and artist_key(artist)) and not is_hopeless(title) and not is_hopeless(artist)


def _nearest(ways: Sequence[Way], candidates: Iterable[Candidate]) -> list[Candidate]:
    """Give the candidates that look most alike at a glance, and all that have the ISRC."""
    known = list(candidates)
    if not ways:
        return known
    others = [one for one in known if not one.by_isrc]
    glances: dict[int, float] = {}
    for way in ways:
        for _, glance, place in process.extract(
            way.key, [one.key for one in others], scorer=fuzz.ratio, score_cutoff=GLANCE_MIN, limit=JUDGED_MAX
        ):
            glances[place] = max(glance, glances.get(place, 0.0))
    least = max(glances.values(), default=0.0) - GLANCE_APART
    near = sorted((-glance, place) for place, glance in glances.items() if glance >= least)[:JUDGED_MAX]
    return [one for one in known if one.by_isrc] + [others[place] for _, place in near]


def _judged(asked: Asked, way: Way, candidate: Candidate, *, is_lone: bool) -> Ranked:
    reading = read(candidate.title, candidate.artist)
    judged = evidence.judge(way.reading, reading, (asked.seconds, candidate.seconds))
    score, reasons, is_match = judged.score * way.worth, way.reasons + judged.reasons, not judged.is_barred
    is_match = is_match and judged.score >= (evidence.ACCEPT if way.worth == 1 else ACCEPT_OTHER_WAYS)
    method = "similar"
    if candidate.by_isrc and is_lone:
        method = "isrc"
        is_match = is_match or _isrc_is_enough(way.reading, reading, judged)
        reasons = ("isrc_equal", *reasons)
        if is_match:
            score = max(score, ISRC_SCORE)
        elif score < evidence.SHOW:
            score, reasons = evidence.SHOW, (*reasons, "name_contradicts")
    elif candidate.by_isrc:
        method = "isrc_and_name"
        if score < evidence.SHOW:
            score, reasons = evidence.SHOW, _UNDECIDED
        else:
            reasons = ("isrc_on_several_tracks", *reasons)
    ties = (
        int("duration_equal" in judged.reasons),
        int(candidate.on_release),
        int(bool(asked.label and candidate.label) and artist_key(asked.label) == artist_key(candidate.label)),
    )
    said = tuple(code for code, holds in zip(("", "release_equal", "label_equal"), ties, strict=True) if code and holds)
    return Ranked(candidate.track_id, score, method, (*reasons, *said), is_match, ties)


def _isrc_is_enough(asked: Reading, known: Reading, judged: evidence.Judgement) -> bool:
    """Whether one name agrees at all with the other, and neither says it is another recording."""
    if not (asked.versions ^ known.versions) <= _SAME_ISRC_MAY_DIFFER:
        return False
    return not {"title_differs", "artist_differs"} <= set(judged.reasons)


def _order(ranked: Ranked) -> tuple[bool, float, tuple[int, ...], int]:
    return (not ranked.is_match, -ranked.score, tuple(-tie for tie in ranked.ties), ranked.track_id)
