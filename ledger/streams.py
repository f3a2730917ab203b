"""Entries with all their postings, one after the other, however many: the memory needed is that of one entry.

Server-side cursors are named and live in the current transaction, so a stream is read inside `transaction.atomic`.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from itertools import groupby
from typing import Any, NamedTuple

from django.db import connection, transaction

from ledger.canonical import Header, Line

_FETCH = 5_000
_POSITIONS = 500


class WholeEntry(NamedTuple):
    """An entry with what its leaf is made of, and its place in the log if it has one."""

    position: int | None
    leaf: bytes | None
    header: Header
    salt: bytes
    lines: list[Line]


@contextmanager
def snapshot() -> Iterator[None]:
    """Let everything read inside be as of one moment; nothing is written. Within a transaction it is that one's."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def rows(sql: str, params: Sequence[Any] | Mapping[str, Any] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a query through a server-side cursor."""
    with closing(connection.chunked_cursor()) as cursor:
        cursor.execute(sql, params or None)
        while batch := cursor.fetchmany(_FETCH):
            yield from batch


_COLUMNS = (
    "e.id, e.kind, e.idempotency_key, e.batch, e.event_at, e.created_at, e.content_hash, e.salt,"
    " p.id, a.address, a.currency, p.lot, p.debit, p.credit"
)

LOGGED = f"""
SELECT l.position, l.leaf_hash, {_COLUMNS}
FROM ledger_logleaf l
JOIN ledger_entry e ON e.id = l.entry_id
LEFT JOIN ledger_posting p ON p.entry_id = e.id
LEFT JOIN ledger_account a ON a.id = p.account_id
WHERE l.position >= %s AND l.position < %s
ORDER BY l.position, p.id
"""

OF_ENTRIES = f"""
SELECT NULL, NULL, {_COLUMNS}
FROM ledger_entry e
LEFT JOIN ledger_posting p ON p.entry_id = e.id
LEFT JOIN ledger_account a ON a.id = p.account_id
WHERE e.id = ANY(%s)
ORDER BY e.id, p.id
"""


def whole_entries(entry_ids: Sequence[int]) -> Iterator[WholeEntry]:
    """Yield some entries, in the order of their ids."""
    return _grouped(OF_ENTRIES, [[*entry_ids]])


def logged_entries(size: int) -> Iterator[WholeEntry]:
    """Yield the entries at the first `size` positions of the log, in its order."""
    for start in range(0, size, _POSITIONS):
        yield from _grouped(LOGGED, [start, min(start + _POSITIONS, size)])


def _grouped(sql: str, params: Sequence[Any]) -> Iterator[WholeEntry]:
    for _, group in groupby(rows(sql, params), key=lambda row: row[2]):
        parts = list(group)
        first = parts[0]
        header = Header._make([*first[2:8], bytes(first[8])])
        lines = [Line(*row[10:]) for row in parts if row[10] is not None]
        yield WholeEntry(first[0], None if first[1] is None else bytes(first[1]), header, bytes(first[9]), lines)
