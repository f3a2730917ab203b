"""Words that differ by a slip of the finger, found by an index look-up instead of by comparing with every word. Pure.

A word is known by itself and by every way of leaving one letter out (the idea of SymSpell). Two words that have one of
these in common differ by one letter that is wrong, missing, too many or in the wrong place, or by a little more; the
distance then says by how much. The spellings are 32-bit numbers, stored beside the word (SearchWord.spellings).
"""

from collections.abc import Iterable
from typing import Final
from zlib import crc32

from rapidfuzz.distance import OSA

LENGTH_MIN: Final = 3
"""A shorter word has too many neighbours."""
LENGTH_FOR_TWO: Final = 7
"""From this length two wrong letters are forgiven."""
_SIGN: Final = 1 << 31


def spellings(word: str) -> list[int]:
    """This will return the numbers of a word and of what is left of it without each of its letters, sorted."""
    shorter = {word[:place] + word[place + 1 :] for place in range(len(word))}
    return sorted({_number(text) for text in (word, *shorter) if text})


def nearest(word: str, known: Iterable[str], limit: int) -> dict[str, float]:
    """This will return the known words a mistyped one may be, nearest first, each with how alike it is (0 to 1)."""
    most = 2 if len(word) >= LENGTH_FOR_TWO else 1
    apart = sorted((OSA.distance(word, other, score_cutoff=most), other) for other in set(known))
    near = [(distance, other) for distance, other in apart if distance <= most][:limit]
    return {other: 1 - distance / max(len(word), len(other)) for distance, other in near}


def _number(text: str) -> int:
    found = crc32(text.encode())
    return found - (1 << 32) if found >= _SIGN else found
