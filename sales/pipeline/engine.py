"""A DuckDB for one piece of work: bounded memory, a scratch folder to spill to, nothing kept."""

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

MEMORY = "900MB"
THREADS = 2
ROWS_AT_ONCE = 100
"""Rows of an insert: with more, what is to be read of the statement itself costs more than it saves."""
SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "preserve_insertion_order": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "async_threads": 0,
}
"""Files are written by the threads that compute: DuckDB 2.0.0 waits for itself for ever, about once in 200 times, when
a COPY into a file fails (a value that cannot be, a full disk) while another thread still writes."""


class _Kept(threading.local):
    """The DuckDB a thread used last: starting one takes 25 ms, a new database in one that runs takes one.

    By process: one that came along with a fork has lost its threads and can be neither used nor freed.
    """

    def __init__(self) -> None:
        self.servers: dict[int, duckdb.DuckDBPyConnection] = {}


_kept = _Kept()


@contextmanager
def open_engine(folder: Path, *, threads: int = THREADS, memory: str = MEMORY) -> Iterator[duckdb.DuckDBPyConnection]:
    """This will lend an empty in-memory database that spills to `folder`; what is in it ends with the block."""
    server = _kept.servers.pop(os.getpid(), None) or duckdb.connect(config=SETTINGS)
    spill = folder / "spill"
    engine = server.cursor()
    engine.execute(f"SET memory_limit = {literal(memory)}; SET threads = {threads}")
    engine.execute(f"SET temp_directory = {literal(str(spill))}; SET enable_progress_bar = false; SET TimeZone = 'UTC'")
    engine.execute("ATTACH ':memory:' AS work; USE work")
    try:
        yield engine
        engine.execute("USE memory; DETACH work")
        if not spill.exists():  # one that spilled keeps to its folder, one that failed may hold anything
            _kept.servers[os.getpid()] = server
    finally:
        engine.close()
        if _kept.servers.get(os.getpid()) is not server:
            server.close()


def literal(value: str) -> str:
    """Spell a text as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"


def paths(files: list[Path]) -> str:
    """Spell files as an SQL list."""
    return "[" + ", ".join(literal(str(file)) for file in files) + "]"


def fill(engine: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Sequence[Any]]) -> None:
    """This will insert a few rows into a table, many with each statement: one by one, each takes a third of a ms."""
    for start in range(0, len(rows), ROWS_AT_ONCE):
        few = rows[start : start + ROWS_AT_ONCE]
        places = ", ".join([f"({', '.join('?' * len(few[0]))})"] * len(few))
        engine.execute(f"INSERT INTO {table} VALUES {places}", [cell for row in few for cell in row])
