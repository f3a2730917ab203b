"""Checks of single cells, shared by every catalogue feed: what a value must look like, and how it is stored."""

import re
from datetime import date
from typing import Final

from catalog.identifiers import BadIdentifier, normalise_icpn, normalise_iswc
from catalog.isrc import BadIsrc, normalise_isrc

TEXT_LENGTH_MAX: Final = 500
LABEL_LENGTH_MAX: Final = 300
DURATION_SECONDS_MAX: Final = 24 * 3600
TRACK_NUMBER_MAX: Final = 10_000
SEVERAL: Final = re.compile(r"\s*[;|]\s*")

_ISO_DURATION = re.compile(r"P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:[.,]\d+)?S)?", re.IGNORECASE)
_CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)(?:[.,]\d+)?")
_SECONDS = re.compile(r"(\d{1,6})(?:[.,]\d+)?")
_DATES: Final = (
    (re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})"), (1, 2, 3)),
    (re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})"), (3, 2, 1)),
)
_YEAR = re.compile(r"\d{4}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_BROKEN_TEXT = re.compile(r"\ufffd|ý{3}|Ð.Ñ|Ñ.Ð")


class BadCell(Exception):
    """A value that cannot be used; `code` as in catalog.faults."""

    def __init__(self, column: str, code: str, found: str) -> None:
        super().__init__(column, code)
        self.column, self.code, self.found = column, code, found


def is_text_broken(*texts: str) -> bool:
    """This will tell whether letters were destroyed on the way (replaced, or read in another encoding)."""
    return any(_BROKEN_TEXT.search(text) for text in texts)


def text(column: str, value: str, length_max: int = TEXT_LENGTH_MAX) -> str:
    """This will return a text that fits. Raises: BadCell."""
    if len(value) > length_max:
        raise BadCell(column, "cell_too_long", value)
    return value


def isrcs(text: str) -> tuple[str, ...]:
    """This will return the codes of a cell that may hold several. Raises: BadCell."""
    try:
        return tuple(dict.fromkeys(normalise_isrc(code) for code in SEVERAL.split(text) if code))
    except BadIsrc as bad:
        raise BadCell("ISRC", "bad_isrc", str(bad)) from None


def icpn(text: str) -> str:
    """This will return a UPC or EAN, or nothing. Raises: BadCell."""
    try:
        return normalise_icpn(text) if text else ""
    except BadIdentifier:
        raise BadCell("ICPN", "bad_icpn", text) from None


def iswc(text: str) -> str:
    """This will return an ISWC, or nothing. Raises: BadCell."""
    try:
        return normalise_iswc(text) if text else ""
    except BadIdentifier:
        raise BadCell("ISWC", "bad_iswc", text) from None


def duration(text: str) -> int | None:
    """This will read PT3M45S, 3:45, 1:02:03 or 225 (seconds); parts of a second are dropped.

    Raises: BadCell.
    """
    if not text:
        return None
    found: tuple[str | None, ...] | None = None
    if match := _SECONDS.fullmatch(text):
        found = (None, None, None, match[1])
    elif match := _CLOCK.fullmatch(text):
        found = (None, *match.groups())
    elif (match := _ISO_DURATION.fullmatch(text)) and any(match.groups()):
        found = match.groups()
    if found is None:
        raise BadCell("Duration", "bad_duration", text)
    days, hours, minutes, seconds = (int(part or 0) for part in found)
    total = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    if not 0 < total <= DURATION_SECONDS_MAX:
        raise BadCell("Duration", "bad_duration", text)
    return total


def release_date(text: str) -> date | None:
    """This will read 2006-01-31 or 31.01.2006; a year alone says too little and is left out. Raises: BadCell."""
    if not text or _YEAR.fullmatch(text):
        return None
    for shape, order in _DATES:
        if match := shape.fullmatch(text):
            try:
                return date(*(int(match[place]) for place in order))
            except ValueError:
                break
    raise BadCell("ReleaseDate", "bad_date", text)


def track_number(text: str) -> int | None:
    """This will return a place on a release. Raises: BadCell."""
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 0 < int(text) <= TRACK_NUMBER_MAX:
        raise BadCell("TrackNumber", "bad_track_number", text)
    return int(text)


def language(text: str) -> str:
    """This will return a BCP 47 tag, or nothing. Raises: BadCell."""
    if text and (not _LANGUAGE.fullmatch(text) or len(text) > 12):
        raise BadCell("Language", "bad_language", text)
    return text
