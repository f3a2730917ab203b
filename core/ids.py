"""Public ids: a prefix, ten random Crockford base32 characters and a check character, e.g. `CLM-7Q2K9XW3HD5`.

Row numbers tell how many claims there are and invite guessing; these tell nothing, survive a telephone (no I, L, O, U;
the first three are read as 1, 1, 0) and a slip of the pen: the check character is computed in the field of 32 elements
with another factor for each position, so it catches every wrong character and every two that changed places.
"""

import secrets
from functools import partial
from typing import Any

from django.db import models

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 10
_VALUE = {letter: value for value, letter in enumerate(ALPHABET)}
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0", " ": None, "-": None})
_FIELD_POLYNOMIAL = 0b100101  # x^5 + x^2 + 1, primitive over GF(2)


class BadPublicId(ValueError):
    """The text is not a public id, or a character of it is wrong."""


def new_public_id(prefix: str) -> str:
    """Draw a new public id with this prefix: 50 random bits from the operating system."""
    drawn, body, total = secrets.randbits(5 * LENGTH), "", 0
    for pairs in _PAIRS:
        letters, part = pairs[drawn & 1023]
        body, total, drawn = body + letters, total ^ part, drawn >> 10
    return f"{prefix}-{body}{ALPHABET[total]}"


def check_character(body: str) -> str:
    """Compute the check character of `body`, characters of the alphabet only."""
    total = 0
    for letter in body:
        total = _times_x(total ^ _VALUE[letter])
    return ALPHABET[total]


def normalise_public_id(text: str, prefix: str = "") -> str:
    """Read a public id as a person may type it: any case, I and L for 1, O for 0, blanks and hyphens anywhere.

    With `prefix`, an id of another kind is refused and the prefix itself may be left out.

    Raises: BadPublicId.
    """
    head, body = _split(text, prefix)
    if len(body) != LENGTH + 1 or any(letter not in _VALUE for letter in body):
        raise BadPublicId(text)
    if check_character(body[:-1]) != body[-1]:
        raise BadPublicId(text)
    return f"{head}-{body}"


def _split(text: str, prefix: str) -> tuple[str, str]:
    squeezed = "".join(text.upper().split())
    head, hyphen, rest = squeezed.partition("-")
    if hyphen and head.isalpha() and len(rest.replace("-", "")) == LENGTH + 1:
        if prefix and head != prefix:
            raise BadPublicId(text)
        return head, rest.translate(_READ_AS)
    if not prefix:
        raise BadPublicId(text)
    return prefix, squeezed.translate(_READ_AS)


def _times_x(value: int) -> int:
    doubled = value << 1
    return doubled ^ _FIELD_POLYNOMIAL if doubled & 0b100000 else doubled


def _pairs_at(place: int) -> list[tuple[str, int]]:
    """Give every two letters that may stand at a place, and their part of the check: it is a sum over the places."""
    pairs = [first + second for second in ALPHABET for first in ALPHABET]
    rest = LENGTH - place - 2
    return [(pair, _VALUE[check_character("0" * place + pair + "0" * rest)]) for pair in pairs]


_PAIRS = [_pairs_at(place) for place in range(0, LENGTH, 2)]


class PublicIdField(models.CharField):  # type: ignore[type-arg]
    """A unique, generated public id: `public_id = PublicIdField(prefix="CLM")`."""

    def __init__(self, *args: Any, prefix: str, **kwargs: Any) -> None:
        self.prefix = prefix
        kwargs |= {"max_length": 16, "unique": True, "editable": False, "default": partial(new_public_id, prefix)}
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Describe the field to a migration by its prefix alone."""
        name, path, args, kwargs = super().deconstruct()
        for implied in ("max_length", "unique", "editable", "default"):
            kwargs.pop(implied, None)
        return name, path, list(args), {**kwargs, "prefix": self.prefix}
