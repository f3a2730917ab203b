"""The columns every format gives of its sales lines: texts as they were reported, before anything is checked."""

from collections.abc import Mapping

COLUMNS: Mapping[str, str] = {
    "file_no": "r.file_no",
    "line_no": "r.line_no",
    "bad": "r.bad",
    "isrc_text": "NULL::VARCHAR",
    "title": "NULL::VARCHAR",
    "subtitle": "NULL::VARCHAR",
    "artist": "NULL::VARCHAR",
    "url": "NULL::VARCHAR",
    "territory_text": "NULL::VARCHAR",
    "channel": "NULL::VARCHAR",
    "units_text": "NULL::VARCHAR",
    "returns_text": "NULL::VARCHAR",
    "units_in_parts": "NULL::VARCHAR",
    "price_text": "NULL::VARCHAR",
    "revenue_text": "NULL::VARCHAR",
    "currency": "NULL::VARCHAR",
    "is_release": "FALSE",
    "resource_id": "NULL::VARCHAR",
    "release_id": "NULL::VARCHAR",
    "release_title": "NULL::VARCHAR",
    "release_artist": "NULL::VARCHAR",
    "icpn": "NULL::VARCHAR",
    "when_text": "NULL::VARCHAR",
    "is_period": "FALSE",
    "context": "NULL::INTEGER",
    "summary_key": "NULL::VARCHAR",
    "summary_fault": "FALSE",
    "summary_assumed": "FALSE",
    "reference": "NULL::VARCHAR",
    "reference_fault": "NULL::VARCHAR",
    "is_bearing": "TRUE",
    "context_start": "NULL::DATE",
    "context_end": "NULL::DATE",
}
"""Each column and what it is where a format has none."""


def select_texts(columns: Mapping[str, str], source: str) -> str:
    """Spell a SELECT of all columns from `source` (with its FROM, rows of `raw` as `r`)."""
    assert columns.keys() <= COLUMNS.keys(), columns.keys() - COLUMNS.keys()
    return "SELECT " + ", ".join(f"{sql} AS {name}" for name, sql in {**COLUMNS, **columns}.items()) + " " + source


def cell(number: int | None) -> str:
    """Spell a cell without blanks around it (see `BARE`); NULL when it is empty or the record has none."""
    return f"bare(c{number})" if number else "NULL::VARCHAR"


BARE = "CREATE OR REPLACE MACRO bare(cell) AS {}"
BARE_OF_ANY, BARE_OF_PLAIN = "nullif(trim(cell), '')", "cell"
"""What `bare` is: nothing to do where the archive says that no cell is empty or has blanks around it."""
