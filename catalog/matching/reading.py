"""A title and an artist taken apart into what names are compared by: words, version, part numbers, artist. Pure."""

import re
from functools import lru_cache
from typing import Final, NamedTuple

from catalog.matching import versions
from catalog.matching.sounds import frame
from catalog.names import without_guests, words

_BRACKETS: Final = re.compile(r"[(\[{]([^)\]}]*)[)\]}]?")
_BREAKS: Final = re.compile(r"\s[-\u2013\u2014~|/]+\s|[:;]\s|\s[-\u2013\u2014]+(?=\w)")
_MAY_BE_NUMBER: Final = re.compile(r"[0-9]|[ivx]+$|" + "|".join(f"{word}$" for word in versions.PART_WORDS))
_HAS_PARTS: Final = re.compile(r"[(\[{:;|/~\u2013\u2014]|\s-")
_WORDS: Final = re.compile(r"[^\W_][\w'’`ʹʺ]*")
_DASH: Final = re.compile(r"\s+[-\u2013\u2014]+\s+")
_CYRILLIC: Final = re.compile(r"[\u0400-\u04ff]")
_GUEST_AFTER_NUMBER: Final = re.compile(
    r"(?<=\w\s\d)\s+(?:feat|ft)\b.*|(?<=\w\s\d\d)\s+(?:feat|ft)\b.*|(?<=[:.]\d\d)\s+(?:feat|ft)\b.*", re.IGNORECASE
)
_TITLE_NOISE: Final = frozenset({"the", "a", "an", "and", "und", "et", "feat", "ft"})
_ARTIST_NOISE: Final = frozenset({"the", "and", "und", "et", "i", "e", "vs", "x", "with", "feat", "ft", "s", "pres"})
_ORIGINAL: Final = frozenset(words("original оригинал оригинальная album альбомная"))


class Reading(NamedTuple):
    """One way to read a name. Words are in the spelling of `catalog.names`; frames are how they sound."""

    title: tuple[str, ...]
    artist: tuple[str, ...]
    versions: frozenset[str]
    details: frozenset[str]
    """Words in brackets or beside a version word: whose remix, live where."""
    numbers: tuple[str, ...]
    title_frames: tuple[str, ...]
    """How the title's words sound, in their order."""
    artist_frames: tuple[str, ...]
    title_frame: str
    """How the whole title sounds, in no order."""
    artist_frame: str
    title_text: str
    """The words of the title as one text without blanks."""
    artist_text: str
    title_whole: str
    """All words of the title, small ones too, as one text: a mistyped "The" is no small word any more."""
    artist_whole: str
    is_cyrillic: bool


class _Title(NamedTuple):
    """A title by itself: what of a reading it gives."""

    words: tuple[str, ...]
    versions: frozenset[str]
    details: frozenset[str]
    numbers: tuple[str, ...]
    frames: tuple[str, ...]
    frame: str
    text: str
    whole: str
    is_cyrillic: bool


class _Artist(NamedTuple):
    """An artist by itself."""

    words: tuple[str, ...]
    versions: frozenset[str]
    frames: tuple[str, ...]
    frame: str
    text: str
    whole: str
    is_cyrillic: bool


@lru_cache(maxsize=1 << 14)
def read(title: str, artist: str) -> Reading:
    """This will take a title and an artist apart."""
    said, by = _read_title(title), _read_artist(artist)
    return Reading(
        said.words,
        by.words,
        said.versions | by.versions if by.versions else said.versions,
        said.details,
        said.numbers,
        said.frames,
        by.frames,
        said.frame,
        by.frame,
        said.text,
        by.text,
        said.whole,
        by.whole,
        said.is_cyrillic or by.is_cyrillic,
    )


@lru_cache(maxsize=1 << 15)
def _read_title(title: str) -> _Title:
    bare = _without_guests(title)
    main, named, details = _segments(bare) if _HAS_PARTS.search(bare) else (list(words(bare)), [], set())
    kept, found, numbers = _core(main)
    for segment in named:
        codes, rest, counted = _version(segment)
        found |= codes
        details |= rest
        numbers += counted
    frames = _frames(title, kept)
    return _Title(
        words=tuple(kept),
        versions=frozenset(found),
        details=frozenset(details),
        numbers=tuple(sorted(numbers)),
        frames=frames,
        frame="".join(sorted(frames)),
        text="".join(kept),
        whole="".join(main),
        is_cyrillic=_is_cyrillic(title),
    )


@lru_cache(maxsize=1 << 15)
def _read_artist(artist: str) -> _Artist:
    whole = list(words(_without_guests(artist)))
    found = frozenset(code for word in whole if (code := versions.FIRM.get(word)))
    kept = [word for word in whole if word not in _ARTIST_NOISE] or whole
    frames = _frames(artist, kept)
    return _Artist(
        words=tuple(kept),
        versions=found,
        frames=frames,
        frame="".join(sorted(frames)),
        text="".join(kept),
        whole="".join(whole),
        is_cyrillic=_is_cyrillic(artist),
    )


def _is_cyrillic(text: str) -> bool:
    return not text.isascii() and bool(_CYRILLIC.search(text))


def parts(text: str) -> tuple[str, str] | None:
    """This will split "Artist - Title" written in one cell."""
    found = _DASH.split(text, maxsplit=1)
    return (found[0], found[1]) if len(found) == 2 and all(map(words, found)) else None


def _without_guests(text: str) -> str:
    """Also where the guest follows a number ("Part 5 ft. X"), which a key leaves alone because of "6 Ft. Under"."""
    shorter = without_guests(text)
    return _GUEST_AFTER_NUMBER.sub("", shorter) if "f" in shorter or "F" in shorter else shorter


def _segments(title: str) -> tuple[list[str], list[list[str]], set[str]]:
    """Give the words of the title proper, the segments that name a version, and other words in brackets."""
    brackets = [list(words(inner)) for inner in _BRACKETS.findall(title)]
    pieces = [list(words(piece)) for piece in _BREAKS.split(_BRACKETS.sub(" ", title))]
    pieces = [piece for piece in pieces if piece]
    main: list[str] = []
    named = []
    for place, piece in enumerate(pieces):
        is_version = bool(_codes(piece)) and (main or _is_only_version(piece))
        if is_version and (len(pieces) > 1 and (place or _is_only_version(piece))):
            named.append(piece)
        else:
            main += piece
    details: set[str] = set()
    for inner in brackets:
        if not main:
            main = inner
        elif _codes(inner) or any(word.isdigit() for word in inner):
            named.append(inner)
        else:
            details |= {word for word in inner if word not in versions.NOTHING}
    if not main and named:
        main = named.pop(0)
    return main, named, details


def _core(main: list[str]) -> tuple[list[str], set[str], list[str]]:
    """Give the words of the title proper, versions named by bare words, and its numbers."""
    found: set[str] = set()
    last = len(main)
    while last > 1 and (versions.code_of(main[last - 1]) or _closes_version(main, last)):
        code = versions.code_of(main[last - 1])
        found |= {code} if code else set()
        last -= 1
    kept = main[:last]
    firm = {code for word in kept if (code := versions.firm_code(word))}
    if firm and len(kept) > 1:
        kept = [word for word in kept if not versions.firm_code(word)] or kept
        found |= firm
    numbers, plain = _numbers(kept)
    plain = [word for word in plain if word not in _TITLE_NOISE] or plain or kept
    return plain, found, numbers


def _closes_version(main: list[str], last: int) -> bool:
    return last > 2 and main[last - 1] in ("version", "versia", "ver") and bool(versions.code_of(main[last - 2]))


def _numbers(source: list[str]) -> tuple[list[str], list[str]]:
    """Give the numbers in some words, and the other words; the word "part" itself goes with its number."""
    if not any(map(_MAY_BE_NUMBER.match, source)):
        return [], list(source)
    numbers: list[str] = []
    plain: list[str] = []
    for place, word in enumerate(source):
        after_part = place > 0 and source[place - 1] in versions.PART_WORDS
        ends = place > 0 and place == len(source) - 1 and len(word) == 1
        number = versions.number_of(word, after_part=after_part or ends)
        if number:
            numbers.append(number)
            if after_part and plain and plain[-1] in versions.PART_WORDS:
                plain.pop()
        else:
            plain.append(word)
    return numbers, plain


def _version(segment: list[str]) -> tuple[set[str], set[str], list[str]]:
    codes = _codes(segment)
    if codes == {versions.REMIX} and _ORIGINAL & set(segment):
        codes = set()
    numbers, plain = _numbers(segment)
    rest = {word for word in plain if not versions.code_of(word) and word not in versions.NOTHING}
    return codes, rest, numbers


def _codes(segment: list[str]) -> set[str]:
    return {code for word in segment if (code := versions.code_of(word))}


def _is_only_version(segment: list[str]) -> bool:
    return bool(_codes(segment)) and all(versions.code_of(word) or word in versions.NOTHING for word in segment)


def _frames(text: str, kept: list[str]) -> tuple[str, ...]:
    """Give the frames of some words of a text, from their own letters: the common spelling has lost some sounds."""
    sounds = dict(map(_sound, _WORDS.findall(text)))
    found = [sounds.get(word) or frame(word) for word in kept]
    return tuple(filter(None, found)) or tuple(kept)


@lru_cache(maxsize=1 << 17)
def _sound(letters: str) -> tuple[str, str]:
    """Give a word in the common spelling, and its frame."""
    spelled = words(letters)
    return (spelled[0], frame(letters)) if len(spelled) == 1 else ("", "")
