"""Names in a form that survives script, case, diacritics, punctuation, "feat." and word order. Pure.

A key is made of words: letters of any script become plain Latin ones (anyascii), then the usual Latin spellings of one
Cyrillic sound become one (Цой, Tsoi, Tsoy > coi), "feat. X" goes, words are sorted. Equal keys are a reason to take two
names for the same; different keys prove nothing. Words that make another track of it (live, remix, remaster) stay.

A name that has no letter or digit at all ("???", "!!!") is its own key, so nothing ever equals everything.

Changing a rule here changes keys that are stored: catalogue and store keys have to be rebuilt with it.
"""

import re
from functools import lru_cache
from hashlib import blake2b
from typing import Final

from anyascii import anyascii

KEY_LENGTH_MAX: Final = 250
"""Longer keys (of one name) are cut and end in a digest of the whole."""

_NO_LETTERS: Final = "="
_ARTIST_NOISE: Final = frozenset({"the", "and"})
_APOSTROPHES: Final = frozenset("'`´’‘ʼʹʺ′″")

_FEAT = r"(?:feat\.?|featuring|ft\.|при\s+участии|при\s+уч\.?|п\.\s?у\.|п/у)"
_MAY_NAME_GUEST: Final = re.compile(r"feat|ft|при уч|п\. ?у\.|п/у")
_FEAT_IN_BRACKETS = re.compile(rf"\s*[(\[]\s*(?:{_FEAT}|ft)\s[^)\]]*[)\]]?", re.IGNORECASE)
_GUEST = r"(?=\w)(?:(?!\s[-–—]\s)[^(\[])*"
_FEAT_BARE = re.compile(rf"(?<=[^\s\d])\s+(?:{_FEAT}(?<!\.)\s+|{_FEAT}(?<=\.)\s*){_GUEST}", re.IGNORECASE)
_FEAT_WITHOUT_DOT = re.compile(r"(?<=[^\s\d])\s+ft\s.*$", re.IGNORECASE)
_INITIALS = re.compile(r"\b(?:\w\.){2,}")
_WORDS = re.compile(r"[a-z]+|[0-9]+")

_ONE_SPELLING: Final = (
    ("shch", "sch"),
    ("kh", "h"),
    ("tz", "c"),
    ("ts", "c"),
    ("ks", "x"),
    ("yev", "ev"),
    ("yo", "e"),
    ("iy", "i"),
    ("yy", "i"),
    ("ij", "i"),
    ("iia", "ia"),
    ("skii", "ski"),
    ("y", "i"),
    ("j", "i"),
)
"""Applied in this order; what each side of a pair has in common is one Cyrillic sound, spelled in two customs.

Not `ii` > `i`: it would make one of Part I, Part II and Part III (tried on 55,000 real names:
nothing else ran together).
"""


class _Letters(dict[int, str]):
    """Every character as lower-case ASCII letters and digits, a blank, or nothing; filled as characters turn up."""

    def __missing__(self, codepoint: int) -> str:
        character = chr(codepoint)
        if character in _APOSTROPHES:
            plain = ""
        elif character == "&":
            plain = " and "
        else:
            plain = "".join(c for c in anyascii(character).lower() if c not in _APOSTROPHES)
            if not plain.isalnum():
                plain = " " if plain else ""
        self[codepoint] = plain
        return plain


_LETTERS = _Letters()


@lru_cache(maxsize=1 << 16)
def words(text: str) -> tuple[str, ...]:
    """This will return the words of a text, in order, each in the one spelling all its spellings share."""
    if "." in text:
        text = _INITIALS.sub(lambda found: found[0].replace(".", ""), text)
    text = text.translate(_LETTERS)
    for several, one in _ONE_SPELLING:
        if several in text:
            text = text.replace(several, one)
    return tuple(_WORDS.findall(text))


@lru_cache(maxsize=1 << 16)
def artist_key(artist: str) -> str:
    """This will return the key of an artist's or a holder's name; guests, "The" and "and" do not count."""
    found = words(_FEAT_WITHOUT_DOT.sub("", without_guests(artist)))
    kept = [word for word in found if word not in _ARTIST_NOISE] or list(found)
    return _key(kept, artist)


@lru_cache(maxsize=1 << 16)
def title_key(title: str) -> str:
    """This will return the key of a title; guests named in it do not count."""
    return _key(list(words(without_guests(title))), title)


def name_key(title: str, artist: str) -> str:
    """This will return the key under which a title by an artist is compared, e.g. `gruppa krovi|kino`."""
    return f"{title_key(title)}|{artist_key(artist)}"


def search_text(*texts: str) -> str:
    """This will return all distinct words of some texts, as a search index wants them."""
    return " ".join(dict.fromkeys(word for text in texts if text for word in words(text)))


def without_guests(text: str) -> str:
    """This will return a title or artist without its "feat. X" in any form, unless nothing else is there."""
    if not _MAY_NAME_GUEST.search(text.lower()):
        return text
    shorter = _FEAT_BARE.sub("", _FEAT_IN_BRACKETS.sub("", text))
    return shorter if shorter.strip() else text


def _key(found: list[str], text: str) -> str:
    if not found:
        stripped = "".join(text.casefold().split())
        return _shortened(_NO_LETTERS + stripped) if stripped else ""
    found.sort()
    return _shortened(" ".join(found))


def _shortened(key: str) -> str:
    if len(key) <= KEY_LENGTH_MAX:
        return key
    digest = blake2b(key.encode(), digest_size=10).hexdigest()
    return f"{key[: KEY_LENGTH_MAX - 21]}#{digest}"
