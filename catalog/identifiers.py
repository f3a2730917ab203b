"""Numbers by which others know parties, works and products. Pure.

Every check digit is tested, and every number is stored in one way of writing it.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

from stdnum import ean, isni
from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_37_36
from stdnum.ru import inn, ogrn

_NOISE: Final = re.compile(r"[\s\-./]+")
_IPI_LENGTH: Final = 11


class BadIdentifier(ValueError):
    """The text is not such a number, or its check digit says a character is wrong."""


def normalise_isni(text: str) -> str:
    """This will return the 16 characters of an ISNI, also one given as an address. Raises: BadIdentifier."""
    return _by_stdnum(isni, text.strip().rstrip("/").rpartition("/")[2].upper().removeprefix("ISNI"))


def normalise_ipi(text: str) -> str:
    """This will return the 11 digits of an IPI name number; leading zeros may be missing. Raises: BadIdentifier."""
    digits = _NOISE.sub("", text).upper().removeprefix("IPI").zfill(_IPI_LENGTH)
    if len(digits) != _IPI_LENGTH or not _is_digits(digits) or not int(digits):
        raise BadIdentifier(text)
    rest = sum(int(digit) * (10 - place) for place, digit in enumerate(digits[:9])) % 101
    if int(digits[9:]) != ((101 - rest) % 100 if rest else 0):
        raise BadIdentifier(text)
    return digits


def normalise_dpid(text: str) -> str:
    """This will return the 18 characters of a DDEX party id. Raises: BadIdentifier."""
    squeezed = _NOISE.sub("", text).upper()
    if not re.fullmatch(r"PADPIDA[A-Z0-9]{11}", squeezed) or not mod_37_36.is_valid(squeezed):
        raise BadIdentifier(text)
    return squeezed


def normalise_inn(text: str) -> str:
    """This will return the 10 or 12 digits of a Russian tax number. Raises: BadIdentifier."""
    return _by_stdnum(inn, text)


def normalise_ogrn(text: str) -> str:
    """This will return the 13 or 15 digits of a Russian company number. Raises: BadIdentifier."""
    return _by_stdnum(ogrn, text)


def normalise_iswc(text: str) -> str:
    """This will return an ISWC as T and ten digits. Raises: BadIdentifier."""
    squeezed = _NOISE.sub("", text).upper().removeprefix("ISWC").lstrip(":")
    if not re.fullmatch(r"T[0-9]{10}", squeezed):
        raise BadIdentifier(text)
    total = 1 + sum(place * int(digit) for place, digit in enumerate(squeezed[1:10], 1))
    if int(squeezed[10]) != (10 - total % 10) % 10:
        raise BadIdentifier(text)
    return squeezed


def normalise_icpn(text: str) -> str:
    """This will return the 8, 12, 13 or 14 digits of a UPC or EAN; zeros in front count. Raises: BadIdentifier."""
    return _by_stdnum(ean, text)


NORMALISE: Final[Mapping[str, Callable[[str], str]]] = {
    "isni": normalise_isni,
    "ipi": normalise_ipi,
    "dpid": normalise_dpid,
    "inn": normalise_inn,
    "ogrn": normalise_ogrn,
}
"""One function per scheme of a holder's number."""


def _by_stdnum(scheme: object, text: str) -> str:
    try:
        return str(scheme.validate(_NOISE.sub("", text)))  # type: ignore[attr-defined]
    except ValidationError as error:
        raise BadIdentifier(text) from error


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
