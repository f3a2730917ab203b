"""What speaks for and against two names being one recording, as a score from 0 to 1 and reasons as codes. Pure.

The score says how much of the letters of title and artist agree, the worse field counting double. Reasons against
(another version, another part number, another playing time ...) cap it below the threshold: such a pair is shown to a
person and never matched by itself.
"""

from typing import Final, NamedTuple

from rapidfuzz.distance import OSA

from catalog.matching.reading import Reading

ACCEPT: Final = 0.75
"""At or above it a pair is a match; below, a suggestion. Chosen on labelled names: docs/matching.md."""
CAP: Final = 0.70
"""What reasons against leave of a score at most."""
SHOW: Final = 0.45
"""Below it a pair is not even a suggestion."""
SOUNDS_ALIKE: Final = 0.92
ALIKE: Final = 0.6
TITLE_LENGTH_MIN: Final = 5
"""A shorter title has too many neighbours that are titles too (Lie, Lies, Live)."""
SECONDS_EQUAL: Final = 3
SECONDS_APART: Final = 12


class Judgement(NamedTuple):
    """How well two names agree, and why."""

    score: float
    reasons: tuple[str, ...]
    is_barred: bool = False
    """A reason against: never matched without a person."""


class _Field(NamedTuple):
    agrees: float
    reason: str


def judge(asked: Reading, known: Reading, seconds: tuple[int | None, int | None] = (None, None)) -> Judgement:
    """This will weigh one name against another."""
    title = _field(
        "title", asked.title, known.title, (asked.title_text, known.title_text), (asked.title_whole, known.title_whole)
    )
    artist = _field(
        "artist",
        asked.artist,
        known.artist,
        (asked.artist_text, known.artist_text),
        (asked.artist_whole, known.artist_whole),
    )
    if asked.is_cyrillic != known.is_cyrillic:
        title = _sounds("title", title, asked.title_frame, known.title_frame)
        artist = _sounds("artist", artist, asked.artist_frame, known.artist_frame)
    if artist.reason == "artist_differs":
        artist = _part_of_artist(asked, known) or artist
    against = _against(asked, known)
    if title.reason == "title_typed_alike":
        if _another_word(asked, known):
            against.append("title_has_another_word")
        elif min(len(asked.title_whole), len(known.title_whole)) < TITLE_LENGTH_MIN:
            against.append("title_too_short")
    for_it: list[str] = []
    asked_seconds, known_seconds = seconds
    if asked_seconds and known_seconds:
        apart = abs(asked_seconds - known_seconds)
        if apart <= SECONDS_EQUAL:
            for_it.append("duration_equal")
        elif apart > SECONDS_APART:
            against.append("duration_differs")
    lengths = (len(known.title_text), len(known.artist_text))
    whole = (title.agrees * lengths[0] + artist.agrees * lengths[1]) / max(1, sum(lengths))
    score = (whole + 2 * min(title.agrees, artist.agrees)) / 3
    if for_it:
        score += (1 - score) * 0.2
    if against:
        score = min(score, CAP)
    return Judgement(score, (title.reason, artist.reason, *for_it, *against), bool(against))


def _field(name: str, asked: tuple[str, ...], known: tuple[str, ...], *texts: tuple[str, str]) -> _Field:
    if asked == known:
        return _Field(1.0, f"{name}_equal")
    one, other = sorted(asked), sorted(known)
    if one == other:
        return _Field(0.99, f"{name}_words_in_other_order")
    agrees = max(_alike(*pair) for pair in texts)
    if agrees < 0.8 and len(asked) > 1 and len(known) > 1:
        agrees = max(agrees, _alike("".join(one), "".join(other)))
    return _Field(agrees, f"{name}_typed_alike" if agrees >= ALIKE else f"{name}_differs")


def _alike(one: str, other: str) -> float:
    return OSA.normalized_similarity(one, other) if one and other else 0.0


def _sounds(name: str, field: _Field, one: str, other: str) -> _Field:
    """Between two scripts the sound counts, as every custom of transliteration keeps it."""
    if field.agrees < SOUNDS_ALIKE:
        heard = SOUNDS_ALIKE if one == other else 0.9 * _alike(one, other) if min(len(one), len(other)) > 3 else 0
        if heard > field.agrees:
            return _Field(heard, f"{name}_sounds_alike")
    return field


def _part_of_artist(asked: Reading, known: Reading) -> _Field | None:
    few, many = sorted((set(asked.artist), set(known.artist)), key=len)
    if few < many and sum(map(len, few)) >= 4:
        return _Field(0.8, "artist_part_of_several")
    return None


def _against(asked: Reading, known: Reading) -> list[str]:
    found = []
    if asked.versions != known.versions:
        found.append("version_differs")
    if asked.numbers != known.numbers:
        found.append("number_differs")
    if asked.details != known.details and not _same_words(asked, known):
        found.append("details_differ")
    return found


def _same_words(asked: Reading, known: Reading) -> bool:
    """Whether what stands beside the titles is the same, but for a letter, or stands in the other title."""
    ours = [word for word in asked.details - known.details if word not in known.title]
    theirs = [word for word in known.details - asked.details if word not in asked.title]
    one, other = "".join(sorted(ours)), "".join(sorted(theirs))
    return OSA.distance(one, other) <= (1 if max(len(one), len(other)) < 9 else 2)


def _another_word(asked: Reading, known: Reading) -> bool:
    """Whether the titles differ by a whole word rather than by letters."""
    if len(asked.title) == len(known.title):
        pairs = zip(asked.title, known.title, strict=True)
        return any(max(len(a), len(b)) > 2 and OSA.normalized_similarity(a, b) < ALIKE for a, b in pairs)
    return (
        OSA.distance(asked.title_text, known.title_text) > 2 and OSA.distance(asked.title_whole, known.title_whole) > 2
    )
