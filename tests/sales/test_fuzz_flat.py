"""Flat files, workbooks and packed files, spoiled: never a crash, never a line lost, never memory without bound."""

import contextlib
import csv
import io
import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sales.formats.errors import BadFile
from sales.formats.packing import GZIP, ZIP, ZSTD, packing_of, unpack
from tests.sales import dsr_files, fuzzing
from tests.sales.dsr_files import ALBUM, TABLE

TSV = dsr_files.flat((*TABLE, ALBUM))
ROWS = [line.split("\t") for line in TSV.decode().splitlines()]


def as_csv(delimiter):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(ROWS)
    return out.getvalue().replace("Пачка сигарет", 'Пачка; ""сигарет""\n, 2').encode()


def as_workbook():
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


FILES = [TSV, TSV, as_csv(","), as_csv(";")]
WORKBOOK = as_workbook()
A_SPOILED_FILE = st.builds(
    fuzzing.spoiled,
    st.sampled_from(FILES),
    st.lists(fuzzing.SPOILS, max_size=6),
    fuzzing.ENCODINGS,
    fuzzing.ENDS,
    fuzzing.PACKINGS,
)
A_SPOILED_WORKBOOK = st.lists(fuzzing.SPOILS, min_size=1, max_size=3).map(
    lambda spoils: fuzzing.spoiled(WORKBOOK, spoils, "", "", None)
)


@pytest.mark.slow
@given(A_SPOILED_FILE)
@settings(max_examples=30, deadline=None, derandomize=True)
def test_a_spoiled_table_is_taken_line_by_line_or_refused(content):
    fuzzing.takes_or_refuses(content)


@pytest.mark.slow
@given(A_SPOILED_FILE)
@settings(max_examples=1000, deadline=None)
def test_spoiled_tables_at_length(content):
    fuzzing.takes_or_refuses(content)


@pytest.mark.slow
@given(A_SPOILED_WORKBOOK)
@settings(max_examples=8, deadline=None, derandomize=True)
def test_a_spoiled_workbook_is_taken_or_refused(content):
    fuzzing.takes_or_refuses(content)


@pytest.mark.slow
@given(A_SPOILED_WORKBOOK)
@settings(max_examples=1000, deadline=None)
def test_spoiled_workbooks_at_length(content):
    fuzzing.takes_or_refuses(content)


@pytest.mark.slow
@given(st.sampled_from([GZIP, ZSTD, ZIP, b""]), st.binary(max_size=200))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_bytes_that_only_begin_like_a_packed_file_are_refused(magic, noise):
    content = magic + noise
    packing = packing_of(content[:8])
    if packing in ("zip", "ole"):
        fuzzing.takes_or_refuses(content)
        return
    with contextlib.suppress(BadFile):
        unpacked = b"".join(unpack(io.BytesIO(content), packing, len(content), 1 << 20))
        assert packing or unpacked == content


LARGE = """
import io, resource, sys, random
import django; django.setup()
from sales.formats.errors import BadFile
from tests.sales import dsr_files, fuzzing

random.seed(1)
kind, megabytes = sys.argv[1], int(sys.argv[2])
fuzzing.LIMIT = 1 << 32
head = dsr_files.basic_blocks(dsr_files.TABLE).split(b"FOOT")[0]
out = io.BytesIO()
out.write(head)
while out.tell() < megabytes << 20:
    if kind == "types":
        out.writelines(b"%s\\tx\\n" % random.randbytes(4).hex().encode() for _ in range(10_000))
    if kind == "transactions":
        out.writelines(b"SU01\\t1\\tSRU\\t%d\\t\\tREF\\ttrue\\t\\t1\\t0\\t0.10\\n" % n for n in range(10_000))
    if kind == "spellings":
        out.writelines(b"%sSU01\\t1\\tSRU\\t%d\\n" % (b" " * (n % 3000), n) for n in range(3_000))
    if kind == "endless":
        out.write(b"SU01\\t1" * 100_000)
content = out.getvalue()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    found = fuzzing.pipeline_only(content)
    print("read", found)
except BadFile as refused:
    print("refused", refused.code)
print("grown", (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "outcome"),
    [("types", "read"), ("transactions", "read"), ("spellings", "read"), ("endless", "refused line_too_long")],
)
def test_what_grows_without_bound_in_a_file_does_not_in_memory(kind, outcome):
    """Four times the file may need some more memory, not four times as much (megabytes; the engine spills at 900)."""
    grown = {}
    for megabytes in (30, 120):
        done = subprocess.run(
            [sys.executable, "-c", LARGE, kind, str(megabytes)],
            capture_output=True,
            text=True,
            timeout=600,
            cwd=Path(__file__).resolve().parents[2],
            env=os.environ | {"DJANGO_SETTINGS_MODULE": "roms_portal.settings.test"},
            check=False,
        )
        assert outcome in done.stdout, done.stdout + done.stderr[-2000:]
        grown[megabytes] = int(done.stdout.rsplit("grown", 1)[1])

    assert grown[120] < grown[30] + 700
