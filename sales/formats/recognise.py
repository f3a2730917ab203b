"""What a file is, told by its content and never by its name."""

import codecs
import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from sales.formats import dsr, encodings, flat, rules, sheet, text
from sales.formats.errors import BadFile
from sales.formats.packing import packing_of, unpack

SAMPLE = 1 << 18
HEADER_LINES = 50
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


@dataclass(frozen=True, slots=True)
class Recognised:
    """Everything that is needed to read the rest of the file."""

    packing: str
    encoding: str
    head: dsr.Head | None
    template: flat.Template | None
    is_old_mac: bool = False
    """Lines end with CR alone."""
    bound: rules.Bound | None = None
    """The mapping template a table is read through, which is not our own."""

    @property
    def profile(self) -> str:
        """Name the kind of report for people: `BasicAudioProfile 1.3`, `flat`."""
        return f"{self.head.profile} {self.head.version}" if self.head else "flat"


def recognise(raw: BinaryIO, size: int, limit: int) -> Recognised:
    """Tell what the file is from its first quarter megabyte of text.

    Raises: BadFile when it is nothing we can read, saying what it looks like.
    """
    if not size:
        raise BadFile("empty_file")
    raw.seek(0)
    packing = packing_of(raw.read(8))
    raw.seek(0)
    if packing == "ole":
        raise BadFile("old_excel")
    if packing == "zip":
        sheet.check(raw, limit)
        return Recognised("xlsx", "utf-8", None, _template_of_sheet(raw))
    sample = _sample(unpack(raw, packing, size, limit))
    if not sample.strip(b"\r\n\t \0"):
        raise BadFile("not_text" if b"\0" in sample else "empty_file")
    encoding = encoding_of(sample)
    words = sample.decode(encoding, errors="replace").lstrip("\ufeff")
    is_old_mac = "\n" not in words and "\r" in words
    lines = words.split("\r" if is_old_mac else "\n")
    return _by_first_lines(packing, encoding, [line.rstrip("\r") for line in lines[:HEADER_LINES]], is_old_mac)


def utf8_pieces(pieces: Iterable[bytes], known: Recognised) -> Iterator[bytes]:
    """Turn unpacked pieces into pieces of UTF-8 with lines ended by LF (or CRLF), whatever they were."""
    first = True
    if known.encoding in ("utf-8", "utf-8-sig"):
        for piece in pieces:
            cut = piece.removeprefix(b"\xef\xbb\xbf") if first else piece
            first = False
            yield cut.replace(b"\r", b"\n") if known.is_old_mac else cut
        return
    decoder = codecs.getincrementaldecoder(known.encoding)("replace")
    for piece in pieces:
        words = decoder.decode(piece).encode("utf-8", "replace")
        cut = words.removeprefix("\ufeff".encode()) if first else words
        first = first and not words
        yield cut.replace(b"\r", b"\n") if known.is_old_mac else cut
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")


def _sample(pieces: Iterator[bytes]) -> bytes:
    sample = b""
    for piece in pieces:
        sample += piece
        if len(sample) >= SAMPLE:
            break
    return sample[:SAMPLE]


def encoding_of(sample: bytes) -> str:
    """Tell the encoding of the beginning of a text.

    Raises: BadFile when it is no text, or in none we know.
    """
    for mark, name in _BOMS:
        if sample.startswith(mark):
            return name
    zeros = sample.count(0)
    if zeros:
        if zeros < len(sample) / 4:
            return "utf-8"  # single bad lines; they are named one by one
        odd = sample[1::2].count(0)
        if odd * 10 > len(sample) * 3 and odd > 8 * (zeros - odd):
            return "utf-16-le"
        if (zeros - odd) * 10 > len(sample) * 3 and zeros - odd > 8 * odd:
            return "utf-16-be"
        raise BadFile("not_text")
    try:
        sample[: len(sample) - 4 if len(sample) == SAMPLE else None].decode()
        return "utf-8"
    except UnicodeDecodeError as error:
        return _legacy(sample, error)


def _legacy(sample: bytes, error: UnicodeDecodeError) -> str:
    """Tell encodings of one byte per letter (nearly all high bytes are letters) from bad bytes in UTF-8 and noise."""
    bad_lines = sum(_is_bad(line) for line in sample.split(b"\n")[:-1])
    lines = max(1, sample.count(b"\n"))
    high = sum(byte >= 0x80 for byte in sample)
    letters = sum(byte >= 0xC0 or byte in (0xA8, 0xB8) for byte in sample)
    control = sum(byte < 9 or 13 < byte < 32 for byte in sample)
    if control * 50 > len(sample):
        raise BadFile("not_text")
    valid = len(sample.decode("utf-8", "ignore").encode()) - (len(sample) - high)
    if valid * 2 > high or (bad_lines * 4 < lines and sample[:4].upper() == b"HEAD"):
        return "utf-8"
    found = encodings.legacy(sample)
    if found and (letters * 10 >= high * 8 or found == "cp1252"):
        return found
    raise BadFile("wrong_encoding", line=sample.count(b"\n", 0, error.start) + 1)


def _is_bad(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return True
    return False


def _by_first_lines(packing: str, encoding: str, lines: list[str], is_old_mac: bool) -> Recognised:
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        if line[:5].upper() == "HEAD\t":
            return Recognised(packing, encoding, dsr.read_head(text.cells(line)), None, is_old_mac)
        delimiter = flat.find_delimiter(line)
        names = _quoted(line, delimiter) if delimiter in ",;" else line.split(delimiter)
        template = flat.read_header(names, delimiter, number)
        if template:
            return Recognised(packing, encoding, None, template, is_old_mac)
        break
    start = next((line.strip() for line in lines if line.strip()), "")
    raise BadFile("unknown_format", looks_like=_looks_like(start), found=start[:80], line=1)


def _quoted(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter))
    except csv.Error:
        return line.split(delimiter)


def _looks_like(start: str) -> str:
    for mark, name in (("<?xml", "XML"), ("<!doctype html", "HTML"), ("<html", "HTML"), ("%pdf", "PDF"), ("{", "JSON")):
        if start.lower().startswith(mark):
            return name
    return "text"


def _template_of_sheet(raw: BinaryIO) -> flat.Template:
    raw.seek(0)
    for number, cells in enumerate(islice(sheet.rows(raw), HEADER_LINES), 1):
        template = flat.read_header(cells, "", number)
        if template:
            return template
        if any(cells):
            raise BadFile("unknown_format", looks_like="XLSX", found=" ".join(cells)[:80], line=number)
    raise BadFile("empty_file")
