"""One line of a DSR file into cells, and one cell into plain text, by the text rules of the standard (Part 1, 6.6.4).

No quoting. Escapes, longest first from left to right: `\\\\\\` is a backslash, `\\\\|` a pipe, `\\|` a pipe (as DDEX's
own files write it), `\\` + TAB a TAB. Any other backslash is an ordinary character. Splitting first and unescaping
later, or handing the line to a CSV reader with an escape character, gets the pipe wrong.
"""

import re

_TOKEN = re.compile(r"\\\\\\|\\\\\||\\\||\\\t|\t|\|")
_MEANS = {"\\\\\\": "\\", "\\\\|": "|", "\\|": "|", "\\\t": "\t"}


def cells(line: str) -> list[str]:
    """Split a line into cells at each TAB that is not escaped. Their other escapes stay: see `plain`."""
    if "\\" not in line:
        return line.split("\t")
    found, start = [], 0
    for token in _TOKEN.finditer(line):
        if token[0] == "\t":
            found.append(line[start : token.start()])
            start = token.end()
    found.append(line[start:])
    return found


def plain(cell: str) -> str:
    """Undo the escapes of a cell that holds one value; a bare pipe stays as it is."""
    if "\\" not in cell:
        return cell
    return _TOKEN.sub(lambda token: _MEANS.get(token[0], token[0]), cell)
