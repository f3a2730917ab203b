"""Rows into PostgreSQL and out of it by COPY, as streams: fastest, and constraints and triggers still hold."""

from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any, BinaryIO

import duckdb

from sales.pipeline.engine import literal

BUFFER = 1 << 20
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copy_query(engine: duckdb.DuckDBPyConnection, query: str, cursor: Any, target: str, by: Path) -> None:
    """This will copy the result of a DuckDB query into `target`, a table with its columns.

    By way of the file `by`, from which PostgreSQL takes the first rows in while DuckDB still writes the last. Not a
    pipe: threads of DuckDB that wait for a slower reader turn in circles (5 CPU seconds in 11 of waiting).
    """
    by.touch()
    try:
        with ThreadPoolExecutor(max_workers=1) as pool, by.open("rb") as rows:
            form = "FORMAT csv, HEADER false, NULLSTR '\\N', USE_TMP_FILE false"
            written = pool.submit(engine.execute, f"COPY ({query}) TO {literal(str(by))} ({form})")
            try:
                cursor.copy_expert(
                    f"COPY {target} FROM STDIN (FORMAT csv, NULL '\\N')", _Growing(rows, written), BUFFER
                )
            finally:
                written.result()
    finally:
        by.unlink()


def copy_rows(rows: Iterable[tuple[str, ...]], cursor: Any, target: str) -> None:
    """This will copy rows of texts into `target`, a piece at a time."""
    cursor.copy_expert(f"COPY {target} FROM STDIN", _Text(rows), BUFFER)


def copy_out(cursor: Any, query: str, target: Path) -> None:
    """This will write the result of a PostgreSQL query to a CSV file with a header."""
    with target.open("wb") as file:
        cursor.copy_expert(f"COPY ({query}) TO STDOUT (FORMAT csv, HEADER true)", file, BUFFER)


class _Growing:
    """A file that is being written, read to its end; what broke off its writing breaks off its reading."""

    def __init__(self, file: BinaryIO, written: Future[Any]) -> None:
        self._file, self._written = file, written

    def read(self, size: int = BUFFER) -> bytes:
        """Return up to `size` bytes; none at the end."""
        while True:
            is_whole = self._written.done()
            if piece := self._file.read(size):
                return piece
            if is_whole:
                self._written.result()
                return b""
            wait([self._written], timeout=0.01)


class _Text:
    """Rows as a file in COPY's text format."""

    def __init__(self, rows: Iterable[tuple[str, ...]]) -> None:
        self._rows = iter(rows)
        self._rest = b""

    def read(self, size: int = BUFFER) -> bytes:
        """Return up to `size` bytes; none at the end."""
        pieces, length = [self._rest], len(self._rest)
        while length < size:
            few = [row for _, row in zip(range(2000), self._rows, strict=False)]
            if not few:
                break
            text = "".join("\t".join(cell.translate(_ESCAPES) for cell in row) + "\n" for row in few).encode()
            pieces.append(text)
            length += len(text)
        ready = b"".join(pieces)
        self._rest = ready[size:]
        return ready[:size]
