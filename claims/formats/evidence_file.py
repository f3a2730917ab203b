"""What an uploaded proof really is, decided by its content; a file that is not what its name says is refused.

Only kinds a reviewer can look at without running anything are taken: PDF, PNG, JPEG, plain text, DOCX, XLSX. Programs,
pages with script (HTML, SVG, XML), macros and archives are not, whatever they are called.
"""

import io
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath

SIZE_MAX = 20 * 1024 * 1024
_OFFICE = {"word/": "docx", "xl/": "xlsx"}
CONTENT_TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "txt": "text/plain; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_ENDINGS = {"pdf": {"pdf"}, "png": {"png"}, "jpg": {"jpg", "jpeg"}, "txt": {"txt"}, "docx": {"docx"}, "xlsx": {"xlsx"}}
_MAGIC = ((b"%PDF-", "pdf"), (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"))
_ACTIVE = (b"<!doctype", b"<html", b"<svg", b"<?xml", b"<?php", b"<script", b"#!")
_CONTROL = bytes(set(range(32)) - {9, 10, 12, 13})


class RefusedFile(ValueError):
    """The file cannot serve as proof; `code` says why (words in claims/reasons.py)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Recognised:
    """A file that was taken: its clean name and its true kind."""

    name: str
    kind: str

    @property
    def content_type(self) -> str:
        """The media type of the content."""
        return CONTENT_TYPES[self.kind]


def recognise(name: str, content: bytes) -> Recognised:
    """This will say what a file is.

    Raises: RefusedFile (file_empty, file_too_large, file_kind_refused, file_not_what_it_says).
    """
    if not content:
        raise RefusedFile("file_empty")
    if len(content) > SIZE_MAX:
        raise RefusedFile("file_too_large")
    kind = _kind(content)
    if kind is None:
        raise RefusedFile("file_kind_refused")
    clean = clean_name(name)
    if PurePosixPath(clean).suffix.lower().lstrip(".") not in _ENDINGS[kind]:
        raise RefusedFile("file_not_what_it_says")
    return Recognised(clean, kind)


def clean_name(name: str) -> str:
    """This will keep the last part of a name, without control characters, short enough to show."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(letter for letter in last if letter.isprintable()).strip()
    stem, dot, ending = kept.rpartition(".")
    return f"{stem[:150]}{dot}{ending[:10]}" if dot else kept[:150]


def _kind(content: bytes) -> str | None:
    for magic, kind in _MAGIC:
        if content.startswith(magic):
            return kind
    if content.startswith(b"PK"):
        return _office(content)
    return "txt" if _is_plain_text(content) else None


def _office(content: bytes) -> str | None:
    """Look into the list of an archive (nothing is unpacked): a document without macros, or nothing we take."""
    try:
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError):
        return None
    if "[Content_Types].xml" not in names or any("vbaproject" in name.lower() for name in names):
        return None
    kinds = {kind for name in names for folder, kind in _OFFICE.items() if name.startswith(folder)}
    return kinds.pop() if len(kinds) == 1 else None


def _is_plain_text(content: bytes) -> bool:
    if content.translate(None, _CONTROL) != content:
        return False
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    start = text.lstrip()[:1000].lower().encode()
    return not start.startswith(_ACTIVE) and b"<script" not in start
