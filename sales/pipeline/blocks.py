"""Bytes of a text file to blocks of whole lines, so memory does not grow with the file."""

from collections.abc import Iterable, Iterator

from sales.formats.errors import BadFile

LINE_MAX = 1 << 20


def blocks(pieces: Iterable[bytes], size: int, *, is_quoted: bool = False) -> Iterator[bytes]:
    """Yield the bytes in blocks of about `size` that end with a line end; CRLF becomes LF, a last LF is added.

    Raises: BadFile when a line is longer than any report's.
    """
    held: list[bytes] = []
    length = lines = 0
    for piece in pieces:
        held.append(piece)
        length += len(piece)
        if length < size:
            continue
        data = b"".join(held)
        cut = _last_line_end(data, is_quoted=is_quoted)
        _refuse_long_lines(data, lines)
        if cut:
            lines += data.count(b"\n", 0, cut)
            yield _normal(data[:cut])
        held, length = [data[cut:]], len(data) - cut
    data = b"".join(held)
    _refuse_long_lines(data, lines)
    if data:
        yield _normal(data if data.endswith(b"\n") else data + b"\n")


def _refuse_long_lines(data: bytes, lines_before: int) -> None:
    """This will look only at one line end in each LINE_MAX bytes, so it costs next to nothing."""
    start = 0
    while len(data) - start > LINE_MAX:
        end = data.rfind(b"\n", start, start + LINE_MAX + 1)
        if end < 0:
            raise BadFile("line_too_long", line=lines_before + data.count(b"\n", 0, start) + 1, limit=LINE_MAX)
        start = end + 1


def _last_line_end(data: bytes, *, is_quoted: bool) -> int:
    """Return where the last whole line ends; in quoted text, the last line that ends outside quotes (if one does)."""
    last = cut = data.rfind(b"\n") + 1
    if not is_quoted:
        return cut
    quotes = data.count(b'"', 0, cut)
    while quotes % 2 and cut:
        before = data.rfind(b"\n", 0, cut - 1) + 1
        quotes -= data.count(b'"', before, cut)
        cut = before
    return cut or last


def _normal(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n") if b"\r" in data else data
