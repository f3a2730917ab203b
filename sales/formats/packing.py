"""Bytes as they came in to bytes of text: gzip and zstd undone in pieces, with a bound on what they may unpack to."""

import gzip
import zlib
from collections.abc import Iterator
from typing import BinaryIO

import zstandard

from sales.formats.errors import BadFile

PIECE = 1 << 20
RATIO_MAX = 250
"""Sales lines pack 4 to 60 times. What packs better than this is not a report but a bomb."""
ALWAYS_ALLOWED = 16 << 20

GZIP, ZSTD, ZIP, OLE = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def packing_of(start: bytes) -> str:
    """Tell by the first bytes how a file is packed: `gz`, `zst`, `zip`, `ole` or, unpacked, nothing."""
    for magic, name in ((GZIP, "gz"), (ZSTD, "zst"), (ZIP, "zip"), (OLE, "ole")):
        if start.startswith(magic):
            return name
    return ""


def unpack(raw: BinaryIO, packing: str, size: int, limit: int) -> Iterator[bytes]:
    """Yield the unpacked bytes in pieces; `size` is that of the packed file, `limit` what it may unpack to at most.

    Raises: BadFile (cut short, damaged, unpacks to too much).
    """
    stream: BinaryIO = raw
    if packing == "gz":
        stream = gzip.GzipFile(fileobj=raw)  # type: ignore[assignment]
    elif packing == "zst":
        stream = zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(raw, read_across_frames=True)
    allowed = min(limit, max(ALWAYS_ALLOWED, size * RATIO_MAX)) if packing else limit
    done = 0
    while piece := _read(stream, packing):
        done += len(piece)
        if done > allowed:
            raise BadFile("unpacks_too_large", limit=allowed)
        yield piece


def _read(stream: BinaryIO, packing: str) -> bytes:
    try:
        return stream.read(PIECE)
    except EOFError as error:
        raise BadFile("cut_short", packing=packing) from error
    except (OSError, zlib.error, zstandard.ZstdError) as error:
        if not packing:
            raise
        raise BadFile("damaged", packing=packing) from error
