"""The catalogue template: one row per track, columns named as the field names them (DDEX, BWARM), in any order.

A row is taken whole or left out with the reason; the other rows are taken. Unknown columns are left alone and named.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO, Final

from catalog.formats.tables import FOUND_LENGTH_MAX, CannotRead, Line, RowFault, open_table
from catalog.identifiers import BadIdentifier, normalise_icpn, normalise_iswc
from catalog.isrc import BadIsrc, normalise_isrc

Cell = Callable[[str], str]

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "ISRC": (),
    "Title": ("TrackTitle", "ResourceTitle", "RecordingTitle", "SongTitle", "Название"),
    "DisplayArtistName": ("Artist", "DisplayArtist", "ArtistName", "MainArtist", "TrackArtist", "Исполнитель"),
    "TitleLatin": ("AlternativeTitle", "AlternativeRecordingTitle", "TitleTransliterated"),
    "DisplayArtistNameLatin": ("ArtistLatin",),
    "Language": ("LanguageAndScriptCode", "LanguageOfPerformance"),
    "Duration": ("Length", "Длительность"),
    "LabelName": ("Label", "Лейбл"),
    "ReleaseTitle": ("Album", "AlbumTitle", "Release", "Альбом"),
    "ReleaseArtist": ("AlbumArtist",),
    "ICPN": ("UPC", "EAN", "UPCEAN", "Barcode", "GTIN"),
    "ReleaseDate": ("OriginalReleaseDate",),
    "TrackNumber": ("SequenceNumber", "TrackNo"),
    "ISWC": (),
    "WorkTitle": (),
    "ComposerAuthor": ("Writers", "Writer", "Composer", "ComposerAuthors", "Авторы"),
}
"""The template's columns with other names they go by; case, blanks and punctuation do not matter."""

REQUIRED: Final = ("Title", "DisplayArtistName")
TEXT_LENGTH_MAX: Final = 500
LABEL_LENGTH_MAX: Final = 300
DURATION_SECONDS_MAX: Final = 24 * 3600
TRACK_NUMBER_MAX: Final = 10_000

_PLAIN = re.compile(r"[\W_]+")
_SEVERAL = re.compile(r"\s*[;|]\s*")
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


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """One row that can be used; every value checked, every code in the way it is stored."""

    line_no: int
    title: str
    artist: str
    isrcs: tuple[str, ...] = ()
    title_latin: str = ""
    artist_latin: str = ""
    language: str = ""
    duration_seconds: int | None = None
    label: str = ""
    release_title: str = ""
    release_artist: str = ""
    icpn: str = ""
    release_date: date | None = None
    track_number: int | None = None
    iswc: str = ""
    work_title: str = ""
    authors: tuple[str, ...] = ()
    is_text_broken: bool = False


class _BadCell(Exception):
    def __init__(self, column: str, code: str, found: str) -> None:
        super().__init__(column, code)
        self.column, self.code, self.found = column, code, found


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A catalogue file that could be opened."""

    kind: str
    rows: Iterator[CatalogueRow | RowFault]


def read_catalogue(file: BinaryIO) -> Catalogue:
    """This will recognise a catalogue file and give its rows and faults in order, lazily.

    Raises: CannotRead, also while the rows are read.
    """
    table = open_table(file)
    for line in table.lines:
        if isinstance(line, RowFault):
            raise CannotRead(line.code, line.found)
        places, unknown = _header(line)
        notes = [RowFault(line.number, name, "unknown_column", name, is_fatal=False) for name in unknown]
        return Catalogue(table.kind, _rows(table.lines, places, notes))
    raise CannotRead("empty_file")


def _header(line: Line) -> tuple[dict[str, int], list[str]]:
    known = {_plain(name): column for column, names in COLUMNS.items() for name in (column, *names)}
    places: dict[str, int] = {}
    unknown = []
    for place, cell in enumerate(line.cells):
        column = known.get(_plain(cell))
        if column is None:
            unknown.extend([cell[:60]] if cell else [])
        elif column in places:
            raise CannotRead("column_twice", column)
        else:
            places[column] = place
    for column in REQUIRED:
        if column not in places:
            raise CannotRead("column_missing", column)
    return places, unknown


def _plain(name: str) -> str:
    return _PLAIN.sub("", name).lower()


def _rows(
    lines: Iterator[Line | RowFault], places: Mapping[str, int], notes: Sequence[RowFault]
) -> Iterator[CatalogueRow | RowFault]:
    yield from notes
    width = max(places.values()) + 1
    for line in lines:
        if isinstance(line, RowFault):
            yield line
        elif len(line.cells) < width and not any(line.cells[1:]):
            yield RowFault(line.number, "", "too_few_cells", line.cells[0][:FOUND_LENGTH_MAX])
        else:
            yield _row(line, places)


def _row(line: Line, places: Mapping[str, int]) -> CatalogueRow | RowFault:
    cells = line.cells + [""] * (max(places.values()) + 1 - len(line.cells))

    def cell(column: str) -> str:
        place = places.get(column)
        return "" if place is None else cells[place]

    try:
        return _checked(line.number, cell)
    except _BadCell as bad:
        return RowFault(line.number, bad.column, bad.code, bad.found[:FOUND_LENGTH_MAX])


def _checked(line_no: int, cell: Cell) -> CatalogueRow:
    title, artist = _text(cell, "Title"), _text(cell, "DisplayArtistName")
    isrcs = _isrcs(cell("ISRC"))
    is_broken = any(_BROKEN_TEXT.search(text) for text in (title, artist))
    if is_broken and not isrcs:
        raise _BadCell("Title", "text_broken", f"{artist} - {title}")
    for column, text in (("Title", title), ("DisplayArtistName", artist)):
        if not text:
            raise _BadCell(column, "cell_missing", "")
    return CatalogueRow(
        line_no=line_no,
        title=title,
        artist=artist,
        isrcs=isrcs,
        title_latin=_text(cell, "TitleLatin"),
        artist_latin=_text(cell, "DisplayArtistNameLatin"),
        language=_language(cell("Language")),
        duration_seconds=_duration(cell("Duration")),
        label=_text(cell, "LabelName", LABEL_LENGTH_MAX),
        release_title=_text(cell, "ReleaseTitle"),
        release_artist=_text(cell, "ReleaseArtist"),
        icpn=_icpn(cell("ICPN")),
        release_date=_date(cell("ReleaseDate")),
        track_number=_track_number(cell("TrackNumber")),
        iswc=_iswc(cell("ISWC")),
        work_title=_text(cell, "WorkTitle"),
        authors=_authors(cell("ComposerAuthor")),
        is_text_broken=is_broken,
    )


def _text(cell: Cell, column: str, length_max: int = TEXT_LENGTH_MAX) -> str:
    text = cell(column)
    if len(text) > length_max:
        raise _BadCell(column, "cell_too_long", text)
    return text


def _isrcs(text: str) -> tuple[str, ...]:
    try:
        return tuple(dict.fromkeys(normalise_isrc(code) for code in _SEVERAL.split(text) if code))
    except BadIsrc as bad:
        raise _BadCell("ISRC", "bad_isrc", str(bad)) from None


def _icpn(text: str) -> str:
    try:
        return normalise_icpn(text) if text else ""
    except BadIdentifier:
        raise _BadCell("ICPN", "bad_icpn", text) from None


def _iswc(text: str) -> str:
    try:
        return normalise_iswc(text) if text else ""
    except BadIdentifier:
        raise _BadCell("ISWC", "bad_iswc", text) from None


def _duration(text: str) -> int | None:
    """Read PT3M45S, 3:45, 1:02:03 or 225 (seconds); parts of a second are dropped."""
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
        raise _BadCell("Duration", "bad_duration", text)
    days, hours, minutes, seconds = (int(part or 0) for part in found)
    total = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    if not 0 < total <= DURATION_SECONDS_MAX:
        raise _BadCell("Duration", "bad_duration", text)
    return total


def _date(text: str) -> date | None:
    """Read 2006-01-31 or 31.01.2006; a year alone says too little and is left out."""
    if not text or _YEAR.fullmatch(text):
        return None
    for shape, order in _DATES:
        if match := shape.fullmatch(text):
            try:
                return date(*(int(match[place]) for place in order))
            except ValueError:
                break
    raise _BadCell("ReleaseDate", "bad_date", text)


def _track_number(text: str) -> int | None:
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 0 < int(text) <= TRACK_NUMBER_MAX:
        raise _BadCell("TrackNumber", "bad_track_number", text)
    return int(text)


def _language(text: str) -> str:
    if text and (not _LANGUAGE.fullmatch(text) or len(text) > 12):
        raise _BadCell("Language", "bad_language", text)
    return text


def _authors(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name for name in _SEVERAL.split(text) if name))
    if any(len(name) > LABEL_LENGTH_MAX for name in names):
        raise _BadCell("ComposerAuthor", "cell_too_long", text)
    return names
