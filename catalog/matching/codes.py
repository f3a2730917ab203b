"""Codes by which a mistyped or otherwise spelled name finds the few names worth comparing with. Pure.

Two names that are one share at least one code unless both their title and their artist are damaged at both ends:
- the frame of the whole artist, with how the title begins, and how it ends (any damage to the title but at both ends);
- the frame of the whole title, with how the artist begins, ends, and with each of its words (damage to the artist);
- the letters at the ends of the title with those at the ends of the artist (damage to both).

Frames (catalog.matching.sounds) are the same in all transliterations. Versions, numbers and guests are left out: a
remix is found, and refused, by comparing. Codes are 32-bit numbers; two texts with one code only cost a comparison.

Changing a rule here changes what is stored (Track, TrackName, StoreKey): `manage.py renew_names` writes it anew.
"""

from functools import lru_cache
from typing import Final
from zlib import crc32

from catalog.matching.reading import Reading

WORDS_MAX: Final = 3
_FRAME_ENDS: Final = (1, 1, 1, 1, 3)
_LETTER_ENDS: Final = (0, 0, 0, 0, 2, 2, 3, 3, 3, 4)
"""How many signs of an end count, by the length of the whole (the last for all longer ones)."""
_SIGN: Final = 1 << 31


def codes(reading: Reading, *, asks: bool = False) -> list[int]:
    """This will return the codes of a name, sorted.

    How much of an end counts depends on the length, which a typo changes: a name that asks (a store's) has the codes
    of the neighbouring lengths too, so that those of tracks can be few.
    """
    title, artist = reading.title_frame, reading.artist_frame
    if not title or not artist:
        return []
    found = [f"A{artist}|{end}" for end in _ends("".join(reading.title_frames), _FRAME_ENDS, asks)]
    found += [f"T{title}|{end}" for end in _ends("".join(reading.artist_frames), _FRAME_ENDS, asks)]
    longest = reading.artist_frames
    if len(longest) > WORDS_MAX:
        longest = tuple(sorted(longest, key=lambda word: (-len(word), word))[:WORDS_MAX])
    found += [f"W{title}|{word}" for word in longest]
    others = _ends(reading.artist_text, _LETTER_ENDS, asks)
    found += [f"{one}|{other}" for one in _ends(reading.title_text, _LETTER_ENDS, asks) for other in others]
    return sorted(map(_signed, {crc32(text.encode()) for text in found}))


def _ends(text: str, sizes: tuple[int, ...], asks: bool) -> list[str]:
    return [end for size in _sizes(len(text), sizes, asks) for end in (f"<{text[:size]}", f">{text[-size:]}")]


@lru_cache
def _sizes(length: int, sizes: tuple[int, ...], asks: bool) -> tuple[int, ...]:
    last = len(sizes) - 1
    near = range(length - 2, length + 3) if asks else (length,)
    return tuple({sizes[max(0, min(one, last))] for one in near} - {0})


def number(text: str) -> int:
    """This will turn a text into 32 bits with a sign, as PostgreSQL's integer has."""
    return _signed(crc32(text.encode()))


def _signed(found: int) -> int:
    return found - (1 << 32) if found >= _SIGN else found
