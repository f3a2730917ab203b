"""Rows into PostgreSQL and out of it by COPY, as streams: fastest, and constraints and triggers still hold."""

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from select import select
from typing import Any

import duckdb

from sales.pipeline.engine import literal

BUFFER = 1 << 20
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copy_query(engine: duckdb.DuckDBPyConnection, query: str, cursor: Any, target: str, by: Path) -> None:
    """This will copy the result of a DuckDB query into `target`, a table with its columns.

    Through the pipe `by`, so that PostgreSQL takes the first rows in while DuckDB still writes the last. When either
    breaks off, the other ends as well.
    """
    os.mkfifo(by)
    try:
        reader = os.open(by, os.O_RDONLY | os.O_NONBLOCK)
        with ThreadPoolExecutor(max_workers=1) as pool, os.fdopen(reader, "rb") as rows:
            written = f"COPY ({query}) TO {literal(str(by))} (FORMAT csv, HEADER false, NULLSTR '\\N')"
            sent = pool.submit(engine.execute, written)
            while not select([reader], [], [], 0.1)[0] and not sent.done():
                pass
            os.set_blocking(reader, True)
            cursor.copy_expert(f"COPY {target} FROM STDIN (FORMAT csv, NULL '\\N')", rows, BUFFER)
            rows.close()
            sent.result()
    finally:
        by.unlink()


def copy_rows(rows: Iterable[tuple[str, ...]], cursor: Any, target: str) -> None:
    """This will copy rows of texts into `target`, a piece at a time."""
    cursor.copy_expert(f"COPY {target} FROM STDIN", _Text(rows), BUFFER)


def copy_out(cursor: Any, query: str, target: Path) -> None:
    """This will write the result of a PostgreSQL query to a CSV file with a header."""
    with target.open("wb") as file:
        cursor.copy_expert(f"COPY ({query}) TO STDOUT (FORMAT csv, HEADER true)", file, BUFFER)


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
