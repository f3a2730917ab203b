"""A sanctions list as a table: CSV with a column `name` and, if there is one, `number`; or one name a line."""

import csv
import io
from typing import NamedTuple

ROWS_MAX = 500_000
SIZE_MAX = 64 << 20


class BadList(ValueError):
    """The bytes are no list of names; the text says why."""


class Listed(NamedTuple):
    """One name of the list."""

    number: str
    name: str


def read_list(content: bytes) -> list[Listed]:
    """Read the names, all of them or none; a name that stands twice under one number counts once. Raises: BadList."""
    if len(content) > SIZE_MAX:
        raise BadList("the file is larger than 64 MB")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadList("the file is not UTF-8") from error
    if "\0" in text:
        raise BadList("the file is no text")
    first = text.split("\n", 1)[0].strip()
    separator = max(",;\t", key=first.count)
    heads = [head.strip().strip('"').lower() for head in first.split(separator)]
    if "name" in heads:
        lines = io.StringIO(text, newline="")
        lines.readline()
        try:
            rows = list(csv.DictReader(lines, fieldnames=heads, delimiter=separator))
        except csv.Error as error:
            raise BadList(str(error)) from error
        found = [Listed((row.get("number") or "").strip()[:60], (row["name"] or "").strip()[:300]) for row in rows]
    else:
        found = [Listed("", line.strip()[:300]) for line in text.splitlines()]
    unique = list(dict.fromkeys(row for row in found if row.name))
    if not unique or len(unique) > ROWS_MAX:
        raise BadList("no names, or too many")
    return unique
