"""Rows that go from DuckDB to PostgreSQL while they are written: when one end breaks off, the other does too."""

import subprocess
import sys

import duckdb
import psycopg2
import pytest
from django.db import DatabaseError, connection, transaction

from sales.pipeline.copying import copy_query
from sales.pipeline.engine import open_engine
from tests.system import ROOT

pytestmark = pytest.mark.django_db
MANY = "SELECT range AS n, repeat('x', 100) AS text FROM range(200000)"


@pytest.fixture
def engine(tmp_path):
    with open_engine(tmp_path) as opened:
        yield opened


def copied(engine, query, path):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.copied")
        cursor.execute("CREATE TEMP TABLE copied (n bigint, text text) ON COMMIT DROP")
        copy_query(engine, query, cursor, "pg_temp.copied (n, text)", path)
        cursor.execute("SELECT count(*), min(text), max(text) FROM copied")
        return cursor.fetchone()


def test_every_row_arrives_and_empty_is_not_null(engine, tmp_path):
    assert copied(engine, MANY, tmp_path / "rows") == (200_000, "x" * 100, "x" * 100)
    assert copied(engine, "SELECT 1, '' UNION ALL SELECT 2, NULL", tmp_path / "rows") == (2, "", "")
    assert copied(engine, "SELECT 1, 'x' WHERE FALSE", tmp_path / "rows") == (0, None, None)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT nothing",
        "SELECT error('broken'), 'x'",
        f"SELECT CASE WHEN n = 150000 THEN error('broken') END, text FROM ({MANY})",
    ],
    ids=["before it began", "at the first row", "in the middle"],
)
def test_a_query_that_fails_fails_the_copy(engine, tmp_path, query):
    with pytest.raises(duckdb.Error):
        copied(engine, query, tmp_path / "rows")

    assert not (tmp_path / "rows").exists()


def test_a_row_the_database_refuses_fails_the_copy(engine, tmp_path):
    with pytest.raises((DatabaseError, psycopg2.Error), match="bigint"):
        copied(engine, f"SELECT 'no number', text FROM ({MANY})", tmp_path / "rows")

    assert not (tmp_path / "rows").exists()


FAILS_OFTEN = """
import sys
from pathlib import Path
import duckdb
from sales.pipeline.engine import open_engine
with open_engine(Path(sys.argv[1])) as engine:
    for _ in range(500):
        try:
            engine.execute(f"COPY ({sys.argv[2]}) TO '{sys.argv[1]}/rows' (FORMAT csv, USE_TMP_FILE false)")
        except duckdb.Error:
            continue
print("never waited for itself")
"""


@pytest.mark.slow
def test_a_copy_that_fails_does_not_wait_for_itself(tmp_path):
    fails = f"SELECT CASE WHEN n = 150000 THEN error('broken') END, text FROM ({MANY})"

    done = subprocess.run(
        [sys.executable, "-c", FAILS_OFTEN, str(tmp_path), fails], cwd=ROOT, capture_output=True, text=True, timeout=120
    )

    assert done.stdout == "never waited for itself\n"
