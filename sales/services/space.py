"""A full disk, whoever met it first: the file system, DuckDB, Polars or PostgreSQL. Said in one way.

Nothing is lost by it: a stage that breaks off has written nothing to the database, and is done again from its start
when there is space. The sweep tries each minute.
"""

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError

from sales.services.errors import NoSpace

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
WORDS = re.compile(r"no space left|file too large|disk quota exceeded|could not extend file", re.IGNORECASE)
"""How libraries that raise errors of their own say it (they pass on the words of strerror)."""
POSTGRES_CLASS = "53"
"""SQLSTATE class "insufficient resources"; 53100 is disk_full."""


@contextmanager
def full_disk_named() -> Iterator[None]:
    """This will turn any error that a full disk brings about into NoSpace, and leave all others alone.

    Raises: NoSpace.
    """
    try:
        yield
    except Exception as error:
        if is_full(error):
            raise NoSpace from error
        raise


def is_full(error: BaseException) -> bool:
    """Say whether a full disk (or a bound on the size of files) is behind an error."""
    if isinstance(error, OSError) and error.errno in FULL:
        return True
    if isinstance(error, DatabaseError) and str(getattr(error.__cause__, "pgcode", "")).startswith(POSTGRES_CLASS):
        return True
    return bool(WORDS.search(str(error)))
