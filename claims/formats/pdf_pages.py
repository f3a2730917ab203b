"""Pages of a PDF as pictures: what a reviewer sees is pixels, so nothing inside the file can run.

A file from a stranger is drawn by a process of its own with little memory and time; whatever happens to it happens to
nobody else. Drawn by PDFium without its script and form parts.
"""

import resource
import struct
import subprocess
import sys
import zlib
from dataclasses import dataclass

WIDTH = 1100
HEIGHT_MAX = 4000
SECONDS = 20
MEMORY = 1024**3


class CannotDraw(Exception):
    """The file has no such page, or cannot be drawn within the limits."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One page as a PNG, and how many pages the file has."""

    png: bytes
    pages: int


def draw_page(content: bytes, number: int) -> Drawn:
    """This will draw one page (from 1) in a process of its own. Raises: CannotDraw."""
    command = [sys.executable, "-I", __file__, str(number)]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS, check=True)
    except (subprocess.SubprocessError, OSError) as error:
        raise CannotDraw from error
    pages, _newline, png = done.stdout.partition(b"\n")
    if not pages.isdigit() or not png:
        raise CannotDraw
    return Drawn(png, int(pages))


def png_of(width: int, height: int, stride: int, pixels: bytes) -> bytes:
    """This will pack RGB rows as a PNG."""
    rows = b"".join(b"\0" + pixels[at : at + width * 3] for at in range(0, stride * height, stride))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 6)) + chunk(b"IEND", b"")


def main() -> None:
    """This will be the process of its own: the file comes in, the number of pages and one picture go out."""
    import pypdfium2

    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
    page = document[int(sys.argv[1]) - 1]
    width, height = page.get_size()
    scale = min(WIDTH / width, HEIGHT_MAX / height)
    bitmap = page.render(scale=scale, rev_byteorder=True, may_draw_forms=False, prefer_bgrx=False)
    picture = png_of(bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer))
    sys.stdout.buffer.write(b"%d\n" % len(document) + picture)


if __name__ == "__main__":
    main()
