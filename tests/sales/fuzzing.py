"""Files spoiled in every way a transfer, an editor or a bad day spoils them, and a reading of them without a database.

`read` takes a file through the same readers as the pipeline up to the counted lines. What it must never do is crash
(only BadFile says that a file cannot be read), lose a line in silence, or need memory that grows with the file.
"""

import gzip
import io
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import zstandard
from hypothesis import strategies as st

from sales.formats import dsr, text
from sales.formats.errors import BadFile
from sales.formats.packing import packing_of, unpack
from sales.formats.recognise import Recognised, recognise, utf8_pieces
from sales.pipeline import dsr_counts, facts, lines, parse
from sales.pipeline.engine import open_engine

LIMIT = 64 << 20
QUOTED = -1
"""Where cells may span lines, an independent count would only be the same reader again."""
SALE = re.compile(r"S[UR]\d", re.IGNORECASE)


@dataclass(frozen=True)
class Read:
    """What a file came to, beside what an independent count of its lines expects."""

    known: Recognised
    read: int
    accepted: int
    rejected: int
    expected: int
    differences: tuple


def read(content: bytes, *, block: int = parse.BLOCK) -> Read:
    """Read a file as the pipeline does. Raises: BadFile."""
    with tempfile.TemporaryDirectory() as name:
        known, parsed = _archived(content, Path(name), block)
        return _counted(content, known, parsed, Path(name))


def takes_or_refuses(content: bytes, **how: int) -> None:
    """A file is refused as a whole, or every one of its lines is accepted or rejected."""
    try:
        found = read(content, **how)
    except BadFile:
        return
    assert found.accepted + found.rejected == found.read
    assert found.read == found.expected


def pipeline_only(content: bytes) -> tuple[int, int]:
    """Read a file as the pipeline does, with nothing of our own held beside: lines read, lines rejected."""
    with tempfile.TemporaryDirectory() as name:
        known, parsed = _archived(content, Path(name), parse.BLOCK)
        counted, _, _ = _checked(known, parsed, Path(name), 1000)
        return counted.read, counted.rejected


def _archived(content: bytes, folder: Path, block: int) -> tuple[Recognised, parse.Parsed]:
    raw = io.BytesIO(content)
    known = recognise(raw, len(content), LIMIT)
    (folder / "archive").mkdir()
    raw.seek(0)
    if known.packing == "xlsx":
        return known, parse.archive_sheet(raw, known, folder / "archive")
    pieces = unpack(raw, known.packing, len(content), LIMIT)
    return known, parse.archive(pieces, known, folder / "archive", block=block)


def _checked(
    known: Recognised, parsed: parse.Parsed, folder: Path, limit: int
) -> tuple[facts.Counted, list[facts.FoundFault], list[dsr_counts.Difference]]:
    contexts = [
        lines.Context(number, summary, known.head.usage_start, known.head.usage_end)
        for number, (_, summary) in enumerate(sorted(parsed.structure.summaries.items()), 1)
        if known.head
    ]
    paths = [part.path for part in parsed.parts]
    with open_engine(folder, threads=1) as engine:
        source = lines.Source(1, paths, known.head, known.template, parsed.is_plain)
        lines.make_lines(engine, [source], contexts)
        counted = facts.make_facts(engine, folder / "facts", folder / "identities")
        said: list[dsr_counts.Difference] = []
        if known.head:
            dsr_counts.check_heads(engine)
            again, _ = dsr_counts.repeated_transactions(engine, known.head, 100)
            said = [*dsr_counts.oddities(engine, 1), *again]
            dsr.footer_differences(parsed.structure.footer, dsr_counts.footer_counts(engine)[1])
        return counted, facts.faults(engine, counted, limit), said


def _counted(content: bytes, known: Recognised, parsed: parse.Parsed, folder: Path) -> Read:
    archived = sorted(number for part in parsed.parts for number in pl.read_parquet(part.path)["line_no"])
    assert archived == list(range(1, parsed.lines + 1))
    counted, found, said = _checked(known, parsed, folder, 100_000)
    assert len([fault for fault in found if fault.is_fatal]) == counted.rejected
    expected = QUOTED if known.packing == "xlsx" else _expected(content, known)
    expected = counted.read if expected == QUOTED else expected
    return Read(known, counted.read, counted.accepted, counted.rejected, expected, tuple(said))


def _expected(content: bytes, known: Recognised) -> int:
    """Count the lines that report something, one by one and by hand."""
    pieces = unpack(io.BytesIO(content), packing_of(content[:8]), len(content), LIMIT)
    words = b"".join(utf8_pieces(pieces, known)).replace(b"\r\n", b"\n").decode("utf-8", "replace").replace("\r", " ")
    rows = words.split("\n")
    if known.head:
        return sum(bool(SALE.match(text.plain(text.cells(row.replace("\0", "\ufffd"))[0]).strip(" "))) for row in rows)
    assert known.template
    separator = known.template.delimiter
    if separator in ",;":
        return QUOTED
    return sum(bool(row.replace(separator, "").strip(" \r")) for row in rows[known.template.line_no :])


# Spoiling ------------------------------------------------------------------------------------------------------------
PLACES = st.floats(0, 1, exclude_max=True)
NASTY = st.sampled_from(
    [
        *(b"\t", b"\n", b"\r", b"\r\n", b"\0", b"\\", b"\\\t", b"\\\\|", b"|", b'"', b"\xff", b"\xd0", b"#"),
        *(b"\xef\xbb\xbf", b"-1", b"1e9", b"9" * 40, b"0.000000001", b"SU01", b"HEAD\t", b"\xe2\x80\xa8", b"\x1a"),
        *(b" " * 5, b"\t" * 60),
    ]
)
SPOILS = st.one_of(
    st.tuples(st.just("cut"), PLACES, st.just(b"")),
    st.tuples(st.just("insert"), PLACES, st.one_of(NASTY, st.binary(max_size=6))),
    st.tuples(st.just("overwrite"), PLACES, st.one_of(NASTY, st.binary(min_size=1, max_size=3))),
    st.tuples(st.just("drop line"), PLACES, st.just(b"")),
    st.tuples(st.just("double line"), PLACES, st.just(b"")),
    st.tuples(st.just("move line"), PLACES, st.just(b"")),
    st.tuples(st.just("empty cell"), PLACES, st.just(b"")),
)
ENCODINGS = st.sampled_from(["utf-8"] * 6 + ["utf-8-sig", "utf-16", "utf-16-be", "cp1251", "koi8-r"])
ENDS = st.sampled_from(["\n"] * 4 + ["\r\n", "\r"])
PACKINGS = st.sampled_from([None] * 4 + ["gz", "zst", "gz cut", "zst cut"])


def spoiled(content: bytes, spoils: list, encoding: str, end: str, packing: str | None) -> bytes:
    """The file written in another encoding, with other line ends, spoiled in places, packed, and broken off."""
    data = content.decode().replace("\n", end).encode(encoding, "replace") if encoding else content
    for how, where, what in spoils:
        data = _spoil(data, how, int(where * len(data)), what)
    if packing:
        data = gzip.compress(data, 1) if packing.startswith("gz") else zstandard.compress(data)
        data = data[: len(data) * 2 // 3] if packing.endswith("cut") else data
    return data


def _spoil(data: bytes, how: str, at: int, what: bytes) -> bytes:
    if how == "cut":
        return data[:at]
    if how == "insert":
        return data[:at] + what + data[at:]
    if how == "overwrite":
        return data[:at] + what + data[at + len(what) :]
    if how == "empty cell":
        start, stop = data.rfind(b"\t", 0, at) + 1, data.find(b"\t", at)
        return data[:start] + data[stop:] if start < stop else data
    start = data.rfind(b"\n", 0, at) + 1
    stop = data.find(b"\n", at) + 1 or len(data)
    line = data[start:stop]
    if how == "drop line":
        return data[:start] + data[stop:]
    if how == "double line":
        return data[:stop] + line + data[stop:]
    return data[:start] + data[stop:] + line
