"""The rows of a list that need mending, as a table for a person; `repertoire_file` reads it again."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from claims.formats.repertoire_file import CORRECTION_COLUMNS
from claims.formats.takedown_notice import line_of

BYTE_ORDER_MARK = "\ufeff"
"""Without it a spreadsheet takes Cyrillic in UTF-8 for another encoding."""


def correction_table(rows: Iterable[Mapping[str, Any]], reason: Callable[[Mapping[str, Any]], str]) -> Iterator[str]:
    """This will give the table line by line: the row's number, its cells, and in words what is wrong."""
    yield BYTE_ORDER_MARK + line_of(CORRECTION_COLUMNS)
    for row in rows:
        duration = "" if row["seconds"] is None else str(row["seconds"])
        says = row["isrcs"] or row["title"] or row["store_key"] or row["address"]
        yield line_of(
            (
                str(row["row_no"]),
                ";".join(row["isrcs"]),
                row["title"] if says else row["typed"],
                row["artist"],
                row["release"],
                duration,
                row["store_key"],
                row["address"],
                reason(row),
            )
        )
