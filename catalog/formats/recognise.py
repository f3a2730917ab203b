"""Which kind of catalogue feed a file is: told by its content, never by its name."""

from collections.abc import Callable, Mapping
from typing import BinaryIO, Final

from catalog.formats.cwr import read_cwr
from catalog.formats.ern import read_ern
from catalog.formats.flat import read_flat
from catalog.formats.musicbrainz import read_musicbrainz
from catalog.formats.rows import Catalogue
from catalog.formats.tables import CannotRead

HEAD_BYTES: Final = 1024
FORMATS: Final[Mapping[str, Callable[[BinaryIO], Catalogue]]] = {
    "flat": read_flat,
    "ern": read_ern,
    "cwr": read_cwr,
    "musicbrainz": read_musicbrainz,
}


def read_catalogue(file: BinaryIO, kind: str = "auto") -> Catalogue:
    """This will recognise a catalogue file and give its rows and faults in order, lazily.

    A file that is not of the `kind` asked for is refused. Raises: CannotRead, also while the rows are read.
    """
    file.seek(0)
    found = _kind_of(file.read(HEAD_BYTES))
    file.seek(0)
    if kind not in ("auto", found):
        raise CannotRead("other_format", found)
    return FORMATS[found](file)


def _kind_of(head: bytes) -> str:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"<") and not start[:9].lower().startswith((b"<!doctype", b"<html")):
        return "ern"
    if start.startswith((b"{", b"[")):
        return "musicbrainz"
    if start.startswith(b"HDR") and b"GRH" in start:
        return "cwr"
    return "flat"
