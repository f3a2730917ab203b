"""ISRC (ISO 3901): 12 characters, no check digit, written with or without hyphens. Pure.

The letters say who got the code, not where the recording was made, so they are not compared with a list of countries.
O and 0, I and 1 are often confused; a wrong code is refused, never guessed right.
"""

import re
from typing import Final

_SHAPE: Final = re.compile(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}")
_NOISE: Final = re.compile(r"[\s\-‐‑‒–—.]+")


class BadIsrc(ValueError):
    """The text is not an ISRC."""


def normalise_isrc(text: str) -> str:
    """This will return the 12 characters of an ISRC as people write it. Raises: BadIsrc."""
    squeezed = _NOISE.sub("", text).upper().removeprefix("ISRC").lstrip(":")
    if not _SHAPE.fullmatch(squeezed):
        raise BadIsrc(text)
    return squeezed


def is_isrc(text: str) -> bool:
    """This will tell whether a text can be read as an ISRC."""
    try:
        return bool(normalise_isrc(text))
    except BadIsrc:
        return False


def format_isrc(isrc: str) -> str:
    """This will return the 12 characters in the printed form, RU-A12-06-00001."""
    return f"{isrc[:2]}-{isrc[2:5]}-{isrc[5:7]}-{isrc[7:]}"
