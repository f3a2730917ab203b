"""The catalogue template: one row per track, columns named as the field names them (DDEX, BWARM), in any order.

A row is taken whole or left out with the reason; the other rows are taken. Unknown columns are left alone and named.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import BinaryIO, Final

from catalog.formats import cells
from catalog.formats.cells import LABEL_LENGTH_MAX, SEVERAL, BadCell
from catalog.formats.rows import Catalogue, CatalogueRow
from catalog.formats.tables import FOUND_LENGTH_MAX, CannotRead, Line, RowFault, open_table

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
_PLAIN = re.compile(r"[\W_]+")


def read_flat(file: BinaryIO) -> Catalogue:
    """This will read the template's columns, whatever their order, and give rows and faults, lazily.

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
    row = line.cells + [""] * (max(places.values()) + 1 - len(line.cells))

    def cell(column: str) -> str:
        place = places.get(column)
        return "" if place is None else row[place]

    try:
        return _checked(line.number, cell)
    except BadCell as bad:
        return RowFault(line.number, bad.column, bad.code, bad.found[:FOUND_LENGTH_MAX])


def _checked(line_no: int, cell: Cell) -> CatalogueRow:
    title, artist = cells.text("Title", cell("Title")), cells.text("DisplayArtistName", cell("DisplayArtistName"))
    isrcs = cells.isrcs(cell("ISRC"))
    is_broken = cells.is_text_broken(title, artist)
    if is_broken and not isrcs:
        raise BadCell("Title", "text_broken", f"{artist} - {title}")
    for column, text in (("Title", title), ("DisplayArtistName", artist)):
        if not text:
            raise BadCell(column, "cell_missing", "")
    return CatalogueRow(
        line_no=line_no,
        title=title,
        artist=artist,
        isrcs=isrcs,
        title_latin=cells.text("TitleLatin", cell("TitleLatin")),
        artist_latin=cells.text("DisplayArtistNameLatin", cell("DisplayArtistNameLatin")),
        language=cells.language(cell("Language")),
        duration_seconds=cells.duration(cell("Duration")),
        label=cells.text("LabelName", cell("LabelName"), LABEL_LENGTH_MAX),
        release_title=cells.text("ReleaseTitle", cell("ReleaseTitle")),
        release_artist=cells.text("ReleaseArtist", cell("ReleaseArtist")),
        icpn=cells.icpn(cell("ICPN")),
        release_date=cells.release_date(cell("ReleaseDate")),
        track_number=cells.track_number(cell("TrackNumber")),
        iswc=cells.iswc(cell("ISWC")),
        work_title=cells.text("WorkTitle", cell("WorkTitle")),
        authors=_authors(cell("ComposerAuthor")),
        is_text_broken=is_broken,
    )


def _authors(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name for name in SEVERAL.split(text) if name))
    if any(len(name) > LABEL_LENGTH_MAX for name in names):
        raise BadCell("ComposerAuthor", "cell_too_long", text)
    return names
