"""MusicBrainz JSON (web service v2 and the JSON dumps): releases with their tracks, or recordings alone.

A file holds one answer (`releases` or `recordings`, or a single release or recording), or one of them per line. Lines
of a file that are no JSON are rejected by their number, the others taken.
"""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any, BinaryIO, Final

from catalog.formats import cells
from catalog.formats.cells import LABEL_LENGTH_MAX, BadCell
from catalog.formats.rows import Catalogue, CatalogueRow
from catalog.formats.tables import FOUND_LENGTH_MAX, CannotRead, RowFault

DOCUMENT_BYTES_MAX: Final = 64 << 20
Json = dict[str, Any]


def read_musicbrainz(file: BinaryIO) -> Catalogue:
    """This will read answers of the web service or lines of a dump, lazily. Raises: CannotRead."""
    return Catalogue("MusicBrainz JSON", _rows(file))


def _rows(file: BinaryIO) -> Iterator[CatalogueRow | RowFault]:
    found_any = False
    for line_no, document in _documents(file):
        if isinstance(document, RowFault):
            yield document
            continue
        for entity in _entities(document):
            found_any = True
            yield from _release(entity, line_no) if "media" in entity else [_recording(entity, line_no, {}, {}, None)]
    if not found_any:
        raise CannotRead("json_unknown")


def _documents(file: BinaryIO) -> Iterator[tuple[int, Any]]:
    file.seek(0)
    whole = file.read(DOCUMENT_BYTES_MAX)
    try:
        if len(whole) < DOCUMENT_BYTES_MAX:
            yield 1, json.loads(whole)
            return
    except (ValueError, RecursionError):
        if b"\n" not in whole.strip():
            raise CannotRead("broken_json") from None
    file.seek(0)
    for line_no, line in enumerate(iter(lambda: file.readline(DOCUMENT_BYTES_MAX), b""), 1):
        if not line.strip():
            continue
        try:
            yield line_no, json.loads(line)
        except (ValueError, RecursionError) as error:
            yield line_no, RowFault(line_no, "", "broken_json", str(error)[:FOUND_LENGTH_MAX])


def _entities(document: Any) -> Iterator[Json]:
    if isinstance(document, list):
        for part in document:
            yield from _entities(part)
    elif isinstance(document, dict):
        lists = [document[name] for name in ("releases", "recordings") if isinstance(document.get(name), list)]
        for part in lists:
            yield from (entity for entity in part if isinstance(entity, dict) and "title" in entity)
        if not lists and "title" in document and ("media" in document or "artist-credit" in document):
            yield document


def _release(release: Json, line_no: int) -> Iterator[CatalogueRow | RowFault]:
    place = 0
    for medium in _list(release, "media"):
        for track in _list(medium, "tracks"):
            place += 1
            recording = track.get("recording")
            yield _recording(recording if isinstance(recording, dict) else track, line_no, release, track, place)


def _recording(recording: Json, line_no: int, release: Json, track: Json, place: int | None) -> CatalogueRow | RowFault:
    try:
        return _checked(recording, line_no, release, track, place)
    except BadCell as bad:
        return RowFault(line_no, bad.column, bad.code, bad.found[:FOUND_LENGTH_MAX])


def _checked(recording: Json, line_no: int, release: Json, track: Json, place: int | None) -> CatalogueRow:
    title = _text(recording, "title") or _text(track, "title")
    artist, latin = _artist(_list(recording, "artist-credit") or _list(track, "artist-credit"))
    if not title or not artist:
        raise BadCell("title" if not title else "artist-credit", "cell_missing", _text(recording, "id"))
    milliseconds = recording.get("length") or track.get("length")
    labels = [_text(info.get("label") or {}, "name") for info in _list(release, "label-info")]
    return CatalogueRow(
        line_no=line_no,
        title=cells.text("title", title),
        artist=cells.text("artist-credit", artist),
        isrcs=cells.isrcs(";".join(code for code in recording.get("isrcs") or () if isinstance(code, str))),
        artist_latin=cells.text("artist-credit", latin),
        duration_seconds=round(milliseconds / 1000) if isinstance(milliseconds, int) and milliseconds >= 500 else None,
        label=next((name for name in labels if name), "")[:LABEL_LENGTH_MAX],
        release_title=cells.text("release", _text(release, "title")),
        release_artist=cells.text("release", _artist(_list(release, "artist-credit"))[0]),
        icpn=_icpn(_text(release, "barcode")),
        release_date=_day(_text(release, "date")),
        track_number=place,
    )


def _artist(credit: list[Json]) -> tuple[str, str]:
    """Give the credited names with their joining words, and in Latin letters where the artist's entry has such."""
    written = "".join(_text(part, "name") + str(part.get("joinphrase") or "") for part in credit)
    latin = "".join(_latin(part) + str(part.get("joinphrase") or "") for part in credit)
    return written.strip(), latin.strip() if latin.strip() != written.strip() else ""


def _latin(part: Json) -> str:
    """A Cyrillic artist's sort name is Latin by MusicBrainz's rule: "Tsoi, Viktor"; an alias in Latin comes first."""
    name, artist = _text(part, "name"), part.get("artist") or {}
    if name.isascii():
        return name
    aliases = [_text(alias, "name") for alias in _list(artist, "aliases")]
    family, comma, given = _text(artist, "sort-name").partition(", ")
    turned = f"{given} {family}" if comma else family
    return next((text for text in (*aliases, turned) if text and text.isascii()), name)


def _list(holder: Json, name: str) -> list[Json]:
    found = holder.get(name)
    return [part for part in found if isinstance(part, dict)] if isinstance(found, list) else []


def _text(holder: Json, name: str) -> str:
    found = holder.get(name)
    return " ".join(found.split()) if isinstance(found, str) else ""


def _icpn(text: str) -> str:
    try:
        return cells.icpn(text)
    except BadCell:
        return ""


def _day(text: str) -> date | None:
    try:
        return cells.release_date(text if len(text) == 10 else "")
    except BadCell:
        return None
