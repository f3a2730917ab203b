"""A DuckDB of our own for one piece of work: bounded memory, a scratch folder to spill to, nothing kept."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

MEMORY = "900MB"
THREADS = 2


def open_engine(folder: Path, *, threads: int = THREADS, memory: str = MEMORY) -> duckdb.DuckDBPyConnection:
    """This will open an empty in-memory database that spills to `folder`."""
    engine = duckdb.connect(
        config={
            "threads": threads,
            "memory_limit": memory,
            "temp_directory": str(folder / "spill"),
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    engine.execute("SET enable_progress_bar = false; SET TimeZone = 'UTC'")
    return engine


def literal(value: str) -> str:
    """Spell a text as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"


def paths(files: list[Path]) -> str:
    """Spell files as an SQL list."""
    return "[" + ", ".join(literal(str(file)) for file in files) + "]"


def fill(engine: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Sequence[Any]]) -> None:
    """This will insert a few rows into a table."""
    if rows:
        engine.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
