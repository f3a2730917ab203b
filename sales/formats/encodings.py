"""Which encoding text without a mark is in, told by its letters: Cyrillic of Windows and of Unix, or Western.

Windows-1251 and KOI8-R hold the same letters at each other's places, with upper and lower case exchanged. The letters
of Russian are not equally frequent, and capitals stand at the beginning of words: the reading under which both are so
is taken. The weights are the letters' usual frequencies in percent, rounded.
"""

import re

CHOICES: dict[str, str] = {
    "utf-8": "UTF-8",
    "cp1251": "Windows-1251",
    "koi8-r": "KOI8-R",
    "cp1252": "Windows-1252 / Latin-1",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
}
"""What a person may choose, with the names people know."""

_COMMON = {"о": 11, "е": 8, "а": 8, "и": 7, "н": 7, "т": 6, "с": 5, "р": 5, "в": 5, "л": 4, "к": 3, "м": 3, "д": 3}
_COMMON |= {"п": 3, "у": 3, "я": 2, "ы": 2, "ь": 2, "г": 2, "з": 2, "б": 2, "ч": 1, "й": 1, "х": 1, "ж": 1, "ш": 1}
_WORD = re.compile(r"[А-Яа-яЁё]+")
_RUN = re.compile(rb"[\x80-\xff]+")
WESTERN_RUN = 1.6
"""Letters above ASCII that stand together, on average: about one in Western text, a whole word in Cyrillic."""


def legacy(sample: bytes) -> str | None:
    """Return the encoding of text that is not UTF-8, None when it looks like no text at all."""
    runs = [len(run) for run in _RUN.findall(sample)]
    if not runs:
        return None
    if sum(runs) / len(runs) < WESTERN_RUN:
        words = sample.decode("cp1252", "replace")
        high = [letter for letter in words if letter > "\x7f"]
        return (
            "cp1252"
            if sum(letter.isalpha() or letter in "€£«»’“”–—°№ªº©" for letter in high) > len(high) * 0.8
            else None
        )
    return max(("cp1251", "koi8-r"), key=lambda encoding: _russian(sample.decode(encoding, "replace")))


def _russian(text: str) -> float:
    """Say how much a text looks like Russian: frequent letters, and capitals only where words begin."""
    score = 0.0
    for word in _WORD.findall(text):
        score += sum(_COMMON.get(letter, 0) for letter in word.lower())
        if not word[1:].islower() and len(word) > 1:
            score -= 4 * len(word) if word[0].islower() else 0
    return score
