"""DSR files of every profile, spoiled: never a crash, never a line lost in silence."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sales.formats import text
from tests.sales import dsr_files, fuzzing
from tests.sales.dsr_files import ALBUM, TABLE

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples" / "dsr"
FILES = [
    dsr_files.basic_blocks((*TABLE, ALBUM)),
    dsr_files.streams_in_blocks(TABLE),
    dsr_files.basic_wide(TABLE),
    dsr_files.ugc_blocks(TABLE, with_licensors=True),
    dsr_files.ugc_subscriptions(TABLE),
    dsr_files.ugc_wide(TABLE),
    dsr_files.royalty_blocks(TABLE),
    dsr_files.financial((*TABLE, ALBUM)),
    *(sample.read_bytes() for sample in sorted(SAMPLES.glob("*.tsv"))),
]
A_SPOILED_FILE = st.builds(
    fuzzing.spoiled,
    st.sampled_from(FILES),
    st.lists(fuzzing.SPOILS, max_size=6),
    fuzzing.ENCODINGS,
    fuzzing.ENDS,
    fuzzing.PACKINGS,
)


@pytest.mark.slow
@given(A_SPOILED_FILE)
@settings(max_examples=12, deadline=None, derandomize=True)
def test_a_spoiled_dsr_is_taken_line_by_line_or_refused(content):
    fuzzing.takes_or_refuses(content)


@pytest.mark.slow
@given(A_SPOILED_FILE, st.sampled_from([256, 1000, 32 << 20]))
@settings(max_examples=1500, deadline=None)
def test_spoiled_dsr_files_at_length(content, block):
    fuzzing.takes_or_refuses(content, block=block)


@pytest.mark.slow
@given(st.sampled_from(FILES[:8]), st.integers(64, 4000))
@settings(max_examples=6, deadline=None, derandomize=True)
def test_where_blocks_of_a_file_are_cut_changes_nothing(content, block):
    whole, cut = fuzzing.read(content), fuzzing.read(content, block=block)

    assert (whole.read, whole.accepted, whole.rejected) == (cut.read, cut.accepted, cut.rejected)


@pytest.mark.slow
def test_a_line_longer_than_a_block_is_one_line():
    """Half a letter lost in UTF-16 turns line ends into other letters."""
    content = fuzzing.spoiled(FILES[0], [("cut", 0.999, b""), ("empty cell", 0.5, b"")], "utf-16", "\n", None)

    found = fuzzing.read(content, block=256)

    assert found.read == found.expected == 2


CELL = st.text(st.sampled_from("ab|\\\t\"' Ж"), max_size=8)


def escaped(cell):
    """A cell as Part 1, 6.6.4 writes it."""
    return "".join({"\\": "\\\\\\", "|": "\\\\|", "\t": "\\\t"}.get(letter, letter) for letter in cell)


@pytest.mark.slow
@given(st.lists(CELL, min_size=1, max_size=5))
@settings(max_examples=100, deadline=None)
def test_what_is_written_by_the_standard_is_read_back(cells):
    line = "\t".join(escaped(cell) for cell in cells)

    assert [text.plain(cell) for cell in text.cells(line)] == cells


@pytest.mark.slow
@given(st.text(max_size=60).filter(lambda line: "\n" not in line))
def test_no_text_breaks_the_tokeniser(line):
    def bare(words):
        return words.translate(dict.fromkeys(map(ord, "\\|\t")))

    assert bare("".join(text.plain(cell) for cell in text.cells(line))) == bare(line)
