"""Codes by which a mistyped or otherwise spelled name finds the few names worth comparing with. Pure.

Two names that are one share at least one code unless both their title and their artist are damaged at both ends:
- the frame of the whole artist, with how the title begins, and how it ends (any damage to the title but at both ends);
- the frame of the whole title, with how the artist begins, ends, and with each of its words (damage to the artist);
- the letters at the ends of the title with those at the ends of the artist (damage to both).

Frames (catalog.matching.sounds) are the same in all transliterations. Versions, numbers and guests are left out: a
remix is found, and refused, by comparing. Codes are 32-bit numbers; two texts with one code only cost a comparison.

Changing a rule here changes what is stored (Track, TrackName, StoreKey): `manage.py renew_names` writes it anew.
"""

from collections.abc import Callable
from typing import Final
from zlib import crc32

from catalog.matching.reading import Reading

WORDS_MAX: Final = 3
_SIGN: Final = 1 << 31


def codes(reading: Reading, *, asks: bool = False) -> list[int]:
    """This will return the codes of a name, sorted.

    How much of an end counts depends on the length, which a typo changes: a name that asks (a store's) has the codes
    of the neighbouring lengths too, so that those of tracks can be few.
    """
    title, artist = reading.title_frame, reading.artist_frame
    if not title or not artist:
        return []
    found = {f"A{artist}|{end}" for end in _ends("".join(reading.title_frames), _frame_end, asks=asks)}
    found |= {f"T{title}|{end}" for end in _ends("".join(reading.artist_frames), _frame_end, asks=asks)}
    longest = sorted(reading.artist_frames, key=lambda word: (-len(word), word))[:WORDS_MAX]
    found |= {f"W{title}|{word}" for word in longest}
    others = _ends(reading.artist_text, _letters_end, asks=asks)
    found |= {f"{one}|{other}" for one in _ends(reading.title_text, _letters_end, asks=asks) for other in others}
    return sorted({_number(text) for text in found})


def _frame_end(length: int) -> int:
    return 1 if length < 4 else 3


def _letters_end(length: int) -> int:
    return 0 if length < 4 else 2 if length < 6 else 3 if length < 9 else 4


def _ends(text: str, size_of: Callable[[int], int], *, asks: bool) -> set[str]:
    lengths = range(len(text) - 2, len(text) + 3) if asks else (len(text),)
    sizes = {size_of(length) for length in lengths} - {0}
    return {f"<{text[:size]}" for size in sizes} | {f">{text[-size:]}" for size in sizes}


def _number(text: str) -> int:
    number = crc32(text.encode())
    return number - (1 << 32) if number >= _SIGN else number
