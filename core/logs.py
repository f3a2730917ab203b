"""What is written to the log shows no row of the database."""

import logging
from typing import Final

_GOES_ON: Final = ("CONTEXT:", "HINT:", "The above exception", "During handling", "Traceback", "  File ")


class WithoutRows(logging.Formatter):
    """Leaves out what PostgreSQL adds to an error as DETAIL: the failing row, or the value that is there already.

    An address that is taken would stand in the log otherwise. Which constraint refused it, and where, stays.
    """

    def format(self, record: logging.LogRecord) -> str:
        """This will write the record; a value may hold any number of lines, so all go up to one that is known."""
        kept: list[str] = []
        is_row = False
        for line in super().format(record).split("\n"):
            is_row = is_row and not line.startswith(_GOES_ON)
            if is_row:
                continue
            said, is_detail, _ = line.partition("DETAIL:")
            is_row = bool(is_detail)
            kept.append(said + "DETAIL left out" if is_detail else line)
        return "\n".join(kept)
